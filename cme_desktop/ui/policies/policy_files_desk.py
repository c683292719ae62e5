"""A policy's way to a file and back: where to is asked here, the use cases write and read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from cme_desktop.casework.policy_files import (
    PolicyState,
    export_policy_file,
    export_policy_pdf,
    load_policy_file,
    propose_name,
)
from cme_desktop.policy.policy_changes import settle_new_ids

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office
    from cme_desktop.policy.policy_faults import DocumentRead
    from cme_desktop.policy.school_policy import SchoolPolicy
    from cme_desktop.ui.tab import TabContext


class PolicyFiles(QObject):
    """``loaded`` carries a policy, ``refused`` a file's name and its faults, ``exported`` what was written, in words.

    ``failed`` carries the error of a file that could not be read or written at all.
    """

    loaded = Signal(object)
    refused = Signal(str, object)
    exported = Signal(str)
    failed = Signal(object)

    def __init__(self, context: TabContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window

    def choose_to_load(self) -> Path | None:
        """Ask for a policy's file."""
        kinds = "Policies (*.toml);;All files (*)"
        name, _ = QFileDialog.getOpenFileName(self._window, "Load a policy", _documents(), kinds)
        return Path(name) if name else None

    def load(self, file: Path) -> None:
        """Read a policy from a file."""

        def done(read: DocumentRead) -> None:
            if read.policy is None:
                self.refused.emit(file.name, read.faults)
            else:
                self.loaded.emit(read.policy)

        self._context.background.run(lambda office: load_policy_file(office, file), done=done, failed=self.failed.emit)

    def choose_and_export(self, policy: SchoolPolicy, state: PolicyState, suffix: str) -> None:
        """Ask where to, and write the policy there."""
        kind = "PDF (*.pdf)" if suffix == ".pdf" else "Policies (*.toml)"
        proposed = str(Path(_documents()) / propose_name(policy, state, suffix))
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Export the policy", proposed, kind)
        if chosen:
            self.export(policy, state, Path(chosen))

    def export(self, policy: SchoolPolicy, state: PolicyState, file: Path) -> None:
        """Write the policy as it stands on the screen: a PDF to read, or a file to load elsewhere."""
        named = settle_new_ids(policy)

        def write(office: Office) -> Path:
            if file.suffix == ".pdf":
                return export_policy_pdf(office, named, state, file)
            return export_policy_file(office, named, file)

        draft = ", as a draft" if state.is_draft else ""
        self._context.background.run(
            write, done=lambda to: self.exported.emit(f"Exported as {to.name}{draft}."), failed=self.failed.emit
        )


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
