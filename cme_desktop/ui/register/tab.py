"""The Register tab: a class's day or week, codes by keyboard, and each pupil's year beside it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.casework.in_words import say_day, say_long_day
from cme_desktop.casework.office import Office
from cme_desktop.casework.pupil_year import PupilYear, load_pupil_year
from cme_desktop.casework.register import (
    RegisterScreen,
    class_of,
    days_of_week,
    load_register,
    mark_rest_present,
    read_code,
    set_mark,
)
from cme_desktop.casework.register_cells import CellState
from cme_desktop.domain.attendance import AttendanceCode, SchoolSession
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.day_names import month_name, short_month_name
from cme_desktop.domain.errors import CmeError, RefusedError
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.ui.register.grid import RegisterGrid
from cme_desktop.ui.register.grid_model import RegisterGridModel
from cme_desktop.ui.register.pupil_panel import PupilPanel
from cme_desktop.ui.tab import Tab, TabContext
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.elided_label import ElidedLabel
from cme_desktop.ui.widgets.empty_state import EmptyState
from cme_desktop.ui.widgets.keycap import Keycap
from cme_desktop.ui.widgets.label import Label

_PANEL = 462
_WIDE_PANEL = 480
_NARROW = 1000
_MINUTE_MS = 60_000
_WIDE = 1500
"""A window of 1600 px leaves this much beside the rail."""

_NO_LIMIT = (1 << 24) - 1
"""What Qt takes for no greatest width."""


class RegisterTab(Tab):
    """A class's register on the left, the pupil with the focus on the right.

    Under 1000 px the pupil is a second page: F2, or a code that needs its reason, opens it, Esc goes back.
    """

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme = context.theme
        self._shown_day: date | None = None
        self._shows_day = False
        self._wanted_pupil: int | None = None
        self._weeks = 1
        self._is_narrow = False
        self._is_panel_asked = False
        self._names_hidden = False
        self._was_left = False
        self._not_taken: tuple[SchoolSession, ...] = ()
        self._minute = QTimer(self)
        self._minute.setInterval(_MINUTE_MS)
        self._wanted_class = ""
        self._title = Label(theme, "Register", role="title")
        self._classes = QComboBox()
        self._back = _arrow(context, "chevron-left", "Earlier")
        self._on = _arrow(context, "chevron-right", "Later")
        self._range = Label(theme)
        self.not_taken = Banner(theme, kind=ChipKind.UNKNOWN, icon="circle-help", sentence="")
        self._day_button = _segment(context, "Day")
        self._week_button = _segment(context, "Week")
        self._model = RegisterGridModel(self)
        self.grid = RegisterGrid(self._model, theme)
        self.panel = PupilPanel(theme)
        self._refusal = ElidedLabel(theme, role="body-strong", token="now")  # noqa: S106  a colour token
        self._empty = EmptyState(
            theme,
            icon="calendar-days",
            sentence="No register yet",
            remedy="Import the pupils and the register from the school’s system: Ctrl I.",
        )
        self._pages = QStackedWidget()
        self._line = QFrame()
        self._line.setProperty("look", "line")
        self._line.setFixedWidth(1)
        self._pane = QFrame()
        self._build()
        self._connect()
        self.reload()

    # -- what the main window asks -----------------------------------------------------------------------------

    def take_focus(self) -> None:
        self.grid.setFocus()

    def show_pupil(self, pupil_id: int) -> None:
        self._wanted_pupil = pupil_id
        self.context.background.run(
            lambda office: class_of(office, pupil_id=PupilId(pupil_id)), done=self._show_class_of_wanted
        )

    def reload(self) -> None:
        self.context.background.run(self._load, done=self._show)

    def follow_clock(self) -> None:
        """Show again once a register has become due meanwhile; a change being typed is not disturbed."""
        if not self.panel.card.has_typed:
            self.context.background.run(self._load, done=self._show_if_due)

    def hide_names(self, *, hidden: bool) -> None:
        self._names_hidden = hidden
        self._model.hide_names(hidden=hidden)
        self._show_panes()

    # -- loading and showing -----------------------------------------------------------------------------------

    def _load(self, office: Office) -> tuple[date, RegisterScreen]:
        day = self._shown_day or office.today
        first, last = (day, day) if self._shows_day else days_of_week(day, weeks=self._weeks)
        return day, load_register(office, class_name=self._wanted_class, first=first, last=last)

    def _show(self, loaded: tuple[date, RegisterScreen]) -> None:
        self._shown_day, screen = loaded
        self._not_taken = screen.not_taken
        self._model.show(screen)
        self._pages.setCurrentIndex(0 if screen.rows else 1)
        self._show_classes(screen)
        self._show_range(screen)
        self._show_not_taken(screen)
        self._place_focus(screen)

    def _show_if_due(self, loaded: tuple[date, RegisterScreen]) -> None:
        if loaded[1].not_taken != self._not_taken:
            self._show(loaded)

    def _show_class_of_wanted(self, class_name: str) -> None:
        self._wanted_class = class_name
        self.reload()

    def _show_classes(self, screen: RegisterScreen) -> None:
        self._classes.blockSignals(True)  # noqa: FBT003  Qt takes no keyword here
        self._classes.clear()
        self._classes.addItems(list(screen.classes))
        self._classes.setCurrentText(screen.class_name)
        self._classes.blockSignals(False)  # noqa: FBT003  Qt takes no keyword here
        self._wanted_class = screen.class_name

    def _show_range(self, screen: RegisterScreen) -> None:
        if not screen.days:
            self._range.setText("")
            return
        first, last = screen.days[0].on, screen.days[-1].on
        if first == last:
            self._range.setText(say_long_day(first))
        elif first.month == last.month:
            self._range.setText(f"{first.day} to {last.day} {month_name(last)}")
        else:
            self._range.setText(f"{first.day} {short_month_name(first)} to {last.day} {short_month_name(last)}")

    def _show_not_taken(self, screen: RegisterScreen) -> None:
        self.not_taken.setVisible(bool(screen.not_taken))
        if not screen.not_taken:
            return
        first, more = screen.not_taken[0], len(screen.not_taken) - 1
        words = f"Register not taken: {say_day(first.on)} {first.half.value}"
        self.not_taken.say(
            kind=ChipKind.UNKNOWN,
            icon="circle-help",
            sentence=f"{words}, and {more} more" if more else words,
            remedy="Neither present nor absent until it is marked.",
            button="Mark the rest present",
        )

    def _place_focus(self, screen: RegisterScreen) -> None:
        wanted = self._model.row_of(self._wanted_pupil) if self._wanted_pupil is not None else None
        self._wanted_pupil = None
        if wanted is None and self.grid.currentIndex().isValid():
            self._show_pupil_of_focus()
            return
        if not screen.rows:
            return
        today = next((day.on for day in screen.days if day.is_today), screen.days[-1].on)
        column = 1 + 2 * [day.on for day in screen.days].index(today)
        self.grid.setCurrentIndex(self._model.index(wanted or 0, column))

    def _show_pupil_of_focus(self) -> None:
        self._refusal.setText("")
        self.panel.show_cell(self.grid.current_cell())
        pupil_id = self.grid.current_pupil_id()
        if pupil_id is not None:
            self.pupil_shown.emit(pupil_id)
            day = self._shown_day
            self.context.background.run(
                lambda office: load_pupil_year(office, pupil_id=PupilId(pupil_id), on=day),
                done=partial(self._show_year, pupil_id),
            )

    def _show_year(self, pupil_id: int, year: PupilYear) -> None:
        if self.grid.current_pupil_id() == pupil_id:
            self.panel.show_year(year)

    # -- typing ------------------------------------------------------------------------------------------------

    def _take_typed(self, typed: str) -> None:
        cell = self.grid.current_cell()
        if cell is None:
            return
        is_whole = typed not in {"C", "J", "Y"}
        if is_whole and cell.state in {CellState.UNKNOWN, CellState.TO_COME}:
            self._save(typed, "")
        else:
            self._open_card(typed)

    def _open_card(self, typed: str) -> None:
        self._is_panel_asked = True
        self._show_panes()
        self.panel.card.begin(typed)

    def _leave_panel(self) -> None:
        self._is_panel_asked = False
        self._show_panes()
        self.grid.setFocus()

    def _save(self, typed: str, reason: str) -> None:
        cell = self.grid.current_cell()
        pupil_id = self.grid.current_pupil_id()
        if cell is None or pupil_id is None:
            return
        try:
            code = read_code(typed, half=cell.session.half)
        except CmeError as error:
            self.panel.card.refuse_code(f"{error.title} {error.remedy}")
            return
        self._save_code(PupilId(pupil_id), cell.session, code, reason)

    def _save_code(self, pupil_id: PupilId, session: SchoolSession, code: AttendanceCode, reason: str) -> None:
        self.context.background.run(
            lambda office: set_mark(office, pupil_id=pupil_id, session=session, code=code, reason=reason),
            done=self._go_on,
            failed=partial(self._show_refusal, code),
        )

    def _go_on(self, changes: Changes) -> None:
        del changes
        self._leave_panel()
        self.grid.go_down()

    def _show_refusal(self, code: AttendanceCode, error: CmeError) -> None:
        if isinstance(error, RefusedError) and error.detail:
            self._is_panel_asked = True
            self._show_panes()
            self.panel.card.ask_reason(code.letter, f"{error.title} {error.remedy}")
            return
        self._leave_panel()
        self._refusal.setText(f"{error.title} {error.remedy}")

    def _mark_rest_present(self) -> None:
        screen = self._model.screen
        if screen is None or not screen.not_taken:
            return
        session, class_name = screen.not_taken[0], screen.class_name
        self.context.background.run(lambda office: mark_rest_present(office, class_name=class_name, session=session))

    # -- moving ------------------------------------------------------------------------------------------------

    def _choose_class(self, class_name: str) -> None:
        self._wanted_class = class_name
        self.reload()

    def _move(self, steps: int) -> None:
        if self._shown_day is not None:
            self._shown_day += timedelta(days=steps * (1 if self._shows_day else 7))
            while self._shown_day.weekday() > 4:
                self._shown_day += timedelta(days=1 if steps > 0 else -1)
        self.reload()

    def _show_by(self, *, day: bool) -> None:
        self._shows_day = day
        self._day_button.setChecked(day)
        self._week_button.setChecked(not day)
        self.reload()

    def _hear(self, changes: Changes) -> None:
        if changes.touches(Area.MARKS, Area.PUPILS, Area.CALENDAR, Area.SETTINGS):
            self.reload()

    # -- building ----------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._was_left = True
        self._minute.stop()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Since it was left the registers may have become due; a card that is being filled in is not disturbed.
        if self._was_left and not self._is_panel_asked:
            self.reload()
        self._was_left = False
        self._minute.start()

    def _lay_out(self) -> None:
        theme = self.context.theme
        width = self.width() / theme.text_scale
        self._is_narrow = width < _NARROW
        if self._is_narrow:
            self.panel.setMinimumWidth(0)
            self.panel.setMaximumWidth(_NO_LIMIT)
        else:
            self.panel.setFixedWidth(theme.scaled(_WIDE_PANEL if width >= _WIDE else _PANEL))
        self._show_panes()
        weeks = 2 if width >= _WIDE else 1
        if weeks != self._weeks:
            self._weeks = weeks
            self.reload()

    def _show_panes(self) -> None:
        is_alone = self._is_narrow and self._is_panel_asked and not self._names_hidden
        self._pane.setVisible(not is_alone)
        self._line.setVisible(not self._is_narrow)
        self.panel.setVisible(is_alone or not (self._is_narrow or self._names_hidden))

    def _build(self) -> None:
        self._pane.setProperty("look", "pane")
        left = QVBoxLayout(self._pane)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addLayout(self._build_head())
        strip = QHBoxLayout()
        strip.setContentsMargins(12, 0, 12, 8)
        strip.addWidget(self.not_taken)
        left.addLayout(strip)
        left.addWidget(self.grid, 1)
        left.addLayout(self._build_foot())
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._pane, 1)
        row.addWidget(self._line)
        row.addWidget(self.panel)
        self._pages.addWidget(page)
        self._pages.addWidget(self._empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._pages)

    def _build_head(self) -> QHBoxLayout:
        self._classes.setAccessibleName("Class")
        self._classes.setMinimumWidth(self.context.theme.scaled(130))
        self._week_button.setChecked(True)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 16, 10)
        head.setSpacing(8)
        for widget in (self._title, self._classes, self._back, self._range, self._on):
            head.addWidget(widget)
        head.addStretch(1)
        for button in (self._day_button, self._week_button):
            head.addWidget(button)
        return head

    def _build_foot(self) -> QHBoxLayout:
        theme = self.context.theme
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 8)
        foot.setSpacing(8)
        foot.addWidget(Keycap(theme, "?"))
        foot.addWidget(ElidedLabel(theme, "Not marked: neither present nor absent.", token="unknown"))  # noqa: S106  a colour token
        foot.addWidget(Label(theme, "Type a code to mark", token="text2"))  # noqa: S106  a colour token
        for key, words in (("Enter", "down"), ("F2", "Reason")):
            foot.addWidget(Keycap(theme, key))
            foot.addWidget(Label(theme, words, token="text2"))  # noqa: S106  a colour token
        foot.addWidget(self._refusal, 3)
        return foot

    def _connect(self) -> None:
        self._minute.timeout.connect(self.follow_clock)
        self._classes.textActivated.connect(self._choose_class)
        self._back.clicked.connect(lambda: self._move(-1))
        self._on.clicked.connect(lambda: self._move(1))
        self._day_button.clicked.connect(lambda: self._show_by(day=True))
        self._week_button.clicked.connect(lambda: self._show_by(day=False))
        self.not_taken.pressed.connect(self._mark_rest_present)
        self.grid.moved.connect(self._show_pupil_of_focus)
        self.grid.code_typed.connect(self._take_typed)
        self.grid.reason_asked.connect(lambda: self._open_card(""))
        self.panel.saved.connect(self._save)
        self.panel.left.connect(self._leave_panel)
        self.context.theme.changed.connect(self._lay_out)
        self.context.notifier.changed.connect(self._hear)


def _arrow(context: TabContext, icon: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(context.theme.icon(icon))
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setAutoRaise(True)
    context.theme.changed.connect(lambda: button.setIcon(context.theme.icon(icon)))
    return button


def _segment(context: TabContext, text: str) -> QPushButton:
    button = QPushButton(text)
    button.setCheckable(True)
    button.setProperty("look", "segment")
    button.setFont(context.theme.font("body"))
    context.theme.changed.connect(lambda: button.setFont(context.theme.font("body")))
    return button
