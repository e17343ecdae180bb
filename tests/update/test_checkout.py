"""What Git hides is not an edit: sparse checkouts, marks, ignored files, modes, LFS pointers, unfinished operations."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.update.templates import FIRST, Project, Template, git, refused

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 3\n"
MARKED = "[tool]\n<<<<<<< before updating\nsize = 1\n=======\nsize = 2\n>>>>>>> after updating\n"


def current(project: Project) -> bool:
    result = project.kit("status", "--json")
    files = result.object["files"]
    return not files["drifted"] and not files["missing"] and not files["stale"]


def leave_out(project: Project, path: str) -> None:
    # Git leaves only files out that its index knows to be unchanged.
    git(project.root, "update-index", "--refresh")
    git(project.root, "sparse-checkout", "set", "--no-cone", "/*", f"!/{path}")


def test_sparse_checkout(project: Project) -> None:
    leave_out(project, "notes.txt")
    assert not (project.root / "notes.txt").exists()
    assert current(project)
    result = refused(project, said="notes.txt is outside the sparse checkout, and the update would change it")
    assert "git sparse-checkout disable" in result.err
    git(project.root, "sparse-checkout", "disable")
    assert project.update().code == 0


def test_files_outside_the_sparse_checkout_that_do_not_change_are_no_obstacle(project: Project) -> None:
    leave_out(project, "docs")
    assert not (project.root / "docs").exists()
    assert project.update().code == 0
    git(project.root, "sparse-checkout", "disable")
    assert project.text("docs/index.md") == FIRST["template/docs/index.md"]


@pytest.mark.parametrize("flag", ["assume-unchanged", "skip-worktree"])
def test_marked_files_are_not_written(project: Project, flag: str) -> None:
    git(project.root, "update-index", f"--{flag}", "notes.txt")
    project.edit({"notes.txt": "hidden\n"}, commit=False)
    result = refused(project, said=f"notes.txt is marked `{flag}`")
    assert f"git update-index --no-{flag} notes.txt" in result.err
    git(project.root, "update-index", f"--no-{flag}", "notes.txt")
    refused(project, said="notes.txt: it has changes that are not committed")


def test_a_file_that_is_ignored_is_not_in_a_clone(project: Project, tmp_path: Path) -> None:
    project.edit({".gitignore": "*.md\nnotes.*\n"})
    git(project.root, "rm", "-q", "--cached", "docs/index.md", "notes.txt")
    git(project.root, "commit", "-qm", "Ignore it")
    git(tmp_path, "clone", "-q", str(project.root), "clone")
    clone = Project(tmp_path / "clone")
    assert current(clone)
    assert "Git ignores it, and it is not in this checkout" in clone.kit("status").out
    result = clone.update()
    assert result.code == 0
    assert "Git ignores it, and it is not in this checkout, the template changed it" in result.err
    assert not (clone.root / "notes.txt").exists()


@pytest.mark.parametrize("line", ["two", "seven"], ids=["merged", "conflict"])
def test_an_ignored_file_that_was_edited_is_not_written(project: Project, line: str) -> None:
    project.edit({".gitignore": "notes.*\n"})
    git(project.root, "rm", "-q", "--cached", "notes.txt")
    git(project.root, "commit", "-qm", "Ignore it")
    mine = project.text("notes.txt").replace(f"{line}\n", "mine\n")
    (project.root / "notes.txt").write_text(mine)
    result = project.update("--json")
    assert result.code == 0
    outcomes = {file["path"]: (file["outcome"], file["reason"]) for file in result.object["files"]}
    assert outcomes["notes.txt"][0] == "kept"
    assert outcomes["notes.txt"][1].startswith("Git ignores it")
    assert project.text("notes.txt") == mine


def test_an_ignored_file_as_it_was_rendered_is_updated(project: Project) -> None:
    project.edit({".gitignore": "notes.*\n"})
    git(project.root, "rm", "-q", "--cached", "notes.txt")
    git(project.root, "commit", "-qm", "Ignore it")
    assert project.update().code == 0
    assert "SEVEN" in project.text("notes.txt")


def test_a_file_system_without_executable_files(project: Project) -> None:
    git(project.root, "config", "core.fileMode", "false")
    for name in ("notes.txt", "old.txt", "config.toml"):
        (project.root / name).chmod(0o755)
    (project.root / "run.sh").chmod(0o644)
    assert git(project.root, "status", "--porcelain") == ""
    assert current(project)
    outcomes = {file["path"]: file["outcome"] for file in project.update("--json").object["files"]}
    assert (outcomes["notes.txt"], outcomes["old.txt"], outcomes["run.sh"]) == ("updated", "removed", "unchanged")


def test_modes_count_where_git_compares_them(project: Project) -> None:
    (project.root / "notes.txt").chmod(0o755)
    project.commit()
    assert not current(project)


def test_lfs_pointers(project: Project) -> None:
    project.edit({"docs/index.md": POINTER})
    assert current(project)
    assert "git lfs pull" in project.kit("status").out
    assert project.update().code == 0
    assert project.text("docs/index.md") == POINTER


def test_an_lfs_pointer_in_the_place_of_what_the_template_changes(project: Project) -> None:
    project.edit({"data.bin": POINTER})
    result = refused(project, said="Git LFS has not fetched what the update would change: data.bin")
    assert "git lfs pull" in result.err


@pytest.mark.parametrize(
    ("marker", "said", "way"),
    [
        ("BISECT_LOG", "A bisect is in progress", "git bisect reset"),
        ("CHERRY_PICK_HEAD", "A cherry-pick is in progress", "git cherry-pick --abort"),
        ("REVERT_HEAD", "A revert is in progress", "git revert --abort"),
    ],
    ids=["bisect", "cherry-pick", "revert"],
)
def test_operations_under_way(project: Project, marker: str, said: str, way: str) -> None:
    head = git(project.root, "rev-parse", "HEAD")
    if marker == "BISECT_LOG":
        git(project.root, "bisect", "start")
    else:
        (project.root / ".git" / marker).write_text(f"{head}\n")
    result = refused(project, said=said)
    assert way in result.err
    # Looking at the project is always possible.
    assert project.kit("status").code == 1


def test_a_rebase_that_waits_for_an_edit(project: Project) -> None:
    project.edit({"mine.txt": "mine\n"})
    sequence = "sed -i s/^pick/edit/"
    git(project.root, "-c", f"sequence.editor={sequence}", "rebase", "-q", "-i", "HEAD~1", check=False)
    refused(project, said="A rebase is in progress.")


@pytest.mark.parametrize("name", ["config.toml", "once.txt", "notes.txt"])
def test_markers_that_another_tool_committed(template: Template, tmp_path: Path, name: str) -> None:
    project = template.project(tmp_path / "project").edit({name: MARKED})
    result = project.kit("status")
    assert result.code == 1
    assert "a conflict marker is left in line 2" in result.out


def test_markdown_may_show_a_conflict(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    project.edit({"docs/index.md": f"# Docs\n\nText.\n\n```\n{MARKED}```\n"})
    assert project.kit("status").code == 0
    project.edit({"docs/index.md": f"# Docs\n\nText.\n\n{MARKED}"})
    assert project.kit("status").code == 1


def test_status_follows_moves_as_an_update_does(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    (project.root / "texts").mkdir()
    git(project.root, "mv", "notes.txt", "texts/notes.txt")
    project.commit()
    result = project.kit("status")
    assert (result.code, result.err) == (0, "")
    assert "you moved it to texts/notes.txt" in result.out
    project.replace("texts/notes.txt", "two\n", "")
    result = project.kit("status")
    assert result.code == 1
    assert "you moved it to texts/notes.txt; lines of the template were changed" in result.out


def test_a_renamed_package_names_the_files_that_stay(tmp_path: Path) -> None:
    files = {
        "copier.yml": "_subdirectory: template\nname:\n  type: str\n  default: demo\n",
        "template/{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers | to_nice_yaml }}",
        "template/src/{{ name }}/core.py": "X = 1\nY = 2\nZ = 3\n",
        "template/src/{{ name }}/inner/deep.py": "A = 1\nB = 2\nC = 3\n",
    }
    project = Template(tmp_path / "template").release("v1.0.0", files).project(tmp_path / "project", name="demo")
    project.edit({"src/demo/mine.py": "from demo.core import X\n", "src/demo/inner/data.csv": "1\n", "src/own.py": ""})
    result = project.update("--data", "name=other")
    assert result.code == 0
    warned = [line for line in result.err.splitlines() if "stay in" in line]
    assert len(warned) == 1
    assert "renamed src/demo to src/other" in warned[0]
    assert "src/demo/inner/data.csv, src/demo/mine.py" in warned[0]
    assert "own.py" not in warned[0]
