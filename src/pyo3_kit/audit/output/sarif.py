"""SARIF 2.1.0, as GitHub's code scanning and editors read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pyo3_kit.audit import registry
from pyo3_kit.audit.baseline import fingerprint
from pyo3_kit.audit.model import Confidence, Finding, Notice, Severity
from pyo3_kit.audit.output import DOCS, View
from pyo3_kit.audit.texts import explain
from pyo3_kit.texts.edits import Span

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PRECISION = {Confidence.HIGH: "very-high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}
_BASE = "SRCROOT"


def render(view: View, version: str) -> str:
    """The report as SARIF text; `version` is ours."""
    report = view.report
    numbers = {name: number for number, name in enumerate(report.rules)}
    run = {
        "tool": {
            "driver": {
                "name": "pyo3-kit",
                "version": version,
                "semanticVersion": version,
                "informationUri": "https://github.com/pyo3-kit/pyo3-kit",
                "rules": [_rule(name) for name in report.rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"uri": f"file://{quote(view.base.as_posix().rstrip('/'))}/"}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [_notification(view, one) for one in report.notices],
            }
        ],
        "results": [_result(view, finding, numbers) for finding in report.findings],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(name: str) -> dict[str, Any]:
    rule = registry.rule(name)
    explanation = explain(rule)
    return {
        "id": name,
        "name": name,
        "shortDescription": {"text": explanation.summary},
        "fullDescription": {"text": " ".join(explanation.sections["Why"].split())},
        "help": {"text": explanation.markdown(), "markdown": explanation.markdown()},
        "helpUri": f"{DOCS}/{name}.md",
        "defaultConfiguration": {"level": _LEVELS[rule.severity], "enabled": rule.default_on},
        "properties": {"precision": _PRECISION[rule.confidence], "tags": [rule.practice]},
    }


def _result(view: View, finding: Finding, numbers: Mapping[str, int]) -> dict[str, Any]:
    text = view.report.texts.get(finding.path, "")
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}: {finding.help}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(view, finding.path),
                    "region": _region(view, finding.path, finding.span),
                }
            }
        ],
        "partialFingerprints": {"line/v1": fingerprint(finding, text)},
    }
    if finding.fix and finding.fix.edits:
        replacements = [
            {"deletedRegion": _region(view, finding.path, edit.span), "insertedContent": {"text": edit.text}}
            for edit in finding.fix.edits
        ]
        change = {"artifactLocation": _artifact(view, finding.path), "replacements": replacements}
        described = finding.fix.note or finding.help
        result["fixes"] = [{"description": {"text": described}, "artifactChanges": [change]}]
    return result


def _notification(view: View, notice: Notice) -> dict[str, Any]:
    made: dict[str, Any] = {"level": "note", "message": {"text": notice.text}}
    if notice.path:
        place: dict[str, Any] = {"artifactLocation": _artifact(view, notice.path)}
        if notice.line:
            place["region"] = {"startLine": notice.line}
        made["locations"] = [{"physicalLocation": place}]
    return made


def _artifact(view: View, path: str) -> dict[str, str]:
    shown = view.path(path)
    if shown.startswith("/") or ":" in shown[:3]:
        return {"uri": "file:///" + quote(shown.lstrip("/"), safe="/:")}
    return {"uri": quote(shown), "uriBaseId": _BASE}


def _region(view: View, path: str, span: Span) -> dict[str, int]:
    first, last = view.source(path).points(span)
    return {
        "startLine": first.line,
        "startColumn": first.column,
        "endLine": last.line,
        "endColumn": last.column,
    }
