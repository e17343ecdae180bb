"""Measure what answers cost in a build, and write catalogue/builds.json, which `pyo3-kit serve` shows.

    python scripts/measure_builds.py

Builds a wheel of six projects from nothing (ten minutes): both starters, and the minimal one with each answer that adds
crates. Needs cargo and maturin. The times are those of the processors, so that other work does not change them.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.paired import machine  # noqa: E402

FIGURES = ROOT / "catalogue" / "builds.json"

STARTERS: tuple[dict[str, Any], ...] = ({"starter": "minimal"}, {"starter": "showcase"})
ADDITIONS: tuple[dict[str, Any], ...] = (
    {"async_runtime": True, "async_bridge": "pyo3-async-runtimes"},
    {"async_runtime": True, "async_bridge": "completion-queue"},
    {"bytes_feature": True},
    {"allocator": "mimalloc"},
)


def main() -> int:
    """Build all of them and write the figures."""
    starters = [(answers, measure(answers)) for answers in STARTERS]
    least = starters[0][1]
    additions = []
    for answers in ADDITIONS:
        figures = measure({**STARTERS[0], **answers})
        additions.append({"answers": answers, **{name: max(0, figures[name] - least[name]) for name in figures}})
    measured = [{"answers": answers, **figures} for answers, figures in starters]
    content = {"machine": machine(), "starters": measured, "additions": additions}
    FIGURES.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return 0


def measure(answers: dict[str, Any]) -> dict[str, int]:
    """The number of crates, the seconds of processor time and the wheel's size of a project with these answers."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "my-lib"
        data = [word for name, value in answers.items() for word in ("--data", f"{name}={value}")]
        new = [sys.executable, "-m", "pyo3_kit", "new", str(project), "--defaults", "--no-git", *data]
        subprocess.run(new, check=True, capture_output=True)
        environment = {**os.environ, "CARGO_TARGET_DIR": str(Path(folder) / "target")}
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        build = ["maturin", "build", "--release", "--out", "dist", "--interpreter", sys.executable]
        done = subprocess.run(build, cwd=project, env=environment, check=True, capture_output=True, text=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        [wheel] = (project / "dist").glob("*.whl")
        seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        crates = len(re.findall(r"^\s*Compiling ", done.stderr, re.MULTILINE))
        figures = {"crates": crates, "seconds": round(seconds), "wheel_kib": round(wheel.stat().st_size / 1024)}
        print(answers, figures, flush=True)
        return figures


if __name__ == "__main__":
    sys.exit(main())
