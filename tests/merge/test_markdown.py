"""Markdown: sections, blocks, and what becomes of a block that both sides changed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pyo3_kit.merge.markdown import merge
from pyo3_kit.merge.model import Labels, Merged
from pyo3_kit.merge.sections import read

TOP = Path(__file__).parents[2]
LABELS = Labels("yours", "v1", "v2")


def merged(base: str, ours: str, theirs: str) -> Merged | None:
    return merge("x.md", base, ours, theirs, LABELS)


def clean(base: str, ours: str, theirs: str) -> str:
    result = merged(base, ours, theirs)
    assert result is not None
    assert result.conflicts == ()
    return result.text


@pytest.mark.parametrize("path", sorted(TOP.glob("**/*.md")), ids=lambda path: path.relative_to(TOP).as_posix())
def test_the_blocks_are_the_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "".join(block.gap + block.text for block in read(text).walk()).rstrip("\n") == text.rstrip("\n")


def test_what_is_a_block() -> None:
    text = (
        "# One\ntext\nmore\n- item\n  goes on\n\n  and on\n- next\n\n```sh\n# no heading\n\n- no item\n```\n"
        "| a | b |\n|---|---|\n[x]: y\n## Two\nend\n"
    )
    assert [block.text for block in read(text).walk()] == [
        "# One\n",
        "text\nmore\n",
        "- item\n  goes on\n\n  and on\n",
        "- next\n",
        "```sh\n# no heading\n\n- no item\n```\n",
        "| a | b |\n",
        "|---|---|\n",
        "[x]: y\n",
        "## Two\n",
        "end\n",
    ]


def test_sections_stand_in_each_other() -> None:
    top = read("intro\n# A\n## B\n### C\n## D\n# E\n")
    assert [section.title for section in top.sections] == ["A", "E"]
    assert [section.title for section in top.sections[0].sections] == ["B", "D"]


def test_paragraphs_and_sections_of_both_sides() -> None:
    base = "# T\n\none\n\n## End\n\nlast\n"
    ours = "# T\n\none\n\nmine\n\n## Mine\n\ntext\n\n## End\n\nlast\n"
    theirs = "# T\n\none\n\nyours\n\n## Yours\n\ntext too\n\n## End\n\nlast\n"
    assert clean(base, ours, theirs) == (
        "# T\n\none\n\nmine\n\nyours\n\n## Mine\n\ntext\n\n## Yours\n\ntext too\n\n## End\n\nlast\n"
    )


def test_the_users_order_and_deletions_stay() -> None:
    base = "# T\n\n## A\n\na\n\n## B\n\nb\n\n## C\n\nc\n"
    ours = "# T\n\n## C\n\nc\n\n## A\n\na, mine\n"
    theirs = "# T\n\n## A\n\na\n\n## B\n\nb, new\n\n## C\n\nc, new\n"
    assert clean(base, ours, theirs) == "# T\n\n## C\n\nc, new\n\n## A\n\na, mine\n"


def test_a_block_of_both_is_merged_by_lines() -> None:
    base = "# T\n\n```\none\ntwo\nthree\nfour\n```\n"
    assert clean(base, base.replace("one", "1"), base.replace("four", "4")) == "# T\n\n```\n1\ntwo\nthree\n4\n```\n"


def test_a_conflict_has_markers_and_their_place() -> None:
    result = merged("# T\n\nIt is a\n", "# T\n\nIt is b\n\nmore\n", "# T\n\nIt is c\n\n## N\n\nnew\n")
    assert result is not None
    assert result.text == (
        "# T\n\n<<<<<<< yours\nIt is b\n||||||| v1\nIt is a\n=======\nIt is c\n>>>>>>> v2\n\nmore\n\n## N\n\nnew\n"
    )
    (conflict,) = result.conflicts
    assert (conflict.line, conflict.base, conflict.ours, conflict.theirs) == (3, "It is a\n", "It is b\n", "It is c\n")


def test_a_section_that_one_side_drops_and_the_other_edits() -> None:
    base = "# T\n\n## A\n\na\n\n## B\n\nb\n"
    result = merged(base, base.replace("b\n", "b, mine\n"), "# T\n\n## A\n\na\n")
    assert result is not None
    assert len(result.conflicts) == 1
    assert re.search(r"<<<<<<< yours\n.*b, mine\n.*\n=======\n>>>>>>> v2\n", result.text, re.DOTALL)


def test_a_block_that_the_user_moved_is_left_to_the_lines() -> None:
    base = "# T\n\n## A\n\nmoved later on\n\n## B\n\nb\n"
    ours = "# T\n\n## A\n\n## B\n\nb\n\nmoved later on\n"
    assert merged(base, ours, base.replace("moved", "changed")) is None


def test_nothing_to_tell_additions_by() -> None:
    assert merged("", "# T\n\na\n", "# T\n\nb\n") is None


def test_an_unchanged_side_gives_the_other() -> None:
    one, other = "# T\n\na\n", "# T  \n\n \na\n- b"
    assert merged(one, other, one) == merged(one, one, other) == merged(one, other, other) == Merged(other)


def test_the_end_of_the_users_text_stays() -> None:
    assert clean("# T\n\na\n", "# T\n\na\n\nmine", "# T\n\na\n\nyours\n") == "# T\n\na\n\nmine\n\nyours"
