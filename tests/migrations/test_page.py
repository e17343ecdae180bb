"""The page of migrations is what the migrations say."""

from __future__ import annotations

import subprocess
import sys

from tests.support.template import ROOT


def test_the_page_is_fresh() -> None:
    script = ROOT / "scripts" / "build_migrations_page.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
