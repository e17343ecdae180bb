"""Merging by lines: what holds for any three texts, and that it is as good as Git's."""

from __future__ import annotations

import subprocess
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyo3_kit.merge.lines import merge_lines, regions, split
from pyo3_kit.merge.matching import changes, similarity
from pyo3_kit.merge.model import Conflict, Labels

LABELS = Labels("yours", "template v1", "template v2")
REPEATED = ["a\n", "b\n", "c\n", "d\n", "}\n", "\n"]
ANY_LINES = st.lists(st.sampled_from(REPEATED), max_size=14)

Triple = tuple[list[str], list[str], list[str]]


@st.composite
def edited(draw: st.DrawFn) -> Triple:
    """Three texts in which no line occurs twice, so that there is one way only to match them."""
    base = [f"line {number}\n" for number in range(draw(st.integers(0, 14)))]
    sides: list[list[str]] = []
    for side in ("ours", "theirs"):
        lines = list(base)
        for number in range(draw(st.integers(0, 3))):
            start = draw(st.integers(0, len(lines)))
            end = draw(st.integers(start, min(start + 3, len(lines))))
            count = draw(st.integers(0, 2))
            # Now and then both sides make the same change.
            who = draw(st.sampled_from([side, "both"]))
            new = [f"{who} {number} {each}\n" for each in range(count)]
            lines[start:end] = [line for line in new if line not in lines]
        sides.append(lines)
    return base, sides[0], sides[1]


def merged(base: list[str], ours: list[str], theirs: list[str]) -> tuple[str, tuple[Conflict, ...]]:
    result = merge_lines("a.txt", "".join(base), "".join(ours), "".join(theirs), LABELS)
    return result.text, result.conflicts


@given(ANY_LINES, ANY_LINES, ANY_LINES)
def test_the_regions_are_the_three_texts(base: list[str], ours: list[str], theirs: list[str]) -> None:
    parts = regions(base, ours, theirs)
    assert [line for part in parts for line in part.base] == base
    assert [line for part in parts for line in part.ours] == ours
    assert [line for part in parts for line in part.theirs] == theirs
    for part in parts:
        assert (part.ours == part.base) == (part.kind in {"same", "theirs"})
        assert (part.theirs == part.base) == (part.kind in {"same", "ours"})


@given(ANY_LINES, ANY_LINES)
def test_an_unchanged_side_changes_nothing(base: list[str], side: list[str]) -> None:
    assert merged(base, side, base) == ("".join(side), ())
    assert merged(base, base, side) == ("".join(side), ())
    assert merged(base, side, side) == ("".join(side), ())


@given(ANY_LINES, ANY_LINES, ANY_LINES)
def test_the_sides_are_equals(base: list[str], ours: list[str], theirs: list[str]) -> None:
    text, conflicts = merged(base, ours, theirs)
    turned, others = merged(base, theirs, ours)
    assert bool(conflicts) == bool(others)
    assert conflicts or text == turned


def beside(lines: list[str], line: str) -> list[str]:
    at = lines.index(line)
    return lines[max(at - 1, 0) : at + 2]


def check_triple(triple: Triple) -> None:
    base, ours, theirs = triple
    assert merged(base, ours, base) == ("".join(ours), ())
    assert merged(base, base, theirs) == ("".join(theirs), ())
    text, conflicts = merged(base, ours, theirs)
    lines = set(split(text))
    assert (set(ours) | set(theirs)) - set(base) <= lines
    if not conflicts:
        expected = (set(base) & set(ours) & set(theirs)) | ((set(ours) | set(theirs)) - set(base))
        assert expected <= lines
        # What one side dropped stays only where the other put it somewhere else.
        for line in lines - expected:
            keeper = ours if line in ours else theirs
            assert beside(keeper, line) != beside(base, line)


@given(edited())
def test_every_new_line_is_there_and_no_other(triple: Triple) -> None:
    check_triple(triple)


@pytest.mark.slow
@settings(max_examples=3_000, deadline=None)
@given(edited())
def test_every_new_line_is_there_in_many_triples(triple: Triple) -> None:
    check_triple(triple)


@given(edited())
def test_conflicts_stand_where_they_say(triple: Triple) -> None:
    text, conflicts = merged(*triple)
    lines = text.split("\n")
    assert text.count("<<<<<<< yours\n") == len(conflicts)
    for conflict in conflicts:
        assert conflict.line is not None
        shown = "\n".join(lines[conflict.line - 1 :])
        assert shown.startswith(
            f"<<<<<<< yours\n{conflict.ours}||||||| template v1\n{conflict.base}"
            f"=======\n{conflict.theirs}>>>>>>> template v2\n"
        )


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edited())
def test_what_git_merges_comes_out_the_same(tmp_path: Path, triple: Triple) -> None:
    """Where lines can be matched in one way only; we may merge more: a line that both took away parts two edits."""
    expected, clean = by_git(tmp_path, triple)
    text, conflicts = merged(*triple)
    if clean:
        assert (text, conflicts) == (expected, ())


def test_where_lines_repeat_it_merges_what_git_merges_and_more(tmp_path: Path) -> None:
    """Such texts can be matched in several ways, so that either may see a conflict where the other sees none."""
    merged_by_git = merged_by_us = 0
    for seed in range(150):
        random = Random(seed)
        base = [random.choice(REPEATED) for _ in range(random.randint(4, 14))]
        triple = (base, scrambled(random, base), scrambled(random, base))
        expected, clean = by_git(tmp_path, triple)
        text, conflicts = merged(*triple)
        merged_by_git += clean
        merged_by_us += not conflicts
        assert not clean or conflicts or text == expected
    assert 30 < merged_by_git < merged_by_us


def scrambled(random: Random, base: list[str]) -> list[str]:
    lines = list(base)
    for _ in range(random.randint(1, 3)):
        start = random.randint(0, len(lines))
        new = [random.choice(REPEATED) for _ in range(random.randint(0, 3))]
        lines[start : start + random.randint(0, 2)] = new
    return lines


def by_git(folder: Path, triple: Triple) -> tuple[str, bool]:
    for name, lines in zip(("base", "ours", "theirs"), triple, strict=True):
        (folder / name).write_text("".join(lines))
    run = subprocess.run(
        ["git", "merge-file", "-p", "--diff3", "ours", "base", "theirs"],
        cwd=folder,
        capture_output=True,
        check=False,
        text=True,
    )
    assert 0 <= run.returncode < 128
    return run.stdout, run.returncode == 0


def test_touching_edits_conflict_with_what_both_have_trimmed() -> None:
    text, conflicts = merged(["a\n", "b\n", "c\n"], ["a\n", "x\n", "B\n", "c\n"], ["a\n", "x\n", "b\n", "C\n"])
    assert text == ("a\nx\n<<<<<<< yours\nB\nc\n||||||| template v1\nb\nc\n=======\nb\nC\n>>>>>>> template v2\n")
    assert conflicts == (Conflict("a.txt", None, 3, "b\nc\n", "B\nc\n", "b\nC\n"),)


def test_a_conflict_at_an_end_without_line_feed_is_well_formed() -> None:
    text = merge_lines("a.txt", "a", "b", "c", LABELS).text
    assert text == "<<<<<<< yours\nb\n||||||| template v1\na\n=======\nc\n>>>>>>> template v2\n"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a", ["a"]),
        ("a\n\nb", ["a\n", "\n", "b"]),
        ("a\rb\u2028c\x0cd\n", ["a\rb\u2028c\x0cd\n"]),
    ],
)
def test_only_a_line_feed_ends_a_line(text: str, lines: list[str]) -> None:
    assert split(text) == lines


def test_a_moved_block_is_matched_by_its_rare_lines() -> None:
    base = ["def a\n", "}\n", "\n", "def b\n", "}\n", "\n"]
    side = ["def new\n", "}\n", "\n", *base]
    assert [change.end - change.start for change in changes(base, side)] == [0]


def test_long_texts_with_nothing_in_common_but_noise_take_no_long_search() -> None:
    one = [f"{number * number % 97}\n" for number in range(4000)]
    other = [f"{number * 31 % 89}\n" for number in range(4000)]
    assert 0 <= similarity(one, other) < 1


def test_similarity() -> None:
    assert similarity([], []) == 1
    assert similarity(["a\n"], []) == 0
    assert similarity(["a\n", "b\n", "c\n"], ["a\n", "c\n", "d\n"]) == pytest.approx(2 / 3)
