"""``cme-desktop tour``: its options. ``app`` runs it, since it alone may join the window with a command."""

from __future__ import annotations

from argparse import ArgumentParser, _SubParsersAction
from pathlib import Path


def add_parser(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command to the program's own."""
    parser = subparsers.add_parser("tour", help="drive a made-up school through the whole main job, without a display")
    parser.add_argument("--out", type=Path, metavar="DIR", required=True, help="where pictures and record go")
    parser.add_argument("--pupils", type=int, default=210, help="how large a school to make up; default 210")
