"""Read the fleet file strictly; errors have line and column."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from pyo3_kit.errors import Refused
from pyo3_kit.fleet.entries import Written, make_entries
from pyo3_kit.fleet.model import Entry, Row
from pyo3_kit.texts.checked import checked, read_text

USUAL = Path("fleet.toml")
CLIENTS = ("gh", "glab")


@dataclass(frozen=True, slots=True)
class Fleet:
    """The content of a fleet file.

    `entries` are its repositories, `refused` the rows of invalid ones. `stop_at` is the share of failed
    verifications, in percent, above which a rollout stops. `templates` are those that the repositories may name beside
    ours: addresses and absolute paths, or their beginnings if they end with a slash.
    """

    name: str
    workspace: Path
    entries: tuple[Entry, ...]
    refused: tuple[Row, ...]
    stop_at: float | None = None
    verify: bool = False
    templates: tuple[str, ...] = ()


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _percent(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 100


def _tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


class Kind(NamedTuple):
    """What a key's value must be: as a function, in words, and as JSON Schema; `table` names a table with own keys."""

    fits: Callable[[Any], bool]
    words: str
    schema: Mapping[str, Any]
    table: str = ""


_TEXT = Kind(_text, "a string", {"type": "string", "pattern": "\\S"})
_TEXTS = Kind(_texts, "a list of strings", {"type": "array", "items": _TEXT.schema})
_COMMAND = Kind(lambda value: _texts(value) and bool(value), _TEXTS.words, {**_TEXTS.schema, "minItems": 1})
_SHARED: Mapping[str, Kind] = {
    "answers-file": _TEXT,
    "base": _TEXT,
    "branch": _TEXT,
    "request": Kind(lambda value: value in CLIENTS, f"one of {', '.join(CLIENTS)}", {"enum": [*CLIENTS]}),
    "reviewers": _TEXTS,
    "to": _TEXT,
    "wave": Kind(_whole, "a positive integer", {"type": "integer", "minimum": 1}),
}
_TOP: Mapping[str, Kind] = {
    "name": _TEXT,
    "root": _TEXT,
    "workspace": _TEXT,
    "templates": _TEXTS,
    "stop-at": Kind(_percent, "a percentage", {"type": "number", "minimum": 0, "maximum": 100}),
    "verify": Kind(lambda value: isinstance(value, bool), "true or false", {"type": "boolean"}),
    "defaults": Kind(lambda value: isinstance(value, dict), "a table", {"type": "object"}, "defaults"),
    "repository": Kind(_tables, "a list of tables", {"type": "array"}, "repository"),
    "list": Kind(_tables, "a list of tables", {"type": "array"}, "list"),
}
_REPOSITORY: Mapping[str, Kind] = {**_SHARED, "path": _TEXT, "url": _TEXT, "name": _TEXT, "folder": _TEXT}
_LIST: Mapping[str, Kind] = {**_SHARED, "command": _COMMAND}

KEYS: Mapping[str, Mapping[str, Kind]] = {"": _TOP, "defaults": _SHARED, "repository": _REPOSITORY, "list": _LIST}
"""The keys of each table; of the file itself under the empty name."""


def read_fleet(path: Path, listed: Callable[[Sequence[str], Path, str], list[str]], workspace: Path | None) -> Fleet:
    """Read the fleet file at `path`.

    `listed` runs a `command` in a folder and returns its lines; `workspace` overrides the file's. Raises `Refused`,
    with line and column, for invalid files; a problem with one repository is a row.
    """
    text = read_text(path, "fleet file", "Pass its path, or create `fleet.toml` in this folder.")
    places = _Places(path, text)
    data = checked(path, text, "toml")
    _check(data, _TOP, places, ())
    shared = data.get("defaults", {})
    _check(shared, _SHARED, places, ("defaults", 0))
    written: list[Written] = []
    for number, values in enumerate(data.get("repository", ())):
        _check(values, _REPOSITORY, places, ("repository", number))
        if "path" not in values and "url" not in values:
            raise places.error("a repository without `path` or `url`", "Set one of them.", "repository", number)
        written.append(Written({**shared, **values}, places.of("repository", number)))
    folder = path.resolve().parent
    for number, values in enumerate(data.get("list", ())):
        _check(values, _LIST, places, ("list", number))
        if "command" not in values:
            raise places.error(
                "a list without `command`", 'Write e.g. `command = ["program", "argument"]`.', "list", number
            )
        own = {key: value for key, value in values.items() if key != "command"}
        written += _listed(listed(values["command"], folder, places.of("list", number)), {**shared, **own})
    if not written:
        raise Refused(f"{path} does not list any repositories.", "Add `[[repository]]` with a `path` or a `url`.")
    root = _place(data, "root", ".", folder, places).resolve()
    usual = _place(data, "workspace", ".pyo3-kit-fleet", folder, places)
    entries, refused = make_entries(written, folder, root)
    return Fleet(
        name=data.get("name") or path.resolve().stem,
        workspace=workspace or usual,
        entries=tuple(entries),
        refused=tuple(refused),
        stop_at=data.get("stop-at"),
        verify=data.get("verify", False),
        templates=tuple(_template(text, folder) for text in data.get("templates", ())),
    )


def _template(text: str, folder: Path) -> str:
    """A template of the list: a path is looked up from the fleet file."""
    from pyo3_kit.git.local import local_path

    place = local_path(text)
    if place is None:
        return text
    return f"{os.path.normpath(folder / place)}{'/' if text.endswith('/') else ''}"


def _place(data: Mapping[str, Any], key: str, usual: str, folder: Path, places: _Places) -> Path:
    """The folder in a key; raises `Refused` if it cannot be one."""
    text = data.get(key, usual)
    try:
        place = folder / Path(text).expanduser()
        place.resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise places.error(f"`{key}` is {text!r}, which is not a folder: {error}", "Check the path.", key) from None
    return place


def _listed(lines: Sequence[str], shared: Mapping[str, Any]) -> list[Written]:
    from pyo3_kit.git.addresses import is_address

    found = []
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if text and not text.startswith("#"):
            # Anything that looks like an option is rejected as an address, by name.
            key = "url" if is_address(text) or text.startswith("-") else "path"
            found.append(Written({**shared, key: text}, f"line {number} of the list"))
    return found


def _check(values: Mapping[str, Any], known: Mapping[str, Kind], places: _Places, at: tuple[Any, ...]) -> None:
    for key, value in values.items():
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Valid keys: {', '.join(f'`{one}`' for one in known)}."
            raise places.error(f"unknown key `{key}`", hint, *at, key)
        kind = known[key]
        if not kind.fits(value):
            raise places.error(f"`{key}` is {value!r}, but must be {kind.words}", "Fix the value.", *at, key)


class _Places:
    """The places of keys in the file, found from the beginnings of its lines, for messages only."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.at: dict[tuple[Any, ...], tuple[int, int]] = {}
        table: tuple[Any, ...] = ()
        counted: dict[str, int] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if header := re.match(r"\s*\[\[?\s*([\w-]+)\s*\]", line):
                name = header[1]
                table = (name, counted.get(name, 0))
                counted[name] = table[1] + 1
                self.at[table] = (number, line.index("[") + 1)
            elif key := re.match(r"""\s*["']?([\w-]+)["']?\s*=""", line):
                self.at.setdefault((*table, key[1]), (number, len(line) - len(line.lstrip()) + 1))

    def of(self, *where: Any) -> str:
        """`line L, column C` of a key, or of its nearest parent."""
        for depth in range(len(where), 0, -1):
            if where[:depth] in self.at:
                return "line {}, column {}".format(*self.at[where[:depth]])
        return "line 1, column 1"

    def error(self, what: str, hint: str, *where: Any) -> Refused:
        """The error for a key."""
        return Refused(f"{self.path}, {self.of(*where)}: {what}.", hint)
