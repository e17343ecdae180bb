"""`pyo3-kit update`."""

from __future__ import annotations

from argparse import Namespace

from pyo3_kit.cli.options import add_conflicts, add_data, add_json, add_preview, add_project, continues
from pyo3_kit.cli.parser import Parser
from pyo3_kit.cli.terminal import can_ask, label, print_json, say, show_plan, walk_through
from pyo3_kit.errors import CONFLICTS, DONE, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pyo3_kit.update.planning import Plan, UpdateRequest

EXIT_CODES = {
    0: "done without conflicts, or nothing to do",
    1: "done, but conflicts are left to resolve",
    3: "failed: the project is unchanged",
}


def set_up(parser: Parser) -> None:
    """Add the options."""
    parser.description = (
        "Update a project to a newer version of its template: the template's changes are merged with yours.\n\n"
        "Works for every project created with Copier that is in a Git repository. Commits nothing."
    )
    parser.examples = """
pyo3-kit update --dry-run --diff         show what would change; write nothing
pyo3-kit update                          go to the newest version of the template
pyo3-kit update --to v1.4.0 --conflicts inline
pyo3-kit update --data async_runtime=true
pyo3-kit update --ask                    go through all questions again
pyo3-kit update --continue               after resolving conflicts, or after a crash
"""
    parser.exit_codes |= EXIT_CODES
    add_project(parser, answers_file=True)
    parser.option("--to", "REF", "The template's version to update to. Default: the newest.")
    parser.option("--template", "ADDRESS", "Update from this address and record it, for a template that moved.")
    add_data(parser)
    parser.flag("--ask", "Ask all questions again, with the recorded answers as defaults.")
    add_preview(parser)
    add_conflicts(parser)
    parser.flag("--verify", "Build and test a copy of the updated project before anything is written.")
    parser.option("--rebase-on", "REF", "Compare with this version of the template instead of the recorded one.")
    parser.flag("--continue", "Continue after an interruption, or when conflicts are resolved.")
    parser.flag("--abort", "Undo an update that was interrupted or has conflicts.")
    add_json(parser)


def run(options: Namespace) -> int:
    """Update the project, or finish or undo an unfinished update; returns the exit code."""
    if continues(options):
        _refuse_other_options(options)
        return _abort(options) if options.abort else _continue(options)
    from pyo3_kit.given_answers import parse_assignments
    from pyo3_kit.update.planning import UpdateRequest

    request = UpdateRequest(
        path=options.path,
        answers_file=options.answers_file,
        to=options.to,
        rebase_on=options.rebase_on,
        template=options.template,
        data=parse_assignments(options.data),
        data_file=options.data_file,
        again=options.ask,
        trusted=tuple(options.trust_template),
    )
    return update_project(request, options, verify=options.verify)


def _refuse_other_options(options: Namespace) -> None:
    others = {"to", "data", "data_file", "ask", "dry_run", "diff", "conflicts", "verify", "rebase_on"}
    others |= {"template", "trust_template"}
    if any(getattr(options, other) for other in others):
        name = "--abort" if options.abort else "--continue"
        raise Refused(f"`{name}` can only be used with `--answers-file` and `--json`.", "Remove the other options.")


def update_project(request: UpdateRequest, options: Namespace, *, verify: bool = False) -> int:
    """Plan the update, show it, and unless it is a dry run apply it; returns the exit code. Errors pass through."""
    from pyo3_kit.update import report
    from pyo3_kit.update.planning import plan

    asks = can_ask()
    if not asks and (request.again or options.conflicts == "ask"):
        option = "--ask" if request.again else "--conflicts ask"
        raise Refused(f"`{option}` needs a terminal.", "Give answers with `--data`, or use `--conflicts inline`.")
    if verify:
        from pyo3_kit.build import check_tools

        check_tools("--verify")
    planned = plan(request, _ask if asks else None)
    if options.conflicts in ("ours", "theirs"):
        from pyo3_kit.update.settling import Side, settle_all

        planned = settle_all(planned, Side(options.conflicts))
    elif asks and not options.dry_run and options.conflicts != "inline" and (planned.conflicts or planned.left):
        from pyo3_kit.questionnaire.settle import settle_in_terminal

        planned = settle_in_terminal(planned)
    if verify and planned.files:
        from pyo3_kit.verification import verify_update

        verify_update(planned)
    if not options.dry_run and planned.files:
        from pyo3_kit.update.applying import apply_plan

        apply_plan(planned)
    if options.json:
        shown = report.as_object(planned, dry_run=options.dry_run)
        print_json(shown | {"diff": "\n".join(report.diff(planned.files))} if options.diff else shown)
    else:
        _show(planned, options)
    return CONFLICTS if planned.conflicts else DONE


def _continue(options: Namespace) -> int:
    """Finish an interrupted update, or end one whose conflicts are resolved; returns the exit code."""
    from pyo3_kit.project.location import find_project
    from pyo3_kit.transaction.apply import finish, resume, state

    place = find_project(options.path, options.answers_file).place
    pending = state(place)
    interrupted = pending is not None and pending.kind == "interrupted"
    done = resume(place) if interrupted else finish(place)
    left = done.conflicts if interrupted else ()
    if options.json:
        pending_kind = "conflicts" if left else None
        print_json({"path": str(place.root), **done.meta, "state": pending_kind, "files": list(left)})
    elif left:
        say(f"The update{_versions(done.meta)} is written, with conflicts to resolve in {', '.join(left)}.")
        _say_how_to_resolve()
    else:
        label("Done:", f"the update{_versions(done.meta)} is complete.")
    return CONFLICTS if left else DONE


def _abort(options: Namespace) -> int:
    """Undo an unfinished update; returns the exit code."""
    from pyo3_kit.project.location import find_project
    from pyo3_kit.transaction.apply import abort

    place = find_project(options.path, options.answers_file).place
    undone = abort(place)
    if options.json:
        print_json({"path": str(place.root), **undone.meta, "state": None, "beside": list(undone.beside)})
        return DONE
    label("Undone:", f"the project is as it was before the update{_versions(undone.meta)}.")
    for name in undone.beside:
        say(f"Your edits since then are kept as {name}.")
    return DONE


def _versions(meta: Mapping[str, Any]) -> str:
    return f" from {meta['from']} to {meta['to']}" if {"from", "to"} <= meta.keys() else ""


def _ask(draft: Any) -> Any:
    if draft.again:
        return walk_through(draft)
    from pyo3_kit.questionnaire import fill

    return fill(draft)


def _show(planned: Plan, options: Namespace) -> None:
    from pyo3_kit.update import report

    for warning in planned.warnings:
        label("warning:", warning)
    if not planned.files:
        say(f"Nothing to do: {planned.project.root} is at {planned.after}.")
        return
    diff = report.diff(planned.files) if options.diff else None
    show_plan(report.report_lines(planned), diff, dry_run=options.dry_run)
    say()
    if options.dry_run:
        say(f"{report.summary(planned)}. Nothing was written.")
        return
    label("Updated", f"{planned.project.root}: {report.summary(planned)}.")
    if any(path.endswith(".rs") for migration in planned.migrations for path in migration.paths):
        say("Run `cargo fmt`: a migration changed Rust code.")
    if planned.conflicts:
        _say_how_to_resolve()
    else:
        say("Review the changes with `git diff`, then commit them.")


def _say_how_to_resolve() -> None:
    say("Text files contain conflict markers; for other files see `.pyo3-kit/conflicts/`.")
    say("When all conflicts are resolved, run `pyo3-kit update --continue`. To undo: `pyo3-kit update --abort`.")
