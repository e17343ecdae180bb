"""What a fragment changes and its file lacks: refused, with the line and the nearest names, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

from pyo3_kit.errors import Refused
from pyo3_kit.merge import identities
from pyo3_kit.overlays import directives
from pyo3_kit.overlays.values import Mapping, Sequence, Value, text_of

Place = tuple[str | int, ...]

_WHOLE: dict[str, tuple[str, ...]] = {"steps": ("run", "uses"), "repos": ("hooks",), "updates": ("schedule",)}
"""Of items in lists with these names: one of the keys without which an item does nothing."""

_TABLES = (
    "dependencies",
    "dev-dependencies",
    "build-dependencies",
    "features",
    "lib",
    "bin",
    "test",
    "bench",
    "example",
)
_OF_PACKAGES = {"package", "target", "badges", *_TABLES}
_OF_ROOTS = {"workspace", "profile", "patch", "replace"}
"""The tables that Cargo reads in a package's manifest, and in that of the root of a workspace."""


def whole_item(item: Mapping, at: Place) -> bool:
    """Whether an item can be added: one that only has a name, or an action without version, is to change another."""
    needed = _WHOLE.get(str(at[-1])) if at else None
    if needed is None:
        return True
    return any(key in item and (key != "uses" or _is_versioned(text_of(item[key]) or "")) for key in needed)


def _is_versioned(action: str) -> bool:
    return "@" in action or action.startswith(("./", "docker://"))


class Missing:
    """Raises `Refused` for what the fragment `name` with this text is about and `path` lacks.

    `others` gives the other files of the same name that have a key.
    """

    def __init__(self, name: str, text: str, path: str, others: Callable[[str], list[str]]) -> None:
        self._name, self._text, self._path, self._others = name, text, path, others

    def key(self, target: Mapping, key: str, at: Place) -> None:
        """A key to remove is not there."""
        hint = f"If it may be absent, write `{directives.REMOVE}?`."
        raise self._refused(f"there is no key `{_shown((*at, key))}` in {self._path}", hint, key, target)

    def item(self, target: Sequence, item: Value, at: Place) -> None:
        """An item to change or to remove is not in the list."""
        if isinstance(item, Mapping):
            key = next((key for key in (directives.MATCH, *identities.FRAGMENT) if key in item), "")
            name = _listed(item[key]) if key == directives.MATCH else text_of(item.get(key)) or ""
            hint = f"If it may be absent, add `{directives.OPTIONAL}: true`."
            line = item.line
        else:
            name, line = directives.removed_text(item) or "", getattr(item, "line", 0)
            hint = f"If it may be absent, write `{directives.REMOVE}? {name}`."
        names = [known for other in target for known in _names(other)]
        raise self._refused(f"there is no `{name}` in `{_shown(at)}` of {self._path}", hint, name, names, line)

    def anchor(self, target: Sequence, word: Value, name: str, at: Place) -> None:
        """The item beside which another is to be added is not in the list."""
        names = [known for other in target for known in _names(other)]
        said = f"there is no `{name}` in `{_shown(at)}` of {self._path}"
        hint = f"Name an item that is there, or use `{directives.FIRST}` or `{directives.LAST}`."
        raise self._refused(said, hint, name, names, getattr(word, "line", 0))

    def each(self, fragment: Mapping, at: Place) -> None:
        """`$each` is for the mappings of a mapping that has none."""
        line = next((getattr(key, "line", 0) for key in fragment if key == directives.EACH), 0)
        raise self._refused(
            f"`{_shown(at) or 'the file'}` of {self._path} contains no mappings",
            "Correct it.",
            directives.EACH,
            (),
            line,
        )

    def elsewhere(self, target: Mapping, key: str) -> None:
        """A table is to be added to a Cargo.toml in which Cargo ignores it; with other answers it may belong there."""
        ignored = ("package" not in target and key in _OF_PACKAGES) or ("workspace" not in target and key in _OF_ROOTS)
        if PurePosixPath(self._path).name == "Cargo.toml" and ignored and (others := self._others(key)):
            raise self._refused(
                f"{self._path} has no `{key}` with these answers; {others[0]} has it",
                "Make the fragment depend on the answer that decides this, or add `$optional: true` to the table.",
                key,
                (),
            )

    def refuse_unknown(self, fragment: Value) -> None:
        """A key that looks like one of the directives, at any depth."""
        from difflib import get_close_matches

        if isinstance(fragment, Sequence):
            for item in fragment:
                self.refuse_unknown(item)
        elif isinstance(fragment, Mapping):
            for key, value in fragment.items():
                near = get_close_matches(key, directives.KEYS, 1, 0.75) if key.startswith("$") else []
                if near and key not in directives.KEYS:
                    raise self._refused(f"unknown directive `{key}`", f"Did you mean `{near[0]}`?", key, ())
                self.refuse_unknown(value)

    def _refused(self, said: str, hint: str, name: str, names: Iterable[str], line: int = 0) -> Refused:
        from difflib import get_close_matches

        line = line or getattr(name, "line", 0) or self._line(name)
        near = get_close_matches(name, sorted(set(names)), 3, 0.5)
        if near:
            hint = f"{hint} There is {', '.join(f'`{one}`' for one in near)}."
        place = f", line {line}" if line else ""
        return Refused(f"The fragment {self._name}{place}: {said}.", hint)

    def _line(self, name: str) -> int:
        """The first line of a TOML text that has this key or text."""
        wanted = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        return next((number for number, line in enumerate(self._text.splitlines(), 1) if wanted.search(line)), 0)


def _names(other: Value) -> list[str]:
    if not isinstance(other, Mapping):
        return [text] if (text := text_of(other)) else []
    texts = ((key, text_of(other.get(key))) for key in identities.FRAGMENT)
    return [identities.identity_value(key, text) for key, text in texts if text]


def _listed(wanted: Value) -> str:
    pairs = wanted.items() if isinstance(wanted, Mapping) else ()
    return ", ".join(
        f"{key}: {text_of(value) if text_of(value) is not None else getattr(value, 'value', value)}"
        for key, value in pairs
    )


def _shown(at: Place) -> str:
    return ".".join(str(step) for step in at)
