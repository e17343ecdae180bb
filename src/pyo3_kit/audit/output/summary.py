"""How many findings there are: by rule, and in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from pyo3_kit.audit import registry
from pyo3_kit.audit.engine import Fixes, Report
from pyo3_kit.audit.fixing import applicable
from pyo3_kit.audit.model import Safety, Severity
from pyo3_kit.audit.output import View
from pyo3_kit.system.escaping import line

MANY = 20
"""Findings from which the summary says where most of them are."""

_SHOWN = 5


def statistics(report: Report) -> str:
    """The number of findings of each rule, one line per rule."""
    numbers = Counter(finding.rule for finding in report.findings)
    width = max((len(str(number)) for number in numbers.values()), default=0)
    safeties = {finding.rule: finding.fix.safety for finding in report.findings if finding.fix}
    marks = {rule: "[*]" if safety is Safety.SAFE else "[**]" for rule, safety in safeties.items()}
    return "".join(
        f"{number:>{width}}  {rule}  {marks.get(rule, ''):<4} {registry.rule(rule).title}\n"
        for rule, number in sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    )


def summary_lines(view: View, fixes: Fixes, *, unsafe: bool) -> Iterator[str]:
    """How much was fixed and found, then what can be fixed; `unsafe` when unsafe fixes were applied, too.

    Of many findings also which rules and files have most of them, and how to go about it.
    """
    report = view.report
    yield " ".join(_totals(report, fixes))
    many = len(report.findings) >= MANY
    if many:
        safe_rules = {one.rule for one in report.findings if applicable(one, unsafe=False)}
        rules = Counter(one.rule for one in report.findings)
        yield f"By rule: {_most(rules, 'rule', {rule: f'{rule} [*]' for rule in safe_rules})}."
        files = Counter(view.path(one.path) for one in report.findings)
        yield f"By file: {_most(files, 'file', {path: line(path) for path in files})}."
    safe = sum(applicable(finding, unsafe=False) for finding in report.findings)
    risky = sum(applicable(finding, unsafe=True) for finding in report.findings) - safe
    if safe and not fixes.fixed:
        yield f"[*] {safe} fixable with `--fix`."
    if risky and not unsafe:
        yield f"[**] {risky} {'more ' if safe else ''}fixable with `--fix --unsafe-fixes`; each says what it changes."
    if many:
        yield _next_step(report)


def _totals(report: Report, fixes: Fixes) -> Iterator[str]:
    if fixes.fixed:
        yield f"Fixed {_count(len(fixes.fixed), 'finding')}."
    numbers = Counter(finding.severity for finding in report.findings)
    names = {
        Severity.ERROR: ("error", "errors"),
        Severity.WARNING: ("warning", "warnings"),
        Severity.INFO: ("info", "info"),
    }
    listed = ", ".join(_count(numbers[severity], *name) for severity, name in names.items() if numbers[severity])
    found = f"Found {_count(len(report.findings), 'finding')} ({listed})" if report.findings else "No findings"
    yield f"{found} in {_count(report.rust_files, 'Rust file')}."
    hidden = [
        (report.suppressed, "silenced by comments"),
        (report.known, "in the baseline"),
        (report.less_severe, "less severe"),
    ]
    if any(number for number, _ in hidden):
        yield f"{' and '.join(f'{number} {where}' for number, where in hidden if number)}."
    if report.gone:
        yield f"The baseline has {_count(report.gone, 'outdated entry', 'outdated entries')}: run `--update-baseline`."


def _most(numbers: Counter[str], noun: str, names: Mapping[str, str]) -> str:
    """The most frequent ones with their numbers, and how many others there are."""
    ordered = sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    shown = [f"{names.get(name, name)} {number}" for name, number in ordered[:_SHOWN]]
    if others := ordered[_SHOWN:]:
        shown.append(f"{_count(len(others), f'other {noun}')} {sum(number for _, number in others)}")
    return ", ".join(shown)


def _next_step(report: Report) -> str:
    """What to do first about many findings."""
    worst = max((one.severity for one in report.findings), key=lambda severity: severity.weight)
    least = min((one.severity for one in report.findings), key=lambda severity: severity.weight)
    first = f"Start with `--min-severity {worst.value}` or one rule: `--select RULE`" if worst is not least else ""
    first = first or "Start with one rule: `--select RULE`"
    return f"{first}. To report only new findings from now on: `--baseline FILE --update-baseline`."


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
