"""All that commands print goes through here: results to stdout, everything else to stderr, JSON as one object."""

from __future__ import annotations

import os
import re
import sys

from pyo3_kit.system import escaping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, TextIO

    from pyo3_kit.errors import KitError

_PAINT = os.urandom(8).hex()
"""What our own colours carry until they are printed. No text of others can know it."""
_PAINTED = re.compile(rf"\\x1b{_PAINT}\[([0-9;]*)m")
_GREEN, _RED, _CYAN = "1;32", "1;31", "1;36"
_COLOURS = {"error:": _RED, "stopped:": _RED, "warning:": "1;33", "note:": _CYAN, "hint:": _CYAN, " hint:": _CYAN}


def report(error: KitError, *, as_json: bool) -> int:
    """Print an error, as text on stderr or as one JSON object on stdout, and return its exit code."""
    if as_json:
        print_json({"error": error.message, "hint": error.hint, "exit_code": error.exit_code, **error.details})
    else:
        if output := error.details.get("output"):
            say_block(str(output))
        first, *more = error.message.split("\n")
        label("error:", first)
        for line in more:
            # What a name with a line feed brings is not a line of its own.
            say(line if line.startswith("  ") else f"  {line}")
        if error.hint:
            label(" hint:", error.hint)
    return error.exit_code


def print_json(value: Any, *, versioned: bool = True) -> None:
    """Print one JSON object on stdout, with the version of its schema if it is not for a program of others."""
    put_json(escaping.json_text({"schema_version": escaping.SCHEMA_VERSION, **value} if versioned else value))


def put_json(text: str) -> None:
    """Print a text in JSON on stdout, where `escaping.json_text` made it."""
    encoding = (sys.stdout.encoding or "utf-8").lower().replace("_", "-")
    put_own((text if encoding in ("utf-8", "utf8") else escaping.ascii_json(text)).rstrip("\n") + "\n")


def put(text: str = "") -> None:
    """Print one line of a result on stdout; line feeds before it are empty lines."""
    _write(sys.stdout, _line(text) + "\n")


def put_block(text: str) -> None:
    """Print a result of several lines on stdout."""
    _write(sys.stdout, _own_colours(escaping.block(text)).rstrip("\n") + "\n")


def put_code(text: str) -> None:
    """Print lines of a diff on stdout."""
    _write(sys.stdout, escaping.code(text) + "\n")


def put_own(text: str) -> None:
    """Print a text of ours, or one in which everything foreign is escaped already, on stdout as it is."""
    _write(sys.stdout, text)


def show_plan(lines: Iterable[str], diff: Iterable[str] | None, *, dry_run: bool) -> None:
    """Print what a command does, as the result of a dry run and else as progress; a diff is always a result."""
    for line in lines:
        (put if dry_run else say)(line)
    if diff is not None:
        put_code("\n".join(("", *diff)))


def flush() -> None:
    """Write out what stdout holds back, so that a reader that has gone is noticed here and not at exit."""
    sys.stdout.flush()


def say(text: str = "") -> None:
    """Print one line on stderr; line feeds before it are empty lines."""
    _write(sys.stderr, _line(text) + "\n")


def say_block(text: str) -> None:
    """Print on stderr what another program or a template wrote, over several lines."""
    _write(sys.stderr, _own_colours(escaping.block(text)).rstrip("\n") + "\n")


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
    """The one place where a command writes to a stream; what it cannot encode or write `system/streams.py` handles."""
    stream.write(text)


def _line(text: str) -> str:
    body = text.lstrip("\n")
    return "\n" * (len(text) - len(body)) + _own_colours(escaping.line(body))


def _own_colours(text: str) -> str:
    return _PAINTED.sub("\x1b[\\1m", text)


def _paint(text: str, code: str) -> str:
    """Colour for stderr, where it is a terminal and the user has not declined colours."""
    if os.environ.get("NO_COLOR") or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return text
    return colour(text, code)


def colour(text: str, code: str) -> str:
    """A part of a line in a colour; it becomes one when the line is printed by a function of this file."""
    return f"\x1b{_PAINT}[{code}m{text}\x1b{_PAINT}[0m" if text else ""
