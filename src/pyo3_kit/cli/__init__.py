"""The command line. `main` is its entry point, and the only place where an error becomes output and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_COMPLETION = "_PYO3_KIT_COMPLETE"
"""The variable by which a shell asks typer to complete a line."""

_HELP = Path(__file__).parent / "help"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `pyo3-kit` with these arguments (default: the process's) and return its exit code; no exception leaves it."""
    from pyo3_kit.system import streams

    streams.prepare()
    return streams.finish(_main(list(sys.argv[1:] if arguments is None else arguments)))


def _main(words: list[str]) -> int:
    if _COMPLETION in os.environ:
        return _run(words)
    from pyo3_kit.cli.output import put_own

    # Version and help are answered without typer, which takes a third of a second to import.
    if words in (["--version"], ["-V"]):
        from pyo3_kit import __version__

        put_own(f"pyo3-kit {__version__}\n")
        return 0
    if page := _help_page(words):
        put_own(page)
        return 0
    return _run(words)


def _help_page(words: list[str]) -> str:
    if words[-1:] in (["--help"], ["-h"]):
        words = words[:-1]
    elif words:
        return ""
    if len(words) > 1 or any(not word.isidentifier() for word in words):
        return ""
    page = _HELP / f"{words[0] if words else 'pyo3-kit'}.txt"
    if not page.is_file():
        return ""
    from pyo3_kit.system.reading import read_text

    return read_text(page)


def _form(words: list[str]) -> str:
    """What `--format` says, for errors before and after the options are understood."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word == "--format":
            return following
        if word.startswith("--format="):
            return word.partition("=")[2]
    return ""


def _plain_status(words: list[str]) -> dict[str, Any] | None:
    """The options of a plain `status`, which CI and prompts run often, read without typer; None for anything else."""
    if words[:1] != ["status"] or _COMPLETION in os.environ:
        return None
    found: dict[str, Any] = {"path": None, "answers_file": None, "quick": False, "as_json": False}
    rest = iter(words[1:])
    for word in rest:
        if word in ("--quick", "--json"):
            found["quick" if word == "--quick" else "as_json"] = True
        elif word == "--answers-file" and found["answers_file"] is None and (name := next(rest, None)):
            found["answers_file"] = name
        elif not word.startswith("-") and word and found["path"] is None:
            found["path"] = Path(word)
        else:
            return None
    return found


def _run(words: list[str]) -> int:
    import gc

    from pyo3_kit import errors
    from pyo3_kit.system import signals

    # The process is short: looking for garbage costs more than the garbage.
    gc.disable()
    signals.end_orderly()
    try:
        if (status := _plain_status(words)) is not None:
            from pyo3_kit.cli.status import show_status

            return show_status(**status)
        if words[:1] == ["explain"] and len(words) <= 2 and not any(word.startswith("-") for word in words):
            from pyo3_kit.cli.explain import explain_rule

            return explain_rule(words[1] if words[1:] else None)
        from pyo3_kit.cli.app import run

        return run(words)
    except (KeyboardInterrupt, EOFError):
        error: errors.KitError = errors.Interrupted()
    except errors.KitError as known:
        error = known
    except Exception as unknown:
        if os.environ.get("PYO3_KIT_TRACEBACK"):
            raise
        text = " ".join(str(unknown).split())
        error = errors.Failed(
            f"An unexpected error: {type(unknown).__name__}: {text}",
            "Set PYO3_KIT_TRACEBACK=1 to see where, and report it please.",
        )
    from pyo3_kit.cli.output import report

    return report(error, as_json="--json" in words or _form(words) == "json")
