"""What the corpus cannot say about trees: reasons, sources, options, and files that stand in each other's way."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyo3_kit.merge.model import File, FileMerge, Labels, Outcome, Tree
from pyo3_kit.merge.tree import merge_trees, never

LABELS = Labels("yours", "template v1", "template v2")
TEXT = "".join(f"line {number}\n" for number in range(12))


def tree(**files: str) -> Tree:
    return {name.replace("_", "."): File(text.encode()) for name, text in files.items()}


def merge(
    base: Tree,
    ours: Tree,
    theirs: Tree,
    seed: Callable[[str], bool] = never,
    remove_edited: Callable[[str], bool] = never,
) -> dict[str, FileMerge]:
    merges = merge_trees(base, ours, theirs, seed=seed, labels=LABELS, remove_edited=remove_edited)
    assert [each.path for each in merges] == sorted({each.path for each in merges})
    return {each.path: each for each in merges}


@pytest.mark.parametrize(
    ("path", "base", "ours", "theirs", "outcome"),
    [
        # A newer pin, a lint that is off: nothing of the template's change comes in.
        ("requirements.txt", "a==1.0\nb\n", "a==1.3\nb\n", "a==1.2\nb\n", Outcome.KEPT),
        (
            "Cargo.toml",
            '[lints.rust]\na = "warn"\n',
            '[lints.rust]\na = "allow"\n',
            '[lints.rust]\na = "deny"\n',
            Outcome.KEPT,
        ),
        (
            ".pre-commit-config.yaml",
            "repos: [{rev: v1.0}]\n",
            "repos: [{rev: v1.3}]\n",
            "repos: [{rev: v1.2}]\n",
            Outcome.KEPT,
        ),
        # The same change, with another one beside it.
        ("notes.txt", "a\nb\n", "A\nB\n", "A\nb\n", Outcome.UNCHANGED),
        ("Cargo.toml", "[a]\nx = 1\n", "[a]\nx = 2\ny = 3\n", "[a]\nx = 2\n", Outcome.UNCHANGED),
        # Of two changes one is there already, the other is dropped.
        ("requirements.txt", "a==1.0\nb\n\nc\n", "a==1.3\nb\n\nd\n", "a==1.2\nb\n\nd\n", Outcome.KEPT),
    ],
)
def test_dropped_changes_are_kept_and_not_unchanged(
    path: str, base: str, ours: str, theirs: str, outcome: Outcome
) -> None:
    before, mine, now = ({path: File(text.encode())} for text in (base, ours, theirs))
    merged = merge(before, mine, now)[path]
    assert (merged.outcome, merged.result) == (outcome, mine[path])


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "outcome", "reason"),
    [
        ("a", "a", "a", Outcome.UNCHANGED, "nobody changed it"),
        ("a", "b", "a", Outcome.UNCHANGED, "only you changed it"),
        ("a", "b", "b", Outcome.UNCHANGED, "you already have the same"),
        ("a", "a", "b", Outcome.UPDATED, "only the template changed it"),
        ("a", "b", "c", Outcome.CONFLICT, "you and the template changed the same place"),
        (None, "b", "c", Outcome.CONFLICT, "you and the template added the same place"),
        ("1\n2\n3", "0\n2\n3", "1\n2\n4", Outcome.MERGED, "changed by you and by the template"),
        (None, None, "b", Outcome.ADDED, "the template added it"),
        (None, "b", "b", Outcome.UNCHANGED, "you already have the same"),
        ("a", None, "a", Outcome.KEPT, "you deleted it"),
        ("a", None, "b", Outcome.KEPT, "you deleted it, the template changed it"),
        ("a", "a", None, Outcome.REMOVED, "the template removed it"),
        ("a", "b", None, Outcome.KEPT, "the template removed it, you edited it"),
    ],
)
def test_every_outcome_has_its_reason(
    base: str | None, ours: str | None, theirs: str | None, outcome: Outcome, reason: str
) -> None:
    before, mine, now = ({} if text is None else tree(a_txt=text) for text in (base, ours, theirs))
    merged = merge(before, mine, now)["a.txt"]
    assert (merged.outcome, merged.reason) == (outcome, reason)
    assert merged.ours == mine.get("a.txt")


def test_a_file_that_both_deleted_is_not_spoken_of() -> None:
    assert merge(tree(a_txt="a"), {}, {}) == {}


def test_an_edited_file_goes_where_the_caller_says_so() -> None:
    merged = merge(tree(a_txt="a"), tree(a_txt="b"), {}, remove_edited=lambda path: path == "a.txt")["a.txt"]
    assert (merged.outcome, merged.result) == (Outcome.REMOVED, None)
    assert merged.reason == "the template removed it, your edits go with it"


def test_what_the_user_has_beside_is_left_out() -> None:
    assert merge({}, tree(own_txt="a"), {}) == {}


def test_a_move_by_the_template_is_named() -> None:
    merged = merge(tree(old_txt=TEXT), tree(old_txt=TEXT + "mine\n"), tree(new_txt="first\n" + TEXT))
    assert merged.keys() == {"new.txt"}
    assert merged["new.txt"].reason == "the template moved it from old.txt, changed by you and by the template"
    assert (merged["new.txt"].source, merged["new.txt"].ours) == ("old.txt", None)
    assert merged["new.txt"].result == File(f"first\n{TEXT}mine\n".encode())


def test_a_move_by_the_user_is_named() -> None:
    merged = merge(tree(old_txt=TEXT), tree(mine_txt=TEXT + "mine\n"), tree(old_txt="first\n" + TEXT))
    assert merged["old.txt"].reason == "you moved it to mine.txt"
    assert merged["mine.txt"].reason == "you moved it from old.txt, changed by you and by the template"
    assert merged["mine.txt"].source is None


def test_a_move_by_the_user_of_what_the_template_leaves_alone_is_no_work() -> None:
    merged = merge(tree(old_txt=TEXT), tree(mine_txt=TEXT), tree(old_txt=TEXT))
    assert {path: each.reason for path, each in merged.items()} == {"old.txt": "you moved it to mine.txt"}


def test_a_file_that_the_user_moved_stays_when_the_template_removes_it() -> None:
    merged = merge(tree(old_txt=TEXT), tree(mine_txt=TEXT), {})
    assert {path: each.outcome for path, each in merged.items()} == {"mine.txt": Outcome.KEPT}
    assert merged["mine.txt"].reason == "you moved it from old.txt, the template removed it"
    edited = merge(tree(old_txt=TEXT), tree(mine_txt=TEXT + "mine\n"), {})
    assert {path: each.outcome for path, each in edited.items()} == {"mine.txt": Outcome.KEPT}


def test_a_conflict_in_a_moved_file_stays_a_conflict() -> None:
    base, ours, theirs = (f"{TEXT}{end}\n" for end in ("a", "b", "c"))
    merged = merge(tree(old_txt=base), tree(old_txt=ours), tree(new_txt=theirs))["new.txt"]
    assert (merged.outcome, merged.source) == (Outcome.CONFLICT, "old.txt")
    assert merged.stages == (File(base.encode()), File(ours.encode()), File(theirs.encode()))


def test_a_file_where_the_template_moves_one_to_is_not_overwritten() -> None:
    merged = merge(tree(old_txt=TEXT), tree(old_txt=TEXT, new_txt="own\n"), tree(new_txt=TEXT))
    assert merged["old.txt"].outcome is Outcome.REMOVED
    assert merged["new.txt"].outcome is Outcome.CONFLICT
    result = merged["new.txt"].result
    assert result is not None
    assert b"own\n" in result.content


def test_a_rewritten_seed_names_what_the_template_changed() -> None:
    merged = merge(
        tree(lib_rs=TEXT), tree(lib_rs="mine\n"), tree(lib_rs=TEXT.replace("line 3\n", "")), seed=lambda _: True
    )["lib.rs"]
    assert (merged.outcome, merged.reason) == (Outcome.KEPT, "you rewrote it, the template changed 1 line of it")


@pytest.mark.parametrize(("left", "outcome"), [(4, Outcome.KEPT), (5, Outcome.MERGED)])
def test_a_seed_is_rewritten_when_less_than_two_fifths_are_left(left: int, outcome: Outcome) -> None:
    lines = TEXT.splitlines(keepends=True)
    ours = "".join(lines[:left])
    merged = merge(tree(a_txt=TEXT), tree(a_txt=ours), tree(a_txt="first\n" + TEXT), seed=lambda _: True)
    assert merged["a.txt"].outcome is outcome


def test_a_folder_in_the_way_is_found_on_either_side() -> None:
    blocked = merge({}, {"a": File(b"own")}, {"a/b": File(b"new")})["a/b"]
    assert (blocked.outcome, blocked.result) == (Outcome.CONFLICT, None)
    assert blocked.reason == "a file of yours has the name of its folder"
    assert [conflict.theirs for conflict in blocked.conflicts] == ["new"]


def test_a_file_that_becomes_a_folder_is_not_in_the_way_of_itself() -> None:
    base = {"a": File(b"one\ntwo\n")}
    merged = merge(base, base, {"a/b": File(b"something else\n")})
    assert {path: each.outcome for path, each in merged.items()} == {"a": Outcome.REMOVED, "a/b": Outcome.ADDED}
    moved = merge(base, base, {"a/b": File(b"one\ntwo\n")})
    assert {path: each.outcome for path, each in moved.items()} == {"a/b": Outcome.RENAMED}


CONTENTS = st.sampled_from([b"", b"a\n", b"a\nb\nc\n", b"a\nb\nd\n", b"x\r\ny\r\n", b"\0", b"\xff\n"])
FILES = st.builds(File, CONTENTS, st.booleans()) | st.builds(File, st.sampled_from([b"a", b"b"]), link=st.just(True))
TREES = st.dictionaries(st.sampled_from(["a", "b", "c/d", "e.py", "f.toml"]), FILES, max_size=4)


FEW = {"src/a.rs": File(TEXT.encode()), "src/b.rs": File(TEXT.upper().encode())}
MORE = {**FEW, "src/c.rs": File(b"c\n"), "src/deep/d.rs": File(b"d\n"), "e.rs": File(b"e\n")}


def test_a_new_file_does_not_come_to_a_folder_in_which_nothing_is_the_templates() -> None:
    merged = merge(FEW, {"src/a.rs": File(b"my own\n")}, MORE)
    reason = "you have none of the template's files in src"
    for path in ("src/c.rs", "src/deep/d.rs"):
        assert (merged[path].outcome, merged[path].reason) == (Outcome.KEPT, reason)
    assert merged["e.rs"].outcome is Outcome.ADDED


@pytest.mark.parametrize(
    "ours",
    [FEW, {"src/a.rs": File(TEXT.replace("line 1\n", "mine\n").encode())}, {"lib/b.rs": FEW["src/b.rs"]}],
)
def test_a_new_file_comes_where_something_is_the_templates(ours: Tree) -> None:
    assert merge(FEW, ours, MORE)["src/c.rs"].outcome is Outcome.ADDED


def test_a_folder_that_held_one_file_only_tells_nothing() -> None:
    assert merge({"src/a.rs": FEW["src/a.rs"]}, {}, MORE)["src/c.rs"].outcome is Outcome.ADDED


@given(TREES, TREES)
def test_an_unchanged_template_changes_nothing(base: Tree, ours: Tree) -> None:
    merged = merge(base, ours, base)
    assert [each for each in merged.values() if each.writes] == []


@given(TREES, TREES)
def test_without_edits_the_result_is_the_template(base: Tree, theirs: Tree) -> None:
    merged = merge(base, base, theirs)
    assert after(base, merged) == theirs


@given(TREES, TREES, TREES)
def test_no_file_of_the_user_goes_unnamed(base: Tree, ours: Tree, theirs: Tree) -> None:
    merged = merge(base, ours, theirs)
    left = after(ours, merged)
    for path, file in ours.items():
        if path in left:
            continue
        moved = [each for each in merged.values() if each.source == path]
        assert moved or merged[path].outcome is Outcome.REMOVED
        assert moved or file.content.replace(b"\r", b"") in {each.content.replace(b"\r", b"") for each in base.values()}


def after(ours: Tree, merged: dict[str, FileMerge]) -> Tree:
    files = dict(ours)
    for each in merged.values():
        files.pop(each.source or each.path, None)
    return files | {path: each.result for path, each in merged.items() if each.result is not None}


def test_a_lock_file_that_both_sides_changed_stays_and_names_its_command() -> None:
    base, ours, theirs = ({"uv.lock": File(text)} for text in (b"version = 1\n", b"version = 2\n", b"version = 3\n"))
    merged = merge(base, ours, theirs)["uv.lock"]
    assert (merged.outcome, merged.result) == (Outcome.KEPT, File(b"version = 2\n"))
    assert "`uv lock`" in merged.reason
    assert merge(base, base, theirs)["uv.lock"].outcome is Outcome.UPDATED
