"""Ignore files: sets of lines in an order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyo3_kit.merge.ignore import merge
from pyo3_kit.merge.model import Labels, Merged


def clean(base: str, ours: str, theirs: str, path: str = ".gitignore") -> str:
    b, o, t = (text.replace(" ", "\n") for text in (base, ours, theirs))
    result = merge(path, b, o, t, Labels())
    assert result is not None
    assert result.conflicts == ()
    return result.text.replace("\n", " ")


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("a b c ", "a u b c ", "a b t c ", "a u b t c "),
        ("a b c ", "a b c u ", "a b c t ", "a b c t u "),
        ("a b c ", "u a b c ", "t a b c ", "u t a b c "),
        ("a b c ", "a c ", "a b c t ", "a c t "),
        ("a b c ", "a b c u ", "a c ", "a c u "),
        ("a b c ", "c b a ", "a b c t ", "c t b a "),
        ("a b c ", "a b c u ", "c a b ", "c a b u "),
        ("a b ", "a u b ", "a t ", "a u t "),
        ("a b ", "a u ", "a /b ", "a u "),
        ("a b", "a b u", "a t b ", "a t b u"),
        ("a ", "a u ", "a u t ", "a u t "),
        ("", "u a ", "a t ", "u a t "),
        ("#A a  #B b ", "#A a u  #B b ", "#A a  #T t  #B b ", "#A a u  #T t  #B b "),
        ("#A a  #B b ", "#A a  #B b u ", "#A a ", "#A a  #B u "),
        ("#A a  #B b  #C c ", "#A a u  #B b  #C c ", "#A a  #C c ", "#A a u  #C c "),
        ("*.so a ", "*.so !u.so a ", "*.so a !t.so *.so ", "*.so !u.so a !t.so *.so "),
    ],
)
def test_lines_of_both_sides(base: str, ours: str, theirs: str, expected: str) -> None:
    assert clean(base, ours, theirs) == expected


def test_what_one_pattern_is_given_is_one_decision() -> None:
    base = "*.lock linguist-generated\n"
    ours, theirs = "*.lock -diff\n", "*.lock binary\n*.so binary\n"
    assert merge(".gitattributes", base, ours, theirs, Labels()) is None
    assert merge("CODEOWNERS", base, ours, theirs, Labels()) is None
    assert merge("CODEOWNERS", base, base + "/x me\n", theirs, Labels()) == Merged(
        "*.lock binary\n*.so binary\n/x me\n"
    )


def test_what_the_user_wrote_stays_to_the_byte() -> None:
    result = merge(".gitignore", "a\nb\nc\n", "a  \n \t\nb\nc\\ \n", "a\nt\nb\nc\n", Labels())
    assert result == Merged("a  \nt\n \t\nb\nc\\ \n")


lines = st.lists(st.sampled_from(["a", "b", "c", "!a", "*.so", "# one", "# two", "", "/d/"]), max_size=8)
own = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 20)), max_size=4)
gone = st.sets(st.integers(0, 8), max_size=4)


def edited(base: list[str], who: str, new: list[tuple[int, int]], left_out: set[int]) -> list[str]:
    result = [line for index, line in enumerate(base) if index not in left_out]
    for at, number in new:
        result.insert(at, f"{who}{number}")
    return result


def text(side: list[str]) -> str:
    return "".join(f"{line}\n" for line in side)


def check(base: list[str], ours: list[str], theirs: list[str]) -> None:
    merged = merge(".gitignore", text(base), text(ours), text(theirs), Labels())
    assert merged is not None
    result = merged.text.split("\n")
    b, o, t = ({line for line in side if line} for side in (base, ours, theirs))
    assert (o - b) | (t - b) <= set(result), "additions of both"
    kept = {line for line in b if line in o and line in t}
    assert kept <= set(result), "what nobody took out"
    assert set(result) - {""} <= o | t, "nothing else"
    back = {line for line in b if line not in t and not line.startswith("#")}
    assert not back & set(result), "what the template took out"
    assert not {line for line in b if line not in o} & set(result), "what the user took out"
    if not b & o & t:
        return
    mine = [line for line in ours if line in result and line in o - b]
    assert [line for line in result if line in set(mine)] == mine, "the user's order"


@settings(max_examples=150, deadline=None)
@given(lines, own, gone, own, gone)
def test_random(
    base: list[str],
    new_ours: list[tuple[int, int]],
    gone_ours: set[int],
    new_theirs: list[tuple[int, int]],
    gone_theirs: set[int],
) -> None:
    check(base, edited(base, "o", new_ours, gone_ours), edited(base, "t", new_theirs, gone_theirs))


@pytest.mark.slow
@settings(max_examples=700, deadline=None)
@given(lines, own, gone, own, gone)
def test_random_many(
    base: list[str],
    new_ours: list[tuple[int, int]],
    gone_ours: set[int],
    new_theirs: list[tuple[int, int]],
    gone_theirs: set[int],
) -> None:
    check(base, edited(base, "o", new_ours, gone_ours), edited(base, "t", new_theirs, gone_theirs))


@settings(max_examples=80, deadline=None)
@given(lines, own, gone)
def test_an_unchanged_side_gives_the_other(base: list[str], new: list[tuple[int, int]], left_out: set[int]) -> None:
    one, other = text(base), text(edited(base, "o", new, left_out))
    assert merge(".gitignore", one, other, one, Labels()) == Merged(other)
    assert merge(".gitignore", one, one, other, Labels()) == Merged(other)
    assert merge(".gitignore", one, other, other, Labels()) == Merged(other)
