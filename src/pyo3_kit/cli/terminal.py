"""All that commands print goes through here: results to stdout, everything else to stderr, JSON as one object."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TextIO

    from pyo3_kit.errors import KitError

_GREEN, _RED, _CYAN = "1;32", "1;31", "1;36"
_COLOURS = {"error:": _RED, "stopped:": _RED, "warning:": "1;33", "note:": _CYAN, "hint:": _CYAN, " hint:": _CYAN}


def report(error: KitError, *, as_json: bool) -> int:
    """Print an error, as text on stderr or as one JSON object on stdout, and return its exit code."""
    if as_json:
        print_json({"error": error.message, "hint": error.hint, "exit_code": error.exit_code, **error.details})
    else:
        if output := error.details.get("output"):
            say(str(output))
        label("error:", error.message)
        if error.hint:
            label(" hint:", error.hint)
    return error.exit_code


def print_json(value: Any) -> None:
    """Print one JSON object on stdout."""
    import json

    put(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def put(text: str, end: str = "\n") -> None:
    """Print a result on stdout."""
    _write(sys.stdout, text + end)


def show_plan(lines: Iterable[str], diff: Iterable[str] | None, *, dry_run: bool) -> None:
    """Print what a command does, as the result of a dry run and else as progress; a diff is always a result."""
    for line in lines:
        (put if dry_run else say)(line)
    if diff is not None:
        put("\n".join(("", *diff)))


def flush() -> None:
    """Write out what stdout holds back, so that a reader that has gone is noticed here and not at exit."""
    sys.stdout.flush()


def say(text: str = "") -> None:
    """Print a message on stderr."""
    _write(sys.stderr, text + "\n")


def label(word: str, text: str = "") -> None:
    """Print a message on stderr that begins with this word, in a colour that goes with it."""
    say(f"{_paint(word, _COLOURS.get(word, _GREEN))} {text}".rstrip())


def bold(text: str) -> str:
    """A text for stderr, in bold where it is a terminal."""
    return _paint(text, "1")


def painter() -> Any:
    """A function that colours a text for stdout, or None where colours are not wanted."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return None
    if not os.environ.get("FORCE_COLOR") and not sys.stdout.isatty():
        return None
    return lambda text, code: f"\x1b[{code}m{text}\x1b[0m" if text else ""


def can_ask() -> bool:
    """Whether somebody can be asked: stdin and stderr are terminals."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def walk_through(draft: Any) -> Any:
    """Ask the questions page by page; only a run that asks pays for the terminal's libraries."""
    from pyo3_kit.questionnaire import walk

    return walk(draft)


def split_names(values: Iterable[str] | None) -> tuple[str, ...]:
    """The names in an option that may be repeated and may hold several, separated by commas."""
    return tuple(name.strip() for value in values or () for name in value.split(",") if name.strip())


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 file`, `2 files`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def _write(stream: TextIO, text: str) -> None:
    """The one place where a command writes to a stream; a character that the stream cannot encode is replaced."""
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "replace").decode(encoding))


def _paint(text: str, code: str) -> str:
    """Colour for stderr, where it is a terminal and the user has not declined colours."""
    if os.environ.get("NO_COLOR") or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{code}m{text}\x1b[0m"
