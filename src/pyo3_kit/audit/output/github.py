"""For GitHub Actions: workflow commands, which become annotations at the lines of a pull request."""

from __future__ import annotations

from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.output import View
from pyo3_kit.system.escaping import workflow_message, workflow_property

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(view: View) -> str:
    """One line for each finding."""
    return "".join(f"{_command(view, finding)}\n" for finding in view.report.findings)


def _command(view: View, finding: Finding) -> str:
    first, last = view.source(finding.path).points(finding.span)
    properties = {"file": view.path(finding.path), "line": str(first.line), "endLine": str(last.line)}
    if first.line == last.line:
        # Columns count only within one line.
        properties |= {"col": str(first.column), "endColumn": str(last.column)}
    properties["title"] = finding.rule
    listed = ",".join(f"{key}={workflow_property(value)}" for key, value in properties.items())
    return f"::{_LEVELS[finding.severity]} {listed}::{workflow_message(f'{finding.message}: {finding.help}')}"
