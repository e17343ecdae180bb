"""Time `pyo3-kit update` against `copier update`, alternately, as whole processes, and a fleet in one process.

    python benchmarks/update.py [--rounds 7] [--projects 10]

The template is this checkout's committed one in two versions: as is, and with another line in a dozen files. The
project is the full one, rendered from the first version and committed. Both commands update a fresh copy to the second,
without a network. The package must be installed in the environment of this Python.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.new import PARTS, ROOT, program
from benchmarks.paired import installed, machine, ratios, spread

PRESET = "max-performance"
CHANGED = (
    ".cargo/config.toml",
    ".github/dependabot.yml.jinja",
    ".github/workflows/ci.yml.jinja",
    ".github/workflows/release.yml.jinja",
    ".gitignore.jinja",
    ".pre-commit-config.yaml.jinja",
    ".taplo.toml",
    "CHANGELOG.md",
    "clippy.toml.jinja",
    "deny.toml.jinja",
    "pyproject.toml.jinja",
    "{{ crate_dir }}/src/lib.rs.jinja",
)
LINES = {".md": "\n<!-- A line more. -->\n", ".rs": "\n// A line more.\n"}


@dataclass
class Times:
    """The times of one command, round by round, in seconds, and the number of Git processes it started."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    git: int = 0


def main() -> None:
    """Print one table of whole processes, and one of the projects of a fleet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="how often each command runs (default: 7)")
    parser.add_argument("--projects", type=int, default=10, help="how many projects the fleet has (default: 10)")
    arguments = parser.parse_args()
    print(f"{machine()}; {arguments.rounds} rounds in turns\n")
    with tempfile.TemporaryDirectory() as folder:
        # Do not use the settings and caches of the user who runs this.
        os.environ.update(plain_environment(Path(folder)))
        template = versions(Path(folder, "template"))
        project = rendered(template, Path(folder, "project"))
        commands = {
            "copier update": [program("copier"), "update", "--quiet", "--defaults"],
            "pyo3-kit update": [program("pyo3-kit"), "update"],
            "pyo3-kit update --dry-run": [program("pyo3-kit"), "update", "--dry-run"],
            "pyo3-kit status --quick": [program("pyo3-kit"), "status", "--quick"],
        }
        print(table(measure(commands, project, Path(folder), arguments.rounds)), "\n")
        print(fleet(Path(folder), arguments.projects))


def plain_environment(folder: Path) -> dict[str, str]:
    """Return variables that set a Git user, and separate settings and caches for pyo3-kit and Copier."""
    (folder / "gitconfig").write_text("[user]\n\tname = Bench\n\temail = bench@example.org\n[gc]\n\tauto = 0\n")
    (folder / "settings.yml").write_text("{}\n")
    return {
        "GIT_CONFIG_GLOBAL": str(folder / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "COPIER_SETTINGS_PATH": str(folder / "settings.yml"),
        "PYO3_KIT_CACHE": str(folder / "cache"),
    }


def run(*words: str, folder: Path) -> None:
    """Run a command that must succeed."""
    subprocess.run(words, cwd=folder, check=True, capture_output=True)


def versions(template: Path) -> Path:
    """Create a repository with two versions of this checkout's committed template, v1.0.0 and v1.1.0."""
    template.mkdir()
    archive = subprocess.run(["git", "archive", "HEAD", *PARTS], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x"], cwd=template, input=archive, check=True)
    run("git", "init", "--quiet", folder=template)
    commit(template, "v1.0.0")
    for name in CHANGED:
        path = template / "template" / name
        suffix = Path(name.removesuffix(".jinja")).suffix
        path.write_text(path.read_text() + LINES.get(suffix, "\n# A line more.\n"))
    commit(template, "v1.1.0")
    return template


def commit(folder: Path, tag: str) -> None:
    """Commit everything in `folder`, and tag it."""
    run("git", "add", "--all", folder=folder)
    run("git", "commit", "--quiet", f"--message={tag}", folder=folder)
    run("git", "tag", tag, folder=folder)


def answers_of_preset() -> dict[str, Any]:
    """Return the answers of the project with the most features."""
    import yaml

    presets = yaml.safe_load((ROOT / "catalogue" / "presets.yml").read_text())
    return dict(presets[PRESET]["answers"])


def rendered(template: Path, project: Path) -> Path:
    """Render the full project from the first version with Copier, and commit it."""
    import yaml

    data = project.with_name(f"{project.name}.yml")
    data.write_text(yaml.safe_dump({"project_name": "my-lib", **answers_of_preset()}))
    words = ["copy", "--quiet", "--defaults", "--vcs-ref=v1.0.0", f"--data-file={data}", str(template), str(project)]
    run(program("copier"), *words, folder=template)
    run("git", "init", "--quiet", folder=project)
    commit(project, "rendered")
    return project


def measure(commands: Mapping[str, Sequence[str]], project: Path, folder: Path, rounds: int) -> dict[str, Times]:
    """Run each command to warm the caches and to count Git processes, then alternately, each on a fresh copy."""
    taken = {name: Times() for name in commands}
    for number in range(-2, rounds):
        for name, words in commands.items():
            copy = Path(shutil.copytree(project, folder / "copy", symlinks=True))
            # A copy's files are new to Git, which would otherwise read all of them again.
            run("git", "status", "--porcelain", folder=copy)
            if number < 0:
                taken[name].git = git_processes(words, copy, folder)
            else:
                before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
                expect(words, copy, installed({}))
                taken[name].wall.append(time.perf_counter() - start)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                taken[name].cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            shutil.rmtree(copy)
    return taken


def git_processes(words: Sequence[str], copy: Path, folder: Path) -> int:
    """Count the Git processes that the command starts, with a wrapper earlier on the PATH."""
    wrapper, counted = folder / "bin" / "git", folder / "counted"
    wrapper.parent.mkdir(exist_ok=True)
    wrapper.write_text(f'#!/bin/sh\necho >> "{counted}"\nexec "{shutil.which("git")}" "$@"\n')
    wrapper.chmod(0o755)
    counted.write_text("")
    expect(words, copy, {**os.environ, "PATH": f"{wrapper.parent}{os.pathsep}{os.environ['PATH']}"})
    return len(counted.read_text().splitlines())


def expect(words: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
    """Run a command, and check that it did its work."""
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    # `status` exits with 1 if the project is behind.
    if done.returncode != ("status" in words):
        sys.exit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    version = (folder / ".copier-answers.yml").read_text()
    if ("v1.1.0" in version) != ("status" not in words and "--dry-run" not in words):
        sys.exit(f"{' '.join(words)} left the project at a different version:\n{version}")


def table(taken: Mapping[str, Times]) -> str:
    """Return a Markdown table of medians, and of the pairwise ratios to `copier update`: median, least and greatest."""
    reference = taken["copier update"]
    lines = [
        "| command | wall | CPU | wall vs. Copier | CPU vs. Copier | Git processes |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for name, times in taken.items():
        wall, cpu = spread(ratios(times.wall, reference.wall)), spread(ratios(times.cpu, reference.cpu))
        medians = f"{statistics.median(times.wall):.2f} s | {statistics.median(times.cpu):.2f} s"
        lines.append(f"| `{name}` | {medians} | {wall} | {cpu} | {times.git} |")
    return "\n".join(lines)


def fleet(folder: Path, projects: int) -> str:
    """Return a Markdown table of the time per further project in one process, with the same answers and with others.

    They are created from the first release of our template, which the package contains, and updated to the current one.
    """
    from pyo3_kit.render.cache import Renders
    from pyo3_kit.template.releases import releases
    from pyo3_kit.transaction.apply import apply
    from pyo3_kit.update.planning import UpdateRequest, plan
    from tests.support.history import commit_all, render_release

    def made_of(name: str, **answers: str) -> Path:
        project = render_release(releases()[0], folder / name, {**answers_of_preset(), **answers})
        commit_all(project)
        return project

    one = made_of("one")
    same = [Path(shutil.copytree(one, folder / f"same{number}", symlinks=True)) for number in range(projects)]
    other = [made_of(f"other{number}", project_description=f"Project {number}.") for number in range(projects)]
    lines = ["| each further project in a fleet | wall | CPU |", "|---|---:|---:|"]
    with Renders() as renders:
        for title, places in (("same version and answers", same), ("same version, other answers", other)):
            wall, cpu = [], []
            for place in places:
                start, worked = time.perf_counter(), os.times()
                made = plan(UpdateRequest(path=place), renders=renders)
                apply(made.project.place, made.files, last=made.project.answers_file, meta={}, labels=made.labels)
                ended = os.times()
                wall.append(time.perf_counter() - start)
                cpu.append(sum(ended[:4]) - sum(worked[:4]))
            lines.append(f"| {title} | {statistics.median(wall[1:]):.3f} s | {statistics.median(cpu[1:]):.3f} s |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
