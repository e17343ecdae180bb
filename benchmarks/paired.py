"""Paired timing of whole processes: the commands alternate, so that other load affects all of them."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Timing:
    """Wall times of one command, in seconds."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median wall time in seconds."""
        return statistics.median(self.seconds)

    def ratio(self, other: Timing) -> float:
        """The median of the pairwise ratios to `other`: above 1 means that this command is slower."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.seconds, other.seconds, strict=True))


Command = Callable[[Path], Sequence[str]]


def measure(commands: Mapping[str, Command], rounds: int, env: Mapping[str, str] | None = None) -> dict[str, Timing]:
    """Run each command once to warm the caches, then `rounds` times alternately, each in a new empty folder.

    Raises:
        subprocess.CalledProcessError: if a command fails, with its output.
    """
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            with tempfile.TemporaryDirectory() as folder:
                words = command(Path(folder))
                start = time.perf_counter()
                subprocess.run(words, cwd=folder, env={**os.environ, **(env or {})}, check=True, capture_output=True)
                if number:
                    taken[name].append(time.perf_counter() - start)
    return {name: Timing(name, tuple(seconds)) for name, seconds in taken.items()}


def machine() -> str:
    """Return one line that describes the machine: processor, cores, system and Python."""
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, CPython {platform.python_version()}"


def table(timings: Mapping[str, Timing], reference: str) -> str:
    """Return a Markdown table of medians, spreads and ratios to the command called `reference`."""
    lines = [f"| command | median | fastest – slowest | relative to {reference} |", "|---|---:|---:|---:|"]
    for timing in timings.values():
        spread = f"{min(timing.seconds):.2f} – {max(timing.seconds):.2f} s"
        ratio = timing.ratio(timings[reference])
        lines.append(f"| `{timing.name}` | {timing.median:.2f} s | {spread} | {ratio:.2f}× |")
    return "\n".join(lines)
