"""Read a presets file and check its form; errors have line and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from pyo3_kit.errors import Refused
from pyo3_kit.git.remotes import split_ref
from pyo3_kit.presets.catalogue import load_presets
from pyo3_kit.texts.checked import checked

ANSWERS, DEFAULTS, FIXED = "answers", "defaults", "fixed"
TABLES = (ANSWERS, DEFAULTS, FIXED)
LISTS = ("hidden", "overlays")
TEXTS = ("summary", "extends")
_KEYS = (*TEXTS, *LISTS, *TABLES)
_SEE = "See docs/reference/organisation-presets.md for the format."


@dataclass(frozen=True, slots=True)
class Written:
    """A preset as written in its file, with `extends` not resolved yet."""

    name: str
    file: PresetFile
    summary: str = ""
    extends: str = ""
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    overlays: tuple[str, ...] = ()

    def place(self, *keys: str) -> str:
        """The place of a key: file, line, column."""
        return self.file.place("presets", self.name, *keys)


@dataclass(frozen=True, slots=True)
class PresetFile:
    """A presets file: its display name, its text, and its presets.

    `home` is the address of its repository or its folder, `ref` the requested version.
    """

    shown: str
    text: str
    home: str = "."
    ref: str | None = None
    presets: dict[str, Written] = field(default_factory=dict)

    def overlay(self, source: str) -> str:
        """The address of an overlay in a preset: `.`, with or without a version, is the file's own location."""
        address, ref = split_ref(source)
        if address != ".":
            return source
        ref = ref or self.ref
        return f"{self.home}@{ref}" if ref else self.home

    def place(self, *keys: str) -> str:
        """The place of a key, or of its nearest parent in the file: file, line, column."""
        at = _offset(self.text, keys)
        line = self.text.count("\n", 0, at) + 1
        return f"{self.shown}, line {line}, column {at - (self.text.rfind(chr(10), 0, at) + 1) + 1}"


def read_presets(shown: str, text: str, home: str, ref: str | None = None) -> PresetFile:
    """The presets in a TOML text, displayed as `shown`, from the folder or repository `home`.

    Raises `Refused`, with line and column, for invalid TOML and for anything that a preset must not contain.
    """
    data = checked(shown, text, "toml")
    # The reader that finds positions needs a newline at the end.
    file = PresetFile(shown, text if text.endswith("\n") else f"{text}\n", home, ref)
    presets = data.get("presets", {})
    if not isinstance(presets, dict):
        raise Refused(f"{file.place('presets')}: `presets` is not a table.", _SEE)
    ours = load_presets()
    for name, record in presets.items():
        if not isinstance(record, dict):
            raise Refused(f"{file.place('presets', name)}: `{name}` is not a table.", _SEE)
        if name in ours or "#" in name:
            reason = "is the name of a preset of pyo3-kit" if name in ours else "contains a `#`"
            raise Refused(f"{file.place('presets', name)}: `{name}` {reason}.", "Rename the preset.")
        file.presets[name] = _preset(file, name, record)
    return file


def _preset(file: PresetFile, name: str, record: Mapping[str, Any]) -> Written:
    def wrong(key: str, reason: str, hint: str = _SEE) -> Refused:
        return Refused(f"{file.place('presets', name, *key.split('.'))}: {reason}.", hint)

    for key, value in record.items():
        if key not in _KEYS:
            close = get_close_matches(key, _KEYS, n=1)
            meant = f"Did you mean `{close[0]}`? " if close else ""
            raise wrong(key, f"unknown key `{key}`", f"{meant}Valid keys: {', '.join(_KEYS)}.")
        if key in TEXTS and not isinstance(value, str):
            raise wrong(key, f"`{key}` is not a string")
        if key in LISTS and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            raise wrong(key, f"`{key}` is not a list of strings")
        if key in TABLES and not isinstance(value, dict):
            raise wrong(key, f"`{key}` is not a table")
    tables = {key: dict(record.get(key, {})) for key in TABLES}
    seen: dict[str, str] = {}
    for key, answers in tables.items():
        for question in answers:
            if question in seen:
                raise wrong(
                    f"{key}.{question}", f"`{question}` is already in `{seen[question]}`", "Keep only one of them."
                )
            seen[question] = key
    return Written(
        name,
        file,
        record.get("summary", ""),
        record.get("extends", ""),
        tables,
        tuple(record.get("hidden", ())),
        tuple(map(file.overlay, record.get("overlays", ()))),
    )


def _offset(text: str, keys: tuple[str, ...]) -> int:
    from pyo3_kit.merge.toml.reader import Unreadable, read

    try:
        statements = read("presets.toml", text).statements
    except Unreadable:
        return 0
    best, found = 0, 0
    for statement in statements:
        # A header with several parts defines each of them.
        common = next((i for i, (a, b) in enumerate(zip(statement.path, keys, strict=False)) if a != b), None)
        length = min(len(statement.path), len(keys)) if common is None else common
        if length > best:
            best, found = length, statement.start
    return found
