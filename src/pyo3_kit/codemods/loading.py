"""Load and check the migrations of a template's version."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyo3_kit.codemods.model import Migration, Migrations, When
from pyo3_kit.codemods.selection import order
from pyo3_kit.errors import Refused
from pyo3_kit.system.reading import read_text
from pyo3_kit.texts.bounds import load_yaml_documents

FOLDER = "migrations"
METADATA = "migration.yml"
VERSIONS = "catalogue/versions.yml"
KINDS = ("answers", "code")
_WHEN = {"answer", "from", "to", "since", "until"}
_TEXTS = ("id", "kind", "title", "why", "docs")
_STEPS = {
    "rename": {"rename", "to", "where"},
    "remove": {"remove", "where"},
    "map": {"map", "values", "where"},
    "set": {"set", "to", "where"},
}


def load(root: Path) -> Migrations:
    """The migrations in `root`, the folder of the target template version; none if there is no such folder.

    Raises `Refused`, naming the file, if one of them is malformed.
    """
    files = [*sorted((root / FOLDER).glob(f"*/{METADATA}")), root / VERSIONS]
    return _load(tuple((path, path.stat().st_mtime_ns) for path in files if path.is_file()))


@lru_cache(maxsize=8)
def _load(files: tuple[tuple[Path, int], ...]) -> Migrations:
    """What is in these files, each with the time of its last change: an update asks twice, a fleet more often."""
    found = [path for path, _ in files if path.name == METADATA]
    pins = next((_pins(path) for path, _ in files if path.name != METADATA), {})
    return Migrations(tuple(map(_read, found)), pins=pins)


def _pins(path: Path) -> dict[str, dict[str, str]]:
    """The releases of each line in the template's catalogue."""
    (catalogue,) = read_yaml(path)
    return {
        line: {crate: release for crate, release in releases.items() if isinstance(release, str)}
        for line, releases in catalogue["pyo3"].items()
    }


def read_yaml(path: Path) -> list[Any]:
    """All documents of a YAML file; raises `Refused` if it cannot be read."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return load_yaml_documents(read_text(path), loader)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise refusal(path, f"it cannot be read: {error}") from None


def refusal(path: Path, reason: str) -> Refused:
    """The error for a malformed file of a migration."""
    shown = "/".join(path.parts[-3:])
    return Refused(
        f"The template's {shown} is malformed: {reason}.",
        "Upgrade pyo3-kit. If it is the newest version, please report this to the template's maintainers.",
    )


def _read(path: Path) -> Migration:
    documents = read_yaml(path)
    if len(documents) != 1 or not isinstance(documents[0], dict):
        raise refusal(path, "it is not a mapping")
    data = documents[0]
    for name in _TEXTS:
        if not isinstance(data.get(name), str) or not data[name].strip():
            raise refusal(path, f"`{name}` must be a string")
    if data["id"] != path.parent.name:
        raise refusal(path, f"`id` is {data['id']}, which is not the folder's name")
    if data["kind"] not in KINDS:
        raise refusal(path, f"`kind` must be {' or '.join(KINDS)}")
    lists = {"answers": ("steps",), "code": ("files", "mentions", "macros", "last", "beside", "requires")}[data["kind"]]
    unknown = data.keys() - {*_TEXTS, "safe", "when", *lists}
    if unknown:
        raise refusal(path, f"unknown key `{min(map(str, unknown))}`")
    return Migration(
        **{name: " ".join(data[name].split()) for name in _TEXTS},
        safe=_flag(path, data, "safe", default=None),
        when=_when(path, data["kind"], data.get("when")),
        folder=path.parent,
        files=_texts(path, data, "files"),
        mentions=_texts(path, data, "mentions"),
        macros=_macros(path, data),
        steps=_steps(path, data.get("steps", [])),
        last=_flag(path, data, "last", default=False),
        beside=_pair(path, data, "beside", ("file", "holds")),
        requires=_pair(path, data, "requires", ("dependency", "line")),
    )


def _pair(path: Path, data: dict[str, Any], name: str, keys: tuple[str, str]) -> dict[str, str] | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, dict) or value.keys() != set(keys):
        raise refusal(path, f"`{name}` must contain `{keys[0]}` and `{keys[1]}`")
    return {key: str(text) for key, text in value.items()}


def _when(path: Path, kind: str, when: Any) -> When:
    if not isinstance(when, dict) or "to" not in when or not when.keys() <= _WHEN:
        raise refusal(
            path, "`when` must contain `to`, and a valid combination of `answer`, `from`, `since` and `until`"
        )
    answer = when.get("answer")
    if answer is None:
        if order(when["to"]) is None:
            raise refusal(path, f"`to` in `when` is {when['to']!r}, which is not a version")
    elif kind == "answers":
        raise refusal(path, "a migration of answers cannot depend on an answer")
    elif not isinstance(answer, str) or "from" not in when:
        raise refusal(path, "`when` has an `answer` without `from`")
    for name in ("since", "until"):
        if name in when and (answer is None or order(when[name]) is None):
            raise refusal(path, f"`{name}` in `when` must be a version of the answer")
    return When(answer, when.get("from"), when["to"], when.get("since"), when.get("until"))


def _flag(path: Path, data: dict[str, Any], name: str, *, default: bool | None) -> bool:
    value = data.get(name, default)
    if not isinstance(value, bool):
        raise refusal(path, f"`{name}` must be true or false")
    return value


def _texts(path: Path, data: dict[str, Any], name: str) -> tuple[str, ...]:
    value = data.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise refusal(path, f"`{name}` must be a list of strings")
    return tuple(value)


def _macros(path: Path, data: dict[str, Any]) -> tuple[str, ...]:
    lines = _texts(path, data, "macros")
    for line in lines:
        for word in line.split():
            try:
                re.compile(word.removeprefix("-"))
            except re.error as error:
                raise refusal(path, f"`{word}` in `macros` is not a valid regular expression: {error}") from None
    return lines


def _steps(path: Path, steps: Any) -> tuple[dict[str, Any], ...]:
    if not isinstance(steps, list):
        raise refusal(path, "`steps` must be a list")
    for step in steps:
        verbs = [verb for verb in _STEPS if isinstance(step, dict) and isinstance(step.get(verb), str)]
        if len(verbs) != 1 or not step.keys() <= _STEPS[verbs[0]] or not _STEPS[verbs[0]] - {"where"} <= step.keys():
            raise refusal(path, f"{step!r} is not a valid step ({', '.join(_STEPS)})")
        if not isinstance(step.get("where", {}), dict):
            raise refusal(path, f"`where` of {step!r} must be a mapping of answers")
        if "values" in step and not all(isinstance(pair, list) and len(pair) == 2 for pair in step["values"]):
            raise refusal(path, f"`values` of {step!r} must be pairs of an old and a new answer")
        if "rename" in step and not isinstance(step["to"], str):
            raise refusal(path, f"{step!r} renames to an invalid name")
    return tuple(steps)
