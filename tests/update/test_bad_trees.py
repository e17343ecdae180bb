"""What stands in a project's work tree and an update must not run over: named, and left as it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.update.templates import SECOND, Project, Template, git, refused


def test_dirty_files_are_named(project: Project) -> None:
    project.edit({"notes.txt": "changed\n", "run.sh": "changed\n"}, commit=False)
    found = refused(project, said="notes.txt: it has changes that are not committed")
    assert "run.sh" not in found.err
    git(project.root, "add", "notes.txt")
    refused(project, said="notes.txt: it has changes that are not committed")


def test_untracked_and_ignored_files_in_the_way(project: Project) -> None:
    project.edit({"new/fresh.txt": "mine\n"}, commit=False)
    refused(project, said="new/fresh.txt: it is untracked, and in the way")
    project.edit({".git/info/exclude": "new/\n"}, commit=False)
    refused(project, said="new/fresh.txt: it is ignored by Git, and in the way")


def test_what_the_template_put_into_an_ignored_place_is_its_own(project: Project) -> None:
    project.edit({".git/info/exclude": "data.bin\n"}, commit=False)
    git(project.root, "rm", "-q", "--cached", "data.bin")
    git(project.root, "commit", "-qm", "Forget")
    assert project.update().code == 0
    assert (project.root / "data.bin").read_bytes() == b"\x00\x01\x03"


def test_a_repository_without_a_commit(project: Project) -> None:
    shutil.rmtree(project.root / ".git")
    git(project.root, "init", "-q")
    refused(project, said="it is untracked")


def test_read_only_files(project: Project) -> None:
    (project.root / "notes.txt").chmod(0o444)
    refused(project, said="notes.txt is read-only")


def test_a_link_out_of_the_project(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    template.release("v2.0.0", {"template/docs/index.md": "# New\n"})
    (project.root / "docs").rename(tmp_path / "docs")
    (project.root / "docs").symlink_to(tmp_path / "docs")
    project.commit()
    refused(project, said="docs is a symbolic link that leads out of the project")
    assert (tmp_path / "docs" / "index.md").read_text() == "# Docs\n\nText.\n"


def test_a_file_that_is_a_link_now(template: Template, tmp_path: Path) -> None:
    """The link stays, and what it leads to is not written through it."""
    project = template.project(tmp_path / "project")
    template.release("v2.0.0", SECOND)
    (tmp_path / "outside.txt").write_text("outside\n")
    (project.root / "notes.txt").unlink()
    (project.root / "notes.txt").symlink_to(tmp_path / "outside.txt")
    project.commit()
    result = project.update("--json")
    assert result.code == 1
    assert [conflict["path"] for conflict in result.object["conflicts"]] == ["notes.txt"]
    assert (project.root / "notes.txt").is_symlink()
    assert (tmp_path / "outside.txt").read_text() == "outside\n"


@pytest.mark.parametrize(("place", "said"), [("new", "new is a submodule"), ("new/fresh.txt", "is a submodule")])
def test_submodules(project: Project, template: Template, place: str, said: str) -> None:
    command = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(template.root), place]
    git(project.root, *command)
    project.commit()
    refused(project, said=said)


def test_files_and_folders_in_each_others_places(project: Project, tmp_path: Path) -> None:
    project.edit({"new": "a file\n"})
    refused(project, said="new is a file")
    other = project.copy(tmp_path / "other").edit({"new": None, "keep.txt": ""})
    other.edit({"new/fresh.txt/deep.txt": "deep\n"})
    refused(other, said="new/fresh.txt is a folder")


@pytest.mark.parametrize("ending", [["rebase", "side"], ["merge", "side"]])
def test_a_merge_in_progress(project: Project, ending: list[str]) -> None:
    git(project.root, "checkout", "-qb", "side")
    project.edit({"mine.txt": "side\n"})
    git(project.root, "checkout", "-q", "main")
    project.edit({"mine.txt": "main\n"})
    git(project.root, *ending, check=False)
    refused(project, said=f"A {ending[0]} is in progress, with unmerged files: mine.txt")


def test_unmerged_files_of_no_merge(project: Project) -> None:
    project.edit({"notes.txt": "stashed\n"}, commit=False)
    git(project.root, "stash")
    project.edit({"notes.txt": "committed\n"})
    git(project.root, "stash", "pop", check=False)
    refused(project, said="notes.txt: it is unmerged")


def test_a_detached_head_and_a_shallow_clone_are_fine(project: Project, tmp_path: Path) -> None:
    project.edit({"mine.txt": "mine\n"})
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{project.root}", "shallow")
    shallow = Project(tmp_path / "shallow")
    git(shallow.root, "checkout", "-q", "--detach")
    assert shallow.update().code == 0
    assert shallow.text("new/fresh.txt") == "fresh\n"


def test_line_endings_and_strange_bytes_stay(project: Project) -> None:
    notes = project.text("notes.txt").replace("one", "ONE").replace("\n", "\r\n")
    project.edit({"notes.txt": notes, "docs/index.md": b"# D\xf6cs\n"})
    assert project.update().code == 0
    assert project.text("notes.txt") == notes.replace("seven", "SEVEN")
    assert (project.root / "docs" / "index.md").read_bytes() == b"# D\xf6cs\n"


def test_a_text_that_is_no_utf_8_is_merged_by_its_lines(project: Project) -> None:
    project.edit({"notes.txt": b"\xf6ne\ntwo\nthree\nfour\nfive\nsix\nseven\n"})
    assert project.update().code == 0
    assert (project.root / "notes.txt").read_bytes() == b"\xf6ne\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n"
