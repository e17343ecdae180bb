"""Pull requests, through programs that stand for the platforms' clients, which nobody can log in to here."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fleet.small import BRANCH, Small
from tests.update.templates import git

pytestmark = pytest.mark.slow

CLIENT = """\
#!{python}
import json, os, sys
noted = os.path.join({folder!r}, "calls.jsonl")
calls = [json.loads(line)["words"] for line in open(noted)] if os.path.exists(noted) else []
given = sys.stdin.read()
with open(noted, "a") as file:
    print(json.dumps({{"words": sys.argv[1:], "given": given, "folder": os.getcwd()}}), file=file)
if os.path.exists(os.path.join({folder!r}, "fails")):
    sys.exit("could not authenticate")
if sys.argv[2] == "list":
    listed = os.path.join({folder!r}, "listed.json")
    made = [dict(number=1, url="https://h/pull/1", title="Update", state="OPEN", isCrossRepository=False)]
    if {name!r} == "glab":
        made = [dict(iid=1, web_url="https://h/mr/1", title="Update", state="opened")]
        made[0].update(source_project_id=1, target_project_id=1)
    created = any(words[1] == "create" for words in calls)
    print(open(listed).read() if os.path.exists(listed) else json.dumps(made if created else []))
elif sys.argv[2] == "create":
    print("Creating\\nhttps://h/pull/1" if {name!r} == "gh" else "made https://h/mr/1")
elif os.path.exists(os.path.join({folder!r}, "edits nothing")):
    sys.exit("projects are no more")
"""


@pytest.fixture
def clients(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "clients"
    folder.mkdir()
    for name in ("gh", "glab"):
        path = folder / name
        path.write_text(CLIENT.format(python=sys.executable, folder=str(folder), name=name))
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def calls(clients: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (clients / "calls.jsonl").read_text().splitlines()]


@pytest.mark.parametrize(("client", "address"), [("gh", "https://h/pull/1"), ("glab", "https://h/mr/1")])
def test_one_is_opened_once(small: Small, clients: Path, client: str, address: str) -> None:
    remote = small.remote("a", f'request = "{client}"\nreviewers = ["ada", "grace"]')
    row = small.rows("update")["a"]
    assert (row["state"], row["request"]) == ("updated", address)
    created = calls(clients)[-1]
    words = created["words"]
    assert words[1] == "create"
    assert "--title=Update template: from v1.0.0 to v2.0.0" in words
    assert {"--reviewer=ada", "--reviewer=grace"} <= set(words)
    assert "--draft" not in words
    body = created["given"] if client == "gh" else next(word for word in words if word.startswith("--description"))
    assert "config.toml" in body
    assert git(Path(created["folder"]), "config", "remote.origin.url") == f"file://{remote}"
    assert any(word.endswith(f"={BRANCH}") for word in words)
    assert any(word.endswith("=main") for word in words)
    row = small.rows("update")["a"]
    assert (row["state"], row["request"]) == ("updated", address)
    assert [call["words"][1] for call in calls(clients)] == ["list", "create", "list"]


def test_conflicts_are_a_draft(small: Small, clients: Path) -> None:
    remote = small.remote("a", 'request = "gh"')
    work = small.work(remote).replace("config.toml", "size = 1", "size = 7")
    git(work.root, "push", "-q", "origin", "HEAD")
    assert small.states("update") == {"a": "conflicts"}
    assert not (clients / "calls.jsonl").exists()
    assert small.states("update", "--push-conflicts") == {"a": "conflicts"}
    assert "--draft" in calls(clients)[-1]["words"]


def test_a_client_that_fails(small: Small, clients: Path) -> None:
    (clients / "fails").touch()
    remote = small.remote("a", 'request = "gh"')
    row = small.rows("update")["a"]
    assert (row["state"], row["pushed"], row["request"]) == ("unrequested", True, None)
    assert "could not authenticate" in row["reason"]
    assert "gh auth status" in row["hint"]
    assert git(remote, "rev-parse", BRANCH) == row["commit"]
    (clients / "fails").unlink()
    assert small.states("update") == {"a": "updated"}


def test_a_client_that_is_not_there(small: Small, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import shutil

    for name in ("git", "sh"):
        found = shutil.which(name)
        assert found is not None
        (tmp_path / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(tmp_path))
    small.remote("a", 'request = "glab"')
    row = small.rows("update")["a"]
    assert (row["state"], "`glab` is not installed" in row["reason"]) == ("unrequested", True)


def test_a_local_repository_has_none(small: Small, clients: Path) -> None:
    small.local("a", 'request = "gh"')
    assert small.states("update") == {"a": "updated"}
    assert not (clients / "calls.jsonl").exists()


def listed(clients: Path, client: str, *, state: str, title: str, fork: bool = False) -> None:
    """Let the client tell of one request."""
    github = {"number": 7, "url": "https://h/7", "title": title, "state": state.upper(), "isCrossRepository": fork}
    state = {"open": "opened"}.get(state, state)
    gitlab = {"iid": 7, "web_url": "https://h/7", "title": title, "state": state}
    gitlab |= {"source_project_id": 2 if fork else 1, "target_project_id": 1}
    (clients / "listed.json").write_text(json.dumps([github if client == "gh" else gitlab]))


TITLE = "Update template: from v1.0.0 to v2.0.0"


@pytest.mark.parametrize("client", ["gh", "glab"])
def test_one_of_a_fork_is_not_ours(small: Small, clients: Path, client: str) -> None:
    """Anybody may open one from a branch of that name."""
    listed(clients, client, state="open", title=TITLE, fork=True)
    small.remote("a", f'request = "{client}"')
    assert small.rows("update")["a"]["request"] in ("https://h/pull/1", "https://h/mr/1")
    assert [call["words"][1] for call in calls(clients)] == ["list", "create"]


@pytest.mark.parametrize("client", ["gh", "glab"])
def test_one_that_a_person_closed_is_left_closed(small: Small, clients: Path, client: str) -> None:
    listed(clients, client, state="closed", title=TITLE)
    small.remote("a", f'request = "{client}"')
    row = small.rows("update")["a"]
    assert (row["state"], row["request"]) == ("updated", "https://h/7")
    assert "its pull request was closed" in row["reason"]
    assert [call["words"][1] for call in calls(clients)] == ["list"]
    # That of an earlier update is no word about this one.
    listed(clients, client, state="closed", title="Update template: from v0.1.0 to v1.0.0")
    small.rows("update")
    assert [call["words"][1] for call in calls(clients)] == ["list", "list", "create"]


@pytest.mark.parametrize(("client", "verb"), [("gh", "edit"), ("glab", "update")])
def test_an_open_one_tells_of_the_new_commit(small: Small, clients: Path, client: str, verb: str) -> None:
    old = "Draft: Update template: from v0.1.0 to v1.0.0" if client == "glab" else "Update template"
    listed(clients, client, state="open", title=old)
    small.remote("a", f'request = "{client}"')
    assert small.rows("update")["a"]["request"] == "https://h/7"
    edited = calls(clients)[-1]
    assert edited["words"][:3] == ["pr" if client == "gh" else "mr", verb, "7"]
    assert f"--title={TITLE if client == 'gh' else f'Draft: {TITLE}'}" in edited["words"]
    assert "config.toml" in edited["given"] + " ".join(edited["words"])
    # Nothing is new about it now: what a person wrote there since is left.
    small.rows("update")
    assert [call["words"][1] for call in calls(clients)] == ["list", verb, "list"]


def test_a_text_that_cannot_be_updated(small: Small, clients: Path) -> None:
    (clients / "edits nothing").touch()
    listed(clients, "gh", state="open", title="Update")
    small.remote("a", 'request = "gh"')
    row = small.rows("update")["a"]
    assert (row["state"], row["request"]) == ("updated", "https://h/7")
    assert "the text of its pull request could not be updated" in row["reason"]
