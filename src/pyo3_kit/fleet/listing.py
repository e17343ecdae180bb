"""Lists of repositories that a program prints, one a line. The fleet file names it, so the user has to agree."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from pathlib import Path

from pyo3_kit.errors import Refused
from pyo3_kit.git.run import git_environment
from pyo3_kit.system.processes import run

_LARGEST = 10_000_000


def lister(*, trust: bool) -> Callable[[Sequence[str], Path, str], list[str]]:
    """A function that runs a command in a folder, without a shell, and returns the lines that it prints.

    It raises `Refused` without `trust`, and when the command cannot be run, fails, or prints what is no text.
    """

    def listed(command: Sequence[str], folder: Path, place: str) -> list[str]:
        shown = shlex.join(command)
        if not trust:
            raise Refused(
                f"The fleet file's list ({place}) is printed by a program: `{shown}`.",
                "If you know the file, run it with `--trust`; else replace the list by `[[repository]]` entries.",
            )
        try:
            # The user trusts the file, and so what lies beside it when the command names that by its path.
            program = str(folder / command[0]) if Path(command[0]).name != command[0] else command[0]
            done = run([program, *command[1:]], folder=folder, environment=git_environment())
        except OSError as error:
            raise Refused(
                f"`{shown}` ({place}) cannot be run: {error.strerror}.", "Check `command` in the fleet file."
            ) from error
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip().splitlines() or ["it gives no reason"]
            raise Refused(
                f"`{shown}` ({place}) failed with {done.returncode}: {said[-1]}", "Fix it, then run this again."
            )
        try:
            text = done.stdout.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Refused(
                f"`{shown}` ({place}) prints what is not UTF-8.", "Let it print one address a line."
            ) from None
        if len(text) > _LARGEST:
            raise Refused(f"`{shown}` ({place}) prints more than {_LARGEST:,} characters.", "Check what it prints.")
        return text.splitlines()

    return listed
