"""Paired timing of whole processes: the commands alternate, so that other load affects all of them."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Timing:
    """What one command took in each round: wall time, and time of the processor (user and system), in seconds."""

    name: str
    seconds: tuple[float, ...]
    cpu: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median wall time in seconds."""
        return statistics.median(self.seconds)

    def ratio(self, other: Timing) -> float:
        """The median of the pairwise ratios to `other`: above 1 means that this command is slower."""
        return statistics.median(ratios(self.seconds, other.seconds))


def ratios(mine: Sequence[float], others: Sequence[float]) -> list[float]:
    """One command's figures to another's, round by round."""
    return [one / other for one, other in zip(mine, others, strict=True)]


Command = Callable[[Path], Sequence[str]]


def measure(commands: Mapping[str, Command], rounds: int, env: Mapping[str, str] | None = None) -> dict[str, Timing]:
    """Run each command once to warm the caches, then `rounds` times alternately, each in a new empty folder.

    Raises:
        subprocess.CalledProcessError: if a command fails, with its output.
    """
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            with tempfile.TemporaryDirectory() as folder:
                words = command(Path(folder))
                before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
                subprocess.run(words, cwd=folder, env=installed(env or {}), check=True, capture_output=True)
                wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
                if number:
                    taken[name].append((wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
    return {
        name: Timing(name, *(tuple(figures) for figures in zip(*rows, strict=True))) for name, rows in taken.items()
    }


def installed(changes: Mapping[str, str]) -> dict[str, str]:
    """The environment with `changes`, in which Python keeps bytecode, which an installed package has from the start."""
    environment = {**os.environ, **changes}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def machine() -> str:
    """Return one line that describes the machine: processor, cores, system and Python."""
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, CPython {platform.python_version()}"


def table(timings: Mapping[str, Timing], reference: str) -> str:
    """Return a Markdown table of medians, and pairwise ratios to the command `reference` with their range."""
    lines = [f"| command | wall | CPU | wall to {reference} | CPU to {reference} |", "|---|---:|---:|---:|---:|"]
    other = timings[reference]
    for timing in timings.values():
        medians = f"{timing.median:.2f} s | {statistics.median(timing.cpu):.2f} s"
        wall, cpu = spread(ratios(timing.seconds, other.seconds)), spread(ratios(timing.cpu, other.cpu))
        lines.append(f"| `{timing.name}` | {medians} | {wall} | {cpu} |")
    return "\n".join(lines)


def spread(values: Sequence[float]) -> str:
    """The median of some ratios, with the least and the greatest."""
    return f"{statistics.median(values):.2f}× ({min(values):.2f} – {max(values):.2f})"
