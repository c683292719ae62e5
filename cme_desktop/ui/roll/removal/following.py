"""What goes out beside the return, and what follows a child whose name has gone."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from cme_desktop.casework.lives import removal_return
from cme_desktop.domain.events import EventKind
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in, words_edit

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.identifiers import RemovalId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme


class FormDialog(EntryDialog):
    """Asks which form of the authority's was sent, and when."""

    def __init__(self, theme: Theme, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="The authority’s form is sent", accept="Save", parent=parent,
            sentence="Some authorities ask for a form of their own beside the deletion return.",
        )  # fmt: skip
        forms = tuple((words, form) for form, words in removal_return.FORMS_OF_REMOVAL.items())
        self.form = self.add_field("Form", choice_box(forms))
        self.day = self.add_field("Sent on", day_edit(today, latest=today))
        self.said = self.add_field("Words", words_edit(theme=theme), hint="To whom, and how")
        self.form.control.setFocus()
        self.fit()

    def recording(self, removal_id: RemovalId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            removal_return.record_form_sent, removal_id=removal_id, form=self.form.control.chosen,
            on=day_in(self.day.control), words=self.said.control.toPlainText(),
        )  # fmt: skip


class FollowingDialog(EntryDialog):
    """Asks for the day and the words of what follows a removal: the file sent, the receipt, the arrival."""

    def __init__(self, theme: Theme, *, title: str, hint: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, title=title, accept="Save", parent=parent)
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.said = self.add_field("Words", words_edit(theme=theme), hint=hint)
        self.said.control.setFocus()
        self.fit()

    def recording(self, removal_id: RemovalId, kind: EventKind) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            removal_return.record_following, removal_id=removal_id, kind=kind, on=day_in(self.day.control),
            words=self.said.control.toPlainText(),
        )  # fmt: skip
