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
        ("- a list\n", "it is no mapping"),
        ("{", "cannot be read"),
        (metadata(why=""), "`why` has to be text"),
        (metadata(title="[a]"), "`title` has to be text"),
        (metadata("two"), "`id` is two, the folder's name is not"),
        (metadata(kind="prose"), "`kind` is neither of answers and code"),
        (metadata(safe="perhaps"), "`safe` has to be true or false"),
        (metadata(last="1"), "`last` has to be true or false"),
        (metadata(colour="red"), "it knows no `colour`"),
        (metadata(files="src"), "`files` has to be a list of texts"),
        (metadata(macros="old"), "`macros` has to be a list of texts"),
        (metadata(macros="['a(']"), "is no regular expression"),
        (metadata(when=""), "`when` has to hold `to`"),
        (metadata(when='{to: "2", before: "3"}'), "`when` has to hold `to`"),
        (metadata(beside="{file: a}"), "`beside` has to hold `file` and `holds`"),
        (metadata(when='{to: "2", until: "3"}'), "`until` of `when` has to be a version"),
        (metadata(when='{answer: a, from: "1", to: "2", since: x}'), "`since` of `when` has to be a version"),
        (metadata(when="{to: soon}"), "which is no version"),
        (metadata(when='{answer: line, to: "2"}'), "without saying what it changes `from`"),
        (metadata(**{**ANSWERS, "when": '{answer: line, from: "1", to: "2"}'}), "not with an answer"),
        (metadata(**ANSWERS, steps="{}"), "`steps` has to be a list"),
        (metadata(**ANSWERS, steps="[{forget: a}]"), "none of the steps that there are"),
        (metadata(**ANSWERS, steps="[{rename: a, remove: b}]"), "none of the steps that there are"),
        (metadata(**ANSWERS, steps="[{rename: a}]"), "none of the steps that there are"),
        (metadata(**ANSWERS, steps="[{rename: a, to: 1}]"), "no name"),
        (metadata(**ANSWERS, steps="[{map: a, values: [b]}]"), "no pairs"),
        (metadata(**ANSWERS, steps="[{remove: a, where: b}]"), "no mapping of answers"),
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
        ("language: Rust\n", "has to hold `language` and `rule`"),
        ("language: Rust\nrule: {kind: identifier}\n", "either a `fix` or, for a person, a `message`"),
        ("language: Rust\nrule: {kind: nonsense}\nfix: a\n", "Kind `nonsense` is invalid"),
        ("language: Rust\nrule: {pattern: $A, regex: '('}\nfix: a\n", "unclosed group"),
        ("language: Rust\nid: loop\nrule: {kind: integer_literal}\nfix: '12'\n", None),
        ("language: Rust\nid: loop\nrule: {kind: integer_literal, pattern: $N}\nfix: 1$N\n", "matches what it made"),
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
