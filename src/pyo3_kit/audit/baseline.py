"""A file of a project's existing findings, so that only new ones are reported.

A finding is known again by its rule, its file and the text of its line, not by the line's number.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from pyo3_kit.audit.model import Finding
from pyo3_kit.errors import Refused, from_os_error

_VERSION = 1

Entries: TypeAlias = Mapping[str, Mapping[str, Sequence[str]]]
"""The fingerprints of a baseline, by path and rule; each is listed as often as it may occur."""

_ANEW = "`--update-baseline`, for all of the project and without `--select` and `--ignore`, writes it anew."


def fingerprint(finding: Finding, text: str) -> str:
    """What a finding is known by when the lines around it move."""
    start = text.rfind("\n", 0, finding.span.start) + 1
    line = " ".join(text[start:].partition("\n")[0].split())
    return hashlib.sha256(f"{finding.rule}\n{finding.path}\n{line}".encode()).hexdigest()[:16]


def read_baseline(path: Path) -> Entries:
    """The entries of a file; `Refused` when it is none."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refused(f"There is no baseline {path}.", "`--update-baseline` writes it.") from None
    except OSError as error:
        raise from_os_error(error, "reading the baseline") from None
    except (ValueError, RecursionError) as error:
        raise Refused(f"{path} is not a baseline: {error}.", _ANEW) from None
    findings = data.get("findings") if isinstance(data, dict) and data.get("version") == _VERSION else None
    if not isinstance(findings, dict):
        raise Refused(f"{path} is not a baseline of this version.", _ANEW)
    if not all(isinstance(rules, dict) and all(map(_are_marks, rules.values())) for rules in findings.values()):
        raise Refused(f"{path} is not a baseline: it has no lists of fingerprints by file and rule.", _ANEW)
    return findings


def split(entries: Entries, holds: Callable[[str], bool], ran: Container[str]) -> tuple[Entries, Entries]:
    """The entries that a run over some files with some rules is about, and the others."""
    about = {
        path: {rule: marks for rule, marks in rules.items() if rule in ran}
        for path, rules in entries.items()
        if holds(path)
    }
    others = {
        path: {rule: marks for rule, marks in rules.items() if rule not in about.get(path, {})}
        for path, rules in entries.items()
    }
    return about, others


def new_findings(findings: Iterable[Finding], texts: Mapping[str, str], known: Entries) -> tuple[list[Finding], int]:
    """The findings that are not in the baseline, and the number of its entries without a finding."""
    left = Counter(mark for rules in known.values() for marks in rules.values() for mark in marks)
    new = []
    for finding in findings:
        mark = fingerprint(finding, texts.get(finding.path, ""))
        if left[mark] > 0:
            left[mark] -= 1
        else:
            new.append(finding)
    return new, sum(left.values())


def render_baseline(findings: Sequence[Finding], texts: Mapping[str, str], others: Entries | None = None) -> str:
    """The file for these findings and the entries of `others`, the same whatever order they come in."""
    made: dict[str, dict[str, list[str]]] = {
        path: {rule: list(marks) for rule, marks in rules.items()} for path, rules in (others or {}).items() if rules
    }
    for finding in findings:
        mark = fingerprint(finding, texts.get(finding.path, ""))
        made.setdefault(finding.path, {}).setdefault(finding.rule, []).append(mark)
    ordered = {path: {rule: sorted(marks) for rule, marks in sorted(made[path].items())} for path in sorted(made)}
    return json.dumps({"version": _VERSION, "findings": ordered}, indent=1) + "\n"


def _are_marks(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(mark, str) for mark in value)
