"""The school's policy on screen: its parts at the left, the fields of the chosen one at the right, its acts above.

What is typed changes a draft that only this window holds. Nothing is saved until it is adopted.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from cme_desktop.casework.own_policy import (
    ONLY_THEY_ADOPT,
    VersionLine,
    adopt_authority_policy,
    adopt_own_policy,
    check_draft,
    give_up,
    load_version,
    open_own_policy,
    start_as_copy,
    start_blank,
)
from cme_desktop.casework.policy_files import (
    state_of,
)
from cme_desktop.policy.policy_changes import Part, add_part, move_part, parts_of, put_part, remove_part, settle_new_ids
from cme_desktop.policy.policy_differences import compare_policies
from cme_desktop.policy.policy_document_text import write_policy_document
from cme_desktop.policy.school_policy import PolicyKind, SchoolPolicy
from cme_desktop.ui.asker import Asker
from cme_desktop.ui.name_covers import AT_THE_HATCH, DeskDialog
from cme_desktop.ui.policies.adopt_dialogs import AdoptDialog, AuthorityDialog, StartDialog
from cme_desktop.ui.policies.part_form import PartForm
from cme_desktop.ui.policies.part_forms import AboutForm, ClauseForm, NumberForm, StandingForm
from cme_desktop.ui.policies.part_list import PartList
from cme_desktop.ui.policies.policy_bar import PolicyBar
from cme_desktop.ui.policies.policy_files_desk import PolicyFiles
from cme_desktop.ui.policies.simulate_dialog import SimulateDialog
from cme_desktop.ui.policies.step_form import StepForm
from cme_desktop.ui.policies.tables import CompareDialog, FaultsDialog, VersionsDialog, others_to_compare
from cme_desktop.ui.room import Width
from cme_desktop.ui.two_panes import TwoPanes
from cme_desktop.ui.widgets.buttons import FlatButton, SecondaryButton
from cme_desktop.ui.widgets.dialog import AskDialog
from cme_desktop.ui.widgets.empty_state import EmptyState
from cme_desktop.ui.widgets.section_heading import SectionHeading

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QKeyEvent

    from cme_desktop.casework.office import Office
    from cme_desktop.casework.own_policy import PolicyAdopted, PolicyDesk
    from cme_desktop.policy.policy_faults import DocumentFault, Fault
    from cme_desktop.ui.policies.part_list import Place
    from cme_desktop.ui.room import Room
    from cme_desktop.ui.tab import TabContext

_CHECKED_AFTER_MS: Final = 250
_WIDTHS: Final = {Width.NARROW: 340, Width.NORMAL: 380, Width.WIDE: 460}
_LARGEST: Final = (1280, 860)
_PARTS_TO_ADD: Final = (Part.STEP, Part.STANDING, Part.CLAUSE, Part.NUMBER)


class PolicyDialog(DeskDialog):
    """``adopted`` says that a version was adopted. ``draft`` is the policy as it stands on the screen.

    Esc, Close and the window's cross ask where something was changed. ``reject`` does not: the window's lock uses it,
    and whoever keeps the dialog can ``open`` it again after the unlock, with what was typed.
    """

    adopted = Signal()

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty(AT_THE_HATCH, True)  # noqa: FBT003  a Qt property takes no keywords
        theme = context.theme
        self._context = context
        self.desk: PolicyDesk | None = None
        self.draft: SchoolPolicy | None = None
        self.faults: tuple[Fault, ...] = ()
        self.form: PartForm | None = None
        self.asker = Asker(context.background.run, self)
        self.files = PolicyFiles(context, self)
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("The school’s policy")
        self.bar = PolicyBar(theme)
        self.list = PartList(theme)
        self.part_title = SectionHeading(theme, "", is_pane=True)
        self.back = FlatButton(theme, "All parts", icon="chevron-left")
        self.fields_area = QScrollArea()
        self.empty = EmptyState(
            theme, icon="school", sentence="The school has no policy of its own yet.", button="Start one…",
            remedy="The law is in force. A policy adds the school’s own steps, clauses and stricter numbers.",
        )  # fmt: skip
        self.add_button = SecondaryButton(theme, "Add", icon="plus")
        self.remove_button = SecondaryButton(theme, "Remove")
        self.up_button = SecondaryButton(theme, "Up")
        self.down_button = SecondaryButton(theme, "Down")
        self._check = QTimer(self)
        self._build()
        self._connect()
        self._fit_to_window()
        context.background.run(open_own_policy, done=self.show_desk, failed=self.bar.show_problem)

    # -- what is shown -----------------------------------------------------------------------------------------

    @property
    def is_changed(self) -> bool:
        """Whether the draft is another than the newest version; a policy just begun is one until it is adopted."""
        return self.draft is not None and (self.desk is None or self.draft != self.desk.policy)

    def show_desk(self, desk: PolicyDesk) -> None:
        """Show the school's policy as it was adopted."""
        self.desk = desk
        self.show_draft(desk.policy)

    def show_draft(self, draft: SchoolPolicy | None, *, place: Place | None = None) -> None:
        """Show a policy to change."""
        self.draft = draft
        self.faults = ()
        self.empty.setVisible(draft is None)
        self.panes.setVisible(draft is not None)
        self.bar.show_acts(has_draft=draft is not None)
        if draft is None:
            self._say_state()
            self.empty.button.setFocus()
            return
        self._list_parts(place)
        self.show_part(self.list.place or (Part.ABOUT, 0))
        self.list.setFocus()
        self.check_now()

    def show_part(self, place: Place) -> None:
        """Show the fields of one part."""
        assert self.draft is not None
        assert self.desk is not None
        part, index = place
        value = parts_of(self.draft, part)[index]
        theme = self._context.theme
        match part:
            case Part.ABOUT:
                form: PartForm = AboutForm(theme, value)
            case Part.CLAUSE:
                form = ClauseForm(theme, value, self.draft)
            case Part.STEP:
                form = StepForm(theme, value, self.draft)
            case Part.STANDING:
                form = StandingForm(theme, value, self.draft)
            case Part.NUMBER:
                form = NumberForm(theme, value, self.draft, self.desk.law)
        form.edited.connect(partial(self._take, place))
        form.reshaped.connect(lambda _: QTimer.singleShot(0, self, partial(self._reshape, place)))
        self.form = form
        self.fields_area.setWidget(form)
        self.part_title.setText(part.in_words)
        form.show_faults(self._faults_of(place))
        is_part = part is not Part.ABOUT
        self.remove_button.setEnabled(is_part)
        self.up_button.setEnabled(is_part and index > 0)
        self.down_button.setEnabled(is_part and index + 1 < len(parts_of(self.draft, part)))

    def show_faults(self, faults: tuple[Fault, ...]) -> None:
        """Say what is wrong: in the list, beside each field, and how much of it there is."""
        if self.draft is None or self.desk is None:
            return
        self.faults = faults
        self.list.show_faults(self.draft, self.desk.law, faults)
        place = self.list.place
        if self.form is not None and place is not None:
            self.form.show_faults(self._faults_of(place))
        self._say_state()

    def check_now(self) -> None:
        """Check the draft, as happens a moment after each change."""
        self._check.stop()
        draft = self.draft
        if draft is not None:
            self._context.background.run(
                lambda office: check_draft(office, draft), done=lambda faults: self._take_faults(draft, faults)
            )

    def show_first_fault(self) -> None:
        """Go to the first field in which something is wrong."""
        if not self.faults or self.draft is None:
            return
        fault = self.faults[0]
        self._list_parts((fault.part, fault.index))
        self.show_part((fault.part, fault.index))
        self.panes.show_main()
        if self.form is not None:
            field = self.form.fields.get(fault.field) or next(iter(self.form.fields.values()))
            field.control.setFocus()
            # What is wrong makes a field taller: only once that is laid out can it be scrolled to.
            QTimer.singleShot(0, field, lambda: self.fields_area.ensureWidgetVisible(field))

    # -- changing the draft --------------------------------------------------------------------------------------

    def add(self, part: Part) -> None:
        """Add an empty part and go to its first field."""
        if self.draft is None or self.desk is None:
            return
        self.draft, index = add_part(self.draft, part, self.desk.law)
        self._show_changed((part, index))
        self.panes.show_main()
        if self.form is not None:
            next(iter(self.form.fields.values())).control.setFocus()

    def remove(self) -> None:
        """Take the chosen part out of the draft."""
        place = self.list.place
        if self.draft is None or place is None or place[0] is Part.ABOUT:
            return
        part, index = place
        self.draft = remove_part(self.draft, part, index)
        left = len(parts_of(self.draft, part))
        self._show_changed((part, min(index, left - 1)) if left else (Part.ABOUT, 0))
        self.list.setFocus()

    def move_chosen(self, by: int) -> None:
        """Move the chosen part up or down among its kind."""
        place = self.list.place
        if self.draft is None or place is None or place[0] is Part.ABOUT:
            return
        self.draft, index = move_part(self.draft, *place, by=by)
        self._show_changed((place[0], index))

    def _take_faults(self, draft: SchoolPolicy, faults: tuple[Fault, ...]) -> None:
        if draft is self.draft:  # what was found in an earlier one would stand at the wrong place
            self.show_faults(faults)

    def _show_changed(self, place: Place) -> None:
        self._list_parts(place)
        self.show_part(place)
        self.check_now()

    def _take(self, place: Place, value: Any) -> None:
        assert self.draft is not None
        self.draft = put_part(self.draft, *place, value)
        self.bar.banner.hide()
        self._check.start()

    def _reshape(self, place: Place) -> None:
        """Show the same part with other fields, the keyboard where it was."""
        before = self.focusWidget()
        name = (
            next((name for name, field in self.form.fields.items() if field.control is before), "") if self.form else ""
        )
        at = self.fields_area.verticalScrollBar().value()
        self.show_part(place)
        if self.form is not None and name in self.form.fields:
            self.form.fields[name].control.setFocus()
        self.fields_area.verticalScrollBar().setValue(at)
        self.check_now()

    # -- acts ----------------------------------------------------------------------------------------------------

    def begin_adopting(self) -> None:
        """Ask from which day and why, then adopt; go to what is wrong instead where something is."""
        draft, desk = self.draft, self.desk
        if draft is None or desk is None or self._is_refused(desk):
            return
        if self.faults:
            self.show_first_fault()
            self.bar.warn("Correct what stands in red first: it can be adopted then.")
            return
        dialog = AdoptDialog(self._context.theme, desk, draft, self)

        def act() -> Callable[[Office], PolicyAdopted]:
            return partial(adopt_own_policy, draft=draft, from_day=dialog.from_day, why=dialog.reason)

        self.asker.ask(dialog, act, said="Adopted.", then=lambda _: self._read_again(self.adopted.emit))

    def _is_refused(self, desk: PolicyDesk) -> bool:
        """Whether whoever is signed in may not adopt; it is said then, before anything is typed."""
        if not desk.may_adopt:
            self.bar.warn(f"{ONLY_THEY_ADOPT} A draft goes along as a file: export it, and load it there.")
        return not desk.may_adopt

    def begin_authority(self, loaded: SchoolPolicy | None = None) -> None:
        """Ask what becomes of the local authority's policy."""
        desk = self.desk
        if desk is None or self._is_refused(desk):
            return
        dialog = AuthorityDialog(self._context.theme, desk, loaded, self)

        def act() -> Callable[[Office], Any]:
            policy, held = dialog.chosen, desk.authority
            if policy is not None:
                return partial(adopt_authority_policy, policy=policy, from_day=dialog.from_day, why=dialog.reason)
            assert held is not None
            return partial(give_up, policy_id=held.policy_id, from_day=dialog.from_day, why=dialog.reason)

        self.asker.ask(dialog, act, said="Saved.", then=lambda _: self._read_desk(self.adopted.emit))

    def begin_starting(self) -> None:
        """Ask what to start with, and start a draft of it."""
        desk = self.desk
        if desk is None:
            return
        dialog = StartDialog(self._context.theme, desk, self)

        def act() -> Callable[[Office], SchoolPolicy]:
            return partial(start_as_copy, policy_id=dialog.chosen) if dialog.chosen else start_blank

        self._ask_then(
            lambda: self.asker.ask(dialog, act, said="Started. Nothing is adopted yet.", then=self.show_draft)
        )

    def begin_comparing(self) -> None:
        """Show how the draft differs from the supplied policy, or from another."""
        draft, desk = self.draft, self.desk
        if draft is None or desk is None:
            return
        others = others_to_compare([one.policy for one in desk.supplied], desk.versions, draft.id)
        dialog = CompareDialog(self._context.theme, others, others[0][1], self)
        dialog.asked.connect(lambda other: self._compare(dialog, draft, other))
        self.asker.open(dialog)
        self._compare(dialog, draft, dialog.chosen)

    def begin_simulating(self) -> None:
        """Ask what the draft would have flagged over past days."""
        draft = self.draft
        if draft is None:
            return
        self.check_now()
        if self.faults:
            self.bar.warn("Correct what is marked first: a policy that can't be adopted can't be simulated.")
            return
        document = write_policy_document(draft)
        self.asker.open(SimulateDialog(self._context, title=draft.title, document=document, parent=self))

    def show_versions(self) -> None:
        """List every version the school had."""
        if self.desk is None:
            return
        dialog = VersionsDialog(self._context.theme, self.desk.versions, self)
        dialog.taken_up.connect(lambda line: self._ask_then(partial(self._take_up, line)))
        self.asker.open(dialog)

    def _begin_loading(self) -> None:
        file = self.files.choose_to_load()
        if file is not None:
            self._ask_then(partial(self.files.load, file))

    def _begin_exporting(self, suffix: str) -> None:
        if self.draft is not None and self.desk is not None:
            self.files.choose_and_export(self.draft, state_of(self.desk, self.draft), suffix)

    def _take_loaded(self, policy: SchoolPolicy) -> None:
        if policy.kind is PolicyKind.AUTHORITY:
            self.begin_authority(policy)
        else:
            self.show_draft(policy)
            self.bar.tell("Loaded as a draft. Nothing is adopted yet.")

    def _faults_dialog(self, name: str, faults: tuple[DocumentFault, ...]) -> FaultsDialog:
        return FaultsDialog(self._context.theme, name, faults, self)

    def leave(self) -> None:
        """Close; where something was changed, ask first."""
        self._ask_then(self.reject)

    def _ask_then(self, act: Callable[[], None]) -> None:
        """Do something that loses the draft: at once where nothing was changed, otherwise when it is allowed."""
        if not self.is_changed:
            act()
            return
        dialog = AskDialog(
            self._context.theme, title="Leave what you changed?", accept="Leave it", reject="Go on editing",
            sentence="Nothing of it is saved: a policy is saved when it is adopted.", is_grave=True, parent=self,
        )  # fmt: skip
        dialog.accepted.connect(lambda: QTimer.singleShot(0, self, act))
        self.asker.open(dialog)

    def _compare(self, dialog: CompareDialog, draft: SchoolPolicy, other: object) -> None:
        after = settle_new_ids(draft)
        if isinstance(other, SchoolPolicy):
            dialog.show_differences(compare_policies(other, after))
        elif isinstance(other, VersionLine):
            line = other
            self._context.background.run(
                lambda office: load_version(office, policy_id=line.policy_id, version=line.version),
                done=lambda before: dialog.show_differences(compare_policies(before, after)),
                failed=self.bar.show_problem,
            )

    def _take_up(self, line: VersionLine) -> None:
        self._context.background.run(
            lambda office: load_version(office, policy_id=line.policy_id, version=line.version),
            done=self.show_draft, failed=self.bar.show_problem,
        )  # fmt: skip

    def _read_again(self, then: Callable[[], None]) -> None:
        def done(desk: PolicyDesk) -> None:
            place = self.list.place
            self.desk = desk
            self.show_draft(desk.policy, place=place)
            then()

        self._context.background.run(open_own_policy, done=done, failed=self.bar.show_problem)

    def _read_desk(self, then: Callable[[], None]) -> None:
        """Read what is adopted again and leave the draft as it is."""

        def done(desk: PolicyDesk) -> None:
            self.desk = desk
            self._say_state()
            then()

        self._context.background.run(open_own_policy, done=done, failed=self.bar.show_problem)

    # -- the window ----------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.panes.shows_only_main and self.draft is not None:
                self._show_list()
            else:
                self.leave()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.is_changed:
            event.ignore()
            self.leave()
        else:
            super().closeEvent(event)

    def _build(self) -> None:
        theme = self._context.theme
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 14, 16, 12)
        outer.setSpacing(8)
        outer.addWidget(self.bar)
        self.back.hide()
        self.fields_area.setWidgetResizable(True)
        self.fields_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fields_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.panes = TwoPanes(
            theme, side=self._build_side(), main=self._build_main(), foot=QWidget(), widths=_WIDTHS, parent=self
        )
        outer.addWidget(self.panes, 1)
        outer.addWidget(self.empty, 1)
        menu = QMenu(self.add_button)
        for part in _PARTS_TO_ADD:
            self._entry(menu, part.in_words, partial(self.add, part))
        self.add_button.setMenu(menu)
        self._check.setSingleShot(True)
        self._check.setInterval(_CHECKED_AFTER_MS)
        for button in (self.remove_button, self.up_button, self.down_button):
            button.setAutoDefault(False)
        self.remove_button.setToolTip("Delete")
        self.up_button.setToolTip("Alt+Up")
        self.down_button.setToolTip("Alt+Down")

    def _build_side(self) -> QWidget:
        side = QWidget()
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(6)
        layout.addWidget(self.list, 1)
        line = QHBoxLayout()
        line.setSpacing(6)
        for button in (self.add_button, self.remove_button, self.up_button, self.down_button):
            line.addWidget(button)
        line.addStretch(1)
        layout.addLayout(line)
        return side

    def _build_main(self) -> QWidget:
        main = QWidget()
        layout = QVBoxLayout(main)
        layout.setContentsMargins(12, 0, 0, 0)
        layout.setSpacing(6)
        line = QHBoxLayout()
        line.addWidget(self.back)
        line.addWidget(self.part_title)
        line.addStretch(1)
        layout.addLayout(line)
        layout.addWidget(self.fields_area, 1)
        return main

    def _connect(self) -> None:
        for button, act in (
            (self.bar.adopt, self.begin_adopting),
            (self.bar.compare, self.begin_comparing),
            (self.bar.simulate, self.begin_simulating),
            (self.bar.versions, self.show_versions),
            (self.bar.load, self._begin_loading),
            (self.bar.start, self.begin_starting),
            (self.bar.authority, self.begin_authority),
            (self.bar.close_button, self.leave),
            (self.bar.to_correct, self.show_first_fault),
            (self.remove_button, self.remove),
            (self.back, self._show_list),
        ):
            button.clicked.connect(_without_state(act))
        self.up_button.clicked.connect(lambda: self.move_chosen(-1))
        self.down_button.clicked.connect(lambda: self.move_chosen(1))
        self.empty.pressed.connect(self.begin_starting)
        self.list.chosen.connect(self.show_part)
        self.list.opened.connect(self._enter_part)
        self.list.removed.connect(self.remove)
        self.list.moved.connect(self.move_chosen)
        self._check.timeout.connect(self.check_now)
        self.asker.saved.connect(self.bar.tell)
        self.bar.export_asked.connect(self._begin_exporting)
        self.files.loaded.connect(self._take_loaded)
        self.files.refused.connect(lambda name, faults: self.asker.open(self._faults_dialog(name, faults)))
        self.files.exported.connect(self.bar.tell)
        self.files.failed.connect(self.bar.show_problem)
        self.panes.room_changed.connect(self._take_room)
        self._context.theme.changed.connect(self._take_look)

    def _entry(self, menu: QMenu, words: str, act: Callable[[], None]) -> None:
        action = QAction(words, self)
        action.triggered.connect(_without_state(act))
        menu.addAction(action)

    def _enter_part(self) -> None:
        """Go from the list to the first field of what is chosen."""
        self.panes.show_main()
        if self.form is not None:
            next(iter(self.form.fields.values())).control.setFocus()

    def _show_list(self) -> None:
        self.panes.show_side()
        self.list.setFocus()

    def _take_room(self, room: Room) -> None:
        self.back.setVisible(room.is_narrow)
        self.bar.take_room(is_narrow=room.is_narrow)

    def _take_look(self) -> None:
        if self.draft is not None and self.desk is not None:
            place = self.list.place
            self._list_parts(place)
            self.show_part(place or (Part.ABOUT, 0))

    def _list_parts(self, place: Place | None) -> None:
        if self.draft is not None and self.desk is not None:
            self.list.show_policy(self.draft, self.desk.law, faults=self.faults, current=place)
            self._say_state()

    def _faults_of(self, place: Place) -> list[Fault]:
        return [fault for fault in self.faults if (fault.part, fault.index) == place]

    def _say_state(self) -> None:
        if self.desk is not None:
            self.bar.say_state(self.desk, is_changed=self.is_changed, faults=len(self.faults))

    def _fit_to_window(self) -> None:
        behind = self.parentWidget()
        wide, high = (self._context.theme.scaled(side) for side in _LARGEST)
        if behind is not None:
            room = behind.window().size()
            wide, high = min(wide, room.width() - 24), min(high, room.height() - 24)
        self.resize(wide, high)


def _without_state(act: Callable[[], None]) -> Callable[..., None]:
    def run(*_: object) -> None:
        act()

    return run
