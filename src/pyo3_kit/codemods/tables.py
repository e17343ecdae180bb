"""Edit TOML by key, preserving order, comments and spacing.

An edit selects its values either with `at` (paths of keys, `*` for any) or `crates` (the entries of these crates in
every dependency table of a Cargo manifest), and specifies the change:

`version: {from, to}`   replace a requirement of one release line (`*`: of any) by the next; with `note` instead of
                        `to`, report it; Git dependencies are always reported, except pyo3 itself. The operator
                        stays, and an exact requirement stays exact
`features`, `items`     `{remove: […], rename: {old: new}, requires_at_least: {package: version}}` in a list
`at_least`              raise a version to this one
`requires_at_least`     raise the lower bound of a `>=` requirement, and add one if there are no bounds; any
                        other requirement that allows older versions is not changed, and is reported

With `line`, features are only changed if the crate's requirement is on this release line or a newer one: a crate that
keeps its version keeps its features.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from typing import Any

from pyo3_kit.codemods.requirements import TABLES

# A package with its extras (a Python version has none), then the bounds, without a marker after them.
_REQUIREMENT = re.compile(r"\s*(?P<name>[A-Za-z][\w.-]*)?\s*(\[[^\]]*\])?(?P<bounds>[^;@()]*?)\s*(;.*)?\Z")
_BOUND = re.compile(r"(>=|<=|===|==|~=|!=|<|>)\s*(\d+(?:\.\d+)*)(?:\.\*)?\Z")
_LEAST = re.compile(r">=\s*(\d+(?:\.\d+)*)")
_LOWER = (">=", ">", "==", "===", "~=")
_NUMBERS = re.compile(r"\d+(?:\.\d+)*\Z")
# A placeholder in a list that an edit emptied, until the key is removed too.
_EMPTIED = "pyo3-kit: nothing is left here"
_GIT = "comes from Git; use a revision that is built against the project's new PyO3"
# A requirement of one release line.
_PLAIN = re.compile(r"\s*(?P<operator>(?P<exact>=)?[\^~]?\s*)(?P<line>\d+(\.\d+)?)(?P<patch>\.\d+)?(\.\*)?\s*\Z")
_RELEASED_WITH_PYO3 = ("pyo3-ffi", "pyo3-build-config", "pyo3-macros", "pyo3-macros-backend")

Behind = Callable[[str, str, Any], bool]
"""Whether a dependency requires less than a release line, by its name, the line and its entry, if it has one here."""
_PATCHED = "`{}` is replaced in `[patch]`; use a version or revision that is built against the project's new PyO3"
_EMPTY_ENTRY = rf'[\w-]+\s*=\s*\[\s*"{_EMPTIED}"\s*\]'


def edited(
    text: str,
    edits: list[Mapping[str, Any]],
    behind: Behind | None = None,
    pins: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[str, list[tuple[int, str]]]:
    """The text after all edits, and the places to change by hand: line and note.

    `behind` answers `line` of an edit, `pins` are the releases for exact requirements, by line and crate: by default
    the first of the line. Text that is not valid TOML is returned unchanged.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
    except TOMLKitError:
        return text, []
    before = document.unwrap()
    notes: list[tuple[int, str]] = []
    for edit in edits:
        for table, key in list(_values(document, edit)):
            note = _apply(table, key, edit, behind, pins or {})
            if note:
                notes.append((_line(text, key), note))
        notes += [(_line(text, key), _PATCHED.format(key)) for key in _patched(document, edit)]
    if document.unwrap() == before:
        return text, notes
    result = tomlkit.dumps(document)
    return _without_emptied(result), notes


def _without_emptied(text: str) -> str:
    if _EMPTIED not in text:
        return text
    text = re.sub(rf"^[ \t]*{_EMPTY_ENTRY}[^\n]*\n?", "", text, flags=re.MULTILINE)
    text = re.sub(rf"(?<=\{{)\s*{_EMPTY_ENTRY}\s*(?=\}})", "", text)
    text = re.sub(rf",\s*{_EMPTY_ENTRY}|{_EMPTY_ENTRY}\s*,\s*|{_EMPTY_ENTRY}", "", text)
    return text.replace(f'"{_EMPTIED}"', "")


def _values(document: MutableMapping[str, Any], edit: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    """The table and key of each value that the edit selects."""
    for path in edit.get("at", []):
        *parents, last = _split(path)
        for table in _walk(document, parents):
            if isinstance(table, MutableMapping):
                yield from ((table, key) for key in ([*table] if last == "*" else [last]) if key in table)
    if "crates" in edit:
        for table in _dependency_tables(document):
            yield from ((table, key) for key in _of_crates(table, edit["crates"]))


def _of_crates(table: Mapping[str, Any], crates: Iterable[str]) -> Iterator[str]:
    """The keys of these crates in a table of dependencies."""
    # Cargo treats `-` and `_` in a name the same.
    names = {name.replace("_", "-") for name in crates}
    for key, entry in table.items():
        name = entry.get("package", key) if isinstance(entry, Mapping) else key
        if str(name).replace("_", "-") in names:
            yield key


def _patched(document: Mapping[str, Any], edit: Mapping[str, Any]) -> Iterator[str]:
    """The crates that the edit moves to another version, but `[patch]` replaces."""
    if "to" in edit.get("version", {}):
        for table in _walk(document, ["patch", "*"]):
            if isinstance(table, Mapping):
                yield from _of_crates(table, edit["crates"])


def _dependency_tables(document: MutableMapping[str, Any]) -> Iterator[MutableMapping[str, Any]]:
    homes = [document, document.get("workspace"), *_walk(document, ["target", "*"])]
    for home in homes:
        if isinstance(home, Mapping):
            yield from (home[name] for name in TABLES if isinstance(home.get(name), MutableMapping))


def _walk(table: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        yield table
    elif isinstance(table, Mapping):
        for key in [*table] if path[0] == "*" else [path[0]]:
            if key in table:
                yield from _walk(table[key], path[1:])


def _split(path: str) -> list[str]:
    return [part.strip('"') for part in re.findall(r'"[^"]*"|[^.]+', path)]


def _apply(
    table: Any, key: str, edit: Mapping[str, Any], behind: Behind | None, pins: Mapping[str, Mapping[str, str]]
) -> str:
    """Edit one value; return a note if it has to be changed by hand."""
    note, line = "", edit.get("line")
    if "version" in edit:
        note = _move_version(table, key, edit["version"], pins)
    holds_features = "features" in edit and isinstance(table[key], MutableMapping) and "features" in table[key]
    if holds_features and not (behind and line and behind(key, line, table[key].unwrap())):
        _change_items(table[key], "features", edit["features"], drop=True)
    if "items" in edit:
        items = _of_current(edit["items"], line, behind) if behind and line else edit["items"]
        note = _change_items(table, key, items, drop=edit.get("drop_empty", False)) or note
    if "at_least" in edit and isinstance(table[key], str) and _older(table[key], edit["at_least"]):
        _replace(table, key, edit["at_least"])
    if "requires_at_least" in edit and isinstance(table[key], str):
        note = _raise_bound(table, key, edit["requires_at_least"]) or note
    return note


def _of_current(change: Mapping[str, Any], line: str, behind: Behind) -> Mapping[str, Any]:
    """The change of a list of features (`crate/feature`) without those of crates that are behind the line."""

    def current(feature: str) -> bool:
        crate, slash, _ = feature.partition("/")
        return not slash or not behind(crate.removesuffix("?"), line, None)

    return {
        **change,
        "remove": [feature for feature in change.get("remove", []) if current(feature)],
        "rename": {old: new for old, new in change.get("rename", {}).items() if current(old)},
    }


def _move_version(table: Any, key: str, move: Mapping[str, str], pins: Mapping[str, Mapping[str, str]]) -> str:
    holder, name = (table[key], "version") if isinstance(table[key], MutableMapping) else (table, key)
    value = holder.get(name)
    crate = str(holder.get("package", key)) if holder is not table else key
    if holder is not table and "git" in holder:
        # The caller reports pyo3 itself.
        return "" if crate == "pyo3" else move.get("note", f"`{crate}` {_GIT}")
    # A range over several lines is intentional and not changed.
    if not isinstance(value, str):
        return ""
    plain = _PLAIN.match(value)
    if move["from"] != "*" and (plain is None or plain["line"] != move["from"]):
        return ""
    if "note" in move:
        return move["note"]
    version = move["to"]
    if plain is not None and plain["exact"] and plain["patch"]:
        released = crate.replace("_", "-")
        released = "pyo3" if released in _RELEASED_WITH_PYO3 else released
        version = pins.get(version, {}).get(released, f"{version}.0")
    _replace(holder, name, (plain["operator"] if plain is not None else "") + version)
    return ""


def _change_items(table: Any, key: str, change: Mapping[str, Any], *, drop: bool) -> str:
    """Edit a list; return a note if it has to be changed by hand."""
    items, note = table[key], ""
    if not isinstance(items, list):
        return ""
    for name, least in change.get("requires_at_least", {}).items():
        for index, item in enumerate(items):
            if isinstance(item, str) and re.match(rf"\s*{re.escape(name)}\s*([^\w\s.-]|\Z)", item):
                note = _raise_bound(items, index, least) or note
    renamed = change.get("rename", {})
    for index, item in enumerate(items):
        if isinstance(item, str) and item in renamed:
            if renamed[item] in items:
                change = {**change, "remove": [*change.get("remove", []), item]}
            else:
                _replace(items, index, renamed[item])
    gone = [item for item in items if isinstance(item, str) and item in change.get("remove", [])]
    for item in gone:
        items.remove(item)
    if gone and not items and drop:
        items.append(_EMPTIED)
    return note


def _raise_bound(table: Any, key: Any, least: str) -> str:
    """Make a requirement need at least this version; return a note if raising a bound cannot achieve that."""
    value = str(table[key])
    parts = _REQUIREMENT.match(value)
    bounds = [bound.strip() for bound in parts["bounds"].split(",") if bound.strip()] if parts is not None else []
    read = [found for bound in bounds if (found := _BOUND.match(bound)) is not None]
    if parts is None or len(read) != len(bounds) or not (bounds or parts["name"]):
        return _unbounded(value, least)
    if any(found[1] in _LOWER and not _older(found[2], least) for found in read):
        return ""
    if any(_excludes(found[1], found[2], least) for found in read):
        return _unbounded(value, least)
    start, end = parts.span("bounds")
    lowest = _LEAST.search(value, start, end)
    if lowest is None:
        text = ",".join([f">={least}", *bounds])
    else:
        text = value[start : lowest.start(1)] + least + value[lowest.end(1) : end]
    _replace(table, key, value[:start] + text + value[end:])
    return ""


def _excludes(operator: str, version: str, least: str) -> bool:
    """Whether a bound excludes the minimum version, or pins the requirement to some line."""
    if operator == "<":
        return not _older(least, version)
    if operator == "<=":
        return _older(version, least)
    return operator in ("==", "===", "~=", ">")


def _unbounded(value: str, least: str) -> str:
    return f"`{value}` allows versions older than {least}, which is now required, or none newer; change it by hand"


def _older(version: str, least: str) -> bool:
    if not _NUMBERS.match(version):
        return False
    return _parts(version) < _parts(least)


def _parts(version: str) -> tuple[int, ...]:
    parts = [int(part) for part in version.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def _replace(table: Any, key: Any, value: str) -> None:
    """Replace a string, keeping the kind of quotes."""
    import tomlkit

    literal = getattr(table[key], "as_string", lambda: "")().startswith("'")
    table[key] = tomlkit.string(value, literal=literal)


def _line(text: str, key: str) -> int:
    """The line of a key: where it starts a line or ends a table's name, else the first that contains the word."""
    word = re.escape(key)
    for sought in (rf"^\s*[\"']?{word}[\"']?\s*[.=]", rf"^\s*\[.*\b{word}\b", rf"^.*?\b{word}\b"):
        if (found := re.search(sought, text, re.MULTILINE)) is not None:
            return text.count("\n", 0, found.end()) + 1
    return 1
