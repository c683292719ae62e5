"""Join everything and start: the one place that reads the real clock.

In this order: find the folders; set the hooks that write a fault down without names; then either run one command, or
show the window. The window paints with Qt alone, and the log begins once it stands; the database is loaded while the
password is typed.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.errors import CmeError
from cme_desktop.paths import Paths, find_paths

if TYPE_CHECKING:
    from cme_desktop.casework.made_up_school import MadeUpDemo
    from cme_desktop.cli.arguments import Arguments

CANNOT_BE_DONE: Final = 2
_NO_WINDOW_NEEDED: Final = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs")
_LOG_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Services:
    """What the window is started with; ``demo_password`` is shown on the unlock window of made-up records."""

    paths: Paths
    now: Callable[[], datetime]
    demo_password: str | None = None


def start(argv: Sequence[str]) -> int:
    """Run a command, or the window where none is given; return the exit status."""
    if not argv:
        paths = find_paths()
        _hook_faults(paths)
        return _show_window(paths)
    from cme_desktop.cli.arguments import read_arguments  # noqa: PLC0415  as a rule the window is started with none

    arguments = read_arguments(argv)
    paths = find_paths(arguments.data)
    _hook_faults(paths)
    if arguments.command == "tour":
        return _run_tour(arguments, paths)
    if arguments.command is not None:
        from cme_desktop.cli.main import run_command  # noqa: PLC0415  the window needs no command

        return run_command(arguments, paths=paths, now=read_clock)
    return _show_window(paths, demo=arguments.demo)


def read_clock() -> datetime:
    """Give the moment now."""
    return datetime.now(UTC)


def has_display() -> bool:
    """Whether a window can be shown: always but on Linux, where a display has to be there."""
    if not sys.platform.startswith("linux"):
        return True
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in _NO_WINDOW_NEEDED:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _show_window(paths: Paths, *, demo: bool = False) -> int:
    if not has_display():
        _tell(
            "There is no display here to show the window on. Run it on a desktop, or see every screen as a picture:"
            " cme-desktop tour --out DIR"
        )
        return CANNOT_BE_DONE
    try:
        services = _demo_services(paths) if demo else Services(paths, read_clock)
        gc.disable()  # until the first paint nothing is let go of: looking for it would take 5 ms of 110
        from cme_desktop.ui.start import run_window  # noqa: PLC0415  Qt is loaded only where a window is shown

        return run_window(services, when_painted=lambda: _settle(services.paths))
    except CmeError as error:
        _tell(str(error))
        return CANNOT_BE_DONE


def _settle(paths: Paths) -> None:
    """Load what the first paint could do without: the log, and what writes a fault down."""
    gc.enable()
    _start_log(paths)
    import_module("cme_desktop.fault")


def _demo_services(paths: Paths) -> Services:
    from cme_desktop.casework.made_up_school import open_demo  # noqa: PLC0415  only a demonstration needs it

    own = replace(paths, data=paths.data / "made-up-school")
    _tell("Making up a school …")
    demo: MadeUpDemo = open_demo(own, now=read_clock())
    shift = demo.this_morning - read_clock()
    return Services(own, lambda: read_clock() + shift, demo.password)


def _run_tour(arguments: Arguments, paths: Paths) -> int:
    """Drive the window over a made-up school in a folder that is thrown away; no display is needed or used."""
    import tempfile  # noqa: PLC0415  only the tour needs it

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from cme_desktop.casework.made_up_school import (  # noqa: PLC0415  only a demonstration needs it
        DEMO_PASSWORD,
        MadeUpSchool,
        find_this_morning,
        make_up_school,
    )
    from cme_desktop.ui.tour import drive_tour  # noqa: PLC0415  Qt is loaded only where a window is shown

    out: Path = arguments.options.out
    with tempfile.TemporaryDirectory(prefix="cme-tour-") as folder:
        own = replace(paths, data=Path(folder))
        begun = read_clock()
        shift = find_this_morning(begun) - begun
        try:
            made = make_up_school(
                own, MadeUpSchool(pupils=arguments.options.pupils), password=DEMO_PASSWORD, now=lambda: begun
            )
            made.office.database.close()
            services = Services(own, lambda: read_clock() + shift, DEMO_PASSWORD)
            drive_tour(services, out, password=DEMO_PASSWORD)
        except CmeError as error:
            _tell(str(error))
            return CANNOT_BE_DONE
    _tell(f"Every screen is in {out}, with the signed record as record.pdf.")
    return 0


def _start_log(paths: Paths) -> None:
    from logging.handlers import RotatingFileHandler  # noqa: PLC0415  brings sockets in, which a command does not need

    try:
        paths.data.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(paths.log, maxBytes=_LOG_BYTES, backupCount=2, encoding="utf-8")
    except OSError:
        return  # A folder that can't be written is told in a sentence when the records are opened.
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.captureWarnings(capture=True)
    logging.getLogger(__name__).info("started")


def _hook_faults(paths: Paths) -> None:
    def told(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, trace)
            return
        from cme_desktop.fault import report_fault  # noqa: PLC0415  seldom needed

        where = report_fault(paths.crash_reports, fault, at=read_clock())
        _tell(f"CME Desktop met a fault. What was saved is safe. Report it with this file: {where}")

    sys.excepthook = told
    threading.excepthook = lambda args: told(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)


def _tell(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
