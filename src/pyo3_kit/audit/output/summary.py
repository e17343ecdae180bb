"""How many findings there are: by rule, and in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pyo3_kit.audit import registry
from pyo3_kit.audit.engine import Fixes, Report
from pyo3_kit.audit.fixing import applicable
from pyo3_kit.audit.model import Safety, Severity


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


def summary_lines(report: Report, fixes: Fixes, *, unsafe: bool) -> Iterator[str]:
    """How much was fixed and found, then what can be fixed; `unsafe` when unsafe fixes were applied, too."""
    yield " ".join(_totals(report, fixes))
    safe = sum(applicable(finding, unsafe=False) for finding in report.findings)
    risky = sum(applicable(finding, unsafe=True) for finding in report.findings) - safe
    if safe and not fixes.fixed:
        yield f"[*] {safe} fixable with `--fix`."
    if risky and not unsafe:
        yield f"[**] {risky} {'more ' if safe else ''}fixable with `--fix --unsafe-fixes`; each says what it changes."


def _totals(report: Report, fixes: Fixes) -> Iterator[str]:
    if fixes.fixed:
        yield f"Fixed {_count(len(fixes.fixed), 'finding')}."
    numbers = Counter(finding.severity for finding in report.findings)
    names = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "remark"}
    listed = ", ".join(_count(numbers[severity], name) for severity, name in names.items() if numbers[severity])
    found = f"Found {_count(len(report.findings), 'finding')} ({listed})" if report.findings else "No findings"
    yield f"{found} in {_count(report.rust_files, 'Rust file')}."
    hidden = [(report.suppressed, "silenced by comments"), (report.known, "in the baseline")]
    if any(number for number, _ in hidden):
        yield f"{' and '.join(f'{number} {where}' for number, where in hidden if number)}."
    if report.gone:
        yield f"The baseline has {_count(report.gone, 'outdated entry', 'outdated entries')}: run `--update-baseline`."


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
