"""Judging what an engine made of a case, the same way for every engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from pyo3_kit.merge.kinds import kind_of
from pyo3_kit.merge.model import Outcome
from pyo3_kit.merge.validity import BROKEN, problems
from pyo3_kit.texts.toml import parse_toml
from tests.merge.cases import Case

COLUMNS = ("cases", "right", "needless conflict", "silently wrong", "lost user lines", "unparsable", "dishonest exit")


@dataclass(frozen=True)
class Made:
    """What an engine left: the files by path, whether it left a conflict in them, and whether its exit code told."""

    files: Mapping[str, bytes]
    conflict: bool
    told: bool


@dataclass(frozen=True)
class Verdict:
    """What is to be said about one case."""

    right: bool
    needless: bool
    wrong: bool
    lost: bool
    unparsable: bool
    dishonest: bool


def of_ours(case: Case) -> Made:
    """What our merge leaves."""
    files = {path: file.content for path, file in case.ours.items()}
    conflict = False
    for merge in case.merge():
        conflict |= merge.outcome is Outcome.CONFLICT
        if merge.source is not None:
            files.pop(merge.source, None)
        if merge.result is not None:
            files[merge.path] = merge.result.content
        else:
            files.pop(merge.path, None)
    return Made(files, conflict, told=conflict)


def judge(case: Case, made: Made) -> Verdict:
    """Compare what an engine left with what the case expects; a file may be written differently and mean the same."""
    as_wanted = all(_equal(path, made.files.get(path), wanted.content) for path, wanted in case.expect.items())
    lost = any(_lost(case, path, made) for path in case.expect)
    unparsable = any(_unparsable(case, path, made) for path in case.expect)
    if case.wants_conflict:
        # What is in dispute may be shown in more than one way, but it has to be shown.
        wrong = not made.conflict
        right = made.conflict and case.human and not lost and not unparsable
    else:
        wrong = not made.conflict and not as_wanted
        right = not made.conflict and as_wanted
    return Verdict(
        right=right,
        needless=made.conflict and not case.human,
        wrong=wrong,
        lost=lost,
        unparsable=unparsable,
        dishonest=(made.conflict or wrong or lost or unparsable) and not made.told,
    )


def table(engines: Mapping[str, Sequence[Verdict]]) -> str:
    """The verdicts as a table, one line for each engine."""
    width = max(map(len, engines)) + 2
    lines = [" " * width + "  ".join(COLUMNS)]
    for name, verdicts in engines.items():
        cells = [len(verdicts), *counts(verdicts).values()]
        lines.append(
            f"{name:<{width}}"
            + "  ".join(f"{cell:>{len(column)}}" for cell, column in zip(cells, COLUMNS, strict=True))
        )
    return "\n".join(lines)


def counts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """How many cases each thing is true of."""
    fields = ("right", "needless", "wrong", "lost", "unparsable", "dishonest")
    return {field: sum(getattr(verdict, field) for verdict in verdicts) for field in fields}


def _equal(path: str, got: bytes | None, wanted: bytes | None) -> bool:
    if got is None or wanted is None or got == wanted:
        return got == wanted
    if kind_of(path) in {"toml", "yaml"}:
        return bool(_data(path, got) == _data(path, wanted))
    return _solid(got) == _solid(wanted)


def _data(path: str, content: bytes) -> Any:
    text = content.decode("utf-8-sig", errors="replace")
    try:
        return parse_toml(text) if kind_of(path) == "toml" else list(yaml.safe_load_all(text))
    except (ValueError, yaml.YAMLError):
        return text


def _solid(content: bytes) -> list[bytes]:
    return [line.rstrip() for line in content.splitlines() if line.strip()]


def _lost(case: Case, path: str, made: Made) -> bool:
    """Whether a line that the user wrote, and that should be left, is nowhere in the file."""
    wanted = case.expect[path]
    ours = case.ours.get(wanted.source or path)
    base = case.base.get(wanted.source or path)
    if ours is None or wanted.content is None:
        return False
    own = set(_solid(ours.content)) - set(_solid(base.content) if base else [])
    everywhere = {line.strip() for content in made.files.values() for line in content.splitlines()}
    return any(line.strip() not in everywhere for line in own & set(_solid(wanted.content)))


def _unparsable(case: Case, path: str, made: Made) -> bool:
    """Whether a file that programs read has become one that they cannot read.

    A Rust or Python file with markers is not counted where a person is needed anyway.
    """
    content, wanted = made.files.get(path), case.expect[path].content
    kind = kind_of(path)
    if content is None or wanted is None or (case.human and kind not in {"toml", "yaml"}):
        return False

    def parses(text: bytes) -> bool:
        found = problems(kind, text.decode("utf-8-sig", errors="replace"))
        return not any(problem.what == BROKEN for problem in found)

    return parses(wanted) and not parses(content)
