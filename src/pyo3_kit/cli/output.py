"""What commands print: results on stdout, everything else on stderr, JSON as one object."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from pyo3_kit.errors import KitError


def report(error: KitError, *, as_json: bool) -> int:
    """Print an error, for people or as one JSON object on stdout, and return its exit code."""
    if as_json:
        print_json({"error": error.message, "hint": error.hint, "exit_code": error.exit_code, **error.details})
    else:
        if output := error.details.get("output"):
            say(str(output))
        say(f"{paint('error:', '1;31')} {error.message}")
        if error.hint:
            say(f"{paint(' hint:', '1;36')} {error.hint}")
    return error.exit_code


def print_json(value: Any) -> None:
    """Print one JSON object on stdout."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def put(text: str) -> None:
    """Print a result on stdout."""
    sys.stdout.write(text + "\n")


def say(text: str = "") -> None:
    """Print to stderr what is meant for people; a character that the terminal cannot show is replaced."""
    stream = sys.stderr
    stream.flush()
    try:
        stream.write(text + "\n")
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")


def paint(text: str, code: str) -> str:
    """Colour for stderr, where it is a terminal and the user has not declined colours."""
    if os.environ.get("NO_COLOR") or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{code}m{text}\x1b[0m"
