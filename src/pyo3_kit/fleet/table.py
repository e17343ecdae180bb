"""A fleet's report and its plan as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyo3_kit.fleet.model import Report, Row
from pyo3_kit.fleet.outcomes import one_line
from pyo3_kit.fleet.shards import Named, Shard

_WIDEST = 40


def table_lines(report: Report) -> Iterator[str]:
    """A line with the titles, then one per row; the last column is as long as it needs to be."""
    titles = _TITLES[report.operation]
    rows = [_cells(report.operation, row) for row in report.rows]
    widths = [
        min(_WIDEST, max(len(title), *(len(cells[at]) for cells in rows), 0)) if rows else len(title)
        for at, title in enumerate(titles)
    ]
    for cells in ([title.upper() for title in titles], *rows):
        line = "  ".join(_fit(cell, width) for cell, width in zip(cells, widths, strict=True)) + "  "
        reason = cells[-1]
        line = line[: -len(_fit(reason, widths[-1])) - 2] + reason if reason else line
        yield line.rstrip()


_TITLES = {
    "status": ("repository", "state", "version", "behind", "drift", "findings", "pyo3", "advisories", "updated", "why"),
    "update": ("repository", "state", "version", "newest", "files", "commit", "why"),
    "adopt": ("repository", "state", "newest", "files", "commit", "why"),
    "check": ("repository", "state", "pyo3", "findings", "rules", "why"),
}


def _cells(operation: str, row: Row) -> list[str]:
    drift = "" if row.drift is None else str(row.drift.drifted + row.drift.stale + row.drift.missing)
    found = row.findings
    findings = "" if found is None else f"{found.error}/{found.warning}/{found.info}"
    every = {
        "repository": row.name,
        "state": row.state.value,
        "version": row.version or "",
        "newest": row.newest or "",
        "behind": "?" if row.version and row.behind is None else str(row.behind or 0) if row.version else "",
        "drift": drift,
        "findings": findings,
        "pyo3": row.pyo3 or "",
        "advisories": str(len(row.advisories)) if row.pyo3 else "",
        "updated": row.updated or "",
        "files": "" if row.changes is None else str(row.changes),
        "commit": (row.commit or "")[:10],
        "rules": ", ".join(f"{name} {number}" for name, number in (row.rules or {}).items()),
        "why": row.request or row.reason,
    }
    return [one_line(every[title]) for title in _TITLES[operation]]


def _fit(text: str, width: int) -> str:
    return f"{text:<{width}}" if len(text) <= width else f"{text[: width - 1]}…"


def plan_lines(repositories: Sequence[Named], number: int) -> Iterator[str]:
    """The repositories by wave and shard, for `number` shards."""
    for wave in sorted({one.wave for one in repositories}):
        for shard in (Shard(index, number) for index in range(1, number + 1)):
            names = sorted(one.name for one in repositories if one.wave == wave and shard.has(one.name))
            if names:
                yield f"wave {wave}, shard {shard}: {len(names)}"
                yield from (f"  {one_line(name)}" for name in names)
