"""Options on one line: each with its values, in the order of ours."""

from __future__ import annotations

import pytest

from pyo3_kit.merge.content import merge_content
from pyo3_kit.merge.model import Labels
from pyo3_kit.merge.options import merge_options


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("-q", "-q -x", "-q --import-mode=importlib", "-q --import-mode=importlib -x"),
        ("-q", "-q -n 2", "-q -n 4", None),
        ("-q", "-q -n 2", "-q -n 2 -x", "-q -n 2 -x"),
        ("-q -x", "-q -x -v", "-x", "-x -v"),
        ("-q -n 2", "-q -n 3", "-q", None),
        ("-n 2", "-n 2 -q", "-n auto", "-n auto -q"),
        ('-m "not slow"', '-v -m "not slow"', '-m "not slow and not web"', '-v -m "not slow and not web"'),
        ("-p no:a", "-p no:a -p no:b", "-p no:c -p no:a", "-p no:c -p no:a -p no:b"),
        ("", "-q", "-x", "-x -q"),
        ("tests -q", "tests -q -x", "tests python -q", "tests python -q -x"),
    ],
)
def test_options_of_both(base: str, ours: str, theirs: str, expected: str | None) -> None:
    assert merge_options(base, ours, theirs) == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pytest.ini", "[pytest]\naddopts = {}\n"),
        ("pyproject.toml", '[tool.pytest.ini_options]\naddopts = "{}"\n'),
    ],
)
def test_they_are_merged_in_each_file(path: str, text: str) -> None:
    def merged(ours: str, theirs: str) -> str | None:
        base, one, other = (text.format(options).encode() for options in ("-q", ours, theirs))
        result = merge_content(path, base, one, other, Labels())
        return None if result.conflicts else result.content.decode()

    assert merged("-q -x", "-q -n 4") == text.format("-q -n 4 -x")
    assert merged("-q -n 2", "-q -n 4") is None
