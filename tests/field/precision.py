"""What the rules find in the published projects, and how much of it is right.

`hits.toml` counts the hits by rule and project; `judged.toml` has those that were judged by reading the code: strictly
in the projects that were drawn for it (`drawn` in `projects.toml`), in the others only as right or wrong. Both are
read here; `scripts/build_precision.py` writes the first and the docs page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pyo3_kit.audit.engine import CheckRequest, Session
from pyo3_kit.errors import Refused
from pyo3_kit.texts.toml import parse_toml
from tests.field.support import HERE, published

COUNTS = HERE / "hits.toml"
JUDGED = HERE / "judged.toml"
LEAST = 0.9
"""The share of hits that are right, among those that were not judged strictly, of a rule that is on by default."""
STRICT = 0.95
"""The share of hits that are right and easy to change, in the drawn projects, of a rule that is on by default."""
BLIND = 3
"""The draw that was judged before any rule was changed because of it."""


@dataclass(frozen=True)
class Judged:
    """One hit that was judged. `place` is a path and the line that it starts on."""

    project: str
    place: str
    right: bool
    why: str
    worth: bool | None = None
    """Whether a maintainer would change the code for it; None if it was not judged strictly."""
    fixed: bool = False
    """Whether the rule no longer reports it, because it was changed after the blind draw."""


def hits(root: Path) -> list[tuple[str, str]]:
    """What all rules find in a project, those that are off too: rule and place, in order."""
    try:
        session = Session(CheckRequest(root, select=("ALL",), use_baseline=False))
    except Refused:
        return []
    # Cargo's configuration of whoever runs this is no part of the project.
    session.outer = ()
    try:
        report = session.check()
    except Refused:
        # On the C interface alone.
        return []
    return [
        (one.rule, f"{one.path}:{report.texts[one.path].count(chr(10), 0, one.span.start) + 1}")
        for one in report.findings
    ]


def counts() -> dict[str, dict[str, int]]:
    """The hits by rule and project, as they were counted."""
    return dict(parse_toml(COUNTS.read_text(encoding="utf-8")))


def counted(found: Mapping[str, list[tuple[str, str]]]) -> dict[str, dict[str, int]]:
    """The same from what was found in each project."""
    by_rule: dict[str, dict[str, int]] = {}
    for project, listed in found.items():
        for rule, number in Counter(rule for rule, _ in listed).items():
            by_rule.setdefault(rule, {})[project] = number
    return {rule: dict(sorted(by_rule[rule].items())) for rule in sorted(by_rule)}


def written(numbers: Mapping[str, Mapping[str, int]]) -> str:
    """The text of `hits.toml`."""
    lines = ["# Hits by rule and project. Written by `python scripts/build_precision.py --count`."]
    for rule, projects in numbers.items():
        lines += ["", f"[{rule}]", *(f'"{project}" = {number}' for project, number in projects.items())]
    return "\n".join(lines) + "\n"


def judged() -> dict[str, list[Judged]]:
    """The judged hits by rule."""
    data = parse_toml(JUDGED.read_text(encoding="utf-8"))
    return {rule: [Judged(**one) for one in entry["hits"]] for rule, entry in data.items()}


def strictly(listed: list[Judged]) -> list[Judged]:
    """Those that were judged strictly."""
    return [one for one in listed if one.worth is not None]


def blindly(listed: list[Judged]) -> list[Judged]:
    """Those of the blind draw, also those that are no longer reported."""
    drawn = {str(one) for one in published() if one.drawn == BLIND}
    return [one for one in listed if one.project in drawn]


def afterwards(listed: list[Judged]) -> list[Judged]:
    """Those of the first two draws, which the rules were improved with."""
    drawn = {str(one) for one in published() if 0 < one.drawn < BLIND}
    return [one for one in listed if one.project in drawn]


def reported(listed: list[Judged]) -> list[Judged]:
    """Those that the rules still report."""
    return [one for one in listed if not one.fixed]


def leniently(listed: list[Judged]) -> list[Judged]:
    """Those that were judged as right or wrong only."""
    return [one for one in listed if one.worth is None]


def precision(listed: list[Judged]) -> float:
    """The share of those that are right and, if that was judged, worth a change; 1 if there are none."""
    return sum(one.right and one.worth is not False for one in listed) / len(listed) if listed else 1.0


def correct(listed: list[Judged]) -> float:
    """The share of those that are right, whether or not the time matters where they are; 1 if there are none."""
    return sum(one.right for one in listed) / len(listed) if listed else 1.0
