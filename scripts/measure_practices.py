"""Measure the gain of each practice in projects built for it, and write catalogue/measurements.json.

Takes half an hour. `python dev.py docs` then writes the pages and charts. Needs cargo, uv, maturin, and `python3.14t`
on PATH for the figures without the GIL. Run nothing else meanwhile.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.paired import machine  # noqa: E402
from tests.queue.overlay import add_modes  # noqa: E402
from tests.support.project import Project, Venv, interpreter, tool  # noqa: E402
from tests.support.template import export  # noqa: E402

FIGURES = ROOT / "catalogue" / "measurements.json"
BRIDGE = ROOT / "benchmarks" / "bridge.py"

Figure = dict[str, Any]
Pair = tuple[float, float]
"""Without the practice, and with it."""

ROUNDS = 5

WIDTHS = {"sequential": "awaits one after another", "gathered_64": "64 gathered", "gathered_5000": "5,000 gathered"}

CALLS = """
import timeit, {package} as lib
counter = lib.Counter()
best = min(timeit.repeat(counter.add, number=200_000, repeat=15))
print(best / 200_000 * 1e9)
"""
THREADS = """
import sys, threading, time, my_lib
texts = [["some words of text " * 4] * 50_000] * 2
def work(batch):
    for text in batch:
        my_lib.word_count(text)
best = []
for _ in range(7):
    threads = [threading.Thread(target=work, args=(batch,)) for batch in texts]
    start = time.perf_counter()
    [t.start() for t in threads]
    [t.join() for t in threads]
    best.append(time.perf_counter() - start)
print(min(best) * 1e3)
"""


def main() -> int:
    """Measure all groups, or those that are named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS), help="only measure these again")
    arguments = parser.parse_args()
    for name in arguments.only:
        with tempfile.TemporaryDirectory() as folder:
            keep(GROUPS[name](Path(folder)))
    return 0


class Bench:
    """Renders projects and builds them with the release profile for one interpreter."""

    def __init__(self, folder: Path, version: str = "3.11") -> None:
        self.folder = folder
        self.template = folder / "template" if (folder / "template").exists() else export(folder / "template")
        found = interpreter(version)
        if found is None:
            raise SystemExit(f"CPython {version} is required but was not found")
        self.python = found
        self.count = 0

    def project(self, **answers: object) -> Project:
        """Render a new project with these answers."""
        self.count += 1
        rendered = self.folder / f"rendered-{self.python.name}-{self.count}" / "my-lib"
        answers = {"starter": "showcase", "benchmarks": "true", **answers}
        data = [word for name, value in answers.items() for word in ("--data", f"{name}={value}")]
        tool("copier", "copy", "--quiet", "--defaults", *data, self.template, rendered, cwd=self.folder)
        (self.folder / f"built-{self.python.name}-{self.count}").mkdir()
        return Project(rendered, self.folder / f"built-{self.python.name}-{self.count}", self.python)

    def venv(self, project: Project, *arguments: str) -> Venv:
        """Build the project for release in an environment with the dependencies of its benchmarks."""
        wheel = project.wheel(project.path, "--release", *arguments)
        return project.venv("pytest", "pytest-benchmark", str(wheel))


def keep(figures: list[Figure]) -> None:
    """Write these figures to the file, replacing those of the same name; others keep the machine they are from."""
    data = json.loads(FIGURES.read_text(encoding="utf-8"))
    if data["machine"] != machine():
        for one in data["figures"]:
            one.setdefault("machine", data["machine"])
    known = {(one["practice"], one["what"]): one for one in [*data["figures"], *figures]}
    data = {"machine": machine(), "figures": [known[key] for key in sorted(known)]}
    FIGURES.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def comparisons(folder: Path) -> list[Figure]:
    """Run the rendered project's own comparisons, without and with each practice."""
    bench = Bench(folder)
    project = bench.project()
    venv = bench.venv(project, "--features", "comparisons")
    report = bench.folder / "benchmarks.json"
    rounds: dict[str, list[Pair]] = {}
    for _ in range(ROUNDS):
        venv.run("pytest", "benchmarks", "-q", f"--benchmark-json={report}", cwd=project.path)
        sides: dict[str, dict[str, float]] = {}
        for one in json.loads(report.read_text())["benchmarks"]:
            if one["group"]:
                sides.setdefault(one["group"], {})[one["param"]] = one["stats"]["min"] * 1e6
        for name, pair in sides.items():
            rounds.setdefault(name, []).append((pair["without"], pair["with"]))
    return [figure(name.split()[0], name.partition(" ")[2], "µs", pairs) for name, pairs in sorted(rounds.items())]


def pool(folder: Path) -> list[Figure]:
    """Time a method call with and without the reference pool, alternately, on PyO3 0.28 and on the newest line."""
    bench = Bench(folder)
    figures = []
    for line in ("0.28", "0.30"):
        kept, disabled = (
            bench.venv(bench.project(pyo3=line, starter="minimal", disable_reference_pool=flag))
            for flag in ("false", "true")
        )
        code = CALLS.format(package="my_lib")
        rounds = [
            (float(kept.run("python", "-c", code, cwd=folder)), float(disabled.run("python", "-c", code, cwd=folder)))
            for _ in range(ROUNDS)
        ]
        what = f"a call of Counter.add on PyO3 {line}, pool kept and disabled"
        figures.append(figure("PYO05", what, "ns", rounds))
    return figures


def profile(folder: Path) -> list[Figure]:
    """Measure the module's size with cargo's default release profile and with the project's."""
    bench = Bench(folder)
    project = bench.project()
    sizes = []
    for strip in (True, False):
        manifest = project.path / "Cargo.toml"
        text = manifest.read_text()
        if strip:
            ours = text
            manifest.write_text(re.sub(r"\[profile\.release\]\n(.+\n)+", "", text))
        else:
            manifest.write_text(ours)
        wheel = project.wheel(project.path, "--release")
        listing = tool("python", "-m", "zipfile", "--list", wheel, cwd=bench.folder)
        sizes.append(max(int(line.split()[-1]) for line in listing.splitlines() if ".so" in line) / 1024)
        wheel.unlink()
    pair = (sizes[0], sizes[1])
    return [figure("PYO12", "size of the module, cargo's default profile and the project's", "KiB", [pair])]


STOCK = "pyo3_async_runtimes::tokio::future_into_py(py, async move {"


def bridges(folder: Path) -> list[Figure]:
    """Measure awaits per second with plain `future_into_py` and with both bridges of the project, alternately."""
    bench = Bench(folder)
    venvs: dict[str, Venv] = {}
    for name, answer in (
        ("stock", "pyo3-async-runtimes"),
        ("par", "pyo3-async-runtimes"),
        ("queue", "completion-queue"),
    ):
        project = bench.project(async_runtime="true", async_bridge=answer)
        add_modes(project.path)
        if name == "stock":
            source = project.path / "src" / "testing.rs"
            # The first one is `number`, which is the one to time.
            source.write_text(source.read_text().replace("spawn(py, async move {", STOCK, 1))
        venvs[name] = bench.venv(project)
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in venvs}
    for _ in range(ROUNDS):
        for name, venv in venvs.items():
            runs[name].append(json.loads(venv.run("python", BRIDGE, "my_lib", "1", "spawn", cwd=bench.folder))["spawn"])
    figures = []
    for width, words in WIDTHS.items():
        times = {name: [1e6 / run[width]["per_second"] for run in runs[name]] for name in runs}
        for name, title in (("queue", "the completion queue"), ("par", "the project's bridge over it")):
            text = f"{words}: `future_into_py` as it comes, and {title}"
            rounds = list(zip(times["stock"], times[name], strict=True))
            figures.append(figure("PYO09", text, "µs an await", rounds))
    return figures


def gil(folder: Path) -> list[Figure]:
    """Time two threads of short calls on free-threaded Python, with the GIL on and off, with the same build."""
    if interpreter("3.14t") is None:
        print("no python3.14t on PATH: skipping the measurement without the GIL", file=sys.stderr)
        return []
    bench = Bench(folder, "3.14t")
    venv = bench.venv(bench.project())

    def time(gil: str) -> float:
        return float(venv.run("python", "-c", THREADS, cwd=folder, env={"PYTHON_GIL": gil}))

    what = "two threads of 50,000 calls each on 3.14t, the module asking for the GIL and not"
    return [figure("PYO13", what, "ms", [(time("1"), time("0")) for _ in range(ROUNDS)])]


def figure(practice: str, what: str, unit: str, rounds: list[Pair]) -> Figure:
    """Return one figure of the rounds' times without and with the practice.

    The ratio is how many times longer it takes without the practice: that of the medians, which other load on the
    machine changes least. The spread is that of single rounds, if there are several.
    """
    without, with_ = (statistics.median(times) for times in zip(*rounds, strict=True))
    ratios = [one / other for one, other in rounds]
    spread = {"spread": [rounded(min(ratios)), rounded(max(ratios))], "rounds": len(rounds)} if len(rounds) > 1 else {}
    return {
        "practice": practice,
        "what": what,
        "unit": unit,
        "without": rounded(without),
        "with": rounded(with_),
        "ratio": rounded(without / with_),
        **spread,
    }


def rounded(number: float) -> float:
    """Return a number with three digits."""
    return float(f"{number:.3g}")


GROUPS = {"comparisons": comparisons, "pool": pool, "profile": profile, "bridges": bridges, "gil": gil}

if __name__ == "__main__":
    sys.exit(main())
