"""Limits for Rust files, so that parsing one does not take minutes.

The parser finds places by counting from the beginning of their line, and neighbours by going down from the root: a line
of half a million characters, or an expression with fifty thousand calls in each other, costs that times the number of
nodes. Some texts that are not Rust make it backtrack again and again. Nobody writes such files by hand.
"""

from __future__ import annotations

import re
import time
from itertools import accumulate

from pyo3_kit.rust.tree import parse

_SMALL = 50_000
_LINE_COST = 200_000_000
"""Characters of a line times brackets and quotes in it, summed up over the lines."""
_DEPTH_COST = 100_000_000
"""Brackets in a statement, squared, and the sum of the depths of its brackets."""
_PIECE = 32_000
_PIECE_SECONDS = 0.5
_SECONDS = 40.0

_LITERALS = re.compile(r'"(?:[^"\\]|\\[\s\S])*"|//[^\n]*')
_BRACKET = re.compile(r"[()\[\]{};,]")
_STEP = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1, ";": 0, ",": 0}


def excess(text: str) -> str | None:
    """Why a Rust file is not checked; None for any file that somebody could have written."""
    if len(text) < _SMALL:
        return None
    plain = _LITERALS.sub("", text)
    lines = plain.split("\n")
    cost = sum(len(line) * (1 + sum(map(line.count, "({;,\"'"))) for line in lines)
    if cost > _LINE_COST:
        longest = max(map(len, lines))
        return f"has a line of {longest} characters"
    brackets = _BRACKET.findall(plain)
    depths = accumulate((_STEP[sign] for sign in brackets), lambda depth, step: max(0, depth + step))
    if sum(map(abs, depths)) > _DEPTH_COST or _statements_cost(brackets) > _DEPTH_COST:
        return "is nested too deeply"
    return "takes too long to be parsed" if _is_slow(text) else None


def _is_slow(text: str) -> bool:
    """Whether pieces of the text take so long to parse that the whole text must not be parsed at once."""
    pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
    seconds = 0.0
    for piece in pieces:
        before = time.thread_time()
        parse(piece)
        took = time.thread_time() - before
        seconds += took
        if took > _PIECE_SECONDS or seconds * len(pieces) > _SECONDS:
            return True
    return False


def _statements_cost(brackets: list[str]) -> int:
    cost = calls = 0
    for sign in brackets:
        if sign == "(":
            calls += 1
        elif sign in ";{},":
            cost += calls * calls
            calls = 0
    return cost + calls * calls
