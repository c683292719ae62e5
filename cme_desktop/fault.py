"""Write a fault in the program down, with where it happened and nothing of what was worked on.

A fault's own words may hold what somebody typed, so they are left out: the kind of fault and the places in the code
are kept.
"""

from __future__ import annotations

import logging
import platform
import traceback
from datetime import datetime
from pathlib import Path


def report_fault(folder: Path, fault: BaseException, *, at: datetime) -> Path:
    """Write a report and give its file; where it can't be written, the log line is all there is."""
    file = folder / f"fault-{at:%Y%m%d-%H%M%S-%f}.txt"
    text = "\n".join([f"at {at.isoformat()}", f"python {platform.python_version()}", *_tell(fault), ""])
    logging.getLogger(__name__).error("fault %s, see %s", type(fault).__name__, file.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError:
        logging.getLogger(__name__).exception("the report could not be written")
    return file


def _tell(fault: BaseException) -> list[str]:
    frames = traceback.extract_tb(fault.__traceback__)
    places = (f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames)
    lines = [f"{type(fault).__module__}.{type(fault).__qualname__}", *places]
    cause = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    return lines if cause is None else [*lines, "because of", *_tell(cause)]
