"""Which migrations lie on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.codemods import Context
from pyo3_kit.codemods.model import When
from pyo3_kit.codemods.selection import answer_crossed, order, selected, version_crossed
from tests.migrations.support import SHIPPED, metadata, template


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("0.28", "0.29", ["0.27", "0.28", "0.29"]),
        ("0.29", "0.30", ["0.28", "0.30"]),
        ("0.28", "0.30", ["0.27", "0.28", "0.29", "0.30"]),
        ("0.28", "0.28", []),
        ("0.30", "0.28", []),
    ],
)
def test_a_jump_takes_every_step_in_order(before: str, after: str, lines: list[str]) -> None:
    chosen = selected(SHIPPED.of("code"), Context("v0.1.0", {"pyo3": before}), Context("v0.1.0", {"pyo3": after}))
    # What was there before it was the only way belongs to the line that brought it.
    steps = [migration.when.step for migration in chosen]
    assert list(dict.fromkeys(steps)) == lines
    assert steps == sorted(steps)


def test_a_project_without_the_question_is_left_alone() -> None:
    assert selected(SHIPPED.of("code"), Context("1.0", {}), Context("2.0", {"pyo3": "0.30"})) == []


@pytest.mark.parametrize(
    ("version", "sorted_as"),
    [
        ("v1.2.0", ((1, 2), 0)),
        ("1.10", ((1, 10), 0)),
        ("v1.2.0-3-gabc1234", ((1, 2), 3)),
        ("6a2561d", None),
        ("v1.2-rc1", None),
        (None, None),
    ],
)
def test_order(version: str | None, sorted_as: object) -> None:
    assert order(version) == sorted_as


@pytest.mark.parametrize(
    ("before", "after", "crossed"),
    [
        ("v1.0.0", "v2.0.0", True),
        ("v1.9.0", "v2.1.0", True),
        ("v2.0.0", "v2.1.0", False),
        ("v1.0.0", "v1.5.0", False),
        # A commit after a release may hold what the next release will.
        ("v1.9.0", "v1.9.0-4-gabc1234", True),
        ("v2.0.0-1-gabc1234", "v2.1.0", False),
        # Nothing tells how old a hash is: the migration finds its old form, or does nothing.
        ("6a2561d", "v2.0.0", True),
        ("v1.0.0", "6a2561d", True),
        (None, "v2.0.0", True),
        ("6a2561d", "6a2561d", False),
    ],
)
def test_steps_of_the_templates_version(before: str | None, after: str, crossed: bool) -> None:
    assert version_crossed(When(None, None, "2.0.0"), before, after) is crossed


def test_an_answer_that_is_no_version_has_to_match() -> None:
    step = When("bridge", "old", "new")
    assert answer_crossed(step, "old", "new")
    assert not answer_crossed(step, "new", "old")
    assert not answer_crossed(step, "other", "new")
    assert answer_crossed(When("flag", False, True), False, True)
    assert not answer_crossed(When("flag", False, True), True, True)


@pytest.mark.parametrize(
    ("before", "after", "crossed"),
    [
        ("1", "2", True),
        ("1", "3", True),
        # The old form still works there, and is deprecated.
        ("2", "3", True),
        ("3", "3", False),
        ("2", "5", False),
        ("4", "4.5", False),
        ("1", "1.5", False),
    ],
)
def test_a_step_that_is_needed_for_some_lines_only(before: str, after: str, crossed: bool) -> None:
    step = When("line", "3", "4", since="2", until="5")
    assert answer_crossed(step, before, after) is crossed
    assert step.step == "2"


def test_those_that_tidy_up_come_last(tmp_path: Path) -> None:
    migrations = template(
        tmp_path,
        a__migration_yml=metadata("a", last="true"),
        b__migration_yml=metadata("b"),
        c__migration_yml=metadata("c", when='{answer: line, from: "0", to: "1.5"}', last="true"),
    )
    chosen = selected(migrations.of("code"), Context(None, {"line": "1"}), Context(None, {"line": "2"}))
    assert [migration.id for migration in chosen] == ["c", "b", "a"]
