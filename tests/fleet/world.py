"""A fleet of real repositories on disk: every kind that an organisation has, each with what has to come of it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pyo3_kit.render import Source, open_template
from pyo3_kit.template.location import TEMPLATE_URL, template_commit, template_root
from pyo3_kit.template.releases import releases
from tests.support.history import commit_all, git, render_release
from tests.update.templates import FIRST, SECOND, Template

BRANCH = "pyo3-kit/update"
SMALL: dict[str, Any] = {"starter": "minimal", "benchmarks": False, "stubs": False, "hooks": False, "ci": "gitlab"}
OTHER: dict[str, Any] = {**SMALL, "license": "MIT", "free_threaded": False}
DATE = "2026-01-02T03:04:05+00:00"


@dataclass
class Member:
    """A repository: its place, what is expected of an update, and what an edit of its user left in which file."""

    name: str
    place: Path
    state: str
    remote: bool = False
    version: str | None = None
    edit: tuple[str, str] | None = None


@dataclass
class World:
    """The fleet at `root`, described by `fleet.toml` there."""

    root: Path
    members: list[Member] = field(default_factory=list)

    @property
    def file(self) -> Path:
        return self.root / "fleet.toml"

    @property
    def expected(self) -> dict[str, str]:
        """The state that each repository has to come out in, by name."""
        return {member.name: member.state for member in self.members}

    def heads(self) -> dict[str, str]:
        """Every ref of every repository that Git can read, with what it points to."""
        found = {}
        for member in self.members:
            head = member.place / ("HEAD" if member.remote else ".git/HEAD")
            if head.exists() and head.read_text() != "nonsense\n":
                rows = git(member.place, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
                found.update({f"{member.name} {row.split()[0]}": row.split()[1] for row in rows})
        return found

    def files(self) -> dict[str, bytes]:
        """Every file of the work trees of the local repositories."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for member in self.members
            if not member.remote and member.place.is_dir()
            for path in sorted(member.place.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(member.place).parts
        }

    def text(self, member: Member, path: str) -> str:
        """A file as it is on the branch of the update."""
        return git(member.place, "show", f"{BRANCH}:{path}")


@contextmanager
def fixed_dates() -> Iterator[None]:
    """Commits that are the same whenever they are made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_AUTHOR_DATE", DATE)
        patch.setenv("GIT_COMMITTER_DATE", DATE)
        # Of sample hooks there are more files than of anything else.
        patch.setenv("GIT_TEMPLATE_DIR", "")
        yield


def build(root: Path, template: Path) -> World:
    """Make the fleet below `root`, of our own template and of a foreign one that is made at `template`."""
    root.mkdir(parents=True)
    with fixed_dates():
        return _Builder(root, template).build()


class _Builder:
    def __init__(self, root: Path, template: Path) -> None:
        self.world = World(root)
        self.seeds = root.with_name("seeds")
        self.lines = [
            'name = "world"',
            "stop-at = 50",
            f'templates = ["{template}", "{template.with_name("no-template")}"]',
        ]
        oldest, newest = releases()[0], releases()[-1]
        self.seed("oldest", lambda place: render_release(oldest, place, SMALL))
        self.seed("other", lambda place: render_release(oldest, place, OTHER))
        self.seed("later", lambda place: render_release(newest, place, SMALL))
        self.seed("current", _render_current)
        shop = Template(template).release("v1.0.0", FIRST)
        shop.project(self.seeds / "shop")
        shop.release("v2.0.0", SECOND)
        for place in self.seeds.iterdir():
            git(place, "gc", "--quiet")

    def seed(self, name: str, render: Callable[[Path], object]) -> None:
        render(self.seeds / name)
        commit_all(self.seeds / name)

    def build(self) -> World:
        oldest, later = releases()[0].version, releases()[-1].version
        for number in range(12):
            self.local(f"plain-{number}", "oldest", "updated", version=oldest)
        for number in range(6):
            self.local(f"other-{number}", "other", "updated", version=oldest)
        for number in range(6):
            self.remote(f"later-{number}", "later", "updated", version=later)
        for number in range(6):
            edit = ("README.md", f"A paragraph of person {number}.\n")
            self.remote(f"edited-{number}", "oldest", "updated", version=oldest, edit=edit)
        for number in range(3):
            member = self.remote(f"deleted-{number}", "oldest", "updated", version=oldest)
            self.change(member, lambda place: (place / "CONTRIBUTING.md").unlink())
        for number in range(6):
            self.local(f"shop-{number}", "shop", "updated", version="v1.0.0", edit=("mine.txt", "mine\n"))
        for number in range(4):
            member = self.remote(f"price-{number}", "shop", "conflicts", version="v1.0.0")
            self.change(member, lambda place: _replace(place / "config.toml", "size = 1", "size = 7"))
        for number in range(4):
            self.local(f"current-{number}", "current", "current", version=template_commit())
        for number in range(3):
            self.remote(f"protected-{number}", "oldest", "unpushed", version=oldest)
            git(self.world.members[-1].place, "config", "receive.hideRefs", "refs/heads/pyo3-kit")
        self.odd_ones(oldest)
        self.refused_ones()
        (self.world.file).write_text("\n".join(self.lines))
        return self.world

    def odd_ones(self, oldest: str) -> None:
        for number in range(3):
            member = self.local(f"dirty-{number}", "oldest", "dirty")
            (member.place / "unfinished.txt").write_text("work\n")
        for number in range(2):
            member = self.local(f"torn-{number}", "oldest", "broken")
            (member.place / ".git" / "HEAD").write_text("nonsense\n")
        member = self.local("marked", "oldest", "broken")
        with (member.place / ".copier-answers.yml").open("a") as answers:
            answers.write("<<<<<<< mine\n")
        commit_all(member.place)
        member = self.local("orphan", "shop", "broken")
        _replace(member.place / ".copier-answers.yml", "/template", "/no-template")
        commit_all(member.place)
        for number in range(3):
            member = self.local(f"foreign-{number}", "shop", "foreign")
            (member.place / ".copier-answers.yml").unlink()
            commit_all(member.place)
        member = self.remote("bare-foreign", "shop", "foreign")
        self.change(member, lambda place: (place / ".copier-answers.yml").unlink())
        for number in range(2):
            member = self.local(f"gone-{number}", "oldest", "gone")
            shutil.rmtree(member.place)
        member = self.remote("unreachable", "oldest", "gone")
        shutil.rmtree(member.place)
        member = self.remote("empty", "oldest", "broken")
        shutil.rmtree(member.place)
        git(self.world.root, "init", "--quiet", "--bare", str(member.place))
        self.remote("merged", "oldest", "updated", version=oldest)

    def refused_ones(self) -> None:
        for name, line in (
            ("plain-0 (2)", 'path = "local/plain-0"'),
            ("../outside", 'path = "../outside"'),
            ("ext::sh -c true", 'url = "ext::sh -c true"'),
            ("--upload-pack=true", 'url = "--upload-pack=true"'),
            ("https://example.org/a.git --upload-pack=true", 'url = "https://example.org/a.git --upload-pack=true"'),
            ("ssh://-oProxyCommand=true/a", 'url = "ssh://-oProxyCommand=true/a"'),
        ):
            self.lines += ["[[repository]]", line, ""]
            self.world.members.append(Member(name, self.world.root / "none", "refused"))

    def local(
        self, name: str, seed: str, state: str, *, version: str | None = None, edit: tuple[str, str] | None = None
    ) -> Member:
        place = self.world.root / "local" / name
        self.copy(seed, place, edit)
        self.lines += ["[[repository]]", f'path = "local/{name}"', ""]
        self.world.members.append(Member(name, place, state, False, version, edit))
        return self.world.members[-1]

    def remote(
        self, name: str, seed: str, state: str, *, version: str | None = None, edit: tuple[str, str] | None = None
    ) -> Member:
        work, place = self.seeds / name, self.world.root / "remotes" / f"{name}.git"
        self.copy(seed, work, edit)
        place.parent.mkdir(exist_ok=True)
        git(self.seeds, "clone", "--quiet", "--bare", str(work), str(place))
        shutil.rmtree(work)
        self.lines += ["[[repository]]", f'url = "file://{place}"', f'name = "{name}"', "wave = 2", ""]
        self.world.members.append(Member(name, place, state, True, version, edit))
        return self.world.members[-1]

    def copy(self, seed: str, place: Path, edit: tuple[str, str] | None) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-R", str(self.seeds / seed), str(place)], check=True)
        if edit is not None:
            with (place / edit[0]).open("a") as file:
                file.write(edit[1])
            commit_all(place, "Edit")

    def change(self, member: Member, edit: Callable[[Path], object]) -> None:
        """Commit a change to a remote."""
        work = self.seeds / "work"
        git(self.seeds, "clone", "--quiet", str(member.place), str(work))
        edit(work)
        commit_all(work)
        git(work, "push", "--quiet", "origin", "HEAD")
        shutil.rmtree(work)


def _render_current(place: Path) -> None:
    with open_template(Source(TEMPLATE_URL, None, (template_root(), template_commit())), place) as template:
        template.render(place, template.interview({}).evaluate({"project_name": "my-lib", **SMALL}))


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def merge_branch(member: Member, work: Path) -> None:
    """Merge the branch of an update by hand, as a reviewer would, and leave the branch there."""
    git(work.parent, "clone", "--quiet", str(member.place), str(work))
    git(work, "merge", "--quiet", "--no-edit", f"origin/{BRANCH}")
    git(work, "push", "--quiet", "origin", "HEAD")


def restore(saved: Path, root: Path) -> None:
    """Put a fleet back to what it was when `saved` was copied from it."""
    if root.exists():
        for path in root.rglob("*"):
            if not os.access(path, os.W_OK) and not path.is_symlink():
                path.chmod(path.stat().st_mode | stat.S_IWUSR)
        shutil.rmtree(root)
    subprocess.run(["cp", "-R", str(saved), str(root)], check=True)
