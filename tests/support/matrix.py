"""The pairwise set of the structural answers: every two values that go together stand together in some combination.

For PyO3's line and two of the questions that decide most about the code it is every three.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from tests.support.space import Answers, Space

# None changes what is compiled or run: the render tests have them in every combination.
NOT_BUILT = {"license", "hooks", "ci", "docs", "updates", "update_cadence"}
# The combinations that CI builds: they hold every pair of these answers' values.
NAMED = ("pyo3", "async_runtime", "free_threaded", "bytes_feature", "disable_reference_pool")
# There is no CPython 3.14 with a GIL on the machines that build.
PYTHON_MIN = ("3.10", "3.11", "3.12", "3.13")


Cell = tuple[str, Any]


def covering(space: Space, names: list[str], wanted: Iterable[tuple[str, ...]]) -> list[Answers]:
    """A small set of valid combinations that holds all values that go together of each group of questions in `wanted`.

    Greedy: the first combination of values that is still missing is completed, question by question, with the value
    that brings most of the other missing ones. A question that is not asked has the value None. Always the same.
    """
    values = {name: [*space.choices(name), *([None] if conditional(space, name) else [])] for name in names}
    values["python_min"] = list(PYTHON_MIN)
    groups = [frozenset(group) for group in wanted]
    missing: dict[frozenset[Cell], None] = {}
    for group in groups:
        ordered = [name for name in names if name in group]
        for picks in itertools.product(*(values[name] for name in ordered)):
            cells = dict(zip(ordered, picks, strict=True))
            if possible(space, cells):
                missing[frozenset(cells.items())] = None
    rows: list[Answers] = []
    while missing:
        row = dict(next(iter(missing)))
        for name in sorted((n for n in names if n not in row), key=lambda n: -len(values[n])):
            fitting = [value for value in values[name] if possible(space, {**row, name: value})]
            row[name] = max(fitting, key=lambda value: gain(row, (name, value), missing))
        covered = [cells for cells in missing if cells <= row.items()]
        for found in covered:
            del missing[found]
        rows.append({name: row[name] for name in names if row[name] is not None})
    return rows


def gain(row: Answers, cell: Cell, missing: Iterable[frozenset[Cell]]) -> int:
    """How many of the missing combinations get nearer when `cell` joins the row."""
    items = row.items() | {cell}
    return sum(
        2 ** len(cells & items) for cells in missing if cell in cells and all(row.get(n, v) == v for n, v in cells)
    )


def conditional(space: Space, name: str) -> bool:
    """Whether the question is asked only after certain answers."""
    return "when" in space.questions[name]


def possible(space: Space, partial: Answers) -> bool:
    """Whether the questionnaire accepts the answers given so far, with the questions that it hides left out."""
    missing = [name for name in space.structural if name not in partial and relevant(space, name, partial)]
    given = {name: value for name, value in partial.items() if value is not None}
    absent = [name for name, value in partial.items() if value is None]
    for picks in itertools.product(*(space.choices(name) for name in missing)):
        values = space.resolve({**given, **dict(zip(missing, picks, strict=True))})
        if values is not None and all(space.unasked(name, values) for name in absent):
            return True
    return False


def relevant(space: Space, name: str, partial: Answers) -> bool:
    """Whether an answer that is still open can decide if those given so far are accepted."""
    return any(name in space.conditions(other) for other in partial)


def build_matrix(space: Space) -> list[Answers]:
    """The combinations that are built and tested for real."""
    names = [name for name in space.structural if name not in NOT_BUILT]
    triples = [("pyo3", *pair) for pair in itertools.combinations([*NAMED[1:], "starter", "wheels"], 2)]
    return covering(space, names, [*triples, *itertools.combinations(names, 2)])


def ci_part(combinations: list[Answers]) -> list[int]:
    """Indexes of the fewest combinations, greedily, that hold every pair of values of the NAMED questions."""
    pairs = [set(itertools.combinations([(n, row[n]) for n in NAMED], 2)) for row in combinations]
    left = set().union(*pairs)
    chosen: list[int] = []
    while left:
        best = max(range(len(pairs)), key=lambda index: len(pairs[index] & left))
        chosen.append(best)
        left -= pairs[best]
    rest = [index for index in range(len(combinations)) if index not in chosen]
    return sorted(chosen + rest[: max(0, 12 - len(chosen))])


def name(row: Answers) -> str:
    """A readable test id: what differs from the defaults."""
    shown = [f"{k}={v}" if not isinstance(v, bool) else (k if v else f"no-{k}") for k, v in sorted(row.items())]
    return f"{row['pyo3']}-" + "-".join(part for part in shown if not part.startswith("pyo3="))
