"""`pyo3-kit update`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyo3_kit.cli.output import paint, print_json, put, put_code, say
from pyo3_kit.errors import CONFLICTS, DONE, Refused
from pyo3_kit.project.location import find_project
from pyo3_kit.update.answers import Ask
from pyo3_kit.update.planning import Plan, UpdateRequest, plan

WAYS = ("ask", "inline", "ours", "theirs")


def update_project(
    request: UpdateRequest, *, dry_run: bool, diff: bool, conflicts: str | None, verify: bool, as_json: bool
) -> int:
    """Plan the update, show it, and unless `dry_run` do it; returns the exit code. Errors pass through."""
    if conflicts is not None and conflicts not in WAYS:
        raise Refused(f"`--conflicts {conflicts}` is none of {', '.join(WAYS)}.", "Leave it out to be asked.")
    terminal = _in_terminal()
    if not terminal and (request.again or conflicts == "ask"):
        option = "--ask" if request.again else "--conflicts ask"
        raise Refused(f"`{option}` needs a terminal.", "Give answers with `--data`, or `--conflicts inline`.")
    if verify:
        from pyo3_kit.build import check_tools

        check_tools("--verify")
    made = plan(request, _questionnaire() if terminal else None)
    if conflicts in ("ours", "theirs"):
        from pyo3_kit.update.settling import Side, settle_all

        made = settle_all(made, Side(conflicts))
    elif terminal and not dry_run and conflicts in (None, "ask") and (made.conflicts or made.left):
        from pyo3_kit.questionnaire.settle import settle_in_terminal

        made = settle_in_terminal(made)
    if verify and made.files:
        from pyo3_kit.verification import verify_update

        verify_update(made)
    if not dry_run and made.files:
        from pyo3_kit.transaction.apply import apply

        apply(
            made.project.place,
            made.files,
            last=made.project.answers_file,
            meta={"from": made.before, "to": made.after},
            labels=made.labels,
        )
    _show(made, dry_run=dry_run, diff=diff, as_json=as_json)
    return CONFLICTS if made.conflicts else DONE


def continue_update(path: Path | None, answers_file: str | None, *, as_json: bool) -> int:
    """Finish an interrupted update, or end one whose conflicts are decided; returns the exit code."""
    from pyo3_kit.transaction.apply import finish, resume, state

    place = find_project(path, answers_file).place
    known = state(place)
    interrupted = known is not None and known.kind == "interrupted"
    done = resume(place) if interrupted else finish(place)
    left = done.conflicts if interrupted else ()
    if as_json:
        print_json({"path": str(place.root), **done.meta, "state": "conflicts" if left else None, "files": list(left)})
    elif left:
        say(f"The update{_from_to(done.meta)} is in place, with conflicts to decide in {', '.join(left)}.")
        _say_how()
    else:
        say(f"{paint('Done:', '1;32')} the update{_from_to(done.meta)} is complete.")
    return CONFLICTS if left else DONE


def abort_update(path: Path | None, answers_file: str | None, *, as_json: bool) -> int:
    """Undo an unfinished update; returns the exit code."""
    from pyo3_kit.transaction.apply import abort

    place = find_project(path, answers_file).place
    undone = abort(place)
    if as_json:
        print_json({"path": str(place.root), **undone.meta, "state": None, "beside": list(undone.beside)})
        return DONE
    say(f"{paint('Undone:', '1;32')} the project is as it was before the update{_from_to(undone.meta)}.")
    for name in undone.beside:
        say(f"What you wrote meanwhile is kept as {name}.")
    return DONE


def _from_to(meta: Mapping[str, Any]) -> str:
    return f" from {meta['from']} to {meta['to']}" if {"from", "to"} <= meta.keys() else ""


def _in_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _questionnaire() -> Ask:
    def ask(draft: Any) -> Any:
        # Only a run that asks pays for the terminal's libraries.
        from pyo3_kit.questionnaire import fill, walk

        return walk(draft) if draft.again else fill(draft)

    return ask


def _show(made: Plan, *, dry_run: bool, diff: bool, as_json: bool) -> None:
    from pyo3_kit.update import report

    if as_json:
        shown = report.as_object(made, dry_run=dry_run)
        print_json({**shown, "diff": "\n".join(report.diff(made.files))} if diff else shown)
        return
    for warning in made.warnings:
        say(f"{paint('warning:', '1;33')} {warning}")
    if not made.files:
        say(f"Nothing to do: {made.project.root} is at {made.after}.")
        return
    # Of a preview this is the result; of an update it is told beside.
    out = put if dry_run else say
    for line in report.heading(made):
        out(line)
    out("")
    for line in report.lines(made):
        out(line)
    for title, rows in (("answers", report.answer_lines(made)), ("migrations", report.migration_lines(made))):
        if rows:
            out(f"\n{title}")
            for line in rows:
                out(line)
    if diff:
        out("")
        for line in report.diff(made.files):
            put_code(line)
    say()
    if dry_run:
        say(f"{report.summary(made)}. Nothing was written.")
        return
    say(f"{paint('Updated', '1;32')} {made.project.root}: {report.summary(made)}.")
    if any(path.endswith(".rs") for migration in made.migrations for path in migration.paths):
        say("What a migration wrote may need `cargo fmt`.")
    if made.conflicts:
        _say_how()
    else:
        say("Look at it with `git diff`, then commit it.")


def _say_how() -> None:
    say("Texts to decide carry markers; for other files see `.pyo3-kit/conflicts/`.")
    say("When all is decided: `pyo3-kit update --continue`. To undo the update: `pyo3-kit update --abort`.")
