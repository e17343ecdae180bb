"""For programs: one JSON object."""

from __future__ import annotations

import json
from typing import Any

from pyo3_kit.audit import registry
from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.output import DOCS, View
from pyo3_kit.texts.edits import Span


def render(view: View) -> str:
    """The report as JSON text."""
    report = view.report
    value = {
        "version": 1,
        "root": report.root.as_posix(),
        "rules": list(report.rules),
        "files": report.rust_files,
        "findings": [_finding(view, finding) for finding in report.findings],
        "notices": [
            {"path": view.path(one.path) if one.path else None, "line": one.line, "text": one.text}
            for one in report.notices
        ],
        "suppressed": report.suppressed,
        "in_baseline": report.known,
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _finding(view: View, finding: Finding) -> dict[str, Any]:
    fix = finding.fix
    return {
        "rule": finding.rule,
        "title": registry.rule(finding.rule).title,
        "practice": registry.rule(finding.rule).practice,
        "severity": finding.severity.value,
        "confidence": finding.confidence.value,
        "path": view.path(finding.path),
        **_span(view, finding.path, finding.span),
        "message": finding.message,
        "help": finding.help,
        "url": f"{DOCS}/{finding.rule}.md",
        "fix": fix
        and {
            "safety": fix.safety.value,
            "note": fix.note,
            # A change of a TOML document is not a list of edits; `--diff` shows it.
            "edits": [{**_span(view, finding.path, one.span), "text": one.text} for one in fix.edits] or None,
        },
    }


def _span(view: View, path: str, span: Span) -> dict[str, Any]:
    first, last = view.source(path).points(span)
    return {
        "start": {"line": first.line, "column": first.column},
        "end": {"line": last.line, "column": last.column},
    }
