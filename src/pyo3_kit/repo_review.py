"""A plugin for `repo-review`: one check for each practice that has rules.

The entry points are in pyproject.toml. Needs a project on the disk; of one that is only looked at over the network
nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyo3_kit.audit.practices import practices, rules_of

FAMILY = "pyo3"
_URL = "https://github.com/pyo3-kit/pyo3-kit/blob/main/docs/reference/rules.md"


def pyo3_kit_report(package: Any) -> Mapping[str, list[str]] | None:
    """Fixture: what `pyo3-kit check` finds, as lines by practice; None where there is no PyO3 project to read."""
    if not isinstance(package, Path):
        return None
    from pyo3_kit.audit.engine import CheckRequest, Session
    from pyo3_kit.audit.output import View
    from pyo3_kit.errors import KitError

    try:
        report = Session(CheckRequest(package)).check()
    except KitError:
        return None
    view = View(report, base=package)
    found: dict[str, list[str]] = {}
    for finding in report.findings:
        line = view.source(finding.path).point(finding.span.start).line
        found.setdefault(finding.rule[:5], []).append(
            f"- `{view.path(finding.path)}:{line}` {finding.rule}: {finding.message}"
        )
    return found


class Practice:
    """A check of `repo-review`: whether a project follows one practice."""

    family = FAMILY

    def __init__(self, name: str, record: Mapping[str, Any]) -> None:
        self.name = name
        title = re.sub(r"[^\w -]", "", record["title"].lower()).replace(" ", "-")
        self.url = f"{_URL}#{name.lower()}-{title}"
        self.__doc__ = str(record["title"])

    def check(self, pyo3_kit_report: Mapping[str, list[str]] | None) -> bool | str | None:
        """The findings of the practice's rules; None where there is nothing to check."""
        if pyo3_kit_report is None:
            return None
        return "\n".join(pyo3_kit_report.get(self.name, ()))


def repo_review_checks() -> dict[str, Practice]:
    """The checks by name."""
    return {name: Practice(name, record) for name, record in practices().items() if rules_of(name)}


def repo_review_families() -> dict[str, dict[str, str]]:
    """How the family is shown."""
    return {FAMILY: {"name": "PyO3 practices"}}
