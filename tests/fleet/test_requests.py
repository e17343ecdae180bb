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
    made = any(words[1] == "create" for words in calls)
    print(json.dumps([{{"url": "https://h/pull/1", "web_url": "https://h/mr/1"}}] if made else []))
else:
    print("Creating\\nhttps://h/pull/1" if {name!r} == "gh" else "made https://h/mr/1")
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
