"""YAML by key: what is understood, what stays, and how edits are written into the user's text."""

from __future__ import annotations

import textwrap

import pytest
import yaml

from pyo3_kit.merge.model import Conflict, Labels, Merged
from pyo3_kit.merge.yaml import merge, merge_by_key
from pyo3_kit.merge.yaml.edits import Change, Insert, SetValue, checked
from pyo3_kit.merge.yaml.nodes import Entry, Node, NotUnderstood
from pyo3_kit.merge.yaml.reader import parse
from pyo3_kit.texts.edits import Edit
from tests.merge.cases import CORPUS


def merged(base: str, ours: str, theirs: str) -> Merged:
    b, o, t = (textwrap.dedent(text) for text in (base, ours, theirs))
    return merge_by_key("ci.yml", b, o, t, Labels())


def clean(base: str, ours: str, theirs: str) -> str:
    result = merged(base, ours, theirs)
    assert result.conflicts == ()
    return result.text


PLAIN = "a: 1\nb: 2\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: [1\n", id="unparsable"),
        pytest.param("a: 1\na: 2\n", id="key twice"),
        pytest.param("{a: 1, a: 2}\n", id="key twice in braces"),
        pytest.param("? [x, y]\n: 1\n", id="a list as a key"),
        pytest.param("? a\n: 1\n", id="key with a question mark"),
        pytest.param("{a, b}\n", id="keys without values"),
        pytest.param("a: &x 1\nb: &x 2\n", id="anchor twice"),
        pytest.param("a: *x\n", id="alias of nothing"),
        pytest.param("a: 1\n---\nb: 2\n", id="another number of documents"),
        pytest.param("--- {a: 1}\n", id="value beside the start of a document"),
        pytest.param("a:\n\tb\n", id="tab"),
        pytest.param("a: 1\x85b: 2\n", id="line break of another time"),
        pytest.param("only text\n", id="no mapping"),
        pytest.param("# nothing\n", id="only a comment"),
    ],
)
def test_another_way_of_merging_takes_over(text: str) -> None:
    theirs = "a: 1\nb: 3\n"
    assert merge("x.yml", PLAIN, text, theirs, Labels()) is None
    assert merge("x.yml", PLAIN, theirs, text, Labels()) is None


def test_what_nobody_changed_stays_to_the_byte() -> None:
    base = "a: 1\nb: [x, y]\nc:\n  d: e\n"
    ours = "# mine\n'a' :   1   # one\nb: [ x,\n     y ]\nc:\n      d: \"e\"   # deep\n"
    theirs = "a: 1\nb: [x, y, z]\nc:\n  d: e\n  f: g\n"
    assert clean(base, ours, theirs) == (
        "# mine\n'a' :   1   # one\nb: [ x,\n     y, z ]\nc:\n      d: \"e\"   # deep\n      f: g\n"
    )


def test_a_conflict_shows_the_three_sides() -> None:
    result = merged("a:\n  b: 1  # one\n", "a:\n  b: 2\n", "a:\n  b: 3  # three\n")
    assert result == Merged("a:\n  b: 2\n", (Conflict("ci.yml", "a.b", None, "1  # one", "2", "3  # three"),))


def test_a_key_of_a_conflict_names_its_items() -> None:
    base = """\
        jobs:
          test:
            steps:
              - name: Build
                with:
                  args: a
        """
    result = merged(base, base.replace("args: a", "args: b"), base.replace("args: a", "args: c"))
    assert [conflict.key for conflict in result.conflicts] == ["jobs.test.steps[name=Build].with.args"]


@pytest.mark.parametrize(
    ("ours", "expected"),
    [
        ("uses: x@1  # v1\n", "uses: x@2  # v2\n"),
        ("uses: x@1 # v1\n", "uses: x@2 # v2\n"),
        ("uses: x@1  # v1.0.0\n", "uses: x@2  # v2\n"),
        ("uses: x@1  # ours to keep\n", "uses: x@2  # ours to keep\n"),
        ("uses: x@1\n", "uses: x@2\n"),
        ("uses: 'x@1'  # v1\n", "uses: x@2  # v2\n"),
    ],
)
def test_a_version_in_a_comment_goes_with_its_value(ours: str, expected: str) -> None:
    assert clean("uses: x@1  # v1\nz: 1\n", ours + "z: 2\n", "uses: x@2  # v2\nz: 1\n") == expected + "z: 2\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("[a, b]", "[a, b, u]", "[a, t, b]", "[a, t, b, u]"),
        ("[a, b]", "[u, a, b]", "[t, a, b]", "[t, u, a, b]"),
        ("[a, b]", "[a, b, u]", "[b]", "[b, u]"),
        ("[a, b, c]", "[u, a, b, c]", "[c]", "[u, c]"),
        ("[a]", "[]", "[a, t]", "[t]"),
        ("[a, b]", "[b]", "[a, b, t]", "[b, t]"),
        ("[a, b]", "[a, b,]", "[a, b, t]", "[a, b, t,]"),
        ("{k: 1}", "{k: 1, u: 2}", "{k: 3, t: 4}", "{k: 3, t: 4, u: 2}"),
        ("a", "[a, u]", "[a, t]", "[a, t, u]"),
        ("[a, b]", "[a, b, u]", "[a, 'x, y', b]", "[a, 'x, y', b, u]"),
        ('["3.13t"]', '["3.14t"]', '["3.13t", "3.14t"]', '["3.14t"]'),
        ("[x==1]", "[x==1, y]", "[x==2]", "[x==2, y]"),
    ],
)
def test_values_between_brackets(base: str, ours: str, theirs: str, expected: str) -> None:
    assert clean(f"k: {base}\n", f"k: {ours}\nu: 1\n", f"k: {theirs}\n") == f"k: {expected}\nu: 1\n"


def test_a_list_over_several_lines_keeps_its_comments() -> None:
    ours = "k: [\n  a,  # first\n  b  # second\n]\n"
    assert clean("k: [a, b]\n", ours, "k: [a, t, b, z]\n") == ("k: [\n  a,  # first\n  t,\n  b,  # second\n  z\n]\n")


def test_items_of_blocks_go_between_brackets() -> None:
    base = "k:\n  - a\nm:\n  n: {x: 1}\n"
    theirs = "k:\n  - a\n  - echo a, [b]\n  - |\n    two\n    lines\nm:\n  n:\n    x: 1\n    y: [p, q]\n"
    text = clean(base, "k: [a, u]\nm: {n: {x: 1}, u: 2}\n", theirs)
    assert text == 'k: [a, "echo a, [b]", "two\\nlines\\n", u]\nm: {n: {x: 1, y: [p, q]}, u: 2}\n'


def test_entries_behind_a_dash() -> None:
    base = "k:\n  - a: 1\n    b: 2\n    c: 3\n"
    ours = "k:\n  - a: 1\n    # mine\n    b: 2\n    c: 3\n    u: 4\n"
    assert clean(base, ours, "k:\n  - b: 2\n    c: 3\n") == "k:\n  - # mine\n    b: 2\n    c: 3\n    u: 4\n"
    assert clean(base, ours, "k:\n  - t: 0\n    a: 1\n    b: 2\n    c: 3\n") == (
        "k:\n  - t: 0\n    a: 1\n    # mine\n    b: 2\n    c: 3\n    u: 4\n"
    )


def test_comments_of_both_sides() -> None:
    base = "# top\n\na: 1\n\n# about b\nb: 2\nc: 3\n"
    ours = "# top\n\na: 1\n\n# about b\nb: 2\n# mine\nc: 4\n"
    theirs = "# another top\n\na: 1\n\n# more about b\n# in two lines\nb: 2\nc: 3\n"
    assert clean(base, ours, theirs) == (
        "# another top\n\na: 1\n\n# more about b\n# in two lines\nb: 2\n# mine\nc: 4\n"
    )


def test_one_comment_changed_by_both_is_a_conflict() -> None:
    result = merged("# x\na: 1\nb: 1\n", "# y\na: 1\nb: 1\n", "# z\na: 1\nb: 2\n")
    assert result == Merged("# y\na: 1\nb: 2\n", (Conflict("ci.yml", "a", None, "# x", "# y", "# z"),))


def test_two_comments_behind_one_value_are_a_conflict() -> None:
    result = merged("a: 1\nb: 1\n", "a: 1  # y\nb: 1\n", "a: 1  # z\nb: 2\n")
    assert result == Merged("a: 1  # y\nb: 2\n", (Conflict("ci.yml", "a", None, None, "# y", "# z"),))


def test_a_comment_keeps_an_entry_that_the_template_drops() -> None:
    result = merged("a: 1\nb: 2\n", "a: 1\n# needed by us\nb: 2\n", "a: 1\n")
    assert result == Merged("a: 1\n# needed by us\nb: 2\n", (Conflict("ci.yml", "b", None, "2", "2", None),))


def test_no_line_feed_at_the_end() -> None:
    assert clean("a: 1\n", "a: 1\nu: 2", "a: 1\nt: 3\n") == "a: 1\nt: 3\nu: 2"
    assert clean("a: 1\n", "u: 2\na: 1", "a: 1\nt: 3\n") == "u: 2\na: 1\nt: 3"


def test_scripts_by_lines() -> None:
    base = "run: |\n  one\n  two\n  three\nz: 1\n"
    ours = "run: |\n    zero\n    one\n    two\n    three\nz: 1\n"
    theirs = "run: |\n  one\n  two\n  3\nz: 1\n"
    assert clean(base, ours, theirs) == "run: |\n    zero\n    one\n    two\n    3\nz: 1\n"


def test_a_template_may_turn_a_value_into_another_kind() -> None:
    base = "on:\n  push:\n  z: 1\n"
    ours = "on:\n  push:  # always\n  z: 2\n"
    result = merged(base, ours, "on:\n  push:\n    branches: [main]\n  z: 1\n")
    assert yaml.safe_load(result.text) == {True: {"push": None if result.conflicts else {"branches": ["main"]}, "z": 2}}
    assert "# always" in result.text
    assert clean(base, "on:\n  push:\n  z: 2\n", "on:\n  push:\n    branches: [main]\n  z: 1\n") == (
        "on:\n  push:\n    branches: [main]\n  z: 2\n"
    )


def test_both_add_a_mapping_of_one_name() -> None:
    result = merged("a: 1\n", "a: 1\nenv:\n  U: 1\n  X: 1\n", "a: 1\nenv:\n  T: 2\n  X: 2\n")
    assert yaml.safe_load(result.text) == {"a": 1, "env": {"U": 1, "X": 1, "T": 2}}
    assert [conflict.key for conflict in result.conflicts] == ["env.X"]


def test_two_steps_of_one_name_are_not_mixed() -> None:
    base = "steps:\n  - name: a\n    run: a\n"
    ours, theirs = base + "  - name: b\n    run: b\n", base + "  - name: b\n    uses: b@1\n"
    result = merged(base, ours, theirs)
    assert (result.text, [one.key for one in result.conflicts]) == (ours, ["steps[name=b]"])


def test_two_new_entries_of_a_matrix_are_two() -> None:
    base = "include:\n  - {os: a, python: 1}\n"
    text = clean(base, base + "  - {os: b, python: 2}\n", base + "  - {os: c, python: 2}\n")
    assert text == base + "  - {os: c, python: 2}\n  - {os: b, python: 2}\n"


def test_a_template_moves_an_item() -> None:
    base = "k:\n  - a\n  - b\n  - c\n"
    assert clean(base, "k:\n  - a\n  - u\n  - b\n  - c\n", "k:\n  - c\n  - a\n  - b\n") == (
        "k:\n  - c\n  - a\n  - u\n  - b\n"
    )
    result = merged(base, "k:\n  - b\n  - a\n  - c\n", "k:\n  - c\n  - a\n  - b\n")
    assert (result.text, [one.key for one in result.conflicts]) == ("k:\n  - b\n  - a\n  - c\n", ["k"])


def test_anchors() -> None:
    base = "a: &x\n  p: 1\nb:\n  <<: *x\n  q: 2\n"
    assert clean(base, base.replace("q: 2", "q: 3"), base.replace("p: 1", "p: 4")) == (
        "a: &x\n  p: 4\nb:\n  <<: *x\n  q: 3\n"
    )
    # The user's alias would hang in the air.
    result = merged("a: &x 1\nb: 2\n", "a: &x 1\nb: 2\nu: *x\n", "b: 2\n")
    assert (result.text, [one.key for one in result.conflicts]) == ("a: &x 1\nb: 2\nu: *x\n", ["a"])


def test_an_edit_that_does_not_do_what_it_says_is_left_out() -> None:
    text = "a: 1\nb: 2\n"
    documents = parse(text)
    root = documents[0].root
    assert root is not None
    first = root.entries[0].value
    meaning = SetValue(first, ("scalar", None, "tag:yaml.org,2002:int", "5"))
    good = Change("a", [Edit(3, 4, "5")], [meaning])
    other = Change("b", [Edit(8, 9, "7")], [])
    broken = Change("c", [Edit(10, 10, "c: [")], [Insert(root, None, "c", first.plain)])
    assert checked(text, documents, [good, other, broken]) == ("a: 5\nb: 2\n", [other, broken])


def texts() -> list[str]:
    found = []
    for path in sorted(CORPUS.glob("yaml/*.yml")):
        case = yaml.safe_load(path.read_text())
        found += [text for side in ("base", "ours", "theirs") for text in case[side].values()]
    return [text if text.endswith("\n") else f"{text}\n" for text in found]


def test_every_character_belongs_to_one_entry() -> None:
    for text in texts():
        for document in parse(text):
            assert document.root is not None
            _tiles(document.root)


def _tiles(node: Node) -> None:
    if node.is_block:
        for one, other in zip(node.entries, node.entries[1:], strict=False):
            assert one.gap <= one.start < one.close <= one.end == other.gap
    for entry in node.entries:
        assert entry.text.strip()
        if entry.value.entries:
            _tiles(entry.value)


def _spans(entries: list[Entry]) -> list[object]:
    return [
        (e.gap, e.start, e.body, e.close, e.end, e.value.start, e.value.end, _spans(e.value.entries)) for e in entries
    ]


def test_both_parsers_give_the_same_places(monkeypatch: pytest.MonkeyPatch) -> None:
    some = texts()[::7]
    fast = [[_spans(d.root.entries) for d in parse(text) if d.root] for text in some]
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    slow = [[_spans(d.root.entries) for d in parse(text) if d.root] for text in some]
    assert fast == slow


def test_a_thousand_levels_are_not_understood_or_merged() -> None:
    deep = "[" * 3000 + "]" * 3000
    with pytest.raises(NotUnderstood):
        parse(f"a: {deep}\n")
