"""The list of released versions, and the files of each one."""

from __future__ import annotations

import subprocess
import zipfile
from pathlib import Path

import pytest
import yaml

from pyo3_kit.errors import Refused
from pyo3_kit.git.repository import Repository
from pyo3_kit.template import releases as r
from tests.support.command import ROOT


def test_the_list_is_read_as_yaml_would_read_it() -> None:
    listed = yaml.safe_load((ROOT / "catalogue" / "releases.yml").read_text(encoding="utf-8"))
    assert [(release.version, release.commit) for release in r.releases()] == [
        (entry["version"], entry["commit"]) for entry in listed
    ]
    assert listed


def test_each_release_is_in_the_history_in_its_order() -> None:
    commits = [release.commit for release in r.releases()]
    for older, newer in zip(commits, [*commits[1:], "HEAD"], strict=True):
        done = subprocess.run(["git", "-C", str(ROOT), "merge-base", "--is-ancestor", older, newer], check=False)
        assert done.returncode == 0, f"{older} is no ancestor of {newer}"


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
        r.release_root(r.Release("v9.9.9", "f" * 40))
    assert "does not carry the template's version v9.9.9" in caught.value.message
    assert "--unshallow" in caught.value.hint


def _files(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode & 0o111)
        for path in folder.rglob("*")
        if path.is_file()
    }
