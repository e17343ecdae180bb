"""Parts of Rust code that are compiled only under a condition: for tests or debugging, or for a Python with the GIL."""

from __future__ import annotations

import re
from posixpath import basename, dirname, normpath

from pyo3_kit.rust.attributes import Attribute
from pyo3_kit.rust.tokens import split

CONDITIONAL = re.compile(
    r"\bcfg\s*\([^\]]*\b(?:test|debug_assertions|Py_GIL_DISABLED)\b|#\s*\[\s*(?:\w+\s*::\s*)*test\b"
)
"""In a file with such a part; others are not walked for it."""

_CALL = re.compile(r"\s*(\w+)\s*\((.*)\)\s*", re.DOTALL)


def requires(predicate: str, name: str, *, negated: bool = False) -> bool:
    """Whether a predicate of `cfg` holds only if `name` is set; if `negated`, only if it is not set."""
    call = _CALL.fullmatch(predicate)
    if call is None:
        return not negated and predicate.strip() == name
    parts = [call[2][start:end] for start, end in split(call[2], 0, len(call[2]))]
    if call[1] == "not":
        return len(parts) == 1 and _is_implied(parts[0], name, negated=negated)
    if call[1] == "all":
        return any(requires(part, name, negated=negated) for part in parts)
    return call[1] == "any" and bool(parts) and all(requires(part, name, negated=negated) for part in parts)


def is_test(attribute: Attribute) -> bool:
    """Whether an attribute marks code that no wheel contains: `#[test]`, `#[cfg(test)]`, `#[cfg(debug_assertions)]`."""
    conditions = ("test", "debug_assertions")
    return attribute.name == "test" or any(_is_conditional(attribute, name) for name in conditions)


def needs_gil(attribute: Attribute) -> bool:
    """Whether an attribute leaves out what it marks in a build for free-threaded Python."""
    return _is_conditional(attribute, "Py_GIL_DISABLED", negated=True)


def module_stem(path: str, name: str, attributes: tuple[Attribute, ...]) -> str:
    """Where the code of `mod name;` in a file is: its path without `.rs`, which is also its folder."""
    folder = dirname(path)
    named = next((one.options.get("") for one in attributes if one.path == "path"), None)
    if named:
        return normpath(f"{folder}/{named.strip(chr(34))}").removesuffix(".rs").removesuffix("/mod")
    stem = basename(path).removesuffix(".rs")
    inside = folder if stem in ("lib", "main", "mod") else f"{folder}/{stem}"
    return f"{inside}/{name}".lstrip("/")


def _is_implied(predicate: str, name: str, *, negated: bool) -> bool:
    """Whether the contrary of a predicate requires the name."""
    call = _CALL.fullmatch(predicate)
    if call is None:
        return negated and predicate.strip() == name
    parts = [call[2][start:end] for start, end in split(call[2], 0, len(call[2]))]
    if call[1] == "any":
        return any(_is_implied(part, name, negated=negated) for part in parts)
    if call[1] == "all":
        return bool(parts) and all(_is_implied(part, name, negated=negated) for part in parts)
    return call[1] == "not" and len(parts) == 1 and requires(parts[0], name, negated=negated)


def _is_conditional(attribute: Attribute, name: str, *, negated: bool = False) -> bool:
    if attribute.path != "cfg" or attribute.conditional:
        return False
    return any(
        requires(key if value is None else f"{key} = {value}", name, negated=negated)
        for key, value in attribute.options.items()
    )
