"""Entries cut out of YAML: with their comments, with what would be left empty, and not where that is not possible."""

from __future__ import annotations

import pytest

from pyo3_kit.merge.yaml.cutting import without

TEXT = """\
# The head.

one: 1  # first

# About two.
two:
  - a
  # About b.
  - b: 1
    c: 2
three: {x: 1, y: 2}
"""


@pytest.mark.parametrize(
    ("places", "left"),
    [
        ([], TEXT),
        ([("one",)], TEXT.replace("one: 1  # first\n\n", "")),
        ([("two",)], TEXT.replace(TEXT[TEXT.index("\n# About two") : TEXT.index("three")], "")),
        ([("two", 1, "b")], TEXT.replace("- b: 1\n    c: 2", "- c: 2")),
        ([("two", 1, "b"), ("two", 1, "c")], TEXT.replace("  # About b.\n  - b: 1\n    c: 2\n", "")),
        ([("two", 0), ("two", 1)], TEXT.replace(TEXT[TEXT.index("\n# About two") : TEXT.index("three")], "")),
        ([("three", "x")], TEXT.replace("{x: 1, y: 2}", "{y: 2}")),
        ([("three", "x"), ("three",)], TEXT.replace("three: {x: 1, y: 2}\n", "")),
    ],
)
def test_without(places: list[tuple[str | int, ...]], left: str) -> None:
    assert without("a.yml", TEXT, places) == left


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a: 1\n", [("a",)]),
        ("a: 1\n", [("b",)]),
        ("a: [1]\n", [("a", 3)]),
        ("a: [\n", [("a",)]),
        ("a: &x 1\nb: *x\n", [("a",)]),
    ],
)
def test_what_cannot_be_cut(text: str, places: list[tuple[str | int, ...]]) -> None:
    assert without("a.yml", text, places) is None
