"""A rule's explanation: its docstring, cut into the sections that `explain` and the docs page show."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass

from pyo3_kit.audit.rule import Rule
from pyo3_kit.system.docstrings import docstring_of

SECTIONS = ("What it does", "Why", "Example", "Use instead", "When not", "Off by default", "Fix")
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Explanation:
    """What a rule says about itself; `sections` by heading, in the order of `SECTIONS`."""

    rule: Rule
    summary: str
    sections: dict[str, str]

    def markdown(self, *, level: int = 1) -> str:
        """The whole, with headings from this level on."""
        rule, mark = self.rule, "#" * level
        lines = [f"{mark} {rule.id}: {rule.title}", "", self.summary, "", *self._facts()]
        for heading, text in self.sections.items():
            lines += ["", f"{mark}# {heading}", "", text]
        return "\n".join(lines) + "\n"

    def _facts(self) -> list[str]:
        rule = self.rule
        fix = {None: "none", "safe": "safe", "unsafe": "unsafe"}[rule.fix and rule.fix.value]
        lines = [
            f"- Practice: {rule.practice}",
            f"- Severity: {rule.severity.value}, confidence: {rule.confidence.value}",
            f"- PyO3: {versions(rule)}",
            f"- Fix: {fix}",
        ]
        if not rule.default_on:
            lines.append(f"- Off by default: `--select {rule.id}` runs it")
        return lines


def explain(rule: Rule) -> Explanation:
    """Cut up a rule's docstring; `ValueError` when a section is missing, unknown or out of order."""
    text = inspect.cleandoc(docstring_of(type(rule)))
    parts = _HEADING.split(text)
    summary, found = parts[0].strip(), dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))
    needless = {"Off by default"} if rule.default_on else set()
    if rule.fix is None:
        needless.add("Fix")
    expected = [one for one in SECTIONS if one not in needless]
    if list(found) != expected:
        raise ValueError(f"{rule.id} has the sections {', '.join(found)}; expected are {', '.join(expected)}")
    return Explanation(rule, " ".join(summary.split()), found)


def versions(rule: Rule) -> str:
    """The PyO3 versions that a rule is about, in words."""
    since = ".".join(map(str, rule.since)) if any(rule.since) else ""
    until = ".".join(map(str, rule.until)) if rule.until else ""
    if since and until:
        return f"from {since} to before {until}"
    return f"from {since} on" if since else f"before {until}" if until else "all versions"
