"""The registry of rules: the modules of `pyo3_kit.audit.rules`. Nothing is listed by hand."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pyo3_kit.audit.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping

RULES = Path(__file__).parent / "rules"
ID = re.compile(r"PYO\d{3}\Z")
_MODULE = re.compile(r"(pyo\d{3})_\w+\Z")


@cache
def rule_modules() -> Mapping[str, str]:
    """The name of each rule's module, e.g. `pyo081_frozen_class`, by the rule's id, in order; imports none of them."""
    found = [match for path in RULES.iterdir() if (match := _MODULE.match(path.stem))]
    return {match[1].upper(): match[0] for match in sorted(found, key=lambda match: match[0])}


def rule_ids() -> tuple[str, ...]:
    """Every rule's id, in order."""
    return tuple(rule_modules())


@cache
def rule(name: str) -> Rule:
    """The rule of that id; `KeyError` when there is none."""
    made = getattr(import_module(f"pyo3_kit.audit.rules.{rule_modules()[name]}"), name)()
    assert isinstance(made, Rule)
    return made


@cache
def rules() -> Mapping[str, Rule]:
    """All rules by id, in order."""
    return MappingProxyType({name: rule(name) for name in rule_ids()})
