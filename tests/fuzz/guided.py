"""One reader under the coverage-guided fuzzer, in a process of its own: ``python -m tests.fuzz.guided csv …``.

The arguments after the reader's name are the fuzzer's own (libFuzzer's). It is started by ``python -m tests.fuzz``.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

_WATCHED = ["cme_desktop", "tomllib", "zipfile", "json"]


def main() -> None:
    """Feed the reader until time is up or a promise is broken; the fuzzer ends the process."""
    atheris: Any = import_module("atheris")
    with atheris.instrument_imports(include=_WATCHED):
        readers = import_module("tests.fuzz.readers")
    from tests.fuzz.reader import try_input  # after the reader's modules, so that they are watched

    reader = readers.READERS[sys.argv[1]]
    readers.WHOLE.update(path.read_bytes() for path in Path(sys.argv[-1]).iterdir())

    def try_one(data: bytes) -> None:
        try_input(reader, data)

    atheris.Setup([sys.argv[0], *sys.argv[2:]], try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
