"""The questionnaire of a template, evaluated without a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.render import Source, open_template
from pyo3_kit.render.interview import Interview
from pyo3_kit.render.strict import refuse_bad, refuse_missing

QUESTIONS = """\
name: {type: str, validator: "{% if name == 'bad' %}That is bad.{% endif %}"}
slug: {type: str, default: "{{ name | lower }}"}
flag: {type: bool, default: false}
extra:
  type: str
  when: "{{ flag }}"
  default: one
  choices:
    First: one
    Second: {value: two, validator: "{% if slug == 'x' %}not with x{% endif %}"}
several: {type: int, multiselect: true, choices: [1, 2, 3], default: [1]}
number: {type: int, default: 3}
data: {type: yaml, default: {a: 1}}
whole: {type: str, default: "{{ slug }}!", when: false}
"""

Make = Callable[..., Interview]


@pytest.fixture
def interview(tmp_path: Path) -> Iterator[Make]:
    (tmp_path / "copier.yml").write_text("_envops: {undefined: jinja2.StrictUndefined}\n" + QUESTIONS)
    with open_template(Source(str(tmp_path), None, None), tmp_path / "place") as template:
        yield lambda **settings: template.interview(settings)


def test_defaults_follow_the_answers(interview: Make) -> None:
    found = interview().evaluate({"name": "X"})
    assert found.recorded == {"name": "X", "slug": "x", "flag": False, "several": [1], "number": 3, "data": {"a": 1}}
    assert found["whole"].value == "x!"
    assert found["whole"].computed
    assert not found["extra"].asked


def test_what_cannot_be_derived_yet_is_missing(interview: Make) -> None:
    found = interview().evaluate({})
    assert [item.name for item in found.asked if item.missing] == ["name", "slug"]
    with pytest.raises(Refused, match="Answers are needed:\n  name\n  slug"):
        refuse_missing(found)


def test_own_defaults_count_where_the_question_is_asked(interview: Make) -> None:
    found = interview(slug="mine", extra="two").evaluate({"name": "X"})
    assert (found["slug"].value, found["slug"].origin) == ("mine", "setting")
    assert found["extra"].value == "one"


def test_choices_that_the_other_answers_refuse(interview: Make) -> None:
    item = interview().evaluate({"name": "x", "flag": True})["extra"]
    assert [(option.value, option.refused) for option in item.options] == [("one", ""), ("two", "not with x")]
    assert item.check("two") == ("two", "not with x")
    assert item.check("three")[1] == "'three' is not one of one"
    assert item.title == "First"


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("name", "bad", "That is bad."),
        ("name", 3, "text is needed, not a number: put it in quotes"),
        ("name", None, "text is needed, not nothing"),
        ("flag", "perhaps", "true or false is needed, not 'perhaps'"),
        ("flag", 2, "true or false is needed"),
        ("number", "three", "'three' cannot be read as int"),
        ("number", True, "a number is needed, not a truth value"),
        ("several", {"a": 1}, "a list is needed"),
        ("extra", "one", "it is not asked while flag is no"),
        ("whole", "x", "it follows from the other answers"),
        ("_commit", "x", "belongs to Copier"),
        ("slog", "x", "did you mean `slug`"),
    ],
)
def test_refusals(interview: Make, key: str, value: object, said: str) -> None:
    given = {"name": "x", key: value}
    with pytest.raises(Refused) as caught:
        refuse_bad(interview().evaluate(given), given)
    assert caught.value.message.startswith(f"{key}: ")
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("value", "meant"), [("yes", True), ("OFF", False), (True, True), (0, False), (" true ", True)]
)
def test_truth_values(interview: Make, value: object, meant: bool) -> None:
    assert interview().evaluate({"name": "x", "flag": value})["flag"].value is meant
