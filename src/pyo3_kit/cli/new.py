"""`pyo3-kit new`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

from pyo3_kit.cli.output import paint, print_json, put, say, say_block
from pyo3_kit.creation import Ask, Created, Request, author_of, create
from pyo3_kit.errors import KitError
from pyo3_kit.git import run as vcs
from pyo3_kit.texts.listing import draw, summary


def new_project(request: Request, *, ask: bool, build: bool, as_json: bool) -> None:
    """Make the project, and with `build` build and test it; errors of the family pass through."""
    if build and not request.dry_run:
        from pyo3_kit.build import check_tools

        check_tools()
    created = create(request, _questionnaire() if ask and _in_terminal() else None)
    if build and not request.dry_run:
        created = _build(created)
    if as_json:
        print_json(as_object(created, built=build and not request.dry_run))
    else:
        _show(created)


def as_object(created: Created, *, built: bool) -> dict[str, Any]:
    """The result as a JSON object."""
    return {
        "path": str(created.path),
        "template": created.template,
        "ref": created.ref,
        "preset": created.preset,
        "decided": {one.question: {"value": one.value, "how": one.how} for one in created.decided},
        "overlays": [
            {"name": one.name, "template": one.template, "ref": one.ref, "answers": dict(one.answers)}
            for one in created.overlays
        ],
        "warnings": [warning for one in created.overlays for warning in one.warnings],
        "answers": dict(created.answers),
        "files": [entry._asdict() for entry in created.files],
        "kept": created.kept,
        "committed": created.committed,
        "dry_run": created.dry_run,
        "built": built,
        "next": created.next,
    }


def _in_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _questionnaire() -> Ask:
    def ask(draft: Any) -> Any:
        # Only a run that asks pays for the terminal's libraries.
        from pyo3_kit.questionnaire import walk

        return walk(draft)

    return ask


def _build(created: Created) -> Created:
    from pyo3_kit.build import build_project

    try:
        tests = build_project(created.path)
    except KitError as error:
        error.details.update(as_object(created, built=False))
        raise
    except KeyboardInterrupt:
        from pyo3_kit.errors import Interrupted

        raise Interrupted("Interrupted while building.", f"The project is complete in {created.path}.") from None
    if created.committed and (created.path / "Cargo.lock").is_file():
        # The build has just chosen the versions; a project pins them from its first commit on.
        vcs.add_to_first_commit(created.path, "Cargo.lock", author_of(created.answers), vcs.user_identity())
    where = [command for command in created.next if command.startswith("cd ")]
    return replace(created, next=[*where, tests])


def _show(created: Created) -> None:
    for warning in (warning for one in created.overlays for warning in one.warnings):
        say(f"{paint('warning:', '1;33')} {warning}")
    _show_decided(created)
    if created.dry_run:
        for line in draw(created.files, created.path.name):
            put(line)
        say(f"\n{summary(created.files)} would be written to {created.path}; nothing was.")
        return
    committed = ", committed to a new Git repository" if created.committed else ""
    say(f"{paint('Made', '1;32')} {created.path}: {summary(created.files)}{committed}.")
    for overlay in created.overlays:
        say(f"With the overlay {overlay.name} {overlay.ref} of {overlay.template}.")
    for name in created.kept:
        say(f"Kept your own file as {name}.")
    if created.message:
        say()
        say_block(created.message)
    say("\nNext:")
    for command in created.next:
        say(f"  {paint(command, '1')}")


def _show_decided(created: Created) -> None:
    if created.preset is None:
        return
    from pyo3_kit.render.interview import show

    said = {"answered": "", "default": ", as a default", "fixed": ", fixed", "hidden": ", not asked"}
    decided = [f"{one.question} {show(one.value) or 'empty'}{said[one.how]}" for one in created.decided]
    say(f"The preset {created.preset} decided: {'; '.join(decided) or 'nothing'}.")
