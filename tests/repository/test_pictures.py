"""The terminals in docs/images are what this version shows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal of Unix is needed"),
]


@pytest.mark.parametrize("name", ["make_questionnaire_svg", "make_update_svg"])
def test_a_picture_is_what_the_script_draws(name: str, tmp_path: Path) -> None:
    environment = {key: text for key, text in os.environ.items() if key not in ("COLUMNS", "LINES")}
    subprocess.run([sys.executable, f"docs/images/{name}.py", tmp_path], cwd=ROOT, env=environment, check=True)
    drawn = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    kept = {name: (ROOT / "docs" / "images" / name).read_text(encoding="utf-8") for name in drawn}
    assert kept == drawn, f"Run `python docs/images/{name}.py`."
