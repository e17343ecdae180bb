"""Files that show conflict markers, as documentation of merges does, are merged like any other."""

from __future__ import annotations

import pytest

from pyo3_kit.merge.content import merge_content
from pyo3_kit.merge.model import Labels

SHOWN = "```\n<<<<<<< yours\na\n||||||| template before\nc\n=======\nb\n>>>>>>> template now\n```\n"


@pytest.mark.parametrize("path", ["R.md", "a.rs", "a.py", "a.txt"])
@pytest.mark.parametrize("before", [True, False], ids=["above", "below"])
def test_one_conflict_is_one_and_at_its_line(path: str, before: bool) -> None:
    base, ours, theirs = ("# One\n\n" + middle + "\n\n# Three\n" for middle in ("two", "mine", "TWO"))
    mine = f"{SHOWN}\n{ours}" if before else f"{ours}\n{SHOWN}"
    merged = merge_content(path, base.encode(), mine.encode(), theirs.encode(), Labels())
    assert len(merged.conflicts) == 1
    line = merged.conflicts[0].line
    assert line is not None
    assert merged.content.decode().split("\n")[line - 1 : line + 1] == ["<<<<<<< yours", "mine"]
    assert b"\0" not in merged.content


@pytest.mark.parametrize("path", ["R.md", "a.rs", "a.py"])
def test_a_file_with_a_nul_far_down_is_merged_by_lines(path: str) -> None:
    base, ours, theirs = (f"{head}\n\n" + "x\n" * 5000 + "\0000<\n" for head in ("two", "mine", "TWO"))
    assert len(merge_content(path, base.encode(), ours.encode(), theirs.encode(), Labels()).conflicts) == 1
