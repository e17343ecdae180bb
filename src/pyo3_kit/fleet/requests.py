"""Pull requests, through the platform's own client: `gh` or `glab`, which holds the credentials."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from pyo3_kit.errors import Failed, Refused
from pyo3_kit.fleet.entries import Entry
from pyo3_kit.fleet.gitwork import environment, reason, run_git


def open_request(entry: Entry, clone: Path, base: str, message: str, *, draft: bool) -> str:
    """Open a pull request for the entry's branch, unless one is open; returns its address.

    `base` is the branch to merge into, `message` a commit's. `Refused` when the client is not installed, `Failed` with
    what it says.
    """
    client = entry.request
    assert client is not None
    if shutil.which(client) is None:
        raise Refused(
            f"the branch is pushed, and `{client}` is not installed", f"Install {client}, then run this again."
        )
    # The clients tell by it which repository is meant.
    run_git(clone, "config", "remote.origin.url", entry.remote)
    subject, _, body = message.partition("\n\n")
    return (
        _github(entry, clone, base, subject, body, draft=draft)
        if client == "gh"
        else _gitlab(entry, clone, base, subject, body, draft=draft)
    )


def _github(entry: Entry, clone: Path, base: str, subject: str, body: str, *, draft: bool) -> str:
    listed = _run(clone, "gh", "pr", "list", f"--head={entry.branch}", "--state=open", "--json=url")
    if found := _loaded(listed):
        return str(found[0].get("url", ""))
    words = ["gh", "pr", "create", f"--head={entry.branch}", f"--base={base}", f"--title={subject}", "--body-file=-"]
    words += [f"--reviewer={person}" for person in entry.reviewers]
    return _last(_run(clone, *words, *(["--draft"] if draft else []), given=_fenced(body)))


def _gitlab(entry: Entry, clone: Path, base: str, subject: str, body: str, *, draft: bool) -> str:
    listed = _run(clone, "glab", "mr", "list", f"--source-branch={entry.branch}", "--output=json")
    if found := _loaded(listed):
        return str(found[0].get("web_url", ""))
    words = ["glab", "mr", "create", f"--source-branch={entry.branch}", f"--target-branch={base}", "--yes"]
    words += [f"--title={subject}", f"--description={_fenced(body)}"]
    words += [f"--reviewer={person}" for person in entry.reviewers]
    return _last(_run(clone, *words, *(["--draft"] if draft else [])))


def _fenced(body: str) -> str:
    """The body as it stands, and not as Markdown, in which a file's name may mean something."""
    fence = "```"
    while fence in body:
        fence += "`"
    return f"{fence}text\n{body}\n{fence}\n"


def _loaded(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _last(said: str) -> str:
    """The address that the client prints at last."""
    addresses = [word for word in said.split() if word.startswith(("https://", "http://"))]
    return addresses[-1] if addresses else ""


def _run(folder: Path, *words: str, given: str = "") -> str:
    variables = {**environment(), "GH_PROMPT_DISABLED": "1", "NO_PROMPT": "1", "NO_COLOR": "1"}
    try:
        done = subprocess.run(words, cwd=folder, env=variables, input=given.encode(), capture_output=True, check=False)
    except OSError as error:
        raise Failed(f"the branch is pushed, and `{words[0]}` cannot be started: {error.strerror}") from error
    if done.returncode != 0:
        said = reason(done.stderr.decode(errors="replace")) or f"it ends with {done.returncode}"
        raise Failed(
            f"the branch is pushed, and `{words[0]}` opens no request: {said}",
            f"Check `{words[0]} auth status`, then run this again.",
        )
    return done.stdout.decode(errors="replace")
