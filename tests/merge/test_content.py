"""The ladder: which rung a file's content is merged on, and what it looks like on the disk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyo3_kit.merge.content import ContentMerge, merge_content
from pyo3_kit.merge.model import Conflict, Labels
from pyo3_kit.merge.validity import problems

LABELS = Labels("yours", "template v1", "template v2")


def merge(path: str, base: str | None, ours: str, theirs: str) -> ContentMerge:
    return merge_content(path, None if base is None else base.encode(), ours.encode(), theirs.encode(), LABELS)


def test_rust_that_lines_can_merge_is_merged_by_lines() -> None:
    base = "fn a() {}\n\nfn b() {}\n\nfn c() {}\n"
    merged = merge("src/lib.rs", base, base.replace("a()", "a(x: u8)"), base.replace("c()", "c(x: u8)"))
    assert merged == ContentMerge(b"fn a(x: u8) {}\n\nfn b() {}\n\nfn c(x: u8) {}\n", (), "lines")


def test_a_function_that_both_add_at_different_places_is_not_there_twice() -> None:
    base = "fn a() {}\n\nfn b() {}\n\nfn c() {}\n"
    merged = merge("src/lib.rs", base, "fn new() -> u8 { 1 }\n\n" + base, base + "\nfn new() -> u8 { 2 }\n")
    assert merged.conflicts
    assert merged.why == "in the merged file, `fn new` is defined twice"
    assert b"<<<<<<< yours" in merged.content


def test_the_change_that_breaks_the_result_alone_is_in_conflict() -> None:
    base = '{\n  "a": 1,\n  "b": 2,\n  "c": 3,\n  "d": 4,\n  "e": 5\n}\n'
    ours = base.replace("{\n", '{\n  "new": true,\n')
    theirs = base.replace('"b": 2', '"b": 20').replace('"e": 5', '"e": 5,\n  "new": false')
    merged = merge("settings.json", base, ours, theirs)
    assert [conflict.theirs for conflict in merged.conflicts] == ['  "e": 5,\n  "new": false\n']
    assert b'"b": 20' in merged.content
    assert merged.why == "in the merged file, `new` is defined twice"


def test_what_was_wrong_before_is_no_conflict() -> None:
    base = "fn a() {}\n\nfn b() {}\n\nfn c() {}\n"
    twice = base + "fn c() {}\n"
    merged = merge("src/lib.rs", base, twice, base.replace("a()", "a(x: u8)"))
    assert merged == ContentMerge(twice.replace("a()", "a(x: u8)").encode(), (), "lines")


def test_a_template_that_does_not_parse_is_no_excuse_for_a_result_that_does_not() -> None:
    base = "a = 1\nb = 1\nc = 1\nd = 1\n"
    merged = merge("a.toml", base, base.replace("a = 1", "a = 2"), base.replace("d = 1", "d = ["))
    assert merged.content == base.replace("a = 1", "a = 2").encode()
    assert merged.conflicts


@pytest.mark.parametrize(
    ("path", "base", "ours", "theirs"),
    [
        ("a.toml", "a = 1\n", "a = [\n", "a = 2\n"),
        ("a.yml", "a: 1\n", "a: [1\n", "a: 2\n"),
    ],
)
def test_what_is_read_by_key_carries_no_markers(path: str, base: str, ours: str, theirs: str) -> None:
    merged = merge(path, base, ours, theirs)
    assert merged.content == ours.encode()
    assert merged.conflicts == (Conflict(path, None, None, base, ours, theirs),)
    assert merged.how == "nothing"


def test_toml_is_merged_by_key_and_parses_although_the_lines_touch() -> None:
    merged = merge("a.toml", "a = 1\nb = 1\n", "a = 2\nb = 1\n", "a = 1\nb = 2\n")
    assert merged == ContentMerge(b"a = 2\nb = 2\n", (), "meaning")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("path", ["a.toml", "a.yml", "a.py", "a.txt"])
def test_the_users_endings_and_mark_stay(path: str, mark: str, newline: str) -> None:
    sign = ": " if path.endswith("yml") else " = "
    base = "".join(f"{key}{sign}1\n" for key in "abcde")
    ours = mark + base.replace(f"a{sign}1", f"a{sign}2").replace("\n", newline)
    merged = merge(path, base, ours, base.replace(f"e{sign}1", f"e{sign}2\nf{sign}3"))
    assert merged.conflicts == ()
    assert merged.content.decode() == ours.replace(f"e{sign}1", f"e{sign}2{newline}f{sign}3")


def test_binary_files_are_not_mixed() -> None:
    merged = merge_content("logo.png", b"\0a", b"\0b", b"\0cc", LABELS)
    assert merged.content == b"\0b"
    assert merged.conflicts == (
        Conflict("logo.png", None, None, "binary, 2 bytes", "binary, 2 bytes", "binary, 3 bytes"),
    )


def test_both_added_the_same_text_with_other_endings() -> None:
    assert merge("a.txt", None, "a\r\nb\r\n", "a\nb\n") == ContentMerge(b"a\r\nb\r\n", (), "lines")


@given(
    st.sampled_from(["a.txt", "a.py", "a.json", "a.bin"]),
    st.binary(max_size=12) | st.text("ab\r\n\ufeffé", max_size=12).map(str.encode),
    st.binary(max_size=12) | st.text("ab\r\n\ufeffé", max_size=12).map(str.encode),
)
def test_an_unchanged_side_changes_no_byte(path: str, base: bytes, side: bytes) -> None:
    kept = merge_content(path, base, side, base, LABELS)
    assert (kept.content, kept.conflicts) == (side, ())
    same = merge_content(path, base, side, side, LABELS)
    assert (same.content, same.conflicts) == (side, ())


LINES = st.lists(st.sampled_from(["import a\n", "x = 1\n", "def f(): ...\n", "def g(): ...\n", "\n"]), max_size=6)


@given(LINES, LINES, LINES)
def test_a_clean_result_has_nothing_wrong_that_was_not_wrong_before(
    base: list[str], ours: list[str], theirs: list[str]
) -> None:
    texts = ["".join(lines) for lines in (base, ours, theirs)]
    merged = merge("a.py", texts[0], texts[1], texts[2])
    if not merged.conflicts:
        before = {problem for text in texts[1:] for problem in problems("python", text)}
        assert set(problems("python", merged.content.decode())) <= before
