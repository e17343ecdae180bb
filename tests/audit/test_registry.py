"""Each rule has one module, one test, one page and one heading, and each of these has a rule."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from pyo3_kit.audit import registry
from pyo3_kit.audit.practices import practices
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.texts import explain

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"

sys.path.insert(0, str(ROOT / "scripts"))
from generated import find_stale, write  # noqa: E402


@pytest.mark.parametrize(("name", "module"), registry.rule_modules().items(), ids=registry.rule_ids())
def test_a_rule_has_a_test_with_findings_and_without(name: str, module: str) -> None:
    path = f"tests/audit/rules/test_{module}.py"
    assert (ROOT / path).is_file(), f"Write {path}, then run `python dev.py docs`."
    text = (ROOT / path).read_text(encoding="utf-8")
    assert f'"{name}"' in text, f"Write into {path} what {name} finds."
    assert "== []" in text, f"Write into {path} a case in which nothing is found: `check(…) == []`."
    assert "parametrize" in text, f"Write the cases of {path} as tables, with `parametrize`."


def test_every_test_has_a_rule() -> None:
    tested = {path.stem.removeprefix("test_") for path in (ROOT / "tests/audit/rules").glob("test_*.py")}
    modules = set(registry.rule_modules().values())
    assert tested <= modules, f"Delete the tests of rules that do not exist: {sorted(tested - modules)}."


def test_every_rule_has_a_heading_and_every_heading_a_rule() -> None:
    headings = re.findall(r"^### (PYO\d+)$", (REFERENCE / "rules.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(registry.rule_ids()), "Run `python dev.py docs`."


def test_a_page_too_many_and_one_too_few_are_stale(tmp_path: Path) -> None:
    first, second, gone = tmp_path / "rules.md", tmp_path / "rules" / "PYO021.md", tmp_path / "rules" / "PYO999.md"
    pages = {first: "a", second: "b"}
    assert find_stale(pages) == [second, first]
    write(pages, list(pages))
    assert find_stale(pages, tmp_path.glob("rules/*.md")) == []
    gone.write_text("gone", encoding="utf-8")
    assert find_stale(pages, tmp_path.glob("rules/*.md")) == [gone]
    write(pages, [gone])
    assert find_stale(pages, tmp_path.glob("rules/*.md")) == []


@pytest.mark.parametrize("name", registry.rule_ids())
def test_a_rule_says_what_it_is(name: str) -> None:
    rule = registry.rule(name)
    assert rule.id == name
    assert rule.practice in practices(), f"Add {rule.practice} to catalogue/practices.yml."
    explanation = explain(rule)
    assert explanation.summary.endswith("."), f"Write the first paragraph of {name}'s docstring as a sentence."
    assert not rule.title.endswith("."), f"Write the title of {name} like a heading, without a full stop."
    for section in ("Example", "Use instead"):
        assert "```" in explanation.sections[section], f"Write code into the section {section} of {name}'s docstring."
    assert rule.until is None or rule.since < rule.until, f"{name} holds for no version: since is not before until."
    assert not isinstance(rule, NodeRule) or (rule.kinds and all(rule.words)), f"Write `kinds` and `words` of {name}."


def test_an_unknown_rule_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        registry.rule("PYO999")
