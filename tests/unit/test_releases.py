"""The list of released versions, and the files of each one."""

from __future__ import annotations

import subprocess
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from pyo3_kit.errors import Refused
from pyo3_kit.git.repository import Repository
from pyo3_kit.template import releases as r
from tests.support.command import ROOT
from tests.support.history import git

HERE = Repository(ROOT / ".git")


def test_the_list_is_read_as_yaml_would_read_it() -> None:
    listed = yaml.safe_load((ROOT / "catalogue" / "releases.yml").read_text(encoding="utf-8"))
    assert [release._asdict() for release in r.releases()] == listed
    assert listed


def test_each_release_is_in_the_history_in_its_order() -> None:
    commits = [r.find_commit(HERE, release) for release in r.releases()]
    for older, newer in pairwise([*map(str, commits), "HEAD"]):
        done = subprocess.run(["git", "-C", str(ROOT), "merge-base", "--is-ancestor", older, newer], check=False)
        assert done.returncode == 0, f"{older} is not an ancestor of {newer}"


@pytest.mark.parametrize("release", r.releases(), ids=lambda release: release.version)
def test_a_release_has_the_recorded_digest(release: r.Release) -> None:
    commit = r.find_commit(HERE, release)
    assert commit is not None
    assert r.digest_files(HERE, commit) == release.digest


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with the same trees as this one, in commits of other names, and none of the old ones."""
    folder = tmp_path_factory.mktemp("rewritten")
    source = folder / "source.git"
    git(folder, "clone", "--quiet", "--bare", "--shared", str(ROOT), str(source))
    parent: list[str] = []
    for commit in [*(r.find_commit(HERE, release) for release in r.releases()), "HEAD"]:
        parent = ["-p", git(source, "commit-tree", f"{commit}^{{tree}}", *parent, "-m", "Rewritten")]
    git(source, "update-ref", "refs/heads/rewritten", parent[1])
    git(folder, "clone", "--quiet", "--no-local", "--single-branch", "--branch=rewritten", str(source), "clone")
    return folder / "clone"


def test_a_release_is_found_after_its_history_was_rewritten(rewritten: Path) -> None:
    repository = Repository(rewritten / ".git")
    oldest_first = git(rewritten, "rev-list", "--reverse", "HEAD").split()
    assert [repository.commit_of(release.commit) for release in r.releases()] == [None] * len(r.releases())
    assert [r.find_commit(repository, release) for release in r.releases()] == oldest_first[: len(r.releases())]
    # What a package carries is the same, byte for byte.
    assert dict(r.history_members(repository)) == dict(r.history_members(HERE))


def test_a_tag_counts_only_if_its_files_are_those_of_the_release(rewritten: Path) -> None:
    first, second = r.releases()[:2]
    commits = git(rewritten, "rev-list", "--reverse", "HEAD").split()
    git(rewritten, "tag", first.version, commits[1])
    git(rewritten, "tag", second.version, commits[1])
    repository = Repository(rewritten / ".git")
    assert (r.find_commit(repository, first), r.find_commit(repository, second)) == (commits[0], commits[1])
    assert r.find_commit(repository, r.Release("v9.9.9", "f" * 40, "f" * 64)) is None


def test_a_release_is_found_by_name_and_by_commit() -> None:
    first = r.releases()[0]
    assert r.find_release(first.version) == r.find_release(first.commit[:7]) == r.find_release(first.commit) == first
    assert r.find_release("v0.0.0") is None
    assert r.find_release(first.commit[:6]) is None


@pytest.mark.parametrize("release", r.releases(), ids=lambda release: release.version)
def test_a_release_unpacks_from_git_and_from_the_carried_history(
    release: r.Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_git = r.release_root(release)
    assert (from_git / "copier.yml").is_file()

    carried = tmp_path / "_template"
    carried.mkdir()
    with zipfile.ZipFile(carried / r.HISTORY, "w") as history:
        for name, content in r.history_members(Repository(ROOT / ".git")):
            history.writestr(name, content)
    monkeypatch.setenv("PYO3_KIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(r, "template_root", lambda: carried)
    from_history = r.release_root(release)

    assert from_git != from_history
    assert _files(from_git) == _files(from_history)


def test_a_release_that_is_not_carried_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYO3_KIT_CACHE", str(tmp_path / "cache"))
    with pytest.raises(Refused) as caught:
        r.release_root(r.Release("v9.9.9", "f" * 40, "f" * 64))
    assert "does not carry the template's version v9.9.9" in caught.value.message
    assert "--unshallow" in caught.value.hint


def _files(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode & 0o111)
        for path in folder.rglob("*")
        if path.is_file()
    }
