"""One slow act that needs no open records, such as unlocking them, on a thread of its own."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from cme_desktop.domain.errors import CmeError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Errand(QObject):
    """Runs an act and brings its result back to the window's thread."""

    _came_back = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._came_back.connect(self._deliver)  # queued by Qt itself: it is emitted on another thread

    def run(
        self,
        op: Callable[[], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[CmeError], None] | None = None,
    ) -> None:
        """Run ``op``, then ``done`` with its result, or ``failed`` with its ``CmeError``; a bug is raised here."""
        Thread(target=self._work, args=(op, done, failed), name="errand", daemon=True).start()

    def _work(
        self, op: Callable[[], T], done: Callable[[T], None] | None, failed: Callable[[CmeError], None] | None
    ) -> None:
        self._came_back.emit(attempt(op, done=done, failed=failed))

    @Slot(object)
    def _deliver(self, show: Callable[[], None]) -> None:
        show()


class ImmediateErrand(Errand):
    """The same without a thread, for tests and the tour."""

    def run(
        self,
        op: Callable[[], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[CmeError], None] | None = None,
    ) -> None:
        """Run ``op`` and ``done`` now."""
        attempt(op, done=done, failed=failed)()


def attempt(
    op: Callable[[], T],
    *,
    done: Callable[[T], None] | None,
    failed: Callable[[CmeError], None] | None,
) -> Callable[[], None]:
    """Run ``op`` here and return what the window's thread is to do about it."""
    try:
        result = op()
    except CmeError as error:
        shown = error
        return lambda: failed(shown) if failed is not None else _raise(shown)
    except Exception as error:  # noqa: BLE001  a bug: raised again in the window's thread for the crash report
        bug = error
        return lambda: _raise(bug)
    return lambda: done(result) if done is not None else None


def _raise(error: Exception) -> None:
    raise error
