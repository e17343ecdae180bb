"""The catalogue holds what its schemas say, and what it names exists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.support.space import TEXT, Space
from tests.support.template import ROOT

CATALOGUE = ROOT / "catalogue"
FILES = sorted(CATALOGUE.glob("*.yml"))
SCHEMAS = sorted((CATALOGUE / "schema").glob("*.schema.json"))
# Answers at their defaults that a preset states because they are what it is about.
MEANT = {
    ("lean", "starter"),
    ("data-parallel", "free_threaded"),
    ("max-performance", "free_threaded"),
    ("max-performance", "wheels"),
    ("guide-0.28", "free_threaded"),
}


def load(name: str) -> Any:
    return yaml.safe_load((CATALOGUE / f"{name}.yml").read_text(encoding="utf-8"))


PRESETS: dict[str, dict[str, Any]] = load("presets")


def test_every_file_has_a_schema_and_every_schema_a_file() -> None:
    assert {path.stem for path in FILES} == {path.name.removesuffix(".schema.json") for path in SCHEMAS}


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_is_one_and_lets_nothing_else_in(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    for table in objects(schema):
        assert "additionalProperties" in table, f"{path.name} takes any key beside {sorted(table)}"
        assert table["additionalProperties"] is not True


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_holds_what_its_schema_says(path: Path) -> None:
    schema = json.loads((CATALOGUE / "schema" / f"{path.stem}.schema.json").read_text(encoding="utf-8"))
    errors = Draft202012Validator(schema).iter_errors(load(path.stem))
    assert not [f"{error.json_path}: {error.message}" for error in errors]


def test_versions_know_the_lines_that_the_questionnaire_offers(space: Space) -> None:
    pins = load("versions")
    assert tuple(pins["pyo3"]) == space.choices("pyo3")
    for line, crates in pins["pyo3"].items():
        for name in ("pyo3", "pyo3-async-runtimes"):
            assert crates[name].startswith(f"{line}."), f"{name} {crates[name]} is not of the line {line}"
        assert crates["python_max"] in ("3.14", "3.15")
    assert pins["pyo3"]["0.28"]["advisories"], "the help of `pyo3` names the advisories of 0.28"


def test_every_reason_for_a_reserved_name_is_said() -> None:
    validators = (ROOT / "extensions" / "validate.jinja").read_text(encoding="utf-8")
    for reason in load("reserved_names"):
        assert f"'{reason}': '" in validators, f"validate.jinja does not say why names of {reason} are refused"


def test_every_choice_has_its_help_and_no_help_is_for_nothing(space: Space) -> None:
    texts = {name for name in TEXT if name in space.questions}
    expected = {name: set(space.choices(name)) for name in space.questions if not space.hidden(name)}
    assert {name: set(help_) for name, help_ in load("choice_help").items()} == {
        name: answers for name, answers in expected.items() if name not in texts
    }


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_gives_answers_that_are_accepted(space: Space, name: str) -> None:
    answers = PRESETS[name]["answers"]
    assert answers.keys() <= set(space.structural), "a preset knows nothing of names and texts"
    for question, answer in answers.items():
        assert answer in space.choices(question)
        assert type(answer) is type(space.choices(question)[0])
    assert space.resolve({"project_name": "my-lib", **answers}) is not None


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_states_no_default_unless_it_is_about_it(space: Space, name: str) -> None:
    answers = PRESETS[name]["answers"]
    stated = set()
    for question, answer in answers.items():
        others = {key: value for key, value in answers.items() if key != question}
        values = space.resolve({"project_name": "my-lib", **others})
        if values is not None and values[question] == answer:
            stated.add((name, question))
    # Without the pool the completion queue is the only bridge: it follows, and is stated to be read.
    follows = {(name, "async_bridge")} if answers.get("disable_reference_pool") else set()
    assert stated - follows == {pair for pair in MEANT if pair[0] == name}


def objects(schema: Any) -> list[dict[str, Any]]:
    """Every subschema that describes a mapping with named keys."""
    found: list[dict[str, Any]] = []
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            found.append(schema)
        for value in schema.values():
            found += objects(value)
    elif isinstance(schema, list):
        for value in schema:
            found += objects(value)
    return found
