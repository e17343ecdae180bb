"""Combine the reports of several shards, listing missing ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.fleet.model import Report, Row
from pyo3_kit.fleet.reports import report_from_object
from pyo3_kit.fleet.shards import Shard, parse_shard, shards_of
from pyo3_kit.system.reading import RECORD, read_text
from pyo3_kit.texts.bounds import load_json

_NAMED = 8
"""The maximum number of missing shards to list by name."""


def read_plan(file: Path) -> list[Shard]:
    """The shards in the output of `fleet plan --json`; `Refused` for any other file."""
    return shards_of(_read_json(file), str(file))


def read_report(file: Path) -> Report:
    """A report that `--json` printed; `Refused` for any other file."""
    return report_from_object(_read_json(file), str(file))


def _read_json(file: Path) -> Any:
    try:
        return load_json(read_text(file, RECORD, pipes=True))
    except OSError as error:
        raise from_os_error(error, f"reading {file}") from error
    except (ValueError, RecursionError) as error:
        raise Refused(f"{file} is not valid JSON: {error}.", "Pass files printed by `--json`.") from error


def merged(reports: Sequence[Report], planned: Sequence[Shard] | None = None) -> Report:
    """Combine the reports of several shards; raises `Refused` if they do not belong together.

    `planned` are the shards that have repositories; without it, all shards are expected. Missing reports are listed in
    `stopped`, so that the rest is not mistaken for the whole.
    """
    first = reports[0]
    for other in reports[1:]:
        if (other.operation, other.fleet) != (first.operation, first.fleet):
            raise Refused(
                f"A report of `fleet {other.operation}` ({other.fleet!r}) cannot be combined with one of "
                f"`fleet {first.operation}` ({first.fleet!r}).",
                "Pass the reports of a single run's shards.",
            )
    missing = _missing(reports, planned)
    rows: dict[str, Row] = {}
    for row in (row for report in reports for row in report.rows):
        if row.name in rows:
            raise Refused(f"{row.name!r} is in two reports.", "Pass each shard's report once.")
        rows[row.name] = row
    why = list(dict.fromkeys(report.stopped for report in reports if report.stopped))
    if missing:
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        why.append(f"missing reports of shards: {', '.join(map(str, missing[:_NAMED]))}{more}")
    ordered = tuple(rows[name] for name in sorted(rows))
    made = max(one.made for one in reports)
    return Report(first.operation, first.fleet, ordered, "; ".join(why) or None, first.tool, made, None)


def _missing(reports: Sequence[Report], planned: Sequence[Shard] | None) -> list[Shard]:
    """The shards without a report."""
    there = [parse_shard(report.shard) for report in reports if report.shard is not None]
    if not there:
        return []
    cuts = {shard.of for shard in (*there, *(planned or ()))}
    if len(cuts) > 1 or len(there) < len(reports):
        raise Refused(
            "The reports are from different splits of the fleet.", "Pass the reports of a single run's shards."
        )
    known = set(there)
    wanted = [Shard(number, cut) for cut in cuts for number in range(1, cut + 1)] if planned is None else planned
    return [shard for shard in wanted if shard not in known]
