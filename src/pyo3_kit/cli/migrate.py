"""`pyo3-kit migrate`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyo3_kit.audit.place import find_place
from pyo3_kit.audit.writing import unified_diff
from pyo3_kit.cli.output import paint, print_json, put, put_code, say, say_block
from pyo3_kit.codemods import Place
from pyo3_kit.errors import DONE, LEFT, Refused
from pyo3_kit.migrate import applying
from pyo3_kit.migrate.planning import Plan, Request, plan
from pyo3_kit.migrate.project import LINES

if TYPE_CHECKING:
    from pyo3_kit.migrate.verifying import Checked


def migrate_project(
    path: Path,
    *,
    to: str | None,
    before: str | None,
    dry_run: bool,
    diff: bool,
    verify: bool,
    allow_dirty: bool,
    allow_no_vcs: bool,
    as_json: bool,
) -> int:
    """Plan the migration, show it, and unless `dry_run` do it; returns the exit code. Errors pass through."""
    if to is None:
        raise Refused("Where the project is to go is not said.", f"Add `--to` with one of {', '.join(LINES)}.")
    if verify and dry_run:
        raise Refused("`--verify` does not go with `--dry-run`.", "What is not written cannot be compiled.")
    if verify:
        from pyo3_kit.migrate.verifying import need_cargo

        need_cargo()
    applying.refuse_interrupted(find_place(path).root)
    made = plan(Request(path, to, before))
    checked = None
    if not dry_run:
        applying.refuse_dirty(made, allow_dirty=allow_dirty, allow_no_vcs=allow_no_vcs)
        if verify:
            _verify_before(made)
        applying.write(made)
        checked = _verify_after(made) if verify else None
    if as_json:
        print_json(_as_object(made, checked, dry_run=dry_run, diff=diff))
    else:
        _show(made, checked, dry_run=dry_run, diff=diff)
    return LEFT if _places(made, checked) else DONE


def settle(path: Path, *, back: bool, both: bool, as_json: bool) -> int:
    """Finish or undo an interrupted migration; returns the exit code. Errors pass through."""
    if both:
        raise Refused("`--continue` does not go with `--abort`.", "Take one of them.")
    root = find_place(path).root
    if back:
        applying.undo(root)
    else:
        applying.finish(root)
    if as_json:
        print_json({"path": str(root), "state": "undone" if back else "done"})
    elif back:
        say(f"{paint('Undone:', '1;32')} the project is as it was before the migration.")
    else:
        say(f"{paint('Done:', '1;32')} the migration is complete.")
    return DONE


def _verify_before(made: Plan) -> None:
    from pyo3_kit.migrate.verifying import check

    say("Running `cargo check` before the migration.")
    before = check(made.found)
    if not before.passed:
        raise Refused(
            "The project does not pass `cargo check` before the migration.",
            "Mend it first, or leave `--verify` out.",
            output=before.output,
        )


def _verify_after(made: Plan) -> Checked:
    from pyo3_kit.migrate.verifying import check

    say("Running `cargo check` after the migration.")
    return check(made.found)


def _places(made: Plan, checked: Checked | None) -> tuple[Place, ...]:
    """What a person has to look at: the migrations' places, then the compiler's."""
    compiler = (*checked.errors, *checked.deprecated) if checked is not None else ()
    return (*made.review, *compiler) if checked is None or checked.passed else (*made.review, *compiler, _FAILED)


_FAILED = Place("Cargo.toml", 1, "`cargo check` fails after the migration")


def _as_object(made: Plan, checked: Checked | None, *, dry_run: bool, diff: bool) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "path": str(made.found.root),
        "from": made.before,
        "to": made.after,
        "written": not dry_run and bool(made.files),
        "files": sorted(made.files),
        "migrations": [
            {
                "id": one.id,
                "title": one.title,
                "why": one.why,
                "docs": one.docs,
                "safe": one.safe,
                "paths": list(one.paths),
            }
            for one in made.applied
        ],
        "review": [_place(place) for place in made.review],
        "left": list(made.left),
    }
    if checked is not None:
        shown["cargo"] = {
            "passed": checked.passed,
            "errors": [_place(place) for place in checked.errors],
            "deprecated": [_place(place) for place in checked.deprecated],
        }
    if diff:
        shown["diff"] = "\n".join(_diff(made))
    return shown


def _place(place: Place) -> dict[str, Any]:
    return {"path": place.path, "line": place.line, "note": place.note}


def _diff(made: Plan) -> Iterable[str]:
    before = {path: old.content.decode() for path, (old, _) in made.files.items()}
    return unified_diff(before, {path: new.content.decode() for path, (_, new) in made.files.items()})


def _show(made: Plan, checked: Checked | None, *, dry_run: bool, diff: bool) -> None:
    # Of a preview this is the result; of a migration it is told beside.
    out = put if dry_run else say
    if not made.files and not made.review:
        say(f"Nothing to do: {made.found.root} is on PyO3 {made.before}.")
        return
    out(f"PyO3 {made.before} → {made.after}")
    for titles, why, paths in _grouped(made):
        out("")
        for title in titles:
            out(title)
        out(f"  {why}")
        for path in paths:
            out(f"  - {path}")
    _show_places("For a person to look at", made.review, out)
    if made.left:
        out("\nLeft as it is")
        for line in made.left:
            out(f"  {line}")
    if diff:
        out("")
        for line in _diff(made):
            put_code(line)
    if checked is not None:
        _show_checked(checked)
    say()
    files = f"{len(made.files)} {'file' if len(made.files) == 1 else 'files'}"
    if dry_run:
        say(f"{files} would change. Nothing was written.")
        return
    say(f"{paint('Migrated', '1;32')} {made.found.root}: {files} changed.")
    say("Format it with `cargo fmt`, run its tests, look at it with `git diff`, then commit it.")
    if checked is None:
        say("`cargo check` shows what the migrations could not see, and brings Cargo.lock up to date.")


def _grouped(made: Plan) -> Iterable[tuple[list[str], str, list[str]]]:
    """What was changed, those together that have the same reason: every line has its requirements."""
    titles: dict[str, list[str]] = {}
    paths: dict[str, set[str]] = {}
    for one in made.applied:
        if one.paths:
            titles.setdefault(one.why, []).append(f"{one.title}{'' if one.safe else ' (look at it)'}")
            paths.setdefault(one.why, set()).update(one.paths)
    return [(titles[why], why, sorted(paths[why])) for why in titles]


def _show_places(title: str, places: Iterable[Place], out: Any) -> None:
    listed = list(places)
    if listed:
        out(f"\n{title} ({len(listed)})")
    for place in listed:
        out(f"  {place.path}:{place.line}: {place.note}")


def _show_checked(checked: Checked) -> None:
    if checked.passed:
        say(f"\n{paint('`cargo check` passes.', '1;32')}")
    else:
        say(f"\n{paint('`cargo check` fails:', '1;31')}")
        say_block(checked.output)
    _show_places("Deprecated, says the compiler", checked.deprecated, say)
