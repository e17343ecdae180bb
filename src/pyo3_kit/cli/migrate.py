"""`pyo3-kit migrate`."""

from __future__ import annotations

from argparse import Namespace

from pyo3_kit.cli.options import add_continue, add_json, add_path, continues, say_settled
from pyo3_kit.cli.parser import Parser
from pyo3_kit.cli.terminal import count, label, print_json, say, say_block, show_plan
from pyo3_kit.errors import DONE, LEFT, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pyo3_kit.migrate.planning import Plan
    from pyo3_kit.migrate.verifying import Checked


def set_up(parser: Parser) -> None:
    """Add the options."""
    parser.description = (
        "Move a PyO3 project to a newer version of PyO3: its code and its requirements. "
        "Works for any project that uses PyO3 0.21 or later."
    )
    parser.examples = """
pyo3-kit migrate --to 0.30 --dry-run --diff
pyo3-kit migrate --to 0.30 --verify
pyo3-kit migrate bindings/python --from 0.22 --to 0.28
"""
    parser.exit_codes |= {
        0: "done, and nothing is left to review",
        1: "done, but some places need to be reviewed or changed by hand",
    }
    add_path(parser, "The project, or a folder in it. Default: the current folder.", default=".")
    parser.option("--to", "VERSION", "The PyO3 version to move to: 0.28, 0.29 or 0.30.")
    text = "The PyO3 version the project uses now, if it cannot be read from its files."
    parser.option("--from", "VERSION", text, dest="before")
    parser.flag("--dry-run", "Report what would change; write nothing.")
    parser.flag("--diff", "Also show the changes as a unified diff.")
    text = "Run `cargo check` before and after, and report its errors. This runs the project's own code."
    parser.flag("--verify", text)
    parser.flag("--allow-dirty", "Change files that have uncommitted changes.")
    parser.flag("--allow-no-vcs", "Change a project that is not in a Git repository.")
    add_continue(parser, "a migration")
    add_json(parser)


def run(options: Namespace) -> int:
    """Migrate the project, or finish or undo an interrupted migration; returns the exit code."""
    if continues(options):
        return _settle(options)
    from pyo3_kit.audit.scope import find_scope
    from pyo3_kit.migrate import applying, report
    from pyo3_kit.migrate.planning import MigrateRequest, plan
    from pyo3_kit.migrate.project import LINES

    if options.to is None:
        raise Refused("`--to` is missing.", f"Use `--to` with one of {', '.join(LINES)}.")
    if options.verify and options.dry_run:
        raise Refused("`--verify` cannot be used with `--dry-run`.", "Without writing there is nothing to compile.")
    if options.verify:
        from pyo3_kit.migrate.verifying import need_cargo

        need_cargo()
    applying.refuse_interrupted(find_scope(options.path).root)
    planned = plan(MigrateRequest(options.path, options.to, options.before))
    checked = None
    if options.verify:
        say("`--verify` runs the project's own code: `cargo check` runs its build scripts and procedural macros.")
    if not options.dry_run:
        applying.refuse_dirty(planned, allow_dirty=options.allow_dirty, allow_no_vcs=options.allow_no_vcs)
        if options.verify and not (before := _cargo_check(planned, "before")).passed:
            hint = "Fix it first, or leave out `--verify`."
            raise Refused("`cargo check` fails before the migration.", hint, output=before.output)
        applying.write(planned)
        checked = _cargo_check(planned, "after") if options.verify else None
    if options.json:
        shown = report.as_object(planned, checked, dry_run=options.dry_run)
        print_json(shown | {"diff": "\n".join(report.diff(planned))} if options.diff else shown)
    else:
        _show(planned, checked, options)
    to_review = planned.review or (checked and (checked.errors or checked.deprecated or not checked.passed))
    return LEFT if to_review else DONE


def _settle(options: Namespace) -> int:
    """Finish or undo an interrupted migration; returns the exit code."""
    from pyo3_kit.audit.scope import find_scope
    from pyo3_kit.migrate import applying

    root = find_scope(options.path).root
    (applying.undo if options.abort else applying.finish)(root)
    return say_settled(options, root, "migration")


def _cargo_check(planned: Plan, when: str) -> Checked:
    from pyo3_kit.migrate.verifying import check

    say(f"Running `cargo check` {when} the migration.")
    return check(planned.found)


def _show(planned: Plan, checked: Checked | None, options: Namespace) -> None:
    from pyo3_kit.migrate import report

    if not planned.files and not planned.review:
        say(f"Nothing to do: {planned.found.root} uses PyO3 {planned.before}.")
        return
    diff = report.diff(planned) if options.diff else None
    show_plan(report.lines(planned), diff, dry_run=options.dry_run)
    if checked is not None:
        _show_checked(checked)
    files = count(len(planned.files), "file")
    if options.dry_run:
        say(f"\n{files} would change. Nothing was written.")
        return
    say()
    label("Migrated", f"{planned.found.root}: {files} changed.")
    say("Run `cargo fmt` and the tests, review the changes with `git diff`, then commit them.")
    if checked is None:
        say("Run `cargo check` to find what the migrations could not see; it also updates Cargo.lock.")


def _show_checked(checked: Checked) -> None:
    from pyo3_kit.migrate.report import place_lines

    say()
    if checked.passed:
        label("`cargo check` passes.")
    else:
        say_block(checked.output)
        label("error:", "`cargo check` fails after the migration.")
    for line in place_lines("Deprecation warnings of the compiler", checked.deprecated):
        say(line)
