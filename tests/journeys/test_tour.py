"""The tour: the whole main job on a made-up school, as anybody without a display may see it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QImage

PROJECT = Path(__file__).parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    return subprocess.run(
        [sys.executable, "-m", "cme_desktop", *arguments],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


def is_blank(file: Path) -> bool:
    picture = QImage(str(file)).scaled(40, 40)
    return len({picture.pixel(x, y) for x in range(40) for y in range(40)}) < 3


def test_the_tour_leaves_a_picture_of_every_screen_and_a_record_that_verifies(tmp_path: Path) -> None:
    toured = run("tour", "--out", str(tmp_path), "--pupils", "60")

    assert toured.returncode == 0, toured.stderr
    told = json.loads((tmp_path / "tour.json").read_text(encoding="utf-8"))
    pictures = [tmp_path / step["picture"] for step in told["steps"]]
    assert len(pictures) >= 15
    assert [picture.name for picture in pictures if is_blank(picture)] == []
    verdict = json.loads(run("verify", str(tmp_path / told["record"]), "--json").stdout)
    assert verdict["ok"]
    assert [signature["role"] for signature in verdict["signatures"]] == ["office manager", "headteacher"]
