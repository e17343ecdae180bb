"""`pyo3-kit fleet report` and `plan` at a terminal: what they print of others, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

from pyo3_kit.fleet.model import Report, Row, State
from tests.support.command import run_kit

ODD = "a\x1b[2J\x07\x9b31m\u202eb\n::error::c"
"""What clears a screen, rings, colours, turns the text around, and begins a line of its own."""


def write(path: Path, report: Report) -> str:
    path.write_text(json.dumps(report.as_object()))
    return path.name


def test_nothing_of_others_reaches_the_terminal_as_it_is(tmp_path: Path) -> None:
    odd = Row(ODD, ODD, State.BROKEN, ODD, f"{ODD}. Look.", version=ODD, newest=ODD, commit=ODD, warnings=(ODD,))
    name = write(tmp_path / "1.json", Report("update", "f", (odd,), stopped=ODD))
    result = run_kit("fleet", "report", name, folder=tmp_path)
    assert result.code == 1
    for text in (result.out, result.err):
        assert r"a\x1b[2J\x07\x9b31m\u202eb ::error::c" in text
        assert all(letter.isprintable() for letter in text.replace("\n", ""))
        assert not [line for line in text.splitlines() if line.startswith("::")]
    assert "Look.\n" in result.err


def test_a_plan_shows_no_control_characters(tmp_path: Path) -> None:
    (tmp_path / "fleet.toml").write_text('[[repository]]\npath = "../\\u001b[2Jx"\n')
    result = run_kit("fleet", "plan", folder=tmp_path)
    assert result.code == 0
    assert "\x1b" not in result.out + result.err


def test_a_missing_shard_fails(tmp_path: Path) -> None:
    rows = (Row("a", "a", State.UPDATED),)
    name = write(tmp_path / "1.json", Report("update", "f", rows, shard="1/2"))
    result = run_kit("fleet", "report", name, folder=tmp_path)
    assert (result.code, "stopped: missing reports of shards: 2/2." in result.err) == (1, True)
    # With the plan it is known that the other shard has no repository. Some shells put a mark before the text.
    (tmp_path / "plan.json").write_text('\ufeff{"include": [{"shard": "1/2", "count": 1}]}', encoding="utf-8")
    assert run_kit("fleet", "report", name, "--plan", "plan.json", folder=tmp_path).code == 0


def test_what_is_nested_too_deep_is_refused(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text("[" * 200_000)
    result = run_kit("fleet", "report", "1.json", folder=tmp_path)
    assert (result.code, "1.json is not valid JSON" in result.err) == (2, True), result.err


def test_too_many_shards_are_refused(tmp_path: Path) -> None:
    (tmp_path / "fleet.toml").write_text('[[repository]]\npath = "a"\n')
    result = run_kit("fleet", "plan", "--shards", "99999999", folder=tmp_path)
    assert (result.code, result.out) == (2, "")
    assert run_kit("fleet", "plan", "--shards", "1000", "--json", folder=tmp_path).code == 0
