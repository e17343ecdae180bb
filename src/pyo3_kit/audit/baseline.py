"""A file of the findings that a project starts with, so that only new ones are told.

A finding is known again by its rule, its file and the text of its line, not by the line's number.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pyo3_kit.audit.model import Finding
from pyo3_kit.errors import Refused, from_os_error

_VERSION = 1


def fingerprint(finding: Finding, text: str) -> str:
    """What a finding is known by when the lines around it move."""
    start = text.rfind("\n", 0, finding.span.start) + 1
    line = " ".join(text[start:].partition("\n")[0].split())
    return hashlib.sha256(f"{finding.rule}\n{finding.path}\n{line}".encode()).hexdigest()[:16]


def read_baseline(path: Path) -> Counter[str]:
    """The fingerprints in a file, with how often each may come; `Refused` when it is none."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Refused(f"There is no baseline {path}.", "`--update-baseline` writes it.") from None
    except OSError as error:
        raise from_os_error(error, "reading the baseline") from None
    except ValueError as error:
        raise Refused(f"{path} is no baseline: {error}.", "`--update-baseline` writes it anew.") from None
    findings = data.get("findings") if isinstance(data, dict) and data.get("version") == _VERSION else None
    if not isinstance(findings, dict):
        raise Refused(f"{path} is no baseline of this version.", "`--update-baseline` writes it anew.")
    known: Counter[str] = Counter()
    for rules in findings.values():
        for prints in rules.values():
            known.update(prints)
    return known


def new_findings(
    findings: Iterable[Finding], texts: Mapping[str, str], known: Counter[str]
) -> tuple[list[Finding], int]:
    """The findings that the baseline does not know, and how many of its entries are found no more."""
    left = known.copy()
    new = []
    for finding in findings:
        mark = fingerprint(finding, texts.get(finding.path, ""))
        if left[mark] > 0:
            left[mark] -= 1
        else:
            new.append(finding)
    return new, sum(left.values())


def render_baseline(findings: Sequence[Finding], texts: Mapping[str, str]) -> str:
    """The file for these findings, the same whatever order they come in."""
    made: dict[str, dict[str, list[str]]] = {}
    for finding in findings:
        mark = fingerprint(finding, texts.get(finding.path, ""))
        made.setdefault(finding.path, {}).setdefault(finding.rule, []).append(mark)
    ordered = {path: {rule: sorted(marks) for rule, marks in sorted(made[path].items())} for path in sorted(made)}
    return json.dumps({"version": _VERSION, "findings": ordered}, indent=1) + "\n"
