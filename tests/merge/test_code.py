"""Merging Rust and Python by items: what is the same, what belongs together, and what is left to others."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

import pytest

from pyo3_kit.merge.code import merge
from pyo3_kit.merge.code.source import Language, parse
from pyo3_kit.merge.model import Conflict, Labels

LABELS = Labels("yours", "v1", "v2")


def merged(path: str, base: str, ours: str, theirs: str) -> str:
    """The text of a merge, which has to come out without conflicts."""
    result = merge(path, dedent(base), dedent(ours), dedent(theirs), LABELS)
    assert result is not None
    assert result.conflicts == ()
    return result.text


def test_other_files_and_broken_ones_are_left_to_others() -> None:
    assert merge("a.toml", "", "a = 1\n", "b = 1\n", LABELS) is None
    assert merge("a.rs", "fn a() {}\n", "fn a() {}\nfn b( {}\n", "fn a() {}\nfn c() {}\n", LABELS) is None
    assert merge("a.rs", "fn a() {}\n", "fn a() { let x = 1 }\n", "fn a() {}\nfn c() {}\n", LABELS) is None
    assert merge("a.py", "a = 1\n", "a = 1\ndef b(:\n", "a = 2\n", LABELS) is None
    assert merge("a.py", "a = 1\n", "a = 1\nreturn = 3\n", "a = 2\n", LABELS) is None
    assert merge("a.py", "a = 1\n", 'a = "\0"\n', "a = 2\n", LABELS) is None


def test_a_file_that_both_added_has_the_items_of_both() -> None:
    ours = "use a::{B, D};\n\nfn one() {}\n"
    theirs = "use a::{B, C};\n\nfn two() {}\n"
    assert merged("a.rs", "", ours, theirs) == "use a::{B, C, D};\n\nfn two() {}\n\nfn one() {}\n"


def test_importing_the_package_is_light() -> None:
    code = "import sys, pyo3_kit.merge.code; sys.exit('ast_grep_py' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("rust", "fn f(a: u8, b: u8) {}", "fn f(\n    a: u8,\n    b: u8,\n) {\n}"),
        ("rust", "const A: [u8; 1] = f(1);", "const A: [u8; 1] = f(\n    1,\n);"),
        ("rust", "struct A { a: u8 }", "struct A {\n    a: u8,\n}"),
        ("python", "f(a)\n", "f(\n    a,\n)\n"),
        ("python", "a = ['x']\n", 'a = [\n    "x",\n]\n'),
        ("python", "from a import b\n", "from a import (\n    b,\n)\n"),
        ("python", "a = b + c\n", "a = b \\\n    + c\n"),
        ("python", "if a:\n    b()\n", "if a:\n  b()\n"),
    ],
)
def test_a_format_is_no_change(language: Language, one: str, other: str) -> None:
    assert _words(language, one) == _words(language, other)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("rust", "const A: (u8,) = (1,);", "const A: u8 = (1);"),
        ("rust", 'const A: &str = "a b";', 'const A: &str = "a  b";'),
        ("rust", "// a b", "// a  b"),
        ("rust", "fn f() { a && b; }", "fn f() { a & &b; }"),
        ("python", "a = (1,)\n", "a = (1)\n"),
        ("python", "a = x > (1,)\n", "a = x > (1)\n"),
        ("python", "return_ = b[1,]\n", "return_ = b[1]\n"),
        ("python", "if a:\n    b()\nc()\n", "if a:\n    b()\n    c()\n"),
        ("python", "def f():\n    return\n    (a)\n", "def f():\n    return (a)\n"),
        ("python", "a = 'x' 'y'\n", "a = 'xy'\n"),
        ("python", 'a = r"\\n"\n', 'a = "\\n"\n'),
    ],
)
def test_a_meaning_is_a_change(language: Language, one: str, other: str) -> None:
    assert _words(language, one) != _words(language, other)


def _words(language: Language, text: str) -> list[str]:
    source = parse(text, language)
    assert source is not None
    return [token.text for token in source.tokens]


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("use a::B;", "use a::{B, C};", "use a::{A, B};", "use a::{A, B, C};"),
        ("use a::{B, C};", "use a::B;", "use a::{B, C, D};", "use a::{B, D};"),
        ("use a::{B, C};", "use a::B;", "use a::C;\nuse b::X;", None),
        ("use a::{self, B};", "use a::{self, B, C};", "use a::{self, A, B};", "use a::{self, A, B, C};"),
        ("use a::{b::C, d};", "use a::{b::{C, E}, d};", "use a::{b::{C, D}, d};", "use a::{b::{C, D, E}, d};"),
        ("use a::B as X;", "use a::{B as X, C};", "use a::{B as X, D};", "use a::{B as X, C, D};"),
        ("use a::*;", "use a::*;\nuse b::*;", "use a::*;\nuse c::*;", "use a::*;\nuse b::*;\nuse c::*;"),
        ("use a::{C, B};", "use a::{C, B, X};", "use a::{C, B, A};", "use a::{C, B, A, X};"),
    ],
)
def test_names_of_a_use(base: str, ours: str, theirs: str, expected: str | None) -> None:
    result = merge("a.rs", f"{base}\n", f"{ours}\n", f"{theirs}\n", LABELS)
    assert (result.text if result and not result.conflicts else None) == (f"{expected}\n" if expected else None)


def test_a_use_list_that_grows_over_the_line_is_filled_as_rustfmt_does() -> None:
    names = [f"Name{letter}OfTheModule" for letter in "ABDEF"]
    base = f"use a::{{{', '.join(names)}}};\n"
    result = merged("a.rs", base, base.replace("NameD", "NameCOfTheModule, NameD"), base.replace("}", ", NameG}"))
    assert result == (
        "use a::{\n"
        "    NameAOfTheModule, NameBOfTheModule, NameCOfTheModule, NameDOfTheModule, NameEOfTheModule,\n"
        "    NameFOfTheModule, NameG,\n"
        "};\n"
    )


def test_comments_in_a_list_stay_with_their_names() -> None:
    base = '__all__ = [\n    "b",  # one\n    # about d\n    "d",\n]\n'
    ours = base.replace('    "b"', '    "a",  # mine\n    "b"')
    theirs = base.replace('    "d",\n', '    "d",\n    # about e\n    "e",\n').replace("# one", "# the first")
    assert merged("a.py", base, ours, theirs) == (
        '__all__ = [\n    "a",  # mine\n    "b",  # the first\n    # about d\n    "d",\n    # about e\n    "e",\n]\n'
    )


def test_a_list_whose_order_means_something_conflicts_where_both_add() -> None:
    base = "order = [one, two]\n"
    result = merge("a.py", base, "order = [one, mine, two]\n", "order = [one, new, two]\n", LABELS)
    assert result is not None
    assert [(c.line, c.base, c.ours, c.theirs) for c in result.conflicts] == [
        (1, base, "order = [one, mine, two]\n", "order = [one, new, two]\n")
    ]


def test_places_are_counted_in_characters() -> None:
    base = '//! größer: 🦀 é\nconst Ä: &str = "🦀";\n\n/// Ü\nfn öl() {}\n'
    ours = base.replace("fn öl() {}", "fn öl() {}\n\nfn ährig() {}")
    theirs = base.replace("/// Ü\nfn öl() {}", "/// Üü 🦀\nfn öl() {}\n\nfn übrig() {}")
    assert merged("a.rs", base, ours, theirs) == base.replace("Ü", "Üü 🦀") + "\nfn übrig() {}\n\nfn ährig() {}\n"


def test_accessors_and_overloads_keep_apart() -> None:
    base = """\
        class A:
            @property
            def value(self) -> int:
                return self._value

            @value.setter
            def value(self, value: int) -> None:
                self._value = value
        """
    ours = base.replace("self._value = value", "self._value = check(value)")
    theirs = base.replace("return self._value", "return self._value or 0").replace(
        "    def value(self, value: int)", "    def value(self, value: int, /)"
    )
    expected = theirs.replace("self._value = value", "self._value = check(value)")
    assert merged("a.py", base, ours, theirs) == dedent(expected)


def test_a_definition_that_comes_from_both_sides_elsewhere_is_no_result() -> None:
    base = "impl A {\n    fn a() {}\n}\n\nstruct B;\n"
    ours = base + "\nimpl A {\n    fn b() {}\n}\n"
    theirs = base.replace("    fn a() {}\n", "    fn a() {}\n\n    fn b() {}\n")
    assert merge("a.rs", base, ours, theirs, LABELS) is None


def test_the_same_name_taken_from_two_modules_is_no_result() -> None:
    base = "use std::fmt::Debug;\n\nfn a() {}\n"
    ours = "use std::fmt::Debug;\nuse std::io::Result;\n\nfn a() {}\n"
    theirs = "use std::fmt::{Debug, Result};\n\nfn a() {}\n"
    assert merge("a.rs", base, ours, theirs, LABELS) is None


def test_a_conflict_is_as_small_as_its_lines() -> None:
    base = "impl A {\n    /// One.\n    fn a() {\n        one();\n        two();\n    }\n}\n"
    ours = base.replace("two", "mine").replace("One.", "My one.")
    theirs = base.replace("two", "theirs")
    result = merge("src/a.rs", base, ours, theirs, LABELS)
    assert result is not None
    assert result.conflicts == (
        Conflict("src/a.rs", None, 5, "        two();\n", "        mine();\n", "        theirs();\n"),
    )
    assert result.text == (
        "impl A {\n    /// My one.\n    fn a() {\n        one();\n"
        "<<<<<<< yours\n        mine();\n||||||| v1\n        two();\n=======\n        theirs();\n>>>>>>> v2\n"
        "    }\n}\n"
    )


def test_several_conflicts_know_their_lines() -> None:
    base = "A = 1\nB = 2\n\n\ndef f():\n    return 1\n"
    result = merge("a.py", base, base.replace("1", "10"), base.replace("1", "11"), LABELS)
    assert result is not None
    lines = result.text.split("\n")
    assert [conflict.line for conflict in result.conflicts] == [1, 12]
    assert [lines[(conflict.line or 0) - 1] for conflict in result.conflicts] == ["<<<<<<< yours"] * 2
    assert "\0" not in result.text


def test_markers_in_a_string_are_text() -> None:
    base = 'A = """\n<<<<<<< yours\n"""\n\nB = 1\n'
    result = merge("a.py", base, base.replace("B = 1", "B = 2"), base.replace("B = 1", "B = 3"), LABELS)
    assert result is not None
    assert [conflict.line for conflict in result.conflicts] == [5]


@pytest.mark.parametrize(("gone", "changed"), [(1, 2), (2, 1)])
def test_deleted_by_one_and_changed_by_the_other_is_a_conflict(gone: int, changed: int) -> None:
    base = "fn a() {\n    one();\n    two();\n}\n\nfn b() {}\n\nfn c() {}\n"
    sides = {gone: "fn b() {}\n\nfn c() {}\n", changed: base.replace("    two();\n", "")}
    result = merge("a.rs", base, sides[1], sides[2], LABELS)
    assert result is not None
    assert len(result.conflicts) == 1
    assert result.text.startswith("<<<<<<< yours\n")
    assert result.text.endswith(">>>>>>> v2\n\nfn b() {}\n\nfn c() {}\n")


def test_an_empty_body_is_filled() -> None:
    base = "struct A;\n\nimpl A {}\n\nfn z() {}\n"
    ours = base.replace("fn z() {}", "fn z() {\n    1;\n}")
    theirs = base.replace("impl A {}", "impl A {\n    fn a() {}\n}")
    assert merged("a.rs", base, ours, theirs) == ours.replace("impl A {}", "impl A {\n    fn a() {}\n}")


def test_items_on_one_line_stay_together() -> None:
    base = "#[inline] fn a() {} fn b() {}\nfn c() {}\n"
    ours = base.replace("fn c() {}", "fn c() {}\nfn mine() {}")
    theirs = base.replace("fn a() {}", "fn a() { 1; }")
    assert merged("a.rs", base, ours, theirs) == "#[inline] fn a() { 1; } fn b() {}\nfn c() {}\nfn mine() {}\n"


def test_both_rename_alike_and_change_apart() -> None:
    base = "fn a(x: u8) {\n    one(x);\n    two(x);\n    three(x);\n    four(x);\n}\n"
    ours = base.replace("fn a(", "fn b(").replace("one(x)", "one(x, x)")
    theirs = base.replace("fn a(", "fn b(").replace("four(x)", "four()")
    assert merged("a.rs", base, ours, theirs) == ours.replace("four(x)", "four()")


def test_nothing_runs_in_an_order_that_nobody_chose() -> None:
    base = "one()\ntwo()\nthree()\n"
    assert merge("a.py", base, "two()\none()\nthree()\n", "one()\nthree()\ntwo()\n", LABELS) is None


def test_statements_of_both_at_one_place_are_one_conflict() -> None:
    base = "import a\n\none()\n\n\ndef f():\n    two()\n"
    ours = base.replace("one()\n", "one()\nmine()\nmine_too()\n").replace("two", "three")
    theirs = base.replace("one()\n", "one()\ntheirs()\n").replace("def f():", "def f() -> None:")
    result = merge("a.py", base, ours, theirs, LABELS)
    assert result is not None
    assert result.text == (
        "import a\n\none()\n<<<<<<< yours\nmine()\nmine_too()\n||||||| v1\n=======\ntheirs()\n>>>>>>> v2\n"
        "\n\ndef f() -> None:\n    three()\n"
    )
