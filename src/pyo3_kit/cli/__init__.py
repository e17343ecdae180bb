"""The command line. `main` is its entry point, and the only place where an error becomes output and an exit code."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `pyo3-kit` with these arguments (default: the process's) and return its exit code; no exception leaves it."""
    from pyo3_kit.system import streams

    streams.prepare()
    return streams.finish(_main(list(sys.argv[1:] if arguments is None else arguments)))


def _main(words: Sequence[str]) -> int:
    # The process is short: looking for garbage costs more than the garbage.
    gc.disable()
    from pyo3_kit import errors

    try:
        return _run(words)
    except (KeyboardInterrupt, EOFError):
        from pyo3_kit.system import signals

        error: errors.KitError = signals.interrupted()
    except errors.KitError as known:
        error = known
    except Exception as unknown:
        if os.environ.get("PYO3_KIT_TRACEBACK"):
            raise
        text = " ".join(str(unknown).split())
        error = errors.Failed(
            f"An unexpected error: {type(unknown).__name__}: {text}",
            "Set PYO3_KIT_TRACEBACK=1 to see where it happened, and please report it.",
        )
    from pyo3_kit.cli.terminal import report
    from pyo3_kit.system import streams

    # An interrupt may have come before what redirected a stream gave it back.
    streams.restore()
    return report(error, as_json=_wants_json(words))


def _run(words: Sequence[str]) -> int:
    from pyo3_kit.cli import terminal
    from pyo3_kit.cli.commands import program
    from pyo3_kit.cli.parser import Answered

    parser = program()
    try:
        options = parser.read(words or ["--help"])
    except Answered as answered:
        terminal.put_own(answered.text)
        terminal.flush()
        return 0
    from pyo3_kit.system import signals

    signals.end_orderly()
    code: int = options.run(options)
    terminal.flush()
    return code


def _wants_json(words: Sequence[str]) -> bool:
    """Whether errors are printed as JSON; it has to be known of arguments that cannot be read, too."""
    from argparse import ArgumentParser

    parser = ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--json", nargs="?", const=True)
    parser.add_argument("--format", nargs="?")
    options, _ = parser.parse_known_args(words)
    return options.json is not None or options.format == "json"
