"""What a rule may do to a tree, and what it never does."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.codemods import Context, Migrations, ReviewItem, code_migrations
from pyo3_kit.codemods.code import matcher
from pyo3_kit.merge.model import File
from tests.migrations.support import metadata, move, template

RENAME = "language: Rust\nrule: {kind: field_identifier, regex: ^old$}\nfix: new\n"


def rules(root: Path, text: str, **changes: str) -> Migrations:
    return template(root, one__migration_yml=metadata(**changes), one__rules_yml=text)


def test_strings_and_comments_are_not_code(tmp_path: Path) -> None:
    source = 'fn a() {\n    // x.old()\n    x.old("x.old()", r#"x.old()"#, /* x.old() */ 1);\n}\n'
    moved, _ = move(rules(tmp_path, RENAME), lib_rs=source)
    assert moved["lib.rs"].decode() == source.replace('x.old("', 'x.new("')


def test_arguments_of_macros_are(tmp_path: Path) -> None:
    source = 'fn a() {\n    assert!(x.old(), "x.old() {}", y.old().old());\n    vec![x.old(); 3];\n}\n'
    moved, _ = move(rules(tmp_path, RENAME), lib_rs=source)
    # What is no list of arguments, such as `[value; count]`, stays loose tokens.
    assert moved["lib.rs"].decode() == source.replace("(x.old()", "(x.new()").replace("y.old().old()", "y.new().new()")


@pytest.mark.parametrize("content", [b"fn a() { x.old() } // \xff\n", b"\x00\x01\x02"], ids=["latin-1", "binary"])
def test_what_is_no_utf_8_stays(content: bytes, tmp_path: Path) -> None:
    assert move(rules(tmp_path, RENAME), lib_rs=content) == ({"lib.rs": content}, [])


def test_links_modes_and_other_files_stay(tmp_path: Path) -> None:
    code = b"fn a() { x.old() }\n"
    tree = {
        "link.rs": File(code, link=True),
        "run.rs": File(code, executable=True),
        "notes.md": File(code),
    }
    moved, (applied,) = code_migrations(
        rules(tmp_path, RENAME), tree, Context(None, {"line": "1"}), Context(None, {"line": "2"})
    )
    assert moved == {**tree, "run.rs": File(b"fn a() { x.new() }\n", executable=True)}
    assert applied.paths == ("run.rs",)
    assert tree["run.rs"].content == code, "what was given is not to be changed"


def test_nothing_becomes_unparsable(tmp_path: Path) -> None:
    breaking = "language: Rust\nrule: {kind: field_identifier, regex: ^old$}\nfix: '('\n"
    migrations = rules(tmp_path, breaking)
    source = "fn a() { x.old() }\n"
    moved, (applied,) = move(migrations, lib_rs=source)
    assert moved == {"lib.rs": source.encode()}
    assert applied.paths == ()
    assert [(place.path, place.line) for place in applied.review] == [("lib.rs", 1)]
    assert "no longer parse" in applied.review[0].note


def test_what_did_not_parse_before_is_no_reason(tmp_path: Path) -> None:
    moved, _ = move(rules(tmp_path, RENAME), lib_rs="fn a() { x.old() }\nfn ) {\n")
    assert moved["lib.rs"] == b"fn a() { x.new() }\nfn ) {\n"


def test_no_comment_is_lost(tmp_path: Path) -> None:
    swap = "language: Rust\nrule: {pattern: 'swap($A, $B)'}\nfix: swapped($B, $A)\n"
    source = "fn a() {\n    swap(1, 2);\n    swap(\n        // The first.\n        1,\n        2,\n    );\n}\n"
    moved, (applied,) = move(rules(tmp_path, swap), lib_rs=source)
    assert moved["lib.rs"].decode() == source.replace("swap(1, 2)", "swapped(2, 1)")
    assert [(place.line, "comment" in place.note) for place in applied.review] == [(3, True)]


def test_a_comment_that_is_captured_is_kept(tmp_path: Path) -> None:
    wrap = "language: Rust\nrule: {pattern: 'wrap($$$ALL)', kind: call_expression}\nfix: wrapped($$$ALL)\n"
    moved, (applied,) = move(rules(tmp_path, wrap), lib_rs="fn a() { wrap(1, /* two */ 2); wrap(); }\n")
    assert moved["lib.rs"] == b"fn a() { wrapped(1, /* two */ 2); wrapped(); }\n"
    assert applied.review == ()


def test_a_fix_of_several_lines_keeps_the_indentation(tmp_path: Path) -> None:
    twice = (
        "language: Rust\nrule: {kind: expression_statement, pattern: $S, regex: ^one}\nfix: |\n  two();\n  three();\n"
    )
    moved, _ = move(rules(tmp_path, twice), lib_rs="fn a() {\r\n    one();\r\n}\r\n")
    assert moved["lib.rs"] == b"fn a() {\r\n    two();\r\n    three();\r\n}\r\n"


def test_a_rule_without_a_fix_names_lines_and_changes_nothing(tmp_path: Path) -> None:
    note = "language: Rust\nrule: {kind: field_identifier, regex: ^old$}\nmessage: Look here.\n"
    source = 'fn a() {\n    x.old();\n    println!("{}", y.old());\n}\n'
    moved, (applied,) = move(rules(tmp_path, note), lib_rs=source)
    assert moved == {"lib.rs": source.encode()}
    assert [(place.line, place.note) for place in applied.review] == [(2, "Look here."), (3, "Look here.")]


def test_languages_by_suffix(tmp_path: Path) -> None:
    both = "language: Python\nrule: {kind: identifier, regex: ^old$}\nfix: new\n---\n" + RENAME
    migrations = rules(tmp_path, both, files='["**/*"]')
    moved, _ = move(migrations, lib_rs="fn a(old: u8) { x.old() }\n", a_py="old = 'old'  # old\n")
    assert moved == {"lib.rs": b"fn a(old: u8) { x.new() }\n", "a.py": b"new = 'old'  # old\n"}


def test_only_files_that_mention_it_are_looked_at(tmp_path: Path) -> None:
    migrations = rules(tmp_path, RENAME, mentions="[flag]")
    moved, _ = move(migrations, a_rs="fn a() { x.old() }\n", b_rs="// flag\nfn a() { x.old() }\n")
    assert moved == {"a.rs": b"fn a() { x.old() }\n", "b.rs": b"// flag\nfn a() { x.new() }\n"}


def test_rules_that_join_files(tmp_path: Path) -> None:
    joined = """\
        language: Rust
        rule: {kind: struct_item, pattern: $S, has: {field: name, pattern: $NAME}, not: {regex: "pub "}}
        fix: pub $S
        metadata:
          variable: NAME
          elsewhere:
            - rule: {kind: type_identifier, pattern: $NAME, inside: {stopBy: end, kind: parameter}}
    """
    one, other = "struct A;\nstruct B;\n", "fn f(a: A) {}\n"
    moved, _ = move(rules(tmp_path, joined), a_rs=one, b_rs=other)
    assert moved == {"a.rs": b"pub struct A;\nstruct B;\n", "b.rs": other.encode()}


def test_a_name_of_the_projects_own_is_left_and_named(tmp_path: Path) -> None:
    guarded = """\
        language: Rust
        rule: {kind: field_identifier, pattern: $METHOD, regex: "^old|ancient$"}
        fix: new
        metadata:
          nowhere:
            - variable: METHOD
              rule:
                any: [{kind: function_item}, {kind: function_signature_item}]
                has: {field: name, pattern: $METHOD}
          otherwise: The project has such a name.
    """
    one, other = "fn a() {\n    x.ancient();\n    x.old();\n}\n", "trait T { fn old(&self); }\n"
    moved, applied = move(rules(tmp_path, guarded), a_rs=one, b_rs=other)
    assert moved == {"a.rs": one.replace("ancient", "new").encode(), "b.rs": other.encode()}
    assert [place for done in applied for place in done.review] == [
        ReviewItem("a.rs", 3, "The project has such a name.")
    ]


def test_text_before_a_match_is_counted_in_characters(tmp_path: Path) -> None:
    source = "// é € 😀\nfn ä() { x.old(); /* 😀 */ x.old() }\n"
    moved, _ = move(rules(tmp_path, RENAME), lib_rs=source)
    assert moved["lib.rs"].decode() == source.replace(".old", ".new")


def test_a_step_that_is_not_on_the_way_reads_no_rules(tmp_path: Path) -> None:
    migrations = rules(tmp_path, "not: [rules", when='{answer: line, from: "2", to: "3"}')
    assert move(migrations, lib_rs="") == ({"lib.rs": b""}, [])


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("**/*.rs", "lib.rs", True),
        ("**/*.rs", "a/b/lib.rs", True),
        ("*.rs", "a/lib.rs", False),
        ("**/Cargo.toml", "Cargo.toml", True),
        ("**/Cargo.toml", "MyCargo.toml", False),
        (".github/workflows/*.yml", ".github/workflows/ci.yml", True),
        (".github/workflows/*.yml", ".github/workflows/a/ci.yml", False),
        ("a.rs", "abrs", False),
    ],
)
def test_patterns(pattern: str, path: str, fits: bool) -> None:
    assert matcher(pattern)(path) is fits


@pytest.mark.parametrize(("beside", "moved_to"), [("# maturin\n", b"new"), ("# flit\n", b"old"), (None, b"old")])
def test_what_another_file_has_to_hold(beside: str | None, moved_to: bytes, tmp_path: Path) -> None:
    migrations = rules(tmp_path, RENAME, beside='{file: "**/a.toml", holds: maturin}')
    files = {"lib_rs": "fn a() { x.old() }\n"} | ({"a_toml": beside} if beside is not None else {})
    moved, _ = move(migrations, **files)
    assert moved["lib.rs"] == b"fn a() { x." + moved_to + b"() }\n"


def test_what_stands_in_a_block_keeps_its_lines(tmp_path: Path) -> None:
    rule = """\
        language: Rust
        rule: {kind: unsafe_block, has: {kind: block, pattern: $BODY}}
        transform: {INNER: {unbraced: {source: $BODY}}}
        fix: wrap($INNER)
        """
    source = 'fn a() {\n    unsafe {\n        "one\n            two"\n    }\n}\n'
    moved, _ = move(rules(tmp_path, rule), lib_rs=source)
    assert moved["lib.rs"].decode() == 'fn a() {\n    wrap("one\n            two")\n}\n'
