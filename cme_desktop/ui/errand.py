"""One slow act that needs no open records, such as unlocking them, on a thread of its own."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from cme_desktop.domain.errors import CmeError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Task:
    """An act under way, as a screen handed it over."""

    op: Callable[[], Any]
    done: Callable[[Any], None] | None
    failed: Callable[[CmeError], None] | None


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a task."""

    number: int
    result: Any = None
    error: Exception | None = None


class Errand(QObject):
    """Runs an act and brings its result back to the window's thread, where all that it was given is let go."""

    _came_back = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks: dict[int, _Task] = {}
        self._last = 0
        self._came_back.connect(self._deliver)  # queued by Qt itself: it is emitted on another thread

    def run(
        self,
        op: Callable[[], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[CmeError], None] | None = None,
    ) -> None:
        """Run ``op``, then ``done`` with its result, or ``failed`` with its ``CmeError``; a bug is raised here."""
        self._last = number = self._last + 1
        self._tasks[number] = _Task(op, done, failed)
        Thread(target=self._work, args=(number,), name="errand", daemon=True).start()

    def _work(self, number: int) -> None:
        outcome = self._attempt(number)
        with suppress(RuntimeError):  # the program ended meanwhile, and did not wait
            self._came_back.emit(outcome)

    def _attempt(self, number: int) -> _Outcome:
        try:
            return _Outcome(number, self._tasks[number].op())
        except CmeError as error:
            return _Outcome(number, error=without_frames(error))
        except Exception as error:  # noqa: BLE001  a bug: raised again in the window's thread for the crash report
            return _Outcome(number, error=error)

    @Slot(object)
    def _deliver(self, outcome: _Outcome) -> None:
        task = self._tasks.pop(outcome.number)
        if outcome.error is None:
            if task.done is not None:
                task.done(outcome.result)
        elif isinstance(outcome.error, CmeError) and task.failed is not None:
            task.failed(outcome.error)
        else:
            raise outcome.error


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
        try:
            result = op()
        except CmeError as error:
            if failed is None:
                raise
            failed(error)
        else:
            if done is not None:
                done(result)


def without_frames(error: CmeError) -> CmeError:
    """Give an error for the user without the frames it came through: they would hold the act and its screen."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
