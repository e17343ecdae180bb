"""The one way to parse TOML.

It reads TOML 1.1, as cargo does: inline tables over several lines. Python's own `tomllib` reads 1.0 only.
"""

from __future__ import annotations

import re
from typing import Any

from pyo3_kit.texts.bounds import DEPTH, LONG_KEY, Unbounded, refuse_depth

_POSITION = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)\Z")


class TomlError(ValueError):
    """A text that is not TOML; `line` and `column` count from 1, `reason` is a clause without them."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(f"{reason} (at line {line}, column {column})")
        self.reason, self.line, self.column = reason, line, column


def parse_toml(text: str) -> dict[str, Any]:
    """The data of a text; raises `TomlError`, for one that is nested deeper than Python can follow too."""
    import tomli

    if found := LONG_KEY.search(text):
        # A key of n parts costs the parser n² in time and memory.
        raise TomlError(f"a key has more than {DEPTH} parts", text.count("\n", 0, found.start()) + 1, 1)
    try:
        data = tomli.loads(text)
        refuse_depth(data)
        return data
    except Unbounded as error:
        raise TomlError(error.reason, 1, 1) from None
    except RecursionError:
        raise TomlError("it is nested too deeply", 1, 1) from None
    except tomli.TOMLDecodeError as error:
        position = _POSITION.search(str(error))
        if position is not None and position["line"]:
            line, column = int(position["line"]), int(position["column"])
        else:
            lines = text.rstrip("\n").split("\n")
            line, column = len(lines), len(lines[-1]) + 1
        raise TomlError(_POSITION.sub("", str(error)), line, column) from None
