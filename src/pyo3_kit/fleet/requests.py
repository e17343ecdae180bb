"""Pull requests through the platform's own client, `gh` or `glab`, which manages the credentials."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyo3_kit.errors import Failed, Refused, without_secrets
from pyo3_kit.fleet.model import Entry
from pyo3_kit.git.hardened import reason, run_git
from pyo3_kit.git.run import FLEET, git_environment
from pyo3_kit.system.escaping import markdown_fence
from pyo3_kit.system.processes import find_program, run
from pyo3_kit.texts.bounds import load_json

_DRAFT = "Draft: "


def open_request(entry: Entry, clone: Path, base: str, message: str, *, draft: bool, fresh: bool) -> tuple[str, str]:
    """Ensure one pull request for the entry's branch; return its address and a note.

    An open one is reused, and gets a new text if the commit is `fresh`. One with the same title that someone
    closed is left closed. Those of forks are ignored. `base` is the branch to merge into, `message` the commit's.
    Raises `Refused` if the client is not installed, `Failed` with its output.
    """
    client = entry.request
    assert client is not None
    if find_program(client) is None:
        raise Refused(
            f"the branch is pushed, but `{client}` is not installed", f"Install {client}, then run this again."
        )
    # The clients derive the repository from it.
    run_git(clone, "config", "remote.origin.url", without_secrets(entry.remote))
    subject, _, body = message.partition("\n\n")
    platform: _GitHub | _GitLab = _GitHub(entry, clone) if client == "gh" else _GitLab(entry, clone)
    known = platform.known()
    if (one := next((one for one in known if one.is_open), None)) is not None:
        try:
            if fresh:
                platform.edit(one, subject, markdown_fence(body))
        except Failed:
            # It exists anyway, with the new commit in it.
            return one.address, "the text of its pull request could not be updated"
        return one.address, ""
    if (one := next((one for one in known if one.is_closed and one.subject == subject), None)) is not None:
        return one.address, "its pull request was closed, and stays closed"
    return platform.create(base, subject, markdown_fence(body), draft=draft), ""


@dataclass(frozen=True, slots=True)
class _Known:
    """An existing request: its `number`, and whether it is open, or was closed without a merge."""

    number: str
    address: str
    subject: str
    is_open: bool
    is_closed: bool
    is_draft: bool = False


class _GitHub:
    def __init__(self, entry: Entry, clone: Path) -> None:
        self.entry, self.clone = entry, clone

    def known(self) -> list[_Known]:
        fields = "--json=number,url,title,state,isCrossRepository"
        rows = _loaded(_run(self.clone, "gh", "pr", "list", f"--head={self.entry.branch}", "--state=all", fields))
        # A fork may have a branch of that name, to which anybody can push.
        return [
            _Known(
                number=str(row.get("number")),
                address=str(row.get("url", "")),
                subject=str(row.get("title")),
                is_open=row.get("state") == "OPEN",
                is_closed=row.get("state") == "CLOSED",
            )
            for row in rows
            if row.get("isCrossRepository") is False
        ]

    def edit(self, one: _Known, subject: str, body: str) -> None:
        _run(self.clone, "gh", "pr", "edit", one.number, f"--title={subject}", "--body-file=-", given=body)

    def create(self, base: str, subject: str, body: str, *, draft: bool) -> str:
        words = ["gh", "pr", "create", f"--head={self.entry.branch}", f"--base={base}", f"--title={subject}"]
        words += ["--body-file=-", *(f"--reviewer={person}" for person in self.entry.reviewers)]
        return _last(_run(self.clone, *words, *(["--draft"] if draft else []), given=body))


class _GitLab:
    def __init__(self, entry: Entry, clone: Path) -> None:
        self.entry, self.clone = entry, clone

    def known(self) -> list[_Known]:
        words = ["glab", "mr", "list", f"--source-branch={self.entry.branch}", "--all", "--output=json"]
        rows = _loaded(_run(self.clone, *words))
        return [
            _Known(
                number=str(row.get("iid")),
                address=str(row.get("web_url", "")),
                subject=str(row.get("title")).removeprefix(_DRAFT),
                is_open=row.get("state") == "opened",
                is_closed=row.get("state") == "closed",
                is_draft=str(row.get("title")).startswith(_DRAFT),
            )
            for row in rows
            if row.get("source_project_id") == row.get("target_project_id")
        ]

    def edit(self, one: _Known, subject: str, body: str) -> None:
        # The title makes it a draft.
        title = f"{_DRAFT}{subject}" if one.is_draft else subject
        _run(self.clone, "glab", "mr", "update", one.number, f"--title={title}", f"--description={body}")

    def create(self, base: str, subject: str, body: str, *, draft: bool) -> str:
        words = ["glab", "mr", "create", f"--source-branch={self.entry.branch}", f"--target-branch={base}", "--yes"]
        words += [f"--title={subject}", f"--description={body}"]
        words += [f"--reviewer={person}" for person in self.entry.reviewers]
        return _last(_run(self.clone, *words, *(["--draft"] if draft else [])))


def _loaded(text: str) -> list[dict[str, Any]]:
    try:
        found = load_json(text or "[]")
    except ValueError:
        return []
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _last(said: str) -> str:
    """The address that the client prints last."""
    addresses = [word for word in said.split() if word.startswith(("https://", "http://"))]
    return addresses[-1] if addresses else ""


def _run(folder: Path, *words: str, given: str = "") -> str:
    variables = {**git_environment(FLEET), "GH_PROMPT_DISABLED": "1", "NO_PROMPT": "1", "NO_COLOR": "1"}
    try:
        done = run(words, folder=folder, environment=variables, given=given.encode())
    except OSError as error:
        raise Failed(f"the branch is pushed, but `{words[0]}` could not be started: {error.strerror}") from error
    if done.returncode != 0:
        said = reason(done.stderr.decode(errors="replace")) or f"it exited with {done.returncode}"
        raise Failed(
            f"the branch is pushed, but `{words[0]}` could not open a pull request: {said}",
            f"Check `{words[0]} auth status`, then run this again.",
        )
    return done.stdout.decode(errors="replace")
