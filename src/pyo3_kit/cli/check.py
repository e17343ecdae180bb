"""`pyo3-kit check`."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pyo3_kit.audit.engine import Fixes, Report, Request, Session
from pyo3_kit.audit.fixing import applicable
from pyo3_kit.audit.model import Safety, Severity
from pyo3_kit.audit.output import View, repository_base
from pyo3_kit.audit.writing import unified_diff, write_file, write_texts
from pyo3_kit.cli.output import flush, paint, put_code, put_json, put_own, say
from pyo3_kit.errors import DONE, FOUND, Refused

FORMATS = ("text", "json", "sarif", "github")
_NOTICES = 20


def check_project(
    path: Path,
    *,
    select: Sequence[str] | None,
    ignore: Sequence[str],
    fix: bool,
    unsafe: bool,
    diff: bool,
    form: str,
    baseline: Path | None,
    update_baseline: bool,
    statistics: bool,
) -> int:
    """Check a project and print what was found; returns the exit code. `Refused` for what cannot be used."""
    if form not in FORMATS:
        raise Refused(f"`--format {form}` is none of {', '.join(FORMATS)}.", "Leave it out for text.")
    if statistics and form != "text":
        raise Refused(
            "`--statistics` counts for people only.", f"Leave it out: `--format {form}` tells of each finding."
        )
    if diff and form != "text":
        raise Refused("`--diff` shows a diff and nothing else.", f"Leave out `--format {form}`, or `--diff`.")
    if select and not words(select):
        raise Refused("`--select` names no rule.", "Leave it out for the rules that are on by default.")
    if update_baseline and (fix or diff):
        raise Refused("`--update-baseline` does not go with `--fix` or `--diff`.", "Run one after the other.")
    request = Request(
        path, words(select) if select else None, words(ignore), baseline, use_baseline=not update_baseline
    )
    session = Session(request)
    report = session.check()
    if update_baseline:
        return _write_baseline(session, report)
    if diff:
        return _diff(session, report, unsafe=unsafe)
    fixes = Fixes()
    if fix:
        fixes, report = session.mend(report, unsafe=unsafe)
        write_texts(report.root, fixes.texts)
    base = repository_base(report.root) if form in ("github", "sarif") else None
    print_form = {"json": put_json, "sarif": put_json, "github": put_own}.get(form, put_own)
    print_form(_rendered(View(report, base=base), form, statistics=statistics))
    flush()
    _tell(View(report), fixes, unsafe=unsafe, form=form)
    return FOUND if report.findings else DONE


def words(given: Sequence[str]) -> tuple[str, ...]:
    """The words of an option that may be repeated and may hold several with commas between."""
    return tuple(word.strip() for one in given for word in one.split(",") if word.strip())


def _rendered(view: View, form: str, *, statistics: bool) -> str:
    if statistics and form == "text":
        return _statistics(view.report)
    if form == "json":
        from pyo3_kit.audit.output import json

        return json.render(view)
    if form == "sarif":
        from pyo3_kit import __version__
        from pyo3_kit.audit.output import sarif

        return sarif.render(view, __version__)
    if form == "github":
        from pyo3_kit.audit.output import github

        return github.render(view)
    from pyo3_kit.audit.output import text

    return text.render(view, _paint_stdout if _colours() else text.plain)


def _statistics(report: Report) -> str:
    from pyo3_kit.audit import registry

    counted = Counter(one.rule for one in report.findings)
    width = max((len(str(count)) for count in counted.values()), default=0)
    fixes = {one.rule: one.fix.safety for one in report.findings if one.fix}
    marks = {name: "[*]" if safety is Safety.SAFE else "[**]" for name, safety in fixes.items()}
    return "".join(
        f"{count:>{width}}  {name}  {marks.get(name, ''):<4} {registry.rule(name).title}\n"
        for name, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    )


def _diff(session: Session, report: Report, *, unsafe: bool) -> int:
    before = dict(report.texts)
    fixes, left = session.mend(report, unsafe=unsafe)
    for line in unified_diff(before, fixes.texts):
        put_code(line)
    flush()
    say(f"{_count(len(fixes.fixed), 'finding')} would be fixed, {len(left.findings)} would stay.")
    return FOUND if report.findings else DONE


def _write_baseline(session: Session, report: Report) -> int:
    from pyo3_kit.audit.baseline import render_baseline

    if report.baseline is None:
        raise Refused("No baseline is named.", 'Give `--baseline FILE`, or `baseline = "FILE"` in `[tool.pyo3-kit]`.')
    others = session.other_entries(report)
    write_file(report.baseline, render_baseline(report.findings, report.texts, others))
    kept = sum(len(marks) for rules in others.values() for marks in rules.values())
    beside = f", beside {_count(kept, 'entry', 'entries')} of other files and rules" if kept else ""
    say(f"{_count(len(report.findings), 'finding')} written to {report.baseline}{beside}.")
    return DONE


def _tell(view: View, fixes: Fixes, *, unsafe: bool, form: str) -> None:
    """What is not the result itself, on stderr."""
    report = view.report
    if form in ("text", "github"):
        for notice in report.notices[:_NOTICES]:
            place = view.path(notice.path) if notice.path else "project"
            say(f"{paint('note:', '1;36')} {place}{f':{notice.line}' if notice.line else ''}: {notice.text}")
        if len(report.notices) > _NOTICES:
            say(f"{paint('note:', '1;36')} {len(report.notices) - _NOTICES} more notes; `--format json` has them all")
    for finding, reason in fixes.left:
        say(f"{paint('note:', '1;36')} {view.path(finding.path)}: {finding.rule} is not fixed: {reason}")
    if form != "text":
        return
    parts = [f"Fixed {_count(len(fixes.fixed), 'finding')}."] if fixes.fixed else []
    counted = Counter(one.severity for one in report.findings)
    listed = ", ".join(
        _count(counted[severity], name)
        for severity, name in ((Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "remark"))
        if counted[severity]
    )
    files = _count(report.rust_files, "Rust file")
    found = f"Found {_count(len(report.findings), 'finding')} ({listed})" if report.findings else "Nothing found"
    parts.append(f"{found} in {files}.")
    silent = [(report.suppressed, "silenced by comments"), (report.known, "in the baseline")]
    if any(number for number, _ in silent):
        parts.append(f"{' and '.join(f'{number} {what}' for number, what in silent if number)}.".capitalize())
    if report.gone:
        parts.append(f"The baseline has {_count(report.gone, 'entry', 'entries')} too many: run `--update-baseline`.")
    say(" ".join(parts))
    safe = sum(applicable(one, unsafe=False) for one in report.findings)
    risky = sum(applicable(one, unsafe=True) for one in report.findings) - safe
    if safe and not fixes.fixed:
        say(f"[*] `--fix` mends {safe}.")
    if risky and not unsafe:
        say(f"[**] `--fix --unsafe-fixes` mends {risky} more; each says what it changes.")


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _colours() -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _paint_stdout(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if text else ""
