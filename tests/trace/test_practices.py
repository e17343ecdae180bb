"""Each practice, in both directions: its record, question, files, tests, mutation, comparison and heading."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pyo3_kit.audit import registry
from pyo3_kit.audit.texts import explain
from tests.support.space import Space
from tests.support.template import ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PRACTICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "catalogue" / "practices.yml").read_text())
PAGE = (ROOT / "docs" / "reference" / "practices.md").read_text()
GUIDE = 13


def in_template(path: str) -> bool:
    base = ROOT / "template" / path
    return base.exists() or base.with_name(base.name + ".jinja").exists()


def names(folder: str, pattern: str) -> set[str]:
    """The files of a folder of the template, as a record names them."""
    paths = (ROOT / "template" / folder).glob(pattern)
    return {f"{folder}/{path.name.removesuffix('.jinja')}" for path in paths}


@pytest.mark.parametrize("name", PRACTICES)
def test_what_a_record_names_is_there(name: str, space: Space) -> None:
    record = PRACTICES[name]
    for key in ("files", "tests", "benchmarks"):
        for path in record[key]:
            assert in_template(path), f"{name} names {path}, which is not in template/"
    for question in record["questions"]:
        assert question in space.structural, f"{name} names {question}, which is no question"
    assert f"\n## {name}\n" in PAGE


def test_the_guide_is_served_whole() -> None:
    assert [record["guide"] for record in PRACTICES.values()][:GUIDE] == list(range(1, GUIDE + 1))
    assert list(PRACTICES) == sorted(PRACTICES)


def test_every_heading_has_a_record() -> None:
    assert set(re.findall(r"^## (.+)$", PAGE, re.MULTILINE)) == set(PRACTICES)


def test_every_module_belongs_to_a_practice() -> None:
    listed = {Path(path).stem for record in PRACTICES.values() for path in record["files"]}
    modules = yaml.safe_load((ROOT / "catalogue" / "modules.yml").read_text())
    # The kernel holds the work, and the comparisons the same work without the practices.
    assert {entry["module"] for entry in modules} - listed == {"kernel", "comparisons", "async_comparisons"}


def test_every_test_and_comparison_belongs_to_a_practice() -> None:
    for key, folder, pattern in (("tests", "tests", "test_*"), ("benchmarks", "benchmarks", "test_pyo*")):
        listed = {path for record in PRACTICES.values() for path in record[key]}
        assert names(folder, pattern) == listed


def test_a_comparison_is_named_after_its_practice() -> None:
    for name, record in PRACTICES.items():
        for path in record["benchmarks"]:
            assert Path(path).name.startswith(f"test_{name.lower()}_")


def test_every_practice_of_the_guide_has_a_mutation_and_a_figure() -> None:
    mutations = tomllib.loads((ROOT / "tests" / "rendered" / "mutations.toml").read_text())["mutation"]
    guide = {name for name, record in PRACTICES.items() if record["guide"]}
    assert {mutation["practice"] for mutation in mutations} >= guide
    for name in guide:
        section = PAGE.split(f"\n## {name}\n")[1].split("\n## ")[0]
        assert re.search(r"\| [\d.,e+]+× \|", section), f"{name} has no measured ratio"


def test_modules_are_those_of_the_template() -> None:
    modules = yaml.safe_load((ROOT / "catalogue" / "modules.yml").read_text())
    source = ROOT / "template" / "{{ crate_dir }}" / "src"
    there = {path.name.split(".")[0] for path in source.iterdir()} - {"lib"}
    assert {entry["module"] for entry in modules} == there | {"kernel"}


def test_measured_gains_are_only_in_the_measurements() -> None:
    """A number in the text of a rule or question would contradict the charts after the next measurement."""
    number = re.compile(r"\d ?%|\d times|\d ?×")
    texts = {name: explain(registry.rule(name)).sections["Why"] for name in registry.rules()}
    texts |= {path.name: path.read_text() for path in (ROOT / "questions").glob("*.yml")}
    texts["choice_help.yml"] = (ROOT / "catalogue" / "choice_help.yml").read_text()
    found = {name: number.findall(re.sub(r"{[%{].*?[%}]}", "", text, flags=re.DOTALL)) for name, text in texts.items()}
    assert {name for name, numbers in found.items() if numbers} == set()
