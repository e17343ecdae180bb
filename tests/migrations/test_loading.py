"""Malformed migrations are refused by name, before anything is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from tests.migrations.support import metadata, move, template

ANSWERS = {"kind": "answers", "when": '{to: "2"}', "files": ""}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- a list\n", "it is not a mapping"),
        ("{", "cannot be read"),
        (metadata(why=""), "`why` must be a string"),
        (metadata(title="[a]"), "`title` must be a string"),
        (metadata("two"), "`id` is two, which is not the folder's name"),
        (metadata(kind="prose"), "`kind` must be answers or code"),
        (metadata(safe="perhaps"), "`safe` must be true or false"),
        (metadata(last="1"), "`last` must be true or false"),
        (metadata(colour="red"), "unknown key `colour`"),
        (metadata(files="src"), "`files` must be a list of strings"),
        (metadata(macros="old"), "`macros` must be a list of strings"),
        (metadata(macros="['a(']"), "is not a valid regular expression"),
        (metadata(when=""), "`when` must contain `to`"),
        (metadata(when='{to: "2", before: "3"}'), "`when` must contain `to`"),
        (metadata(beside="{file: a}"), "`beside` must contain `file` and `holds`"),
        (metadata(when='{to: "2", until: "3"}'), "`until` in `when` must be a version"),
        (metadata(when='{answer: a, from: "1", to: "2", since: x}'), "`since` in `when` must be a version"),
        (metadata(when="{to: soon}"), "which is not a version"),
        (metadata(when='{answer: line, to: "2"}'), "has an `answer` without `from`"),
        (metadata(**{**ANSWERS, "when": '{answer: line, from: "1", to: "2"}'}), "cannot depend on an answer"),
        (metadata(**ANSWERS, steps="{}"), "`steps` must be a list"),
        (metadata(**ANSWERS, steps="[{forget: a}]"), "is not a valid step"),
        (metadata(**ANSWERS, steps="[{rename: a, remove: b}]"), "is not a valid step"),
        (metadata(**ANSWERS, steps="[{rename: a}]"), "is not a valid step"),
        (metadata(**ANSWERS, steps="[{rename: a, to: 1}]"), "an invalid name"),
        (metadata(**ANSWERS, steps="[{map: a, values: [b]}]"), "must be pairs"),
        (metadata(**ANSWERS, steps="[{remove: a, where: b}]"), "a mapping of answers"),
    ],
)
def test_metadata(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        template(tmp_path, one__migration_yml=text)
    assert "migrations/one/migration.yml is malformed" in refused.value.message
    assert reason in refused.value.message


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("language: Rust\n", "must contain `language` and `rule`"),
        ("language: Rust\nrule: {kind: identifier}\n", "either a `fix` or a `message`"),
        ("language: Rust\nrule: {kind: nonsense}\nfix: a\n", "Kind `nonsense` is invalid"),
        ("language: Rust\nrule: {pattern: $A, regex: '('}\nfix: a\n", "unclosed group"),
        ("language: Rust\nid: loop\nrule: {kind: integer_literal}\nfix: '12'\n", None),
        ("language: Rust\nid: loop\nrule: {kind: integer_literal, pattern: $N}\nfix: 1$N\n", "matches its own result"),
    ],
)
def test_rules(text: str, reason: str | None, tmp_path: Path) -> None:
    migrations = template(tmp_path, one__migration_yml=metadata(), one__rules_yml=text)
    if reason is None:
        assert move(migrations, lib_rs="const A: u8 = 7;\n")[0] == {"lib.rs": b"const A: u8 = 12;\n"}
        return
    with pytest.raises(Refused) as refused:
        move(migrations, lib_rs="const A: u8 = 7;\n")
    assert "migrations/one/rules.yml is malformed" in refused.value.message
    assert reason in refused.value.message


def test_a_migration_without_rules(tmp_path: Path) -> None:
    migrations = template(tmp_path, one__migration_yml=metadata())
    with pytest.raises(Refused, match=r"neither rules.yml nor edits.yml"):
        move(migrations, lib_rs="")


def test_a_folder_of_something_else_is_none(tmp_path: Path) -> None:
    (tmp_path / "migrations" / "0001_initial").mkdir(parents=True)
    (tmp_path / "migrations" / "0001_initial" / "up.sql").write_text("")
    assert template(tmp_path).all == ()
