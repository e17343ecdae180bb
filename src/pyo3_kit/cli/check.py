"""`pyo3-kit check`."""

from __future__ import annotations

from argparse import Namespace

from pyo3_kit.cli.options import add_path, add_rules, one_of, path
from pyo3_kit.cli.parser import Parser
from pyo3_kit.cli.terminal import count, flush, label, painter, put_json, put_own, say, show_plan, split_names
from pyo3_kit.errors import DONE, FOUND, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyo3_kit.audit.engine import Fixes, Report, Session
    from pyo3_kit.audit.output import View

_FORMS = ("text", "concise", "grouped", "json", "sarif", "github")
_TEXTS = ("text", "concise", "grouped")
_SEVERITIES = ("info", "warning", "error")
_MOST_NOTICES = 20


def set_up(parser: Parser) -> None:
    """Add the options."""
    parser.description = (
        "Lint a PyO3 project against the practices; `--fix` applies safe fixes. "
        "Works for any project, not only for those created by pyo3-kit."
    )
    parser.examples = """
pyo3-kit check
pyo3-kit check --statistics
pyo3-kit check --format concise --min-severity warning
pyo3-kit check --select PYO02,PYO081 --diff
pyo3-kit check --fix
pyo3-kit check --format sarif > pyo3-kit.sarif
pyo3-kit check --baseline known.json --update-baseline
"""
    parser.exit_codes |= {0: "no findings", 1: "there are findings", 2: "refused: the input cannot be used"}
    add_path(parser, "A project, a folder in it, or a file. Default: the current folder.", default=".")
    add_rules(parser)
    parser.flag("--fix", "Apply safe fixes, then report the remaining findings.")
    parser.flag("--unsafe-fixes", "With --fix or --diff: also fixes that may change what the code does.")
    parser.flag("--diff", "Show what --fix would change as a diff; write nothing.")
    form = one_of("--format", _FORMS, "Leave it out for text.")
    text = "Output format: text, concise, grouped (by file), json, sarif or github. Default: text."
    parser.option("--format", "FORMAT", text, choices=_FORMS, type=form, default="text")
    level = one_of("--min-severity", _SEVERITIES, "Leave it out for all findings.")
    text = "Report only findings at least this severe: info, warning or error."
    parser.option("--min-severity", "LEVEL", text, choices=_SEVERITIES, type=level, default="info")
    parser.flag("--exit-zero", "Exit with 0 even if there are findings.")
    parser.option("--baseline", "FILE", "Ignore the findings recorded in this file.", type=path)
    parser.flag("--update-baseline", "Record the current findings in the baseline.")
    parser.flag("--statistics", "Count the findings of each rule.")


def run(options: Namespace) -> int:
    """Check the project and print the findings; returns the exit code."""
    _refuse_combinations(options)
    from pyo3_kit.audit.engine import CheckRequest, Fixes, Session
    from pyo3_kit.audit.model import Severity
    from pyo3_kit.audit.output import View, repository_base
    from pyo3_kit.audit.writing import write_texts

    request = CheckRequest(
        options.path,
        split_names(options.select) if options.select else None,
        split_names(options.ignore),
        options.baseline,
        use_baseline=not options.update_baseline,
        min_severity=Severity(options.min_severity),
    )
    session = Session(request)
    report = session.check()
    if options.update_baseline:
        return _write_baseline(session, report)
    if options.diff:
        _diff(session, report, unsafe=options.unsafe_fixes)
        return _exit_code(report, options)
    fixes = Fixes()
    if options.fix:
        fixes, report = session.fix(report, unsafe=options.unsafe_fixes)
        write_texts(report.root, fixes.texts)
    base = repository_base(report.root) if options.format in ("github", "sarif") else None
    (put_json if options.format in ("json", "sarif") else put_own)(_rendered(View(report, base=base), options))
    flush()
    _summarise(View(report), fixes, options)
    return _exit_code(report, options)


def _exit_code(report: Report, options: Namespace) -> int:
    return FOUND if report.findings and not options.exit_zero else DONE


def _refuse_combinations(options: Namespace) -> None:
    form = f"--format {options.format}"
    if options.statistics and options.format not in _TEXTS:
        raise Refused(f"`--statistics` cannot be used with `{form}`.", f"`{form}` lists every finding.")
    if options.diff and options.format not in _TEXTS:
        raise Refused(f"`--diff` cannot be used with `{form}`.", "Remove one of them.")
    if options.select and not split_names(options.select):
        raise Refused("`--select` names no rule.", "Leave it out for the rules that are on by default.")
    if options.update_baseline and options.min_severity != "info":
        raise Refused("`--update-baseline` cannot be used with `--min-severity`.", "The baseline has all findings.")
    if options.update_baseline and (options.fix or options.diff):
        raise Refused("`--update-baseline` cannot be used with `--fix` or `--diff`.", "Run one after the other.")


def _rendered(view: View, options: Namespace) -> str:
    from pyo3_kit import __version__
    from pyo3_kit.audit.output.forms import render
    from pyo3_kit.audit.output.summary import statistics

    return statistics(view.report) if options.statistics else render(view, options.format, painter(), __version__)


def _diff(session: Session, report: Report, *, unsafe: bool) -> None:
    from pyo3_kit.audit.writing import unified_diff

    before = dict(report.texts)
    fixes, remaining = session.fix(report, unsafe=unsafe)
    show_plan(unified_diff(before, fixes.texts), None, dry_run=True)
    flush()
    say(f"{count(len(fixes.fixed), 'finding')} would be fixed, {len(remaining.findings)} would remain.")


def _write_baseline(session: Session, report: Report) -> int:
    from pyo3_kit.audit.baseline import render_baseline
    from pyo3_kit.audit.writing import write_baseline

    if report.baseline is None:
        raise Refused("There is no baseline file.", "Use `--baseline FILE`, or set `baseline` in `[tool.pyo3-kit]`.")
    others = session.other_entries(report)
    write_baseline(report.root, report.baseline, render_baseline(report.findings, report.texts, others))
    kept = sum(len(marks) for rules in others.values() for marks in rules.values())
    beside = f", and kept {count(kept, 'entry', 'entries')} of other files and rules" if kept else ""
    say(f"Recorded {count(len(report.findings), 'finding')} in {report.baseline}{beside}.")
    return DONE


def _summarise(view: View, fixes: Fixes, options: Namespace) -> None:
    """Print on stderr what is not the result itself."""
    report = view.report
    if options.format in (*_TEXTS, "github"):
        for notice in report.notices[:_MOST_NOTICES]:
            place = view.path(notice.path) if notice.path else "project"
            label("note:", f"{place}{f':{notice.line}' if notice.line else ''}: {notice.text}")
        if len(report.notices) > _MOST_NOTICES:
            label("note:", f"{len(report.notices) - _MOST_NOTICES} more notes; `--format json` lists all of them")
    for finding, reason in fixes.left:
        label("note:", f"{view.path(finding.path)}: {finding.rule} was not fixed: {reason}")
    if options.format in _TEXTS:
        from pyo3_kit.audit.output.summary import summary_lines

        for line in summary_lines(view, fixes, unsafe=options.unsafe_fixes):
            say(line)
