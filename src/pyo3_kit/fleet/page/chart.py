"""The chart of the page: the number of repositories per template version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pyo3_kit.fleet.model import Row
from pyo3_kit.fleet.page.columns import version_key

_BAR = 28
_WIDTH = 100
"""In percent of the chart's width next to the labels."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One version: its number of repositories, and the length and position of its bar."""

    version: str
    count: int
    newest: bool
    width: float
    top: int


@dataclass(frozen=True, slots=True)
class Group:
    """The versions of one template, the newest first."""

    template: str
    bars: tuple[Bar, ...]

    @property
    def height(self) -> int:
        """The height of the bars."""
        return _BAR * len(self.bars)


def groups(rows: Sequence[Row]) -> list[Group]:
    """One group per template, the most used first; all bars have the same scale."""
    counted: dict[str, Counter[str]] = {}
    newest: dict[str, set[str]] = {}
    for row in rows:
        if row.template is not None and row.version is not None:
            counted.setdefault(row.template, Counter())[row.version] += 1
            newest.setdefault(row.template, set()).add(row.newest or "")
    most = max((count for versions in counted.values() for count in versions.values()), default=1)
    made = []
    for template, versions in sorted(counted.items(), key=lambda item: (-item[1].total(), item[0])):
        ordered = sorted(versions, key=version_key, reverse=True)
        made.append(
            Group(
                template,
                tuple(
                    Bar(
                        version,
                        versions[version],
                        version in newest[template],
                        _WIDTH * versions[version] / most,
                        _BAR * place,
                    )
                    for place, version in enumerate(ordered)
                ),
            )
        )
    return made
