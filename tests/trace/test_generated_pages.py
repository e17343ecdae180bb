"""The generated pages of docs/ are up to date."""

from __future__ import annotations

import subprocess
import sys

from tests.support.template import ROOT


def test_the_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "dev.py", "docs", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"Run `python dev.py docs`:\n{done.stdout}{done.stderr}"
