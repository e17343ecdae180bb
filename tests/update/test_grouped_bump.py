"""A bot raised every pin of a project of ours in one grouped pull request; the next template raises the same pins."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.support.command import ROOT, run_kit
from tests.support.history import commit_all, git

pytestmark = pytest.mark.slow

ANSWERS: dict[str, dict[str, str]] = {
    "defaults": {},
    "everything": {
        "starter": "showcase",
        "async_runtime": "yes",
        "benchmarks": "yes",
        "layout": "workspace",
        "docs": "sphinx",
        "updates": "workflow",
    },
    "gitlab": {"ci": "gitlab", "docs": "sphinx", "updates": "renovate"},
}
PINS = re.compile(
    r"""uses:\ (?P<action>[\w./-]+)@(?P<hash>[0-9a-f]{40})\ \ \#\ v(?P<tag>[\d.]+)
    | (?P<requirement>[\w-]+)(?:==|>=|~=)(?P<bound>\d+(?:\.\d+)+)
    | ^(?P<crate>[\w-]+)\ =\ (?:\{\ version\ =\ )?"(?P<version>\d+\.\d+\.\d+)"
    """,
    re.MULTILINE | re.VERBOSE,
)
"""An action by its commit, a Python requirement, a crate."""

BY_TEMPLATE = 3


def by_bot(name: str, *, far: bool) -> int:
    """How far the bot raises a pin: by one more or one less than the template, or to the next incompatible version."""
    return 0 if far else BY_TEMPLATE + (1 if len(name) % 2 else -1)


def raised(version: str, step: int) -> str:
    """A version whose last number is higher; with step 0 its first one that is not zero."""
    numbers = [int(number) for number in version.split(".")]
    if step:
        return ".".join(map(str, [*numbers[:-1], numbers[-1] + step]))
    first = next(at for at, number in enumerate(numbers) if number)
    return ".".join(map(str, [*numbers[:first], numbers[first] + 1, *[0] * (len(numbers) - first - 1)]))


def pins(folder: Path) -> dict[tuple[str, str, int], str]:
    """The version of each pin, by its file, its name, and how often the name was there before."""
    found: dict[tuple[str, str, int], str] = {}
    for path in configuration(folder):
        for match in PINS.finditer(path.read_text()):
            name, version = named(match)
            place = path.relative_to(folder).as_posix()
            count = sum(key[:2] == (place, name) for key in found)
            if name != "version":
                found[place, name, count] = version
    return found


def named(match: re.Match[str]) -> tuple[str, str]:
    name = match["action"] or match["requirement"] or match["crate"]
    return name, match["tag"] or match["bound"] or match["version"]


def configuration(folder: Path) -> list[Path]:
    files = (path for path in folder.rglob("*") if path.suffix in {".toml", ".yml", ".yaml"})
    return sorted(path for path in files if ".git" not in path.relative_to(folder).parts)


def bump_every_pin(folder: Path, *, far: bool) -> None:
    """Raise every pin that the project has, as a grouped pull request does."""

    def bump(match: re.Match[str]) -> str:
        name, version = named(match)
        if name == "version":
            return match[0]
        # Bounds from above stay, so the ones from below stay under them.
        step = by_bot(name, far=far) or (10 if match["bound"] else 0)
        text = match[0].replace(version, raised(version, step))
        return text.replace(match["hash"], "b" * 40) if match["hash"] else text

    for path in configuration(folder):
        path.write_text(PINS.sub(bump, path.read_text()))


def two_versions(folder: Path) -> Path:
    """The template at hand as a repository with two versions: the second one has all of its pins raised."""
    for part in ("questions", "extensions", "catalogue", "template"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "copier.yml", folder)
    commit_all(folder)
    git(folder, "tag", "v100.0.0")
    number = re.compile(r'^(\s*[\w-]+: "?v?)(\d+(?:\.\d+){1,2})("?)$', re.MULTILINE)
    for name in ("versions.yml", "actions.yml"):
        path = folder / "catalogue" / name
        lines = [
            line if line.startswith(("rust:", "    python_max:")) else number.sub(raise_line, line)
            for line in path.read_text().split("\n")
        ]
        path.write_text(re.sub(r"(sha: )[0-9a-f]{40}", rf"\g<1>{'a' * 40}", "\n".join(lines)))
        assert yaml.safe_load(path.read_text())
    commit_all(folder)
    git(folder, "tag", "v101.0.0")
    return folder


def raise_line(match: re.Match[str]) -> str:
    return f"{match[1]}{raised(match[2], BY_TEMPLATE)}{match[3]}"


@pytest.mark.parametrize("far", [False, True], ids=["near", "far"])
@pytest.mark.parametrize("answers", ANSWERS)
def test_a_grouped_bump_never_conflicts(answers: str, far: bool, tmp_path: Path) -> None:
    template, project = two_versions(tmp_path / "template"), tmp_path / "my-lib"
    data = [f"--data={name}={value}" for name, value in ANSWERS[answers].items()]
    made = run_kit(
        "new", str(project), f"--template={template}", "--ref=v100.0.0", "--defaults", *data, folder=tmp_path
    )
    assert made.code == 0, made.err
    before = pins(project)
    assert {"pyo3", "maturin"} <= {name for _, name, _ in before}
    bump_every_pin(project, far=far)
    commit_all(project, "Bump everything")
    bumped = pins(project)
    assert all(bumped[pin] != version for pin, version in before.items())

    result = run_kit("update", "--json", f"--trust-template={template}", folder=project)
    assert (result.code, result.object["conflicts"]) == (0, []), result.object["conflicts"]
    after = pins(project)
    assert after.keys() == bumped.keys()
    further = [pin for pin in after if after[pin] != bumped[pin]]
    for pin, version in after.items():
        assert numbers(version) >= numbers(bumped[pin]), pin
    # What the bot raised less than the template is at the template's version now.
    assert bool(further) is not far
    assert all(after[pin] == raised(before[pin], BY_TEMPLATE) for pin in further)
    assert "a" * 40 not in "".join(path.read_text() for path in configuration(project)) or not far


def numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]
