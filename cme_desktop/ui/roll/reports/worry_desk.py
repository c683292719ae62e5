"""The door to a report from anywhere in the window: the menu, or its key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.reports import ReportDesk, ReportEntered, load_report_desk
from cme_desktop.ui.asker import Asker
from cme_desktop.ui.drafting import Drafts
from cme_desktop.ui.name_covers import AT_THE_HATCH
from cme_desktop.ui.roll.reports.dialogs import WorryDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.office import Office
    from cme_desktop.ui.tab import TabContext

DRAFT_PLACE: Final = "Worry"


def open_worry(
    context: TabContext, parent: QWidget, *, names_hidden: bool, done: Callable[[int], None]
) -> Asker:  # fmt: skip
    """Open the dialog over a window; ``done`` is given the report's number once it is saved.

    While names are hidden no pupil is offered: a worry can be written down even then.
    """
    drafts = Drafts(context.background.run, DRAFT_PLACE, lambda _: ("", None))
    asker = Asker(context.background.run, parent, drafts=drafts)

    def show(found: tuple[ReportDesk, datetime]) -> None:
        desk, now = found
        offered = replace(desk, pupils=()) if names_hidden else desk
        dialog = WorryDialog(context.theme, offered, now=now, parent=parent)
        dialog.setProperty(AT_THE_HATCH, names_hidden)
        asker.ask(dialog, dialog.recording, said="", then=tell)

    def tell(entered: ReportEntered) -> None:
        if not names_hidden:
            done(int(entered.report_id))

    context.background.run(_read, done=show)
    return asker


def _read(office: Office) -> tuple[ReportDesk, datetime]:
    return load_report_desk(office), office.local_now
