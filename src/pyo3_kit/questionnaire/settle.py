"""Resolve the conflicts of an update in a terminal, one by one: ours, theirs, both, edit, skip."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import questionary

from pyo3_kit.errors import Refused
from pyo3_kit.merge.model import Conflict, FileMerge
from pyo3_kit.questionnaire.prompts import Prompter, width
from pyo3_kit.system.own_files import temporary_folder
from pyo3_kit.system.platforms import split_command
from pyo3_kit.system.processes import find_program, interact
from pyo3_kit.system.reading import read_bytes
from pyo3_kit.system.writing import Root
from pyo3_kit.update.planning import Plan
from pyo3_kit.update.settling import Side, edited, remove, settle_file

_EDIT = "edit"
_SHOWN_LINES = 12


def settle_in_terminal(plan: Plan) -> Plan:
    """The plan with the user's decisions about conflicts, and about edited files that the template removed.

    Nothing is written. `KeyboardInterrupt` if the user cancels.
    """
    prompter = Prompter()
    waiting = [merge for merge in plan.files if merge.conflicts or merge.path in plan.left]
    files = []
    for merge in plan.files:
        if merge not in waiting:
            files.append(merge)
            continue
        heading = f"{merge.path} · {waiting.index(merge) + 1} of {len(waiting)}"
        files.append(_decide(prompter, plan, merge, heading) if merge.conflicts else _let_go(prompter, merge, heading))
    return replace(plan, files=tuple(files))


def _decide(prompter: Prompter, plan: Plan, merge: FileMerge, heading: str) -> FileMerge:
    if all(conflict.line is None for conflict in merge.conflicts):
        return _decide_whole(prompter, plan, merge, heading)
    sides: list[Side] = []
    for number, conflict in enumerate(merge.conflicts, 1):
        where = f"{heading} · place {number} of {len(merge.conflicts)}" if len(merge.conflicts) > 1 else heading
        answer = prompter.menu(where, _sides(plan, [conflict]), _choices(both=True), Side.OURS, back=False)
        if answer == _EDIT:
            decided = settle_file(plan, merge, [*sides, *[Side.SKIP] * (len(merge.conflicts) - len(sides))])
            return _edit(decided)
        sides.append(answer)
    return settle_file(plan, merge, sides)


def _decide_whole(prompter: Prompter, plan: Plan, merge: FileMerge, heading: str) -> FileMerge:
    text = any(conflict.key is not None for conflict in merge.conflicts)
    answer = prompter.menu(heading, _sides(plan, merge.conflicts), _choices(edit=text), Side.OURS, back=False)
    if answer == _EDIT:
        return _edit(merge)
    return settle_file(plan, merge, [answer] * len(merge.conflicts))


def _let_go(prompter: Prompter, merge: FileMerge, heading: str) -> FileMerge:
    choices = [
        questionary.Choice("Keep it", False, description="From now on the file is yours."),
        questionary.Choice("Remove it", True, description="Your edits are removed with it; Git still has them."),
    ]
    text = "The template no longer has this file, but you edited it."
    return remove(merge) if prompter.menu(heading, text, choices, False, back=False) else merge


def _choices(*, both: bool = False, edit: bool = True) -> list[questionary.Choice]:
    found = [
        questionary.Choice("Yours", Side.OURS, description="Keep the project's content."),
        questionary.Choice("The template's", Side.THEIRS, description="Use the template's new content."),
    ]
    if both:
        found.append(questionary.Choice("Both", Side.BOTH, description="Yours, then the template's."))
    if edit:
        found.append(questionary.Choice("Edit", _EDIT, description="Open the file in your editor."))
    found.append(questionary.Choice("Skip", Side.SKIP, description="Decide after the update."))
    return found


def _sides(plan: Plan, conflicts: Sequence[Conflict]) -> str:
    labels = plan.labels
    parts = []
    for conflict in conflicts:
        if conflict.key is not None:
            parts.append(conflict.key)
        for label, text in (
            (labels.base, conflict.base),
            (labels.ours, conflict.ours),
            (labels.theirs, conflict.theirs),
        ):
            parts.append(f"{label}: {_brief(text)}")
    return "\n".join(parts)


def _brief(text: str | None) -> str:
    if text is None:
        return "(nothing)"
    rows = text.rstrip("\n").split("\n")
    if len(rows) == 1:
        return rows[0].strip() or "(empty)"
    shown = [f"  {row}"[: width()] for row in rows[:_SHOWN_LINES]]
    more = [f"  … {len(rows) - _SHOWN_LINES} more lines"] if len(rows) > _SHOWN_LINES else []
    return "\n".join(["", *shown, *more])


def _edit(merge: FileMerge) -> FileMerge:
    """The file after editing; the user edits a copy outside the project."""
    assert merge.result is not None
    with temporary_folder() as folder:
        path = folder / PurePosixPath(merge.path).name
        with Root(folder) as root:
            root.write_new(path.name, merge.result.content)
        command = [*_editor(), str(path)]
        try:
            code = interact(command)
        except OSError as error:
            raise Refused(
                f"The editor {command[0]} could not be started: {error.strerror}.", "Set EDITOR to your editor."
            ) from error
        # If the editor exits with an error, nothing is decided.
        return edited(merge, read_bytes(path)) if code == 0 else merge


def _editor() -> list[str]:
    for name in ("GIT_EDITOR", "VISUAL", "EDITOR"):
        if command := os.environ.get(name):
            return split_command(command)
    known: Any = next((name for name in ("nano", "vim", "vi", "notepad") if find_program(name)), None)
    if known is None:
        raise Refused("No editor is set.", "Set EDITOR to your editor.")
    return [known]
