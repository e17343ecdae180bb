"""TOML by key: what the corpus cannot say about it."""

from __future__ import annotations

import re
import sys

import pytest

from pyo3_kit.merge.model import Conflict, Labels, Merged
from pyo3_kit.merge.toml import edits, merge, requirements, values
from pyo3_kit.merge.toml.reader import Unreadable, load, read

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LABELS = Labels()

ALL_OF_TOML = '''\
# top

title = "a # b"
"quoted key" . 'literal.key' = 1979-05-27 07:32:00Z
ends = """say ""yes""."""""
lines = \'\'\'
a = 1 # no comment
[table]''\'\'\'
escaped = "\\\\\\"]"
floats = [1.0, -inf, nan, 1e5, 0x1F, 1_000,]
nested = [ [1, 2], # one ] two
  # [
  ["a,b", 'c]'], ]
deep = { a = { b = [ { c = "}" } ] }, d.e = 1 }
empty = [ ]
none = {}

[ a . b ]
c.d.e = true

  [a]  # after its subtable
  f.g = 07:32:00

[[points]]
x = 1
[points.inner]
[[points.inner.more]]
y = 2
[[points]]
[[points.more]]

[last]'''


def test_that_all_of_toml_is_read() -> None:
    document = read("x.toml", f"{ALL_OF_TOML}\n")
    assert [".".join(section.path) for section in document.sections] == [
        "",
        "a.b",
        "a",
        "points",
        "points.inner",
        "points.inner.more",
        "points",
        "points.more",
        "last",
    ]
    assert list(document.root.data) == list(tomllib.loads(ALL_OF_TOML))


def test_that_a_change_reaches_all_of_toml() -> None:
    theirs = ALL_OF_TOML.replace("x = 1", "x = 1\nz = 3").replace("title = ", "name = 1\ntitle = ")
    ours = ALL_OF_TOML.replace("f.g", "h.i = 1\n  f.g").replace("empty = [ ]", "empty = [ 1 ]")
    merged = merge("x.toml", ALL_OF_TOML, ours, theirs, LABELS)
    expected = ours.replace("x = 1", "x = 1\nz = 3").replace("title = ", "name = 1\ntitle = ")
    assert merged == Merged(expected)


@pytest.mark.parametrize("broken", ["a = ", "a = 1\na = 2", "[t]\n[t]", "[a]\nb.c = 1\n[a.b]", "<<<<<<< yours"])
def test_that_what_does_not_parse_is_left_to_others(broken: str) -> None:
    assert merge("x.toml", "a = 1\n", broken, "a = 2\n", LABELS) is None
    assert merge("x.toml", broken, "a = 1\n", "a = 2\n", LABELS) is None
    assert merge("x.toml", "a = 1\n", "a = 3\n", broken, LABELS) is None
    with pytest.raises(Unreadable):
        load("x.toml", broken)


def test_what_a_conflict_says() -> None:
    merged = merge("x.toml", "[a]\nb = 1\n", "[a]\nb = 2 # two\n", "[a]\nb = [3,  4]\n", LABELS)
    assert merged is not None
    assert merged.text == "[a]\nb = 2 # two\n"
    assert merged.conflicts == (Conflict("x.toml", "a.b", None, "1", "2", "[3,  4]"),)


def test_what_a_conflict_about_a_deleted_table_says() -> None:
    merged = merge("x.toml", "[t.a]\nb = 1\n\n[u]\n", "[u]\n", "[t.a]\nb = 1\nc.d = 2\n\n[u]\n", LABELS)
    assert merged == Merged("[u]\n", (Conflict("x.toml", "t.a", None, "[t.a]\nb = 1", None, "[t.a]\nb = 1\nc.d = 2"),))


def test_that_keys_that_are_not_bare_are_quoted_in_a_conflict() -> None:
    merged = merge("x.toml", "[t.'a b']\nc = 1\n", "[t.'a b']\nc = 2\n", "[t.'a b']\nc = 3\n", LABELS)
    assert merged is not None
    assert [conflict.key for conflict in merged.conflicts] == ["t.'a b'.c"]


@pytest.mark.parametrize("other", ["'1'", '"""1"""', '"\\u0031"'])
def test_that_another_spelling_is_no_change(other: str) -> None:
    merged = merge("x.toml", 'a = "1"\nb = 1\n', f"a = {other}\nb = 1\n", 'a = "1"\nb = 2\n', LABELS)
    assert merged == Merged(f"a = {other}\nb = 2\n")


@pytest.mark.parametrize(("one", "other"), [("1", "true"), ("1", "1.0"), ('"1"', "1"), ("0.0", "-0.0")])
def test_that_values_of_other_types_differ(one: str, other: str) -> None:
    merged = merge("x.toml", f"a = {one}\n", f"# mine\na = {one}\n", f"a = {other}\n", LABELS)
    assert merged == Merged(f"# mine\na = {other}\n")


def test_that_an_edit_that_fails_is_undone_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*arguments: object) -> str:
        text = str(values.rewritten(*arguments))  # type: ignore[arg-type]
        return text.replace("9", "8").replace("7", "[")

    monkeypatch.setattr(edits, "rewritten", wrong)
    base = "a = 1\nb = 1\nc = 1\nd = 1\n"
    merged = merge("x.toml", base, f"# mine\n\n{base}e = 1\n", "a = 2\nb = 9\nc = 3\nd = 7\n", LABELS)
    assert merged is not None
    assert merged.text == "# mine\n\na = 2\nb = 1\nc = 3\nd = 1\ne = 1\n"
    assert [(each.key, each.ours, each.theirs) for each in merged.conflicts] == [("b", "1", "9"), ("d", "1", "7")]


def test_that_ours_stays_when_nothing_can_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits.Editor, "text", lambda *_: "a = [")
    base, ours = "[t]\na = 1\n\n[u]\nb = 1\n", "[t]\na = 1\nc = 1\n\n[u]\nb = 1\n"
    merged = merge("x.toml", base, ours, "[t]\na = 2\n\n[u]\nb = 2\n", LABELS)
    assert merged is not None
    assert merged.text == ours
    assert [conflict.key for conflict in merged.conflicts] == ["t.a", "u.b"]


def test_that_only_cargo_knows_a_version_for_a_string() -> None:
    base, ours, theirs = (
        '[dependencies]\nx = "1"\n',
        "[dependencies]\nx = { version = '1' }\n",
        '[dependencies]\nx = "2"\n',
    )
    assert merge("a/Cargo.toml", base, ours, theirs, LABELS) == Merged("[dependencies]\nx = { version = '2' }\n")
    merged = merge("other.toml", base, ours, theirs, LABELS)
    assert merged is not None
    assert [conflict.key for conflict in merged.conflicts] == ["dependencies.x"]


def test_that_a_value_of_many_lines_moves_as_a_whole() -> None:
    base = 'a = 1\n\n[t]\nb = """\none\n\n[two]\n"""\n'
    theirs = base.replace("one", "1").replace("[t]", "[new]\nc = '''\n# no comment\n\n'''\n\n[t]")
    assert merge("x.toml", base, base.replace("a = 1", "a = 3"), theirs, LABELS) == Merged(
        theirs.replace("a = 1", "a = 3")
    )


def test_that_a_table_made_by_its_subtables_gets_a_header() -> None:
    base = "[t.u]\na = 1\n"
    merged = merge("x.toml", base, "[t.u]\na = 2\n", f"# About t.\n[t]\nb = 1\nc = 2\n\n{base}", LABELS)
    assert merged == Merged("# About t.\n[t]\nb = 1\nc = 2\n\n[t.u]\na = 2\n")


def test_that_indentation_of_the_users_is_taken_up() -> None:
    base = "[t]\na = 1\n"
    ours = "[t]\n\ta = 3\n\tl = [\n\t\t1,\n\t]\n"
    merged = merge("x.toml", base, ours, "[t]\na = 1\n# Said.\nb = 2\n", LABELS)
    assert merged == Merged("[t]\n\ta = 3\n\t# Said.\n\tb = 2\n\tl = [\n\t\t1,\n\t]\n")


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ("pytest", "pytest[x]", "pytest>=8", "pytest[x]>=8"),
        ("pytest>=8", "pytest>=8,<10", "pytest>=9", "pytest>=9,<10"),
        ("pytest>=8", "pytest>=8,<9", "pytest>=9", None),
        ("pytest>=8", "pytest==8.1", "pytest>=9", None),
        ("pytest>=8", "pytest ~=8.1", "pytest>=8,!=8.4", "pytest ~=8.1,!=8.4"),
        ("pytest>=8,<9", "pytest>=8", "pytest>=9,<10", None),
        ("ruff==0.12.0", "ruff==0.14.3", "ruff==0.13.0", "ruff==0.14.3"),
        ("ruff==0.12.0", "ruff==0.11.0", "ruff==0.13.0", None),
        ("a>=1.4,<2", "a>=2.0,<3", "a>=2.1,<4", "a>=2.1,<4"),
        ("a~=1.4", "a~=1.6", "a~=1.5", "a~=1.6"),
        ("pytest>=8,<9", "pytest>=8,!=8.3,<9", "pytest>=8,<10", "pytest>=8,!=8.3,<10"),
        ("a[x]", "a[x,y]", "a[z]", "a[y,z]"),
        ("a", "a; sys_platform == 'linux'", "a>=2", "a>=2; sys_platform == 'linux'"),
        ("a", "a; sys_platform == 'linux'", "a; python_version < '3'", None),
        ("a>=1", "A-b>=1", "a>=2", None),
        ("A_b>=1", "a.B  >= 1", "A_b>=2", "a.B>=2"),
        ("a @ https://x/1", "a @ https://x/2", "a @ https://x/3", None),
        ("a", "not a requirement!", "b", None),
    ],
)
def test_requirements(base: str, ours: str, theirs: str, merged: str | None) -> None:
    assert requirements.merge_requirements(base, ours, theirs) == merged


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        ("1.11", "1.13", "1.12", "1.13"),
        ("1.11", "1.12.1", "1.12.3", "1.12.3"),
        # Ours is past the template's, within its version or not.
        ("0.28.3", "0.31.0", "0.30.1", "0.31.0"),
        # A patch is no version of the user's own.
        ("0.28.3", "0.28.9", "0.30.1", "0.30.1"),
        ("0.28.3", "0.29.0", "0.30.1", None),
        ("1.11", "1.10", "1.12", None),
        ("=1.11", "=1.12", "=1.13", "=1.13"),
        ("1.11", "=1.12", "1.13", None),
    ],
)
def test_minimums(base: str, ours: str, theirs: str, merged: str | None) -> None:
    assert requirements.merge_minimums(base, ours, theirs) == merged


def test_that_nothing_else_of_a_text_changes() -> None:
    """Odd spacing, order and comments stay where the template has changed nothing."""
    ours = re.sub(r"\n$", "", ALL_OF_TOML) + "\nmine   =  [1 ,2]#!\n\n\n# end\n"
    theirs = ALL_OF_TOML.replace("y = 2", "y = 3")
    assert merge("x.toml", ALL_OF_TOML, ours, theirs, LABELS) == Merged(ours.replace("y = 2", "y = 3"))


def test_inline_tables_over_several_lines_are_merged() -> None:
    base = '[dependencies]\npyo3 = { version = "0.30", features = ["abi3-py310"] }\nrayon = "1.10"\n'
    ours = '[dependencies]\npyo3 = {\n  version = "0.30", # mine\n  features = ["abi3-py310"],\n}\nrayon = "1.10"\n'
    theirs = base.replace("0.30", "0.31").replace("py310", "py311").replace("1.10", "1.12")
    merged = merge("Cargo.toml", base, ours, theirs, Labels())
    assert merged is not None
    assert merged.conflicts == ()
    assert merged.text == ours.replace("0.30", "0.31").replace("py310", "py311").replace("1.10", "1.12")


def test_an_element_takes_the_place_of_one_other() -> None:
    base = 'args = ["x", "pytest", "--cfg", "abi3"]\n'
    theirs = 'args = ["--cfg", "lto", "ruff", "pytest"]\n'
    merged = merge("deny.toml", base, f"{base}\n[mine]\n", theirs, LABELS)
    assert merged == Merged(f"{theirs}\n[mine]\n")


def test_an_empty_list_is_not_a_name() -> None:
    base = '[[o]]\nname = "one"\nr = 1\n\n[[o]]\nname = "two"\nw = 1\n'
    ours, theirs = base.replace('"one"', "[]"), base.replace('"two"', "[]")
    merged = merge("x.toml", base, ours, theirs, LABELS)
    assert merged == Merged(base.replace('"one"', "[]").replace('"two"', "[]"))


def test_nothing_comes_behind_an_argument_that_would_take_it() -> None:
    base = "[build]\njobs = 2\n"
    ours, theirs = f'{base}rustflags = ["-C"]\n', f'{base}rustflags = ["--cfg", "a"]\n'
    merged = merge(".cargo/config.toml", base, ours, theirs, LABELS)
    assert merged is not None
    assert merged.text == ours
    assert [conflict.key for conflict in merged.conflicts] == ["build.rustflags"]
