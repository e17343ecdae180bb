"""What our own template renders follows its own practices: `check` finds nothing in it."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from pyo3_kit.audit import registry
from pyo3_kit.audit.analysis import check_texts
from pyo3_kit.audit.project import read_project, wanted
from pyo3_kit.presets.catalogue import load_presets
from tests.support.matrix import build_matrix, covering
from tests.support.space import Answers, Space

LINES = ("0.28", "0.29", "0.30")


def rendered(space: Space, answers: dict[str, Any]) -> dict[str, str]:
    """The files of a project by path, as these answers make them."""
    values = space.resolve({"project_name": "my-lib", **answers})
    assert values is not None, answers
    made = {}
    for file in space.files:
        target = space.target(file, values)
        if target is not None and (target.endswith((".rs", ".pyi")) or wanted(target)):
            made[target] = space.content(file, values)
    return made


def told(texts: dict[str, str]) -> list[str]:
    """Each finding and notice of the rules that are on by default, in a line."""
    facts, notices = read_project(
        {path: text for path, text in texts.items() if wanted(path)},
        stubs=tuple(path for path in texts if path.endswith(".pyi")),
        environment={},
    )
    names = [name for name, rule in registry.rules().items() if rule.default_on]
    found = check_texts(facts, {path: text for path, text in texts.items() if path.endswith(".rs")}, names)
    assert facts.crates
    return [
        *(
            f"{one.path}: {one.rule} {one.message}: {texts[one.path][one.span.start : one.span.end]}"
            for one in found.findings
        ),
        *map(str, (*notices, *found.notices)),
    ]


def test_the_facts_are_those_of_the_template(space: Space) -> None:
    texts = rendered(space, {})
    facts, _ = read_project({path: text for path, text in texts.items() if wanted(path)}, environment={})
    (crate,) = facts.crates
    assert crate.pyo3_version >= (0, 30)
    assert "cdylib" in crate.crate_types
    assert facts.workflows
    assert any(path.endswith(".rs") for path in texts)


@pytest.mark.parametrize("preset", sorted(load_presets()))
def test_nothing_is_found_in_a_preset(space: Space, preset: str) -> None:
    assert told(rendered(space, dict(load_presets()[preset].answers))) == []


@pytest.mark.parametrize("line", LINES)
def test_nothing_is_found_in_the_defaults(space: Space, line: str) -> None:
    assert told(rendered(space, {"pyo3": line})) == []


@pytest.mark.slow
def test_nothing_is_found_in_any_combination_that_is_built(space: Space) -> None:
    assert whatever_is_told(space, build_matrix(space)) == {}


@pytest.mark.slow
def test_nothing_is_found_with_any_two_answers(space: Space) -> None:
    rows = covering(space, space.structural, itertools.combinations(space.structural, 2))
    assert {row["ci"] for row in rows} == set(space.choices("ci"))
    assert whatever_is_told(space, rows) == {}


def whatever_is_told(space: Space, rows: list[Answers]) -> dict[str, list[str]]:
    """The findings by combination."""
    return {str(row): lines for row in rows if (lines := told(rendered(space, row)))}
