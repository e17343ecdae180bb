"""Fleets of a few repositories of one small template, for tests of one thing each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.command import Result, run_kit
from tests.update.templates import Project, git

BRANCH = "pyo3-kit/update"


def tip(place: Path, branch: str = BRANCH) -> str:
    """The commit that a branch is at, or nothing."""
    return git(place, "rev-parse", "--verify", "-q", f"refs/heads/{branch}", check=False)


class Small:
    """A fleet in a folder; repositories are copies of one project."""

    def __init__(self, root: Path, seed: Project) -> None:
        self.root, self.seed = root, seed
        root.mkdir()
        self.text = ""

    @property
    def workspace(self) -> Path:
        return self.root / ".pyo3-kit-fleet"

    @property
    def templates(self) -> str:
        """Where the tests' templates are, for `--trust-template`."""
        return f"{self.root.parent.parent}/"

    def top(self, text: str) -> Small:
        """Write keys at the top of the fleet file."""
        self.text = f"{text}\n{self.text}"
        return self

    def local(self, name: str, keys: str = "") -> Project:
        self.text += f'[[repository]]\npath = "{name}"\n{keys}\n'
        return self.seed.copy(self.root / name)

    def remote(self, name: str, keys: str = "") -> Path:
        """A bare repository, known by its address."""
        place = self.root / f"{name}.git"
        git(self.root, "clone", "-q", "--bare", str(self.seed.root), str(place))
        self.text += f'[[repository]]\nurl = "file://{place}"\nname = "{name}"\n{keys}\n'
        return place

    def work(self, remote: Path, branch: str = "HEAD") -> Project:
        """A clone of a remote, at one of its branches, as a person has it."""
        place = remote.with_name(f"{remote.stem}-work")
        git(self.root, "clone", "-q", str(remote), str(place))
        if branch != "HEAD":
            git(place, "checkout", "-q", branch)
        return Project(place)

    def run(self, *words: str, **options: Any) -> Result:
        (self.root / "fleet.toml").write_text(self.text)
        if words[0] in ("status", "update", "check", "adopt") and "--jobs" not in words:
            words = (*words, "--jobs", "1")
        if words[0] in ("status", "update"):
            words = (*words, "--trust-template", self.templates)
        return run_kit("fleet", *words, folder=self.root, **options)

    def rows(self, *words: str, **options: Any) -> dict[str, dict[str, Any]]:
        """The rows of a run by name."""
        result = self.run(*words, "--json", **options)
        assert result.code in (0, 1), result.out
        return {row["name"]: row for row in result.object["rows"]}

    def states(self, *words: str) -> dict[str, str]:
        return {name: row["state"] for name, row in self.rows(*words).items()}
