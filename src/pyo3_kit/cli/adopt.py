"""`pyo3-kit adopt`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from pyo3_kit.adoption import Adoption, Inferred, Offer, Request, apply, plan
from pyo3_kit.cli.output import paint, print_json, put, put_code, say
from pyo3_kit.errors import DONE, Refused


def adopt_project(
    path: Path | None,
    *,
    crate: str | None,
    data: Mapping[str, Any],
    defaults: bool,
    only: Iterable[str],
    without: Iterable[str],
    dry_run: bool,
    diff: bool,
    as_json: bool,
) -> int:
    """Plan the adoption, show it, and unless `dry_run` do it; returns the exit code. Errors pass through."""
    request = Request(path, crate=crate, data=data, only=_names(only), without=_names(without))
    asks = not (defaults or as_json) and _in_terminal()
    made = plan(request, *((_ask, _choose, _show_answers) if asks else ()))
    if not dry_run:
        apply(made)
    if as_json:
        print_json(_as_object(made, dry_run=dry_run, diff=diff))
    else:
        _show(made, dry_run=dry_run, diff=diff, answers=not asks)
    return DONE


def settle(path: Path | None, *, back: bool, both: bool, as_json: bool) -> int:
    """Finish or undo an interrupted adoption; returns the exit code. Errors pass through."""
    from pyo3_kit.project.location import locate
    from pyo3_kit.transaction.apply import abort, resume

    if both:
        raise Refused("`--continue` does not go with `--abort`.", "Take one of them.")
    place = locate(path).place
    if back:
        abort(place)
    else:
        resume(place)
    if as_json:
        print_json({"path": str(place.root), "state": "undone" if back else "done"})
    elif back:
        say(f"{paint('Undone:', '1;32')} the project is as it was before it was adopted.")
    else:
        say(f"{paint('Done:', '1;32')} the project is adopted.")
    return DONE


def _names(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.strip() for part in given for name in part.split(",") if name.strip())


def _in_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _ask(draft: Any) -> Any:
    # Only a run that asks pays for the terminal's libraries.
    from pyo3_kit.questionnaire import walk

    return walk(draft)


def _choose(offers: tuple[Offer, ...]) -> frozenset[str]:
    from pyo3_kit.questionnaire.groups import choose_groups

    return choose_groups(offers)


def _show_answers(inferred: Mapping[str, Inferred]) -> None:
    say("answers")
    for line in _answer_lines(inferred):
        say(line)
    say()


def _answer_lines(inferred: Mapping[str, Inferred]) -> Iterable[str]:
    shown = {name: _shown(found.value) for name, found in inferred.items()}
    names, values = max(map(len, shown), default=0), min(max(map(len, shown.values()), default=0), 40)
    for name, found in inferred.items():
        yield f"  {name:<{names}}  {shown[name]:<{values}}  {found.sure.value}: {found.source}"


def _shown(value: Any) -> str:
    text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _as_object(made: Adoption, *, dry_run: bool, diff: bool) -> dict[str, Any]:
    from pyo3_kit.update import report

    shown: dict[str, Any] = {
        "path": str(made.project.root),
        "template": made.template,
        "version": made.version,
        "already": made.already,
        "dry_run": dry_run,
        "crate": made.crate,
        "answers": {
            name: {"value": found.value, "source": found.source, "sure": found.sure.value}
            for name, found in made.inferred.items()
        },
        "groups": [
            {
                "id": one.id,
                "title": one.title,
                "accepted": one.id in made.accepted,
                "declined": one.declined or None,
                "files": list(one.files),
            }
            for one in made.offers
        ],
        "files": [{"path": merge.path, "outcome": merge.outcome.value, "reason": merge.reason} for merge in made.files],
        "differs": [
            {"path": one.path, "key": one.key or None, "ours": one.ours, "theirs": one.theirs} for one in made.differs
        ],
        "notes": list(made.notes),
    }
    return {**shown, "diff": "\n".join(report.diff(made.files))} if diff else shown


def _show(made: Adoption, *, dry_run: bool, diff: bool, answers: bool) -> None:
    if made.already:
        say(f"Nothing to do: {made.project.root} is adopted already, at {made.version}. `pyo3-kit update` goes on.")
        return
    from pyo3_kit.update import report

    # Of a preview this is the result; of an adoption it is told beside.
    out: Callable[[str], None] = put if dry_run else say
    out(f"{made.template}: {made.version}")
    if answers:
        out("\nanswers")
        for line in _answer_lines(made.inferred):
            out(line)
    out("\nfiles")
    width = max(len(merge.path) for merge in made.files)
    for merge in made.files:
        out(f"  {merge.path:<{width}}  {merge.outcome.value}: {merge.reason}")
    left = [one for one in made.offers if one.id not in made.accepted]
    if left:
        out("\nleft out")
    for one in left:
        out(f"  {one.id}  {one.declined or 'declined'} ({', '.join(one.files)})")
    if made.differs:
        out("\ndiffers, and stays as you have it")
    for different in made.differs:
        place = f"{different.path}: {different.key}" if different.key else different.path
        values = f"yours {different.ours}, the template's {different.theirs}" if different.key else "you have your own"
        out(f"  {place}  {values}")
    if diff:
        out("")
        for line in report.diff(made.files):
            put_code(line)
    say()
    for note in made.notes:
        say(f"{paint('note:', '1;36')} {note}")
    if dry_run:
        say("Nothing was written.")
        return
    say(f"{paint('Adopted', '1;32')} {made.project.root}. Look at it with `git diff`, then commit it.")
