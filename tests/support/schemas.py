"""The published schemas: every JSON object that a test gets from a command has to be as its schema says."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jsonschema import Draft7Validator

from tests.support.template import ROOT

FOLDER = ROOT / "docs" / "schemas"
_NOT_REPORTS = {"plan": "output-fleet-plan"}


@cache
def schema(name: str) -> dict[str, Any]:
    """The schema of this name."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    return loaded


@cache
def _validator(name: str) -> Draft7Validator:
    return Draft7Validator(schema(name))


def schema_name(arguments: Sequence[str], value: Mapping[str, Any]) -> str:
    """The name of the schema for what a command with these arguments printed."""
    if "error" in value and "exit_code" in value:
        return "output-failure"
    command, *rest = arguments
    settles = "--continue" in rest or "--abort" in rest
    if command == "fleet":
        return _NOT_REPORTS.get(rest[0], "output-fleet")
    if command == "overlay":
        return "output-overlay-list" if rest[0] == "list" else "output-update"
    if command == "presets" and "presets" not in value:
        return "output-preset"
    if settles:
        return "output-update-settled" if command == "update" else "output-settled"
    return f"output-{command}"


def check_output(arguments: Sequence[str], value: Mapping[str, Any]) -> None:
    """Fail if the object is not as the schema of the command says."""
    name = schema_name(arguments, value)
    errors = [f"{error.json_path}: {error.message}" for error in _validator(name).iter_errors(value)]
    assert not errors, f"The output of `pyo3-kit {' '.join(arguments)}` differs from {name}.schema.json: {errors}"
