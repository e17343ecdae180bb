"""What the page shows of a project: the tree, one file, what changed, and the facts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from pyo3_kit.merge.model import File
from pyo3_kit.texts.listing import Entry, format_size, summary
from pyo3_kit.web.changes import Change, compare, lines_of
from pyo3_kit.web.colours import Line, coloured
from pyo3_kit.web.commands import copier_command, new_command
from pyo3_kit.web.facts import Facts, find_facts
from pyo3_kit.web.looks import Look
from pyo3_kit.web.setup import Offer
from pyo3_kit.web.wanted import Wanted

_LINES = 2_000
"""Of a file that is shown."""

_FIRST = ("README.md", "README.rst", "README")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file in the tree. `change` is `added`, `changed` or empty, `hits` the lines in which the search was found."""

    name: str
    path: str
    size: str
    change: str
    hits: int
    link: str


@dataclass(slots=True)
class Branch:
    """A folder in the tree, folders first."""

    name: str
    bytes: int = 0
    folders: dict[str, Branch] = field(default_factory=dict)
    files: list[Leaf] = field(default_factory=list)

    @property
    def size(self) -> str:
        """The size of everything in it."""
        return format_size(self.bytes)


@dataclass(frozen=True, slots=True)
class Shown:
    """The file that is open: its lines, or the reason why they are not shown; and the numbers of those searched for."""

    path: str
    size: str
    lines: list[Line]
    note: str = ""
    hits: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class View:
    """The project as the page shows it."""

    tree: Branch
    summary: str
    shown: Shown | None
    changes: list[Change]
    facts: Facts
    new: str
    copier: str
    found: int


def make_view(
    offer: Offer, wanted: Wanted, look: Look, before: Mapping[str, File] | None, *, path: str, find: str
) -> View:
    """The view of a look that has files; `before` are the files that it is compared with, `path` the file to show."""
    files = look.files or {}
    changes = [] if before is None else compare(before, files)
    kinds = {change.path: change.kind for change in changes}
    hits = {name: len(_hits(file, find)) for name, file in files.items()} if find else {}
    matching = {name for name in files if not find or hits[name] or find.casefold() in name.casefold()}
    link = wanted.link(offer.chosen, look.secrets)
    tree = Branch(look.folder)
    for name in sorted(matching):
        _put(tree, name, files[name], kinds.get(name, ""), hits.get(name, 0), _link(link, name, find))
    return View(
        tree=tree,
        summary=summary([Entry(name, len(file.content)) for name, file in files.items()]),
        shown=_shown(files, path, matching, find),
        changes=changes,
        facts=find_facts(files, look.recorded, look.wheels),
        new=new_command(offer, wanted, look),
        copier=copier_command(offer, wanted, look),
        found=len(matching),
    )


def shown_defaults(look: Look) -> str:
    """The values of questions that were not answered, for the form: `wanted.DEFAULTS`; secrets are never shown."""
    return json.dumps(
        {
            question["name"]: question["value"]
            for page in look.pages
            for question in page["questions"]
            if question["secret"] or not question["given"]
        }
    )


def _link(link: str, path: str, find: str) -> str:
    more = urlencode({"_file": path, **({"_find": find} if find else {})})
    return f"?{link}{'&' if link else ''}{more}#file"


def _put(tree: Branch, path: str, file: File, change: str, hits: int, link: str) -> None:
    *parents, name = path.split("/")
    folder, size = tree, len(file.content)
    folder.bytes += size
    for parent in parents:
        folder = folder.folders.setdefault(parent, Branch(parent))
        folder.bytes += size
    folder.files.append(Leaf(name, path, format_size(size), change, hits, link))


def _hits(file: File, find: str) -> frozenset[int]:
    wanted = find.casefold()
    return frozenset(at for at, line in enumerate(lines_of(file) or ()) if wanted in line.casefold())


def _shown(files: Mapping[str, File], path: str, matching: set[str], find: str) -> Shown | None:
    if path not in files:
        path = next((name for name in _FIRST if name in matching), min(matching, default=""))
    if not path:
        return None
    file = files[path]
    size = format_size(len(file.content))
    if file.link:
        return Shown(path, size, [], f"A symbolic link to {file.content.decode(errors='replace')}.")
    try:
        text = file.content.decode()
    except UnicodeDecodeError:
        return Shown(path, size, [], "The content is not text.")
    lines = coloured(path, text)
    note = f"The first {_LINES:,} of {len(lines):,} lines." if len(lines) > _LINES else ""
    return Shown(path, size, lines[:_LINES], note, _hits(file, find) if find else frozenset())


def as_json(view_files: Mapping[str, File]) -> list[dict[str, Any]]:
    """The files for programs: text as it is, other content in Base64."""
    import base64
    import hashlib

    entries = []
    for path, file in sorted(view_files.items()):
        entry: dict[str, Any] = {"path": path, "size": len(file.content), "executable": file.executable}
        entry |= {"link": file.link, "sha256": hashlib.sha256(file.content).hexdigest()}
        try:
            entry |= {"content": file.content.decode(), "encoding": "utf-8"}
        except UnicodeDecodeError:
            entry |= {"content": base64.b64encode(file.content).decode(), "encoding": "base64"}
        entries.append(entry)
    return entries
