"""What an update of a fleet pushes, and what becomes of a branch that cannot be pushed."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.fleet.small import BRANCH, Small, tip
from tests.update.templates import git

pytestmark = pytest.mark.slow


def test_conflicts_are_not_pushed_unless_asked_for(small: Small) -> None:
    local = small.local("a").replace("config.toml", "size = 1", "size = 7")
    row = small.rows("update")["a"]
    assert (row["state"], row["conflicts"], row["pushed"]) == ("conflicts", ["config.toml"], False)
    assert tip(local.root) == ""
    row = small.rows("update", "--push-conflicts")["a"]
    assert (row["state"], row["conflicts"], row["pushed"]) == ("conflicts", ["config.toml"], True)
    said = git(local.root, "show", "-s", "--format=%B", BRANCH)
    assert "Resolve these conflicts before merging:\n  config.toml" in said
    assert "size = 7" in git(local.root, "show", f"{BRANCH}:config.toml")
    assert "`tool.size`" in git(local.root, "show", f"{BRANCH}:.pyo3-kit/conflicts/config.toml.md")
    pushed = tip(local.root)
    assert small.rows("update", "--push-conflicts")["a"]["commit"] == pushed == tip(local.root)


def test_a_remote_that_rejects(small: Small) -> None:
    remote = small.remote("a")
    git(remote, "config", "receive.hideRefs", "refs/heads/pyo3-kit")
    row = small.rows("update")["a"]
    assert (row["state"], row["pushed"]) == ("unpushed", False)
    assert "deny updating a hidden ref" in row["reason"]
    assert "repositories/a in the workspace" in row["hint"]
    clone = small.workspace / "repositories" / "a"
    assert tip(clone) == row["commit"]
    git(remote, "config", "--unset", "receive.hideRefs")
    again = small.rows("update")["a"]
    assert (again["state"], again["commit"]) == ("updated", row["commit"])
    assert tip(remote) == row["commit"]


def test_a_branch_in_the_way(small: Small) -> None:
    git(small.remote("a"), "branch", "pyo3-kit")
    row = small.rows("update")["a"]
    assert (row["state"], row["pushed"]) == ("unpushed", False)
    assert f"Another branch's name conflicts with {BRANCH}" in row["hint"]


def test_the_branch_is_checked_out_elsewhere(small: Small) -> None:
    project = small.local("a")
    small.run("update")
    git(project.root, "worktree", "add", "-q", str(small.root / "review"), BRANCH)
    project.edit({"mine.txt": "mine\n"})
    before = tip(project.root)
    row = small.rows("update")["a"]
    assert (row["state"], tip(project.root)) == ("unpushed", before)
    assert f"Check out another branch than {BRANCH} there" in row["hint"]


class _ReadOnly(SimpleHTTPRequestHandler):
    """Serves repositories to everybody, and asks who wants to push for a password."""

    def do_GET(self) -> None:
        if "git-receive-pack" in self.path:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, *_: object) -> None:
        """Nothing."""


def test_a_remote_that_wants_credentials(small: Small) -> None:
    remote = small.remote("a")
    git(remote, "update-server-info")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_ReadOnly, directory=str(small.root))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/a.git"
        small.text = f'[[repository]]\nurl = "{address}"\nname = "a"\n'
        row = small.rows("update")["a"]
        server.shutdown()
    assert (row["state"], row["pushed"]) == ("unpushed", False)
    assert "could not read Username" in row["reason"]
    assert tip(small.workspace / "repositories" / "a") == row["commit"]
    assert tip(remote) == ""
    gone = small.rows("update")["a"]
    assert (gone["state"], "cannot be reached" in gone["reason"]) == ("gone", True)


def test_nothing_is_pushed_when_that_is_not_wanted(small: Small) -> None:
    remote = small.remote("a")
    row = small.rows("update", "--no-push")["a"]
    assert (row["state"], row["pushed"], tip(remote)) == ("unpushed", False, "")
    assert tip(small.workspace / "repositories" / "a") == row["commit"]
