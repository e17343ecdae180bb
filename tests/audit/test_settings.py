"""`[tool.pyo3-kit]`, `--select` and `--ignore`."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.audit import registry
from pyo3_kit.audit.engine import Request, Session
from pyo3_kit.audit.selection import expand
from pyo3_kit.errors import Refused
from tests.audit.disk import CLASS, lay_out, told
from tests.audit.support import PYPROJECT

LIB = "src/lib.rs"


def rules(root: Path, select: tuple[str, ...] | None = None, ignore: tuple[str, ...] = ()) -> tuple[str, ...]:
    return Session(Request(root, select=select, ignore=ignore)).rules


def settings(root: Path, lines: str) -> Path:
    return lay_out(root, {LIB: CLASS, "pyproject.toml": f"{PYPROJECT}\n[tool.pyo3-kit]\n{lines}\n"})


def test_words_stand_for_rules() -> None:
    everything = list(registry.rule_ids())
    assert expand(["ALL"], "") == everything
    assert expand(["pyo"], "") == everything
    assert expand(["PYO021", " pyo12"], "") == [name for name in everything if name.startswith(("PYO021", "PYO12"))]
    assert expand(["DEFAULT"], "") == [name for name in everything if registry.rule(name).default_on]
    assert expand([], "") == []


@pytest.mark.parametrize(
    ("lines", "chosen"),
    [
        ('select = ["PYO021", "PYO081"]', ("PYO021", "PYO081")),
        ('select = ["PYO021", "PYO081"]\nignore = ["PYO08"]', ("PYO021",)),
        ("select = []", ()),
    ],
)
def test_the_project_says_which_rules_run(tmp_path: Path, lines: str, chosen: tuple[str, ...]) -> None:
    assert rules(settings(tmp_path, lines)) == chosen


def test_the_command_line_selects_over_the_project_and_ignores_besides(tmp_path: Path) -> None:
    root = settings(tmp_path, 'select = ["PYO121"]\nignore = ["PYO081"]')
    assert rules(root, ("PYO021", "PYO081")) == ("PYO021",)
    assert rules(root, None, ("PYO121",)) == ()


def test_rules_are_silent_per_path_and_files_are_left_out(tmp_path: Path) -> None:
    root = settings(tmp_path, 'per-path = { "src/ffi/" = ["PYO08"], "/src/a.rs" = ["ALL"] }\nexclude = ["gen/"]')
    for path in ("src/ffi/mod.rs", "src/a.rs", "src/sub/a.rs", "gen/x.rs"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(CLASS, encoding="utf-8")
    assert [path for path, _ in told(root)] == [LIB, "src/sub/a.rs"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("selekt = []", "unknown key `selekt`"),
        ("x = 1", "unknown key `x`"),
        ('select = "PYO021"', "no list of strings"),
        ("select = [1]", "no list of strings"),
        ('select = ["PYO999"]', "names `PYO999`, and there is no such rule"),
        ('ignore = ["E501"]', "names `E501`"),
        ("per-path = []", "no table"),
        ('per-path = { "a" = ["PYO999"] }', "names `PYO999`"),
        ('per-path = { "a" = "PYO021" }', "no list"),
        ("baseline = 1", "no string"),
    ],
)
def test_what_cannot_be_understood_is_refused(tmp_path: Path, lines: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason) as caught:
        rules(settings(tmp_path, lines))
    assert caught.value.hint


def test_a_table_that_is_none_and_a_broken_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is no table"):
        rules(lay_out(tmp_path, {"pyproject.toml": "[tool]\npyo3-kit = 1\n"}))
    with pytest.raises(Refused, match="is no TOML"):
        rules(lay_out(tmp_path, {"pyproject.toml": "[tool\n"}))
    with pytest.raises(Refused, match="is no TOML: it is nested too deeply"):
        rules(lay_out(tmp_path, {"pyproject.toml": f"x = {'[' * 100_000}\n"}))


def test_unknown_words_on_the_command_line_come_with_suggestions(tmp_path: Path) -> None:
    root = lay_out(tmp_path)
    with pytest.raises(Refused, match="`--select` names `PYO0211`") as caught:
        rules(root, ("PYO0211",))
    assert "PYO021" in caught.value.hint
    with pytest.raises(Refused, match="`--ignore` names"):
        rules(root, None, ("nothing",))
