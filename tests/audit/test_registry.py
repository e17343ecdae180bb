"""Each rule has one module, one test, one page and one heading, and each of these has a rule."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from pyo3_kit.audit import registry
from pyo3_kit.audit.practices import practices
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.texts import explain

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"


def test_every_rule_has_a_test_and_every_test_a_rule() -> None:
    tested = {path.stem.removeprefix("test_") for path in (ROOT / "tests/audit/rules").glob("test_*.py")}
    assert tested == set(registry.rule_modules().values())


def test_every_test_has_findings_and_cases_without() -> None:
    for name, module in registry.rule_modules().items():
        text = (ROOT / f"tests/audit/rules/test_{module}.py").read_text(encoding="utf-8")
        assert f'"{name}"' in text, name
        assert "== []" in text, f"{name} has no case in which nothing is found"
        assert "parametrize" in text, f"{name} has no table"


def test_every_rule_has_a_heading_and_every_heading_a_rule() -> None:
    headings = re.findall(r"^### (PYO\d+)$", (REFERENCE / "rules.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == sorted(registry.rule_ids())


def test_the_pages_are_what_the_rules_say() -> None:
    script = load_script()
    assert script.stale(script.pages()) == []


def test_a_page_too_many_and_one_too_few_are_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = load_script()
    monkeypatch.setattr(script, "REFERENCE", tmp_path)
    pages = {"rules.md": "a", "rules/PYO021.md": "b"}
    assert script.stale(pages) == ["rules.md", "rules/PYO021.md"]
    script.write(pages, list(pages))
    assert script.stale(pages) == []
    (tmp_path / "rules/PYO999.md").write_text("gone", encoding="utf-8")
    assert script.stale(pages) == ["rules/PYO999.md"]
    script.write(pages, ["rules/PYO999.md"])
    assert script.stale(pages) == []


def test_rules_say_what_they_are() -> None:
    known = practices()
    for name, rule in registry.rules().items():
        assert rule.id == name
        assert rule.practice in known, name
        told = explain(rule)
        assert told.summary.endswith("."), name
        assert not rule.title.endswith("."), name
        assert "```" in told.sections["Example"], name
        assert "```" in told.sections["Use instead"], name
        assert rule.until is None or rule.since < rule.until, name
        assert not isinstance(rule, NodeRule) or (rule.kinds and all(rule.words)), name


def test_an_unknown_rule_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        registry.rule("PYO999")


def load_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_rules", ROOT / "scripts/build_rules.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
