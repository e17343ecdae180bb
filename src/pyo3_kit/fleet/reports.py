"""Reads the rows and reports that a run printed as JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from reprlib import repr as shortened
from typing import Any

from pyo3_kit.errors import Refused
from pyo3_kit.fleet.model import FORMAT, Drift, Findings, Operation, Report, Row, State
from pyo3_kit.fleet.shards import parse_shard


def row_from_object(value: Mapping[str, Any]) -> Row:
    """A row from its JSON object; unknown keys are ignored. Raises e.g. `ValueError` for an invalid object."""
    known = {one.name: value[one.name] for one in fields(Row) if one.name in value}
    for name, one in known.items():
        if name in _OF_A_ROW and not _OF_A_ROW[name](one):
            raise TypeError(f"`{name}` of a row is {shortened(one)}")
    for name, kind in (("drift", Drift), ("findings", Findings)):
        if known.get(name) is not None:
            known[name] = kind(**known[name])
    for name in ("advisories", "conflicts", "warnings"):
        known[name] = tuple(known.get(name) or ())
    return Row(**{**known, "state": State(value["state"])})


def report_from_object(value: Any, where: str) -> Report:
    """A report from its JSON object; raises `Refused`, naming `where` it was found, for anything else."""
    try:
        if value["format"] != FORMAT:
            raise Refused(f"{where} is a report in another format ({shortened(value['format'])}).", "Create it again.")
        for name, fits in _OF_A_REPORT.items():
            if not fits(value[name]):
                raise TypeError(f"`{name}` is {shortened(value[name])}")
        return Report(
            operation=Operation(value["operation"]).value,
            fleet=value["fleet"],
            rows=tuple(row_from_object(row) for row in value["rows"]),
            stopped=value["stopped"],
            tool=value["tool"],
            made=value["made"],
            shard=value["shard"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refused(f"{where} is not a fleet report: {error}.", "Pass files printed by `--json`.") from error


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _texts(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(map(_text, value))


def _numbers(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_text, value)) and all(map(_number, value.values()))


def _part(value: Any) -> bool:
    try:
        parse_shard(value)
    except (TypeError, Refused):
        return False
    return True


def _or_none(kind: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or kind(value)


_text_or_none = _or_none(_text)
_OF_A_REPORT: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("fleet", "tool", "made"), _text),
    "shard": _or_none(_part),
    "stopped": _text_or_none,
}
_OF_A_ROW: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("name", "source", "reason", "hint"), _text),
    **dict.fromkeys(("template", "version", "newest", "pyo3", "updated", "branch", "commit", "request"), _text_or_none),
    **dict.fromkeys(("advisories", "conflicts", "warnings"), _or_none(_texts)),
    **dict.fromkeys(("drift", "findings", "rules"), _or_none(_numbers)),
    **dict.fromkeys(("behind", "changes"), _or_none(_number)),
    "wave": _number,
    **dict.fromkeys(("pushed", "verified"), lambda value: isinstance(value, bool)),
    "seconds": lambda value: _number(value) or isinstance(value, float),
}
