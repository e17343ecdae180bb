"""The migrations that a template's version carries, read from its folder and checked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pyo3_kit.codemods.model import Migration, Migrations, When
from pyo3_kit.codemods.selection import order
from pyo3_kit.errors import Refused
from pyo3_kit.system.reading import read_text
from pyo3_kit.texts.bounds import load_yaml_documents

FOLDER = "migrations"
METADATA = "migration.yml"
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
    """The migrations below `root`, the folder of the template version that a project moves to; none without a folder.

    `Refused`, naming the file, when one of them is malformed.
    """
    found = sorted((root / FOLDER).glob(f"*/{METADATA}"))
    return Migrations(tuple(_read(path) for path in found))


def read_yaml(path: Path) -> list[Any]:
    """All documents of a YAML file; `Refused` when it cannot be read."""
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
        "Use a newer pyo3-kit; with the newest, tell the template's maintainers.",
    )


def _read(path: Path) -> Migration:
    documents = read_yaml(path)
    if len(documents) != 1 or not isinstance(documents[0], dict):
        raise refusal(path, "it is no mapping")
    data = documents[0]
    for name in _TEXTS:
        if not isinstance(data.get(name), str) or not data[name].strip():
            raise refusal(path, f"`{name}` has to be text")
    if data["id"] != path.parent.name:
        raise refusal(path, f"`id` is {data['id']}, the folder's name is not")
    if data["kind"] not in KINDS:
        raise refusal(path, f"`kind` is neither of {' and '.join(KINDS)}")
    lists = {"answers": ("steps",), "code": ("files", "mentions", "macros", "last", "beside")}[data["kind"]]
    unknown = data.keys() - {*_TEXTS, "safe", "when", *lists}
    if unknown:
        raise refusal(path, f"it knows no `{min(map(str, unknown))}`")
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
        beside=_beside(path, data.get("beside")),
    )


def _beside(path: Path, beside: Any) -> dict[str, str] | None:
    if beside is None:
        return None
    if not isinstance(beside, dict) or beside.keys() != {"file", "holds"}:
        raise refusal(path, "`beside` has to hold `file` and `holds`")
    return {name: str(value) for name, value in beside.items()}


def _when(path: Path, kind: str, when: Any) -> When:
    if not isinstance(when, dict) or "to" not in when or not when.keys() <= _WHEN:
        raise refusal(path, "`when` has to hold `to`, and of `answer`, `from`, `since` and `until` what it needs")
    answer = when.get("answer")
    if answer is None:
        if order(when["to"]) is None:
            raise refusal(path, f"`when` goes to {when['to']!r}, which is no version")
    elif kind == "answers":
        raise refusal(path, "answers change with the template's version, not with an answer")
    elif not isinstance(answer, str) or "from" not in when:
        raise refusal(path, "`when` names an answer without saying what it changes `from`")
    for name in ("since", "until"):
        if name in when and (answer is None or order(when[name]) is None):
            raise refusal(path, f"`{name}` of `when` has to be a version of the answer")
    return When(answer, when.get("from"), when["to"], when.get("since"), when.get("until"))


def _flag(path: Path, data: dict[str, Any], name: str, *, default: bool | None) -> bool:
    value = data.get(name, default)
    if not isinstance(value, bool):
        raise refusal(path, f"`{name}` has to be true or false")
    return value


def _texts(path: Path, data: dict[str, Any], name: str) -> tuple[str, ...]:
    value = data.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise refusal(path, f"`{name}` has to be a list of texts")
    return tuple(value)


def _macros(path: Path, data: dict[str, Any]) -> tuple[str, ...]:
    lines = _texts(path, data, "macros")
    for line in lines:
        for word in line.split():
            try:
                re.compile(word.removeprefix("-"))
            except re.error as error:
                raise refusal(path, f"`{word}` in `macros` is no regular expression: {error}") from None
    return lines


def _steps(path: Path, steps: Any) -> tuple[dict[str, Any], ...]:
    if not isinstance(steps, list):
        raise refusal(path, "`steps` has to be a list")
    for step in steps:
        verbs = [verb for verb in _STEPS if isinstance(step, dict) and isinstance(step.get(verb), str)]
        if len(verbs) != 1 or not step.keys() <= _STEPS[verbs[0]] or not _STEPS[verbs[0]] - {"where"} <= step.keys():
            raise refusal(path, f"{step!r} is none of the steps that there are ({', '.join(_STEPS)})")
        if not isinstance(step.get("where", {}), dict):
            raise refusal(path, f"`where` of {step!r} is no mapping of answers")
        if "values" in step and not all(isinstance(pair, list) and len(pair) == 2 for pair in step["values"]):
            raise refusal(path, f"`values` of {step!r} are no pairs of an old and a new answer")
        if "rename" in step and not isinstance(step["to"], str):
            raise refusal(path, f"{step!r} renames to something that is no name")
    return tuple(steps)
