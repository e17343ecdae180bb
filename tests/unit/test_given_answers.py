"""Answers from outside the questionnaire."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.given_answers import config_path, parse_assignments, user_defaults
from pyo3_kit.texts.checked import read_mapping


def test_assignments_stay_text() -> None:
    assert parse_assignments(["a=1", "b=x=y", "c="]) == {"a": "1", "b": "x=y", "c": ""}


@pytest.mark.parametrize("pair", ["a", "=1", ""])
def test_what_is_no_assignment(pair: str) -> None:
    with pytest.raises(Refused, match="not of the form key=value"):
        parse_assignments([pair])


def test_an_empty_file_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("")
    assert read_mapping(tmp_path / "a.yml") == {}


def test_keys_have_to_be_text(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("1: x\n")
    with pytest.raises(Refused, match="the key 1 is not a string"):
        read_mapping(tmp_path / "a.yml")


def test_merged_mappings_in_yaml_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("b: &b {x: 1}\nc: {<<: *b, y: 2}\n")
    assert read_mapping(tmp_path / "a.yml")["c"] == {"x": 1, "y": 2}


@pytest.mark.parametrize(("name", "text"), [("a.yml", "a: x"), ("a.json", '{"a": "x"}'), ("a.toml", "a = 'x'")])
def test_a_mark_before_the_text_is_no_part_of_it(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(f"\ufeff{text}\n", encoding="utf-8")
    assert read_mapping(tmp_path / name) == {"a": "x"}


def test_the_configuration_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYO3_KIT_CONFIG", str(tmp_path / "c.toml"))
    assert config_path() == tmp_path / "c.toml"
    assert user_defaults() == {}
    (tmp_path / "c.toml").write_text("defaults = 1\n")
    with pytest.raises(Refused, match="`defaults` is not a table"):
        user_defaults()
