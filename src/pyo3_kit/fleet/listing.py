"""Lists of repositories printed by a program, one per line. It runs only with the user's consent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pyo3_kit.errors import Refused
from pyo3_kit.git.run import git_environment
from pyo3_kit.system.platforms import join_command
from pyo3_kit.system.processes import run

_LARGEST = 10_000_000


def lister(*, trust: bool) -> Callable[[Sequence[str], Path, str], list[str]]:
    """A function that runs a command in a folder, without a shell, and returns its output lines.

    It raises `Refused` without `trust`, and if the command cannot be run, fails, or does not print text.
    """

    def listed(command: Sequence[str], folder: Path, place: str) -> list[str]:
        shown = join_command(command)
        if not trust:
            raise Refused(
                f"The fleet file's list ({place}) runs a program: `{shown}`.",
                "If you trust the file, add `--trust`; otherwise replace the list by `[[repository]]` entries.",
            )
        try:
            # The user trusts the file, and so files next to it if the command names that by its path.
            program = str(folder / command[0]) if Path(command[0]).name != command[0] else command[0]
            done = run([program, *command[1:]], folder=folder, environment=git_environment())
        except OSError as error:
            raise Refused(
                f"`{shown}` ({place}) cannot be run: {error.strerror}.", "Check `command` in the fleet file."
            ) from error
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip().splitlines() or ["it gives no reason"]
            raise Refused(
                f"`{shown}` ({place}) failed with {done.returncode}: {said[-1]}", "Fix the command, then run again."
            )
        try:
            text = done.stdout.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Refused(
                f"`{shown}` ({place}) prints what is not UTF-8.", "It must print one address per line."
            ) from None
        if len(text) > _LARGEST:
            raise Refused(f"`{shown}` ({place}) prints more than {_LARGEST:,} characters.", "Check what it prints.")
        return text.splitlines()

    return listed
