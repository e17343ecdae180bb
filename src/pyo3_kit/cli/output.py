"""What commands print: results on stdout, everything else on stderr, JSON as one object.

This is the only place that prints. Whatever is printed is escaped here (`system/escaping.py`), so that no name, no line
of code and no message of another program is more than text.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from typing import Any

from pyo3_kit.errors import KitError
from pyo3_kit.system import escaping

_PAINT = secrets.token_hex(8)
"""What our own colours carry until they are printed. No text of others can know it."""
_PAINTED = re.compile(rf"\\x1b{_PAINT}\[([0-9;]*)m")


def report(error: KitError, *, as_json: bool) -> int:
    """Print an error, for people or as one JSON object on stdout, and return its exit code."""
    if as_json:
        print_json({"error": error.message, "hint": error.hint, "exit_code": error.exit_code, **error.details})
    else:
        if output := error.details.get("output"):
            say_block(str(output))
        first, *more = error.message.split("\n")
        say(f"{paint('error:', '1;31')} {first}")
        for line in more:
            # What a name with a line feed brings is no line of its own.
            say(line if line.startswith("  ") else f"  {line}")
        if error.hint:
            say(f"{paint(' hint:', '1;36')} {error.hint}")
    return error.exit_code


def print_json(value: Any) -> None:
    """Print one JSON object on stdout."""
    put_json(escaping.json_text(value))


def put_json(text: str) -> None:
    """Print a text in JSON on stdout, where `escaping.json_text` made it."""
    encoding = (sys.stdout.encoding or "utf-8").lower().replace("_", "-")
    sys.stdout.write((text if encoding in ("utf-8", "utf8") else escaping.ascii_json(text)).rstrip("\n") + "\n")


def put(text: str = "") -> None:
    """Print one line of a result on stdout; line feeds before it are empty lines."""
    sys.stdout.write(_line(text) + "\n")


def put_block(text: str) -> None:
    """Print a result of several lines on stdout."""
    sys.stdout.write(_own_colours(escaping.block(text)).rstrip("\n") + "\n")


def put_code(text: str) -> None:
    """Print a line of a diff on stdout."""
    sys.stdout.write(escaping.code(text) + "\n")


def put_own(text: str) -> None:
    """Print a text of ours, or one in which everything foreign was escaped by its form, on stdout as it is."""
    sys.stdout.write(text)


def say(text: str = "") -> None:
    """Print one line to stderr, for people; line feeds before it are empty lines."""
    sys.stderr.write(_line(text) + "\n")


def say_block(text: str) -> None:
    """Print to stderr what another program or a template wrote, over several lines."""
    sys.stderr.write(_own_colours(escaping.block(text)).rstrip("\n") + "\n")


def flush() -> None:
    """Have what was printed so far written."""
    sys.stdout.flush()


def paint(text: str, code: str) -> str:
    """Colour for stderr, where it is a terminal and the user has not declined colours."""
    if os.environ.get("NO_COLOR") or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return text
    return colour(text, code)


def colour(text: str, code: str) -> str:
    """A part of a line in a colour; it becomes one when the line is printed by a function of this file."""
    return f"\x1b{_PAINT}[{code}m{text}\x1b{_PAINT}[0m" if text else ""


def _line(text: str) -> str:
    body = text.lstrip("\n")
    return "\n" * (len(text) - len(body)) + _own_colours(escaping.line(body))


def _own_colours(text: str) -> str:
    return _PAINTED.sub("\x1b[\\1m", text)
