"""The one door to the worker: every use case runs there, its result comes back to the window's thread.

One worker thread serves the records, so writes queue instead of arguing. A ``CmeError`` reaches the caller's
``failed`` or, without one, the ``problem`` signal; anything else is our bug and is raised in the window's thread.

Whatever a screen hands over may hold the screen itself, and Qt ends the program when a widget is destroyed on another
thread. So all of it stays in the window's thread, under a number; the worker is given the number, and borrows the act.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from cme_desktop.domain.changes import Changes
from cme_desktop.domain.errors import CmeError
from cme_desktop.ui.errand import Errand, ImmediateErrand, without_frames

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from cme_desktop.casework.office import Office
    from cme_desktop.ui.change_notifier import ChangeNotifier

T = TypeVar("T")

_PAINTED_MS: Final = 100
"""Work for the worker's thread and for the window's slow each other down; a list is painted well within this."""


@dataclass(slots=True)
class _Job:
    """One use case under way, as a screen handed it over."""

    op: Callable[[Office], Any]
    office: Office
    opening: int
    done: Callable[[Any], None] | None
    failed: Callable[[CmeError], None] | None
    future: Future[None] | None = None


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What the worker brings back of a job: its result, or what went wrong."""

    number: int
    result: Any = None
    error: Exception | None = None


class Background(QObject):
    """Runs use cases on one worker thread. ``busy_changed`` says whether any is under way."""

    busy_changed = Signal(bool)
    problem = Signal(object)
    _came_back = Signal(object)

    def __init__(self, office: Office | None, notifier: ChangeNotifier, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._notifier = notifier
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="casework")
        self._jobs: dict[int, _Job] = {}
        self._last = 0
        self._under_way = 0
        self._opening = 0
        self._errand = Errand(self)
        self._beside: set[Hashable] = set()
        self._is_over = False
        self._came_back.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def office(self) -> Office | None:
        """The open records, or None while they are locked."""
        return self._office

    @property
    def is_busy(self) -> bool:
        """Whether anything asked for has not come back yet."""
        return self._under_way > 0

    def run(
        self,
        op: Callable[[Office], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[CmeError], None] | None = None,
        after_paint: bool = False,
    ) -> None:
        """Run ``op`` on the worker, then ``done`` with its result in the window's thread.

        A result that is a ``Changes``, or has one as ``.changes``, is told to every screen after ``done``.
        ``after_paint`` lets what has just been shown be painted first; if the window is locked meanwhile, ``op``
        is not run.
        """
        office = self._office
        if office is None:
            return
        self._under_way += 1
        if self._under_way == 1:
            self.busy_changed.emit(True)  # noqa: FBT003  a Qt signal takes no keywords
        job = _Job(op, office, self._opening, done, failed)
        if after_paint:
            QTimer.singleShot(_PAINTED_MS, self, lambda: self._submit(job))
        else:
            self._submit(job)

    def run_beside(
        self,
        op: Callable[[], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[CmeError], None] | None = None,
        about: Hashable = None,
    ) -> bool:
        """Run ``op``, which needs no open records, on a thread of its own: nobody waits for a stick or a share.

        While one ``about`` the same is under way, as with a share that hangs, no other is begun: False.
        """
        if about is not None and about in self._beside:
            return False
        self._beside.add(about)
        self._errand.run(
            op,
            done=lambda result: self._end_beside(about, done, result),
            failed=lambda error: self._end_beside(about, failed or self.problem.emit, error),
        )
        return True

    def is_beside(self, about: Hashable) -> bool:
        """Whether something ``about`` this is under way beside the worker."""
        return about in self._beside

    def close_office(self) -> Office | None:
        """Let what is under way finish, forget the office and drop its undelivered results; return it to be closed."""
        wait(tuple(job.future for job in self._jobs.values() if job.future is not None))
        self._opening += 1
        self._under_way = 0
        office, self._office = self._office, None
        return office

    def open_office(self, office: Office) -> None:
        """Go on with records unlocked again."""
        self._office = office

    def finish(self) -> None:
        """End the worker; what was begun is finished first, and nothing is told of what still waits elsewhere."""
        self._is_over = True
        self._worker.shutdown(wait=True)

    def _end_beside(self, about: Hashable, then: Callable[[Any], object] | None, outcome: object) -> None:
        self._beside.discard(about)
        if then is not None and not self._is_over:
            then(outcome)

    def _submit(self, job: _Job) -> None:
        if job.opening != self._opening:
            return
        self._last = number = self._last + 1
        self._jobs[number] = job
        job.future = self._worker.submit(self._work, number)

    def _work(self, number: int) -> None:
        self._came_back.emit(self._attempt(number))

    def _attempt(self, number: int) -> _Outcome:
        job = self._jobs[number]
        try:
            return _Outcome(number, job.op(job.office))
        except CmeError as error:
            return _Outcome(number, error=without_frames(error))
        except Exception as error:  # noqa: BLE001  a bug: raised again in the window's thread for the crash report
            return _Outcome(number, error=error)

    @Slot(object)
    def _deliver(self, outcome: _Outcome) -> None:
        job = self._jobs.pop(outcome.number)
        if job.opening != self._opening:
            return
        self._under_way -= 1
        if self._under_way == 0:
            self.busy_changed.emit(False)  # noqa: FBT003  a Qt signal takes no keywords
        self._conclude(job, outcome)

    def _conclude(self, job: _Job, outcome: _Outcome) -> None:
        if outcome.error is None:
            self._succeed(outcome.result, job.done)
        elif isinstance(outcome.error, CmeError):
            self._fail(outcome.error, job.failed)
        else:
            raise outcome.error

    def _succeed(self, result: T, done: Callable[[T], None] | None) -> None:
        if done is not None:
            done(result)
        changes = result if isinstance(result, Changes) else getattr(result, "changes", None)
        if isinstance(changes, Changes):
            self._notifier.changed.emit(changes)

    def _fail(self, error: CmeError, failed: Callable[[CmeError], None] | None) -> None:
        if failed is not None:
            failed(error)
        else:
            self.problem.emit(error)


class ImmediateBackground(Background):
    """The same door without a worker, for tests and the tour: ``op`` and ``done`` run at once."""

    def __init__(self, office: Office, notifier: ChangeNotifier | None = None) -> None:
        from cme_desktop.ui.change_notifier import ChangeNotifier as Notifier  # noqa: PLC0415  only where none is given

        super().__init__(office, notifier or Notifier())

    def run(
        self,
        op: Callable[[Office], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[CmeError], None] | None = None,
        after_paint: bool = False,
    ) -> None:
        """Run ``op`` now; a ``CmeError`` without a ``failed`` is raised."""
        del after_paint
        if self._office is None:
            return
        try:
            result = op(self._office)
        except CmeError as error:
            if failed is None:
                raise
            failed(error)
        else:
            self._succeed(result, done)

    def run_beside(
        self,
        op: Callable[[], T],
        *,
        done: Callable[[T], None] | None = None,
        failed: Callable[[CmeError], None] | None = None,
        about: Hashable = None,
    ) -> bool:
        """Run ``op`` now."""
        del about
        ImmediateErrand(self).run(op, done=done, failed=failed)
        return True
