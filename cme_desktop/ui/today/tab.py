"""The Today tab: keys and mouse become acts on the worker, and what comes back is shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from cme_desktop.casework.call_card import StepLine
from cme_desktop.casework.explain import Explanation
from cme_desktop.casework.in_words import count_of, say_clock
from cme_desktop.casework.leaving_the_records import Left, note_that_it_left
from cme_desktop.casework.outcomes import record_class_check, record_contact_attempt, undo_last
from cme_desktop.casework.review import MAY_DECIDE, agree_with_flags, change_next_step, dismiss_flags
from cme_desktop.casework.review_list import ReviewScreen, review_screen, tiles_for_head
from cme_desktop.casework.school_duties import record_duty_done
from cme_desktop.casework.text_batch import TextBatch, plan_text_batch, record_text_batch
from cme_desktop.casework.today.registers import say_some_names
from cme_desktop.casework.today.report_rows import find_report_flag, report_of
from cme_desktop.casework.today.round import Round, ShownPupils, begin_day, go_on, keep_in_step, show_pupils
from cme_desktop.casework.today.rows import Group, RowKind, Tile, TileKey, TodayRow, TodayScreen
from cme_desktop.casework.today.school_rows import find_duty
from cme_desktop.casework.today.state import TodayState
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import AttemptOutcome
from cme_desktop.domain.identifiers import ContactId, PupilId
from cme_desktop.policy.rule import Severity
from cme_desktop.ui.room import Width, room_of
from cme_desktop.ui.tab import Tab, TabContext
from cme_desktop.ui.today import questions
from cme_desktop.ui.today.card_pane import CardPane
from cme_desktop.ui.today.checklist import Checklist
from cme_desktop.ui.today.checklist_model import Section
from cme_desktop.ui.today.explain_view import ExplainPopover
from cme_desktop.ui.today.mini_form import Answer, Question
from cme_desktop.ui.today.review_pane import AGREE, CHANGE, DISMISS, Decision, ReviewPane
from cme_desktop.ui.today.rungs import CHILD_SEEN, OUTCOMES
from cme_desktop.ui.today.strip import DayStrip
from cme_desktop.ui.today.text_dialog import TextDialog
from cme_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from datetime import date

    from cme_desktop.casework.office import Office
    from cme_desktop.casework.self_test import SelfTest
    from cme_desktop.ui.today.rules_banner import RulesBanner
    from cme_desktop.ui.today.year_banner import YearBanner

_EVERY: Final = 20_000
"""Milliseconds between looks at the clock on the wall."""

_TEST_AFTER_MS: Final = 1500
"""How long after the list is read the rules are tested: the first card and the first key come before."""

_SNUG_UNDER: Final = 1200
"""Under this the list keeps its least width, so that the outcome keys keep their words."""

_CHANGES_SHOWN: Final = (Area.PUPILS, Area.MARKS, Area.EVENTS, Area.FLAGS, Area.CASES, Area.CONTACTS, Area.CALENDAR,
                         Area.SETTINGS, Area.SCHOOL, Area.REPORTS)  # fmt: skip
_WORDS_OF: Final = {letter: words for letter, words, _ in OUTCOMES}
_OUTCOME_OF: Final = {letter: outcome for letter, _, outcome in OUTCOMES}


class TodayTab(Tab):
    """The morning: strip, list and card; the head's review in their place for those who decide."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme = context.theme
        self._theme = theme
        self._state: TodayState | None = None
        self._screen: TodayScreen | None = None
        self._review: ReviewScreen | None = None
        self._reviewing = False
        self._chose_list = False
        self._row: TodayRow | None = None
        self._explanations: tuple[Explanation, ...] = ()
        self._own: Changes | None = None
        self._busy = False
        self._stale = False
        self._names_hidden = False
        self.text_dialog: TextDialog | None = None
        self._wanted: PupilId | None = None
        self.strip = DayStrip(theme)
        self.list = Checklist(theme)
        self.card = CardPane(theme)
        self.review = ReviewPane(theme)
        self.empty = EmptyState(theme, icon="circle-check", sentence="", token="ok")  # noqa: S106  a colour token
        self.hidden = EmptyState(
            theme,
            icon="eye-off",
            sentence="Names are hidden",
            remedy="Someone is at the hatch, or a second screen is on. Work is kept. F9 shows them, Ctrl L locks.",
        )
        self.explain = ExplainPopover(theme, self)
        self._clock = QTimer(self)
        self._test_soon = QTimer(self)
        self._test_soon.setSingleShot(True)
        self._test_soon.setInterval(_TEST_AFTER_MS)
        self._tested_on: date | None = None
        self._rules_banner: RulesBanner | None = None
        self.year_banner: YearBanner | None = None
        self._is_narrow = False
        self._widths_for: tuple[Width, bool, float] | None = None
        self._right = QWidget()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._build()
        self._connect()

    # -- what the main window asks -----------------------------------------------------------------------------

    def take_focus(self) -> None:
        self.list.list.setFocus()

    def reload(self) -> None:
        """Read everything again; rows dealt with go."""
        self._stale = False
        self.context.background.run(begin_day, done=self._take_day, failed=self._fail)

    def show_pupil(self, pupil_id: int) -> None:
        """Go to the pupil's row, or show the card of a pupil who has none."""
        self._wanted = PupilId(pupil_id)
        if self._screen is not None:
            self._go_to_wanted()

    def hide_names(self, *, hidden: bool) -> None:
        self._names_hidden = hidden
        self.explain.close_popover()
        self.list.hide_names(hidden=hidden)
        self._show_pane()

    # -- showing -----------------------------------------------------------------------------------------------

    def _take_day(self, round_: Round) -> None:
        self._show_round(round_)
        state = round_.state
        self.context.background.run(
            lambda office: keep_in_step(office, state), done=self._take_step, failed=self._fail, after_paint=True
        )

        self._test_soon.start()

    def _test_rules(self) -> None:
        """Have made-up pupils judged by the rulebook that judged the list; everything painted comes first."""
        state = self._state
        if state is None:
            return
        from cme_desktop.casework.self_test import run_self_test  # noqa: PLC0415  not needed before the list is painted

        self.context.background.run(
            lambda office: run_self_test(office, state.roll.rulebook),
            done=self._take_test,
            failed=self._fail,
            after_paint=True,
        )

    def _take_test(self, test: SelfTest) -> None:
        if self._rules_banner is None and not test.passed:
            from cme_desktop.ui.today.rules_banner import RulesBanner  # noqa: PLC0415  hardly ever needed

            self._rules_banner = RulesBanner(self._theme)
            self._layout.insertWidget(0, self._rules_banner)
        if self._rules_banner is not None:
            self._rules_banner.show_test(test)
        self._tested_on = test.on
        self.rules_tested.emit(test)

    def _take_step(self, round_: Round) -> None:
        self._own = round_.changes
        if self._state is not None and round_.state.at == self._state.at:
            self._show_round(round_)

    def _show_round(self, round_: Round) -> None:
        self._state, self._screen = round_.state, round_.screen
        if self._tested_on is not None and self._tested_on != round_.state.on:
            self._test_soon.start()
        if not self._chose_list:
            self._reviewing = round_.state.role in MAY_DECIDE
        self._review = review_screen(round_.state, round_.screen)
        self._show_screen()
        self._say_year_turn(round_.state.year_turn)
        self._go_to_wanted()

    def _say_year_turn(self, said: str) -> None:
        if self.year_banner is None and said:
            from cme_desktop.ui.today.year_banner import YearBanner  # noqa: PLC0415  a few weeks of the year

            self.year_banner = YearBanner(self._theme)
            self.year_banner.pressed.connect(self.wants_new_year)
            self._layout.insertWidget(self._layout.indexOf(self.strip), self.year_banner)
        if self.year_banner is not None:
            self.year_banner.show_turn(said)

    def _show_screen(self) -> None:
        screen, review = self._screen, self._review
        if screen is None or review is None:
            return
        tiles = tiles_for_head(screen, waiting=len(review.waiting)) if self._reviewing else screen.tiles
        self.strip.set_screen(screen, tiles)
        self._row = None
        if self._reviewing:
            self.list.set_acts(batch=False, other="Office list", other_key="F6")
            self.list.set_sections(_review_sections(review), title="Your review", count=len(review.waiting))
            self.badge_changed.emit(len(review.waiting))
        else:
            text_first = screen.text_all_first
            self.list.set_acts(
                batch=not screen.all_accounted_for, other="Review", other_key="F6", text_all_first=bool(text_first)
            )
            self.list.set_sections(_sections(screen), title=text_first or "To do", count=screen.to_do)
            self.badge_changed.emit(screen.to_do)
        self._lay_out()
        self._show_pane()

    def _show_pane(self) -> None:
        if self._names_hidden:
            pane: QWidget = self.hidden
        elif self._row is not None and self._row.kind is RowKind.SCHOOL:
            self._say_duty(self._row)
            pane = self.empty
        elif self._row is not None and self._row.kind is RowKind.REPORT:
            self._say_report(self._row)
            pane = self.empty
        elif self._row is None or not self._row.pupils:
            self._say_empty()
            pane = self.empty
        elif self._row.kind is RowKind.REGISTER:
            self._say_register(self._row)
            pane = self.empty
        else:
            pane = self.review if self._reviewing else self.card
        self._panes.setCurrentWidget(pane)

    def _say_empty(self) -> None:
        screen = self._screen
        if screen is None:
            self.empty.say(icon="loader", sentence="Reading the day", remedy="", token="text2")  # noqa: S106  a colour token
        elif not screen.balance.on_roll:
            self.empty.say(
                token="text2",  # noqa: S106  a colour token
                icon="upload",
                sentence="No pupils yet",
                remedy="Bring in the pupil list your school's system exports, then its register.",
                button="Import…",
            )
        elif self._reviewing:
            words = "Nothing waits for a decision"
            self._say_good(words, "F6 shows the office's list.")
        elif screen.all_accounted_for or not screen.rows:
            sentence = "Everyone is accounted for" if screen.balance.due else "The registers are not due yet"
            self._say_good(sentence, "The next look is at the next clock time.")
        else:
            self._say_good("Choose a row", "The arrows move, Enter goes on.")

    def _say_good(self, sentence: str, remedy: str) -> None:
        self.empty.say(icon="circle-check", sentence=sentence, remedy=remedy, token="ok")  # noqa: S106  a colour token

    def _say_register(self, row: TodayRow) -> None:
        state = self._state
        names = say_some_names(state, row.pupils) if state is not None else row.beside
        self.empty.say(
            token="unknown",  # noqa: S106  a colour token
            icon="circle-dashed",
            sentence=f"{row.name}: {row.why[:1].lower()}{row.why[1:]}",
            button="Open the register",
            remedy=f"Unknown, neither in nor absent until somebody marks them: {names}.",
        )

    def _say_duty(self, row: TodayRow) -> None:
        flag = find_duty(self._state, row) if self._state is not None else None
        if flag is None:
            self._say_good(f"{row.name}: done", "It comes round again in its own time.")
            return
        clauses = ", ".join(str(reference) for reference in flag.references)
        self.empty.say(
            token="week",  # noqa: S106  a colour token
            icon="calendar-clock",
            sentence=flag.finding.sentence,
            remedy=f"{row.why.rstrip('.')}. {clauses}.",
            button="Done today",
        )

    def _say_report(self, row: TodayRow) -> None:
        flag = find_report_flag(self._state, row) if self._state is not None else None
        clauses = ", ".join(str(reference) for reference in flag.references) if flag is not None else ""
        if row.done:
            self._say_good(f"{row.name}: done", "What was decided or answered is on the Roll tab, under Reports.")
            return
        self.empty.say(
            token="today" if row.severity is Severity.TODAY else "week",
            icon="message-circle",
            sentence=flag.finding.sentence if flag is not None else f"{row.why}.",
            remedy=" ".join(
                part for part in (f"{row.next_act.rstrip('.')}.", f"{clauses}." if clauses else "") if part
            ),
            button="Open the report",
        )

    def _choose_row(self, row: TodayRow | None) -> None:
        if row is not None and self._row is not None and row == self._row and self.card.card is not None:
            return
        self._row = row
        self.card.forget()
        number, of = self.list.place()
        for head in (self.card.head, self.review.head):
            head.show_place(number, of)
        self._show_pane()
        if row is None or not row.pupils or row.kind is RowKind.REGISTER:
            return
        self._read_card(row.pupils)

    def _read_card(self, pupils: tuple[PupilId, ...]) -> None:
        state = self._state
        if state is None:
            return
        self.context.background.run(
            lambda office: show_pupils(office, state, pupils), done=self._show_card, failed=self._fail
        )

    def _show_card(self, shown: ShownPupils) -> None:
        state, row = self._state, self._row
        if state is None or row is None or row.pupils != shown.card.pupils:
            return
        self._explanations = shown.explanations
        self.card.show_card(shown.card)
        self.pupil_shown.emit(shown.card.pupils[0])
        self.card.docked.show_why(next(iter(shown.explanations), None))
        may_decide = state.role in MAY_DECIDE
        who = f"{state.user_name}, {state.role.in_words}"
        self.review.show_finding(shown.card, shown.to_decide, may_decide=may_decide, who=who, today=state.on)

    def _go_to_wanted(self) -> None:
        wanted, state = self._wanted, self._state
        if wanted is None or state is None:
            return
        self._wanted = None
        row = next((row for row in self.list.model.rows if wanted in row.pupils and row.kind is RowKind.PUPILS), None)
        if row is not None:
            self.list.choose(row.key)

    # -- acting ------------------------------------------------------------------------------------------------

    def press_outcome(self, letter: str) -> None:
        """Take an outcome key: save it for the card's pupils, or ask for what it needs."""
        card = self.card.card
        if card is None or self._row is None or card.pupils != self._row.pupils or self._busy:
            return
        outcome = _OUTCOME_OF[letter]
        if outcome == CHILD_SEEN:
            self._ask(questions.WHERE_SEEN)
            return
        rung = card.rungs[self.card.rung] if self.card.rung >= 0 else None
        if rung is None or not isinstance(outcome, AttemptOutcome):
            return
        if outcome is AttemptOutcome.EXPLAINED:
            self._ask(questions.WHAT_REASON)
            return
        pupils, contact = card.pupils, rung.contact_id
        said = f"{_WORDS_OF[letter]} saved for {card.name}"
        self._act(
            lambda office: record_contact_attempt(office, pupils=pupils, contact_id=contact, outcome=outcome), said
        )

    def _ask(self, question: Question) -> None:
        card, state = self.card.card, self._state
        if card is None or state is None:
            return
        self.card.open_form()
        self.card.form.ask(question, whom=card.guard, today=state.on)

    def _take_answer(self, answer: Answer) -> None:
        card = self.card.card
        self.card.close_form()
        self.take_focus()
        if card is None:
            return
        contact: ContactId | None = card.rungs[self.card.rung].contact_id if self.card.rung >= 0 else None
        act = questions.act_of(answer, pupils=card.pupils, contact_id=contact)
        self._act(act, f"{questions.said_of(answer)} for {card.name}")

    def _act(self, act: Callable[[Office], Changes], said: str) -> None:
        state, screen = self._state, self._screen
        if state is None or screen is None or self._busy:
            return
        self._busy = True
        self.context.background.run(
            lambda office: go_on(office, state, screen, act=act, because=said),
            done=lambda round_: self._take_round(round_, said),
            failed=self._fail,
        )

    def _take_round(self, round_: Round, said: str) -> None:
        self._busy = False
        self._own = round_.changes
        self._show_round(round_)
        toast = self.review.toast if self._reviewing else self.card.toast
        toast.show_saved(f"{said}, {say_clock(round_.state.at)}", can_undo=said != _UNDONE)

    def _fail(self, problem: CmeError) -> None:
        self._busy = False
        self.context.background.problem.emit(problem)

    def undo(self) -> bool:
        """Strike out the last act of the one signed in."""
        self.card.toast.end()
        self.review.toast.end()
        self._act(undo_last, _UNDONE)
        return True

    def check_class(self) -> None:
        """Write down that the class was asked and the row's children are not there."""
        row = self._row
        if row is not None and row.kind is RowKind.PUPILS and row.pupils:
            pupils = row.pupils
            self._act(lambda office: record_class_check(office, pupils=pupils), f"Class check saved for {row.name}")

    def text_all(self) -> None:
        """Ask for a text to everybody still to ring, and write down that it went."""
        screen = self._screen
        if screen is None:
            return
        pupils = tuple(pupil for row in screen.rows if row.to_ring and not any(row.dots) for pupil in row.pupils)
        if pupils:
            self.context.background.run(lambda office: plan_text_batch(office, pupils), done=self._ask_for_text)

    def _ask_for_text(self, batch: TextBatch) -> None:
        dialog = TextDialog(self._theme, batch, self)
        dialog.submitted.connect(lambda: self._record_text(dialog))
        self.text_dialog = dialog
        dialog.finished.connect(self._forget_text_dialog)
        dialog.open()

    def _record_text(self, dialog: TextDialog) -> None:
        pupils, words = dialog.batch.pupils, dialog.words
        dialog.accept()
        said = f"Text sent saved for {count_of(len(pupils), 'pupil')}"
        self._act(lambda office: record_text_batch(office, pupils=pupils, words=words), said)

    def _forget_text_dialog(self) -> None:
        dialog, self.text_dialog = self.text_dialog, None
        if dialog is not None:
            dialog.deleteLater()
        self.take_focus()

    def open_explanation(self) -> None:
        """Say why the pupil is on the list."""
        card = self.card.card
        if card is not None and self._explanations and not self._names_hidden:
            noting = partial(note_that_it_left, what=Left.EXPLANATION, pupil_id=card.pupils[0])
            self.explain.explain(
                card.name, self._explanations, when_printed=lambda: self.context.background.run(noting)
            )

    def open_why_not(self) -> None:
        """Say of every rule why the pupil shown is flagged, or is not."""
        card = self.card.card
        if card is not None and not self._names_hidden:
            from cme_desktop.ui.today.why_not_view import open_why_not  # noqa: PLC0415  seldom asked

            open_why_not(self.context, card.pupils[0], self)

    def turn_list(self) -> None:
        """Turn from the office's list to the review, and back."""
        self._chose_list = True
        self._reviewing = not self._reviewing
        self.strip.release()
        self.list.show_only(None)
        self._show_screen()
        self.take_focus()

    def _take_decision(self, decision: Decision) -> None:
        flags = tuple(one.flag for one in decision.explanations)
        reason, step, due = decision.reason, decision.next_step, decision.due_on
        acts: dict[str, tuple[Callable[[Office], Changes], str]] = {
            AGREE: (lambda office: agree_with_flags(office, flags=flags, reason=reason), "Agreed"),
            CHANGE: (
                lambda office: change_next_step(office, flags=flags, next_step=step, reason=reason, due_on=due),
                "Step changed",
            ),
            DISMISS: (lambda office: dismiss_flags(office, flags=flags, reason=reason), "Dismissed"),
        }
        act, said = acts[decision.letter]
        self._act(act, f"{said}: saved for {decision.card.name}")
        self.take_focus()

    # -- keys --------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not (self._press_function_key(event) or self._press_letter(event)):
            super().keyPressEvent(event)

    def _press_function_key(self, event: QKeyEvent) -> bool:
        acts: dict[Qt.Key, Callable[[], object]] = {
            Qt.Key.Key_F2: self.strip.focus_next,
            Qt.Key.Key_F3: lambda: self._ask(questions.NOTE),
            Qt.Key.Key_F5: self.reload,
            Qt.Key.Key_F6: self.turn_list,
            Qt.Key.Key_F7: self.open_explanation,
        }
        act: Callable[[], object] | None = acts.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_F7 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            act = self.open_why_not
        if act is None and event.modifiers() == Qt.KeyboardModifier.ControlModifier and event.key() == Qt.Key.Key_Z:
            act = self.undo
        if act is None:
            return False
        if not self._names_hidden or event.key() in {Qt.Key.Key_F2, Qt.Key.Key_F5}:
            act()
        return True

    def _press_letter(self, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not plain or self._names_hidden or not self._keys_are_live():
            return False
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._go_on()
            case Qt.Key.Key_Escape:
                self._go_back()
            case Qt.Key.Key_Space if not self._reviewing:
                self.check_class()
            case Qt.Key.Key_Up | Qt.Key.Key_Down if not self._reviewing:
                self.card.step_rung(1 if event.key() == Qt.Key.Key_Down else -1)
            case _:
                return self._press_act(event.text().upper())
        return True

    def _press_act(self, letter: str) -> bool:
        if self._reviewing:
            if letter in {AGREE, CHANGE, DISMISS} and self._panes.currentWidget() is self.review:
                self.review.choose(letter)
                return True
            return False
        acts: dict[str, Callable[[], None]] = {
            "T": self.text_all,
            "H": lambda: self._ask(questions.VISIT),
            "L": lambda: self._ask(questions.TOLD),
        }
        if letter in acts:
            acts[letter]()
        elif letter in _OUTCOME_OF:
            self.press_outcome(letter)
        else:
            return False
        return True

    def _keys_are_live(self) -> bool:
        focus = self.focusWidget()
        return focus is not None and any(
            part is focus or part.isAncestorOf(focus) for part in (self.list, self.card, self.review)
        )

    def _go_on(self) -> None:
        if self._is_narrow and not self.list.isHidden():
            self._show_alone(self._right)
            self.card.setFocus()
            return
        self.list.choose_next()

    def _go_back(self) -> None:
        if self._is_narrow:
            self._show_alone(self.list)
        else:
            self.strip.release()
            self._filter(None)
        self.take_focus()

    def _filter(self, tile: Tile | None) -> None:
        keys = None
        if tile is not None:
            keys = tile.rows
            if self._reviewing and tile.key is TileKey.CONTACTS and self._review is not None:
                keys = frozenset(row.key for row in self._review.waiting)
        self.list.show_only(keys)
        if tile is None:
            self.strip.release()

    # -- hearing of changes ------------------------------------------------------------------------------------

    def _hear(self, changes: Changes) -> None:
        if changes is self._own or not changes.touches(*_CHANGES_SHOWN):
            return
        if not self.isVisible() or self._state is None:
            self._stale = True
            return
        whole = changes.touches(Area.PUPILS, Area.CALENDAR, Area.CASES)
        if changes.pupils and len(changes.pupils) <= 5 and not whole:
            self._look_again(tuple(changes.pupils))
        else:
            self.reload()

    def _look_again(self, pupils: tuple[PupilId, ...] = ()) -> None:
        state, screen = self._state, self._screen
        if state is None or screen is None or self._busy or self.card.has_form:
            return
        self.context.background.run(
            lambda office: go_on(office, state, screen, pupils=pupils), done=self._take_look, failed=self._fail
        )

    def _take_look(self, round_: Round) -> None:
        if self._busy or self.card.has_form or self.review.save.isVisible():
            return
        self._own = round_.changes
        self._show_round(round_)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lay_out()
        if self._stale or self._state is None:
            self.reload()
        self._clock.start(_EVERY)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    # -- layout ------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        window = self.window().size()
        room = room_of(window, text_scale=self._theme.text_scale)
        many = self._screen is not None and bool(self._screen.text_all_first)
        self.strip.set_narrow(is_narrow=room.is_narrow)
        self.list.set_low(is_low=room.is_low or many)
        self.card.set_room(room)
        self.review.set_room(room)
        if room.is_narrow != self._is_narrow:
            self._is_narrow = room.is_narrow
            self._place_panes()
            if self.isVisible():
                self.take_focus()
        if not room.is_narrow:
            self._set_widths(room.width, window.width() / self._theme.text_scale)

    def _set_widths(self, width: Width, logical: float) -> None:
        list_wide = (460 if self._reviewing else 520) if width is Width.WIDE else (380 if self._reviewing else 424)
        if width is Width.NORMAL and logical < 1300:
            list_wide = 388 if logical >= _SNUG_UNDER else 340
        if (width, self._reviewing, self._theme.text_scale) == self._widths_for:
            return
        self._widths_for = (width, self._reviewing, self._theme.text_scale)
        wide = self._theme.scaled(list_wide)
        self._splitter.setSizes([wide, max(1, self.width() - wide)])

    def _place_panes(self) -> None:
        if self._is_narrow:
            self._show_alone(self.list)
        else:
            self.list.show()
            self._right.show()
            self._widths_for = None

    def _show_alone(self, pane: QWidget) -> None:
        # Hidden, never moved to another parent: there Qt would give every label the font it had at first.
        self.list.setVisible(pane is self.list)
        self._right.setVisible(pane is self._right)

    def _build(self) -> None:
        self._panes = QStackedLayout(self._right)
        for pane in (self.empty, self.card, self.review, self.hidden):
            self._panes.addWidget(pane)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self.list)
        self._splitter.addWidget(self._right)
        self._splitter.setStretchFactor(1, 1)
        self.list.setMinimumWidth(340)
        line = QFrame()
        line.setProperty("look", "line")
        line.setFixedHeight(1)
        layout = self._layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.strip)
        layout.addWidget(line)
        layout.addWidget(self._splitter, 1)
        self._show_pane()

    def _connect(self) -> None:
        self.list.row_chosen.connect(self._choose_row)
        self.list.class_check_asked.connect(self.check_class)
        self.list.text_all_asked.connect(self.text_all)
        self.list.other_list_asked.connect(self.turn_list)
        self.list.all_asked.connect(lambda: self._filter(None))
        self.strip.tile_chosen.connect(self._filter)
        self.card.outcome_chosen.connect(self.press_outcome)
        self.card.explain_asked.connect(self.open_explanation)
        self.card.note_asked.connect(lambda: self._ask(questions.NOTE))
        self.card.undo_asked.connect(self.undo)
        self.card.next_asked.connect(self.list.choose_next)
        self.card.form.answered.connect(self._take_answer)
        self.card.form.left.connect(self._leave_form)
        self.card.side.step_chosen.connect(self._take_step_line)
        for head in (self.card.head, self.review.head):
            head.step_asked.connect(self.list.step)
            head.back_asked.connect(self._go_back)
        self.review.decided.connect(self._take_decision)
        self.review.undo_asked.connect(self.undo)
        self.empty.pressed.connect(self._go_where_the_pane_says)
        self.context.notifier.changed.connect(self._hear)
        self._theme.changed.connect(self._lay_out)
        self._clock.timeout.connect(self._look_again)
        self._test_soon.timeout.connect(self._test_rules)

    def _take_step_line(self, step: StepLine) -> None:
        self._ask(questions.VISIT if step.act == "visit_home" else questions.TOLD)

    def _leave_form(self) -> None:
        self.card.close_form()
        self.take_focus()

    def _go_where_the_pane_says(self) -> None:
        if self._screen is not None and not self._screen.balance.on_roll:
            self.wants_import.emit()
        elif self._row is not None and self._row.kind is RowKind.SCHOOL:
            rule_id, said = self._row.key.partition(":")[2], f"{self._row.name} saved as done today"
            self._act(lambda office: record_duty_done(office, rule_id=rule_id), said)
        elif self._row is not None and self._row.kind is RowKind.REPORT:
            self.wants_report.emit(report_of(self._row))
        elif self._row is not None and self._row.kind is RowKind.REGISTER and self._row.pupils:
            self.wants_register.emit(int(self._row.pupils[0]))


_UNDONE: Final = "Undone: the last act is struck out"


def _sections(screen: TodayScreen) -> tuple[Section, ...]:
    return tuple(
        Section(group.group.name, group.title, group.rows, closed=group.group is Group.EXPLAINED)
        for group in screen.groups
    )


def _review_sections(review: ReviewScreen) -> tuple[Section, ...]:
    return (
        Section("WAITING", "Waiting for you" if review.may_decide else "Waiting for the head", review.waiting),
        Section("DECIDED", "Decided today", review.decided, all_done=True),
        Section("OFFICE", "With the office", review.with_office, closed=True),
    )
