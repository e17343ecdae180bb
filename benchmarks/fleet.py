"""Time `pyo3-kit fleet` over many repositories against a shell loop around `copier update`.

    python benchmarks/fleet.py [--status 300] [--update 100] [--loop 10] [--sets 10]

The repositories are local projects of the first release of our own template, of `--sets` different answer sets, each
committed. `fleet status` and `fleet update --dry-run` run as whole processes, with as many jobs as
processors; the loop then updates `--loop` of the projects to the same version with Copier's `update`, which has no
preview, from a local clone of this checkout. The package must be installed in the
environment of this Python.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.new import program
from benchmarks.paired import machine
from benchmarks.update import plain_environment

NOW = "v99.0.0"
"""The loop's tag for this checkout's commit."""
SMALL = {"starter": "minimal", "benchmarks": False}


def main() -> None:
    """Print one table: wall and CPU time of each command, for the fleet and per repository."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--status", type=int, default=300, help="repositories of the status (default: 300)")
    parser.add_argument("--update", type=int, default=100, help="repositories of the dry run (default: 100)")
    parser.add_argument("--loop", type=int, default=10, help="repositories of the loop around Copier (default: 10)")
    parser.add_argument("--sets", type=int, default=10, help="different answer sets (default: 10)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        os.environ.update(plain_environment(root), XDG_CACHE_HOME=str(root / "cache"))
        number = max(arguments.status, arguments.update)
        files = build(root, number, arguments.sets)
        print(f"{machine()}; {number} projects of {files} files, {arguments.sets} answer sets\n")
        print("| command | repositories | wall | CPU | wall each | peak memory of a process |")
        print("|---|---:|---:|---:|---:|---:|")
        status = timed("fleet status", fleet(root, "status"), root, arguments.status)
        update = timed("fleet update --dry-run", fleet(root, "update", "--dry-run"), root, arguments.update)
        loop = timed("a loop around copier update", copier(root, arguments.loop), root, arguments.loop)
        print("\nTime per repository, relative to the loop:")
        for title, times in (("status", status), ("dry run", update)):
            print(f"{title}: {times[0] / loop[0]:.3f} of the wall time, {times[1] / loop[1]:.3f} of the CPU time")


def build(root: Path, number: int, sets: int) -> int:
    """Create the projects in `root`; return how many files each has."""
    from pyo3_kit.template.releases import releases
    from tests.support.history import commit_all, git, render_release, tagged_template

    seeds = []
    for at in range(sets):
        answers = {**SMALL, "project_description": f"Project {at}."}
        seeds.append(render_release(releases()[0], root / "seeds" / str(at), answers))
        commit_all(seeds[-1])
        shutil.rmtree(seeds[-1] / ".git" / "hooks")
    for at in range(number):
        subprocess.run(["cp", "-R", str(seeds[at % sets]), str(root / f"p{at:04}")], check=True)
    git(tagged_template(root / "template"), "tag", NOW)
    return sum(1 for path in seeds[0].rglob("*") if path.is_file() and ".git" not in path.parts)


def fleet(root: Path, *words: str) -> list[str]:
    """Return the command for the fleet whose file `timed` writes."""
    return [program("pyo3-kit"), "fleet", *words, str(root / "fleet.toml"), "--json"]


def copier(root: Path, number: int) -> list[str]:
    """Return a shell loop over this many projects, with the template on the local disk."""
    rewrite = f"url.{root / 'template'}.insteadOf=https://github.com/pyo3-kit/pyo3-kit.git"
    subprocess.run(["git", "config", "--global", *rewrite.split("=", 1)], check=True)
    update = f"{program('copier')} update --quiet --defaults --vcs-ref={NOW}"
    names = " ".join(f"p{at:04}" for at in range(number))
    return ["sh", "-c", f"for name in {names}; do (cd {root}/$name && {update}) || exit 1; done"]


def timed(title: str, words: list[str], root: Path, number: int) -> tuple[float, float]:
    """Run a command over the first projects, print its row, and return wall and CPU time per project."""
    lines = [f'[[repository]]\npath = "p{at:04}"\n' for at in range(number)]
    (root / "fleet.toml").write_text("\n".join(lines))
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    ours = "fleet" in words
    if done.returncode not in ((0, 1) if ours else (0,)):
        sys.exit(f"{title} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    if ours:
        states = {row["state"] for row in json.loads(done.stdout)["rows"]}
        if states != {"would update" if "update" in words else "behind"}:
            sys.exit(f"{title} gave {states}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    memory = f"{after.ru_maxrss / 1024:.0f} MB"
    print(f"| {title} | {number} | {wall:.1f} s | {cpu:.1f} s | {wall / number:.3f} s | {memory} |", flush=True)
    return wall / number, cpu / number


if __name__ == "__main__":
    main()
