"""What an update of a fleet does to one repository: its branch, what is on it, and what is left alone."""

from __future__ import annotations

import shutil

import pytest

from tests.fleet.small import BRANCH, Small, tip
from tests.update.templates import Project, git

pytestmark = pytest.mark.slow


def test_a_dry_run_changes_nothing(small: Small) -> None:
    local, remote = small.local("a"), small.remote("b")
    before = local.everything()
    rows = small.rows("update", "--dry-run")
    assert {name: row["state"] for name, row in rows.items()} == {"a": "would update", "b": "would update"}
    assert rows["a"]["changes"] == rows["b"]["changes"] == 7
    assert local.everything() == before
    assert tip(remote) == ""


def test_the_branch_is_refreshed_when_the_base_moves(small: Small) -> None:
    remote = small.remote("a")
    assert small.states("update") == {"a": "updated"}
    first = tip(remote)
    work = small.work(remote).edit({"mine.txt": "mine\n"})
    git(work.root, "push", "-q", "origin", "HEAD")
    assert small.states("update") == {"a": "updated"}
    second = tip(remote)
    assert second != first
    assert git(remote, "show", "-s", "--format=%P", BRANCH) == git(work.root, "rev-parse", "HEAD")
    assert git(remote, "show", f"{BRANCH}:mine.txt") == "mine"
    assert small.rows("update")["a"]["commit"] == second == tip(remote)


@pytest.mark.parametrize("squash", [False, True])
def test_a_merged_branch_is_left(small: Small, squash: bool) -> None:
    remote = small.remote("a")
    small.run("update")
    work = small.work(remote)
    git(work.root, "merge", "-q", *(["--squash"] if squash else []), f"origin/{BRANCH}")
    work.commit()
    git(work.root, "push", "-q", "origin", "HEAD")
    before = tip(remote)
    assert small.states("update") == {"a": "merged"}
    assert tip(remote) == before
    git(remote, "branch", "-q", "-D", BRANCH)
    assert small.states("update") == {"a": "current"}
    assert tip(remote) == ""


def test_a_persons_commit_on_the_branch_is_left(small: Small) -> None:
    remote = small.remote("a")
    small.run("update")
    work = small.work(remote, BRANCH).edit({"notes.txt": "decided\n"})
    git(work.root, "push", "-q", "origin", "HEAD")
    mine = tip(remote)
    row = small.rows("update")["a"]
    assert (row["state"], row["commit"]) == ("updated", mine)
    assert "someone else has changed the branch" in row["reason"]
    assert tip(remote) == mine


def test_a_commit_that_a_person_amended_is_left(small: Small) -> None:
    """It still says that this program made it, but it holds something else."""
    remote = small.remote("a")
    small.run("update")
    work = small.work(remote, BRANCH).edit({"notes.txt": "decided\n"}, commit=False)
    git(work.root, "commit", "-q", "-a", "--amend", "--no-edit")
    git(work.root, "push", "-q", "-f", "origin", "HEAD")
    mine = tip(remote)
    assert small.rows("update")["a"]["commit"] == mine == tip(remote)


def test_a_persons_branch_of_that_name_is_left(small: Small) -> None:
    remote = small.remote("a")
    work = small.work(remote)
    git(work.root, "checkout", "-q", "-b", BRANCH)
    work.edit({"other.txt": "something else\n"})
    git(work.root, "push", "-q", "origin", "HEAD")
    mine = tip(remote)
    row = small.rows("update")["a"]
    assert (row["state"], row["pushed"]) == ("unpushed", False)
    assert "commits by someone else" in row["reason"]
    assert tip(remote) == mine


def test_work_in_the_workspace_is_left(small: Small) -> None:
    remote = small.remote("a")
    small.run("update")
    clone = small.workspace / "repositories" / "a"
    (clone / "notes.txt").write_text("in the middle of it\n")
    row = small.rows("update")["a"]
    assert (row["state"], row["hint"]) == ("dirty", "Move the changes elsewhere, or remove the clone.")
    assert (clone / "notes.txt").read_text() == "in the middle of it\n"
    git(clone, "commit", "-q", "-a", "-m", "Mine")
    git(clone, "branch", "-q", "-f", BRANCH)
    mine = tip(clone)
    row = small.rows("update")["a"]
    assert (row["state"], tip(clone)) == ("dirty", mine)
    assert "unpushed" in row["reason"]
    assert tip(remote) != mine


@pytest.mark.parametrize("torn", [False, True])
def test_a_commit_in_the_workspace_is_left(small: Small, torn: bool) -> None:
    """On no branch, as the clone is after a run, and nowhere else."""
    remote = small.remote("a")
    small.run("update", "--no-push")
    clone = small.workspace / "repositories" / "a"
    work = Project(clone).edit({"notes.txt": "mine\n"})
    mine = git(clone, "rev-parse", "HEAD")
    if torn:
        (clone / ".git" / "pyo3-kit-busy").touch()
    row = small.rows("update")["a"]
    assert (row["state"], "unpushed" in row["reason"]) == ("dirty", True)
    assert (git(clone, "rev-parse", "HEAD"), work.text("notes.txt")) == (mine, "mine\n")
    assert tip(remote) == ""
    # Once it is pushed, and others have gone on from there, the clone holds nothing of its own.
    git(clone, "push", "-q", str(remote), "HEAD:main")
    other = small.work(remote).edit({"mine.txt": "more\n"})
    git(other.root, "push", "-q", "origin", "HEAD")
    if not torn:
        assert small.states("update") == {"a": "current"}


def test_a_rewritten_base_is_no_work_of_a_person(small: Small) -> None:
    remote = small.remote("a")
    small.run("update")
    # A status leaves the clone at the base itself.
    small.run("status")
    work = small.work(remote)
    git(work.root, "commit", "-q", "--amend", "-m", "Another")
    git(work.root, "push", "-q", "-f", "origin", "HEAD")
    assert small.states("update") == {"a": "updated"}
    assert git(remote, "show", "-s", "--format=%P", BRANCH) == git(work.root, "rev-parse", "HEAD")


def test_the_branch_for_updates_is_not_a_base(small: Small) -> None:
    remote, local = small.remote("a", 'branch = "main"'), small.local("b")
    git(local.root, "checkout", "-q", "-b", BRANCH)
    before = tip(remote, "main"), tip(local.root)
    rows = small.rows("update")
    assert [rows[name]["state"] for name in ("a", "b")] == ["refused", "refused"]
    assert "the branch for updates, main, is checked out there" in rows["a"]["reason"]
    assert (tip(remote, "main"), tip(local.root)) == before
    small.remote("c", 'branch = "main"\nbase = "main"')
    assert "`base` and `branch` are both main" in small.rows("status")[f"file://{remote.with_name('c.git')}"]["reason"]


def test_two_projects_of_a_repository_have_a_branch_each(small: Small) -> None:
    remote = small.remote("whole")
    work = small.work(remote)
    for name in ("one", "two", "three"):
        shutil.copytree(small.seed.root, work.root / name, ignore=shutil.ignore_patterns(".git"))
    work.commit()
    git(work.root, "push", "-q", "origin", "HEAD")
    small.text = "".join(
        f'[[repository]]\nurl = "file://{remote}"\nfolder = "{name}"\n{keys}\n'
        for name, keys in (("one", ""), ("two", ""), ("three", f'branch = "{BRANCH}-one"'))
    )
    rows = small.rows("update")
    assert sorted(row["state"] for row in rows.values()) == ["refused", "updated", "updated"]
    for name in ("one", "two"):
        assert "_commit: v2.0.0" in git(remote, "show", f"{BRANCH}-{name}:{name}/.copier-answers.yml")
    refused = next(row for row in rows.values() if row["state"] == "refused")
    assert (f"uses the branch {BRANCH}-one" in refused["reason"], refused["hint"]) == (True, "Set another `branch`.")


@pytest.mark.parametrize("words", [(), ("--no-push",)])
def test_a_clone_that_a_dead_run_left_is_made_anew(
    small: Small, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_DATE", "2026-01-02T03:04:05+00:00")
    small.remote("a")
    first = small.rows("update", *words)["a"]
    clone = small.workspace / "repositories" / "a"
    (clone / ".git" / "pyo3-kit-busy").touch()
    (clone / "notes.txt").write_text("half-written")
    (clone / ".git" / "index.lock").touch()
    second = small.rows("update")["a"]
    assert (second["state"], second["commit"]) == ("updated", first["commit"])


def test_a_branch_of_its_own_and_a_base(small: Small) -> None:
    remote = small.remote("a", 'branch = "bot/kit"\nbase = "develop"')
    assert "no branch develop" in small.rows("update")["a"]["reason"]
    git(remote, "branch", "develop")
    assert small.states("update") == {"a": "updated"}
    assert tip(remote, "bot/kit")
    assert tip(remote) == ""


def test_a_pin(small: Small) -> None:
    """A repository that is to stay where it is is current there."""
    small.remote("a", 'to = "v1.0.0"')
    small.remote("b", 'to = "v9.0.0"')
    rows = small.rows("update")
    assert (rows["a"]["state"], rows["b"]["state"]) == ("current", "broken")
    assert "no version v9.0.0" in rows["b"]["reason"]
    assert small.rows("status")["a"]["behind"] == 0


def test_a_project_beyond_its_pin(small: Small) -> None:
    """One that went on by itself does not make the fleet red."""
    small.text = '[defaults]\nto = "v1.0.0"\n'
    project = small.local("a")
    assert project.update().code == 0
    project.commit()
    for words in (("status",), ("update", "--dry-run"), ("update",)):
        row = small.rows(*words)["a"]
        assert (row["state"], row["version"], row["newest"]) == ("current", "v2.0.0", "v1.0.0")
    assert tip(project.root) == ""


def test_a_local_repository_gets_its_branch(small: Small) -> None:
    project = small.local("a")
    before = project.files()
    assert small.states("update") == {"a": "updated"}
    assert project.files() == before
    assert git(project.root, "status", "--porcelain") == ""
    assert "_commit: v2.0.0" in git(project.root, "show", f"{BRANCH}:.copier-answers.yml")


def test_uncommitted_work_is_left(small: Small) -> None:
    project = small.local("a").edit({"notes.txt": "mine\n"}, commit=False)
    before = project.everything()
    row = small.rows("update")["a"]
    assert (row["state"], row["reason"]) == ("dirty", "1 path is not committed")
    assert project.everything() == before
