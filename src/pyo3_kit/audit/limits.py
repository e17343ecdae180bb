"""What of a Rust file is too much to be checked, so that no file keeps a run busy for minutes.

The parser finds places by counting from the beginning of their line, and neighbours by going down from the root: a line
of half a million characters, or an expression with fifty thousand calls in each other, costs that times the number of
nodes. Nobody writes such files by hand.
"""

from __future__ import annotations

import re
import time
from itertools import accumulate

LONGEST_LINE_COST = 200_000_000
"""Characters of a line times brackets in it, summed up over the lines."""
DEEPEST_COST = 100_000_000
"""Brackets in a statement, squared, and the depth that brackets stand at, summed up."""
SECONDS = 20.0
"""For one file; the rest of it is not checked then."""

_SMALL = 50_000
_LITERALS = re.compile(r'"(?:[^"\\]|\\[\s\S])*"|//[^\n]*')
_BRACKET = re.compile(r"[()\[\]{};]")
_STEP = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1, ";": 0}


class TooSlow(Exception):  # noqa: N818 (said as it is raised)
    """The time for a file is over."""


class Timer:
    """The time that is left for the file at hand."""

    def __init__(self) -> None:
        self._end = float("inf")

    def start(self) -> None:
        """Give a file its time."""
        self._end = time.monotonic() + SECONDS

    def check(self) -> None:
        """`TooSlow` when it is over."""
        if time.monotonic() > self._end:
            raise TooSlow


timer = Timer()


def excess(text: str) -> str | None:
    """Why a Rust file is not checked; None for any file that somebody could have written."""
    if len(text) < _SMALL:
        return None
    lines = text.split("\n")
    cost = sum(len(line) * (1 + line.count("(") + line.count("{") + line.count(";")) for line in lines)
    if cost > LONGEST_LINE_COST:
        longest = max(map(len, lines))
        return f"has a line of {longest} characters"
    brackets = _BRACKET.findall(_LITERALS.sub("", text))
    depths = accumulate((_STEP[sign] for sign in brackets), lambda depth, step: max(0, depth + step))
    if sum(map(abs, depths)) > DEEPEST_COST or _statements_cost(brackets) > DEEPEST_COST:
        return "is nested too deeply"
    return None


def _statements_cost(brackets: list[str]) -> int:
    cost = calls = 0
    for sign in brackets:
        if sign == "(":
            calls += 1
        elif sign in ";{}":
            cost += calls * calls
            calls = 0
    return cost + calls * calls
