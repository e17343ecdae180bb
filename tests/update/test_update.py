"""`pyo3-kit update` where it works: what it does, what it says, what it leaves alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.command import environment
from tests.update.templates import SECOND, Project, Template, git, leftovers


def outcomes(found: dict[str, object]) -> dict[str, str]:
    files = found["files"]
    assert isinstance(files, list)
    return {file["path"]: file["outcome"] for file in files}


def test_a_clean_update_is_a_fresh_render(project: Project, shop: Template, tmp_path: Path) -> None:
    result = project.update("--json")
    assert (result.code, result.err) == (0, "")
    assert (result.object["from"], result.object["to"]) == ("v1.0.0", "v2.0.0")
    fresh = shop.project(tmp_path / "fresh", "v2.0.0")
    expected = fresh.files()
    # As Copier has it, what the template leaves alone stays; the lock is for a tag that could be moved.
    expected["once.txt"] = project.files()["once.txt"]
    found = project.files()
    del found[".copier-answers.lock"]
    assert found == expected
    assert leftovers() == set()


def test_a_second_update_does_nothing(project: Project) -> None:
    assert project.update().code == 0
    project.commit()
    before = project.everything()
    result = project.update("--json")
    assert (result.code, result.object["files"]) == (0, [])
    assert "Nothing to do" in project.update().err
    assert project.everything() == before


def test_edits_and_the_template_meet(project: Project) -> None:
    project.edit(
        {
            "notes.txt": "ONE\ntwo\nthree\nfour\nfive\nsix\nseven\n",
            "config.toml": '[tool]\nname = "x"\ncolour = "red"\nsize = 1\nmine = true\n',
            "old.txt": None,
            "mine.txt": "mine\n",
        }
    )
    result = project.update("--json")
    assert result.code == 0, result.err
    assert project.text("notes.txt") == "ONE\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n"
    assert "size = 2\nmine = true\n" in project.text("config.toml")
    assert outcomes(result.object) == {
        ".copier-answers.lock": "added",
        ".copier-answers.yml": "updated",
        "config.toml": "merged",
        "data.bin": "updated",
        "docs/index.md": "unchanged",
        "new/fresh.txt": "added",
        "notes.txt": "merged",
        "once.txt": "unchanged",
        "run.sh": "unchanged",
    }
    assert all(file["reason"] for file in result.object["files"] if file["outcome"] != "unchanged")


def test_what_is_deleted_stays_deleted_and_is_named(project: Project) -> None:
    project.edit({"notes.txt": None})
    found = {file["path"]: file for file in project.update("--json").object["files"]}
    assert found["notes.txt"]["outcome"] == "kept"
    assert "you deleted it" in found["notes.txt"]["reason"]
    assert not (project.root / "notes.txt").exists()


def test_an_edited_file_that_the_template_removes_stays(project: Project) -> None:
    project.replace("old.txt", "and", "AND")
    found = {file["path"]: file for file in project.update("--json").object["files"]}
    assert found["old.txt"]["outcome"] == "kept"
    assert project.text("old.txt") == "old\nAND\ngone\n"


def test_a_file_that_the_user_moved_is_followed(project: Project) -> None:
    (project.root / "text").mkdir()
    git(project.root, "mv", "notes.txt", "text/notes.txt")
    project.commit()
    assert project.update().code == 0
    assert project.text("text/notes.txt").endswith("SEVEN\n")
    assert not (project.root / "notes.txt").exists()


def test_a_dry_run_says_what_the_run_then_does(project: Project) -> None:
    project.replace("notes.txt", "seven", "Seven").replace("config.toml", "size = 1", "size = 1\nmine = 1")
    before = project.everything()
    preview = project.update("--dry-run", "--diff", "--json")
    assert preview.code == 1
    assert project.everything() == before
    real = project.update("--diff", "--json")
    assert real.code == 1
    assert {**preview.object, "dry_run": False} == real.object


def test_a_dry_run_refreshes_no_index(project: Project) -> None:
    """Git would write the index anew as soon as a file's time differs from what it knows."""
    os.utime(project.root / "notes.txt", (1, 1))
    before = (project.root / ".git" / "index").read_bytes()
    assert project.update("--dry-run").code == 0
    assert project.update("--dry-run").out
    assert (project.root / ".git" / "index").read_bytes() == before


def test_what_a_dry_run_shows(project: Project) -> None:
    project.replace("notes.txt", "one", "ONE")
    result = project.update("--dry-run", "--diff")
    lines = result.out.splitlines()
    assert lines[0].endswith("v1.0.0 → v2.0.0")
    assert "merged (1)" in lines
    assert any(re.fullmatch(r"  notes\.txt +changed by you and by the template", line) for line in lines)
    assert "unchanged (3)" in lines
    assert "-seven" in lines
    assert "+SEVEN" in lines
    assert "rename" not in result.out
    assert "binary files a/data.bin and b/data.bin differ" in lines
    assert "Nothing was written." in result.err


def test_uncommitted_changes_elsewhere_are_no_obstacle(project: Project) -> None:
    project.edit({"run.sh": "#!/bin/sh\necho mine\n", "untracked.txt": "mine\n"}, commit=False)
    assert project.update().code == 0
    assert project.text("run.sh") == "#!/bin/sh\necho mine\n"


def test_a_version_is_named(template: Template, tmp_path: Path) -> None:
    template.release("v2.0.0", SECOND).release("v3.0.0", {"template/notes.txt": "third\n"})
    project = template.project(tmp_path / "project")
    assert project.update("--to", "v2.0.0", "--json").object["to"] == "v2.0.0"
    project.commit()
    assert project.update("--json").object["to"] == "v3.0.0"
    assert project.text("notes.txt") == "third\n"


def test_a_commit_and_a_branch_are_versions(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    template.release("v2.0.0", SECOND)
    git(template.root, "checkout", "-qb", "next")
    (template.root / "template" / "notes.txt").write_text("next\n")
    git(template.root, "commit", "-qam", "Next")
    result = project.update("--to", "next", "--json")
    assert result.code == 0, result.err
    assert re.fullmatch(r"v2\.0\.0-1-g[0-9a-f]{7,}", result.object["to"])
    assert project.text("notes.txt") == "next\n"
    # Such a name holds a hash, so that nothing needs to note what it rendered.
    assert not (project.root / ".copier-answers.lock").exists()


def test_the_note_of_what_was_rendered_comes_and_goes(template: Template, tmp_path: Path) -> None:
    """It is there as long as the version's name is a tag, which could be moved."""
    project = template.project(tmp_path / "project")
    template.release("v2.0.0", SECOND)
    assert project.update().code == 0
    assert 'commit = "v2.0.0"' in project.text(".copier-answers.lock")
    project.commit()
    (template.root / "template" / "notes.txt").write_text("next\n")
    git(template.root, "commit", "-qam", "Next")
    result = project.update("--to", "HEAD", "--json")
    assert result.code == 0, result.err
    assert outcomes(result.object)[".copier-answers.lock"] == "removed"
    assert not (project.root / ".copier-answers.lock").exists()


def test_an_interrupted_update(project: Project) -> None:
    """What a kill leaves, every command tells of, and it goes either way."""
    before = project.files()
    project.replace("notes.txt", "seven", "Seven")
    edited = project.files()
    assert project.update().code == 1
    (folder,) = (project.root / ".git" / "pyo3-kit").iterdir()
    (folder / "conflicts").rename(folder / "journal")
    assert "was interrupted half-way" in project.update().err
    result = project.kit("status", "--json")
    assert (result.code, result.object["pending"]) == (1, "interrupted")
    assert project.update("--continue").code == 1
    assert project.kit("status", "--quick", "--json").object["pending"] == "conflicts"
    assert project.update("--abort").code == 0
    assert project.files() == edited != before
    assert project.kit("status", "--quick", "--json").object["pending"] is None


@pytest.mark.slow
def test_plain_copier_goes_on_after_it(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    template.release("v2.0.0", SECOND)
    project.replace("notes.txt", "one", "ONE")
    assert project.update().code == 0
    project.commit()
    template.release("v3.0.0", {"template/docs/index.md": "# Docs\n\nNew text.\n"})
    command = [sys.executable, "-m", "copier", "update", "--defaults", "--quiet"]
    subprocess.run(command, cwd=project.root, check=True, capture_output=True)
    assert project.text("docs/index.md") == "# Docs\n\nNew text.\n"
    assert project.text("notes.txt").startswith("ONE\n")
    assert yaml.safe_load(project.text(".copier-answers.yml"))["_commit"] == "v3.0.0"
    project.commit()
    # What Copier left as the lock is about another version, and says nothing about this one.
    template.release("v4.0.0", {"template/notes.txt": "one\ntwo\n"})
    result = project.update("--conflicts", "theirs", "--json")
    assert (result.code, result.object["from"]) == (0, "v3.0.0")
    assert 'commit = "v4.0.0"' in project.text(".copier-answers.lock")


@pytest.mark.slow
def test_few_git_processes(project: Project, tmp_path: Path) -> None:
    project.replace("notes.txt", "one", "ONE").edit({"docs/index.md": None})
    trace = tmp_path / "trace"
    # An empty cache is the most work: the template's repository is copied, and both versions are taken out of it.
    changes = {"GIT_TRACE": str(trace), "PYO3_KIT_CACHE": str(tmp_path / "cache")}
    again = project.copy(tmp_path / "again")
    assert project.update(changes=changes).code == 0
    started = re.findall(r"trace: built-in: git (\S+)", trace.read_text())
    copying = ["fetch", "upload-pack", "pack-objects", "index-pack", "rev-list"]
    assert started == [
        "rev-parse",
        *copying,
        "for-each-ref",
        "read-tree",
        "read-tree",
        "ls-files",
        "check-ignore",
        "status",
    ]
    trace.unlink()
    assert again.update(changes=changes).code == 0
    started = re.findall(r"trace: built-in: git (\S+)", trace.read_text())
    assert started == ["rev-parse", "for-each-ref", "ls-files", "check-ignore", "status"]


@pytest.mark.slow
def test_no_copier_where_nothing_is_rendered(project: Project) -> None:
    assert project.update().code == 0
    project.commit()
    script = "import sys; from pyo3_kit.cli import main; code = main({!r}); print(*sys.modules); sys.exit(code)"
    for words in (["update"], ["status", "--quick"]):
        done = subprocess.run(
            [sys.executable, "-c", script.format(words)],
            cwd=project.root,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        loaded = set(done.stdout.split("\n")[-2].split())
        assert not {"copier", "jinja2", "questionary", "tomlkit", "ast_grep_py"} & loaded, words


def test_verify_builds_before_it_writes(project: Project) -> None:
    """A project that maturin does not build cannot be verified, which is a failure with nothing written."""
    before = project.everything()
    result = project.update("--verify")
    assert result.code == 3
    assert "Nothing was written." in result.err
    assert project.everything() == before
    assert leftovers() == set()
