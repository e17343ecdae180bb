"""For programs: one JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyo3_kit.audit import registry
from pyo3_kit.audit.model import Finding, Fix
from pyo3_kit.audit.output import DOCS, View
from pyo3_kit.system.escaping import SCHEMA_VERSION, json_text
from pyo3_kit.texts.edits import Span

if TYPE_CHECKING:
    from pyo3_kit.audit.output.json_types import CheckOutput, FindingOutput, FixOutput, Range, TextEdit


def render(view: View) -> str:
    """The report as JSON text."""
    report = view.report
    value: CheckOutput = {
        "schema_version": SCHEMA_VERSION,
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
    return json_text(value) + "\n"


def _finding(view: View, finding: Finding) -> FindingOutput:
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
        "fix": _fix(view, finding.path, finding.fix) if finding.fix else None,
    }


def _fix(view: View, path: str, fix: Fix) -> FixOutput:
    # A change of a TOML document is not a list of edits; `--diff` shows it.
    edits: list[TextEdit] = [{**_span(view, path, one.span), "text": one.text} for one in fix.edits]
    return {"safety": fix.safety.value, "note": fix.note, "edits": edits or None}


def _span(view: View, path: str, span: Span) -> Range:
    first, last = view.source(path).points(span)
    return {
        "start": {"line": first.line, "column": first.column},
        "end": {"line": last.line, "column": last.column},
    }
