"""The rules on published projects: as many hits as were counted, the judged among them, and enough of these right."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from pyo3_kit.audit import registry
from tests.field.precision import (
    BLIND,
    LEAST,
    STRICT,
    Judged,
    afterwards,
    blindly,
    correct,
    counted,
    counts,
    hits,
    judged,
    leniently,
    precision,
    reported,
    strictly,
)
from tests.field.support import Published, params, published, unpacked


@pytest.mark.field
@pytest.mark.parametrize("project", params())
def test_a_project_has_the_hits_that_were_counted_and_judged(project: Published, tmp_path: Path) -> None:
    found = hits(unpacked(project, tmp_path))
    expected = {rule: numbers[str(project)] for rule, numbers in counts().items() if str(project) in numbers}
    numbers = {rule: one[str(project)] for rule, one in counted({str(project): found}).items()}
    assert numbers == expected, "look at what moved, fix judged.toml, and run scripts/build_precision.py --count"
    for rule, listed in judged().items():
        places = {at for of, at in found if of == rule}
        own = [one for one in listed if one.project == str(project)]
        assert {one.place for one in reported(own)} <= places, f"{rule} was judged by hits that are gone"
        assert places.isdisjoint(one.place for one in own if one.fixed), f"{rule} has hits that are said to be fixed"


def test_a_rule_that_is_on_is_right_often_enough() -> None:
    for name, listed in judged().items():
        if registry.rule(name).default_on:
            assert precision(leniently(listed)) >= LEAST, name
            assert precision(afterwards(listed)) >= STRICT, name
            assert correct(reported(blindly(listed))) >= STRICT, name


def test_every_rule_with_hits_was_judged() -> None:
    assert judged().keys() == counts().keys()
    drawn = {str(one) for one in published() if one.drawn}
    unseen = {str(one) for one in published() if one.drawn == BLIND}
    for rule, listed in judged().items():
        assert not [one for one in listed if one.fixed and one.project not in unseen]
        assert len({(one.project, one.place) for one in listed}) == len(listed)
        assert all(one.why for one in listed)
        assert {one.project for one in strictly(listed)} <= drawn
        assert {one.project for one in leniently(listed)}.isdisjoint(drawn)
        others = {project: number for project, number in counts()[rule].items() if project not in drawn}
        sample = {project: number for project, number in counts()[rule].items() if project in drawn}
        blind = {project: number for project, number in sample.items() if project in unseen}
        enough(leniently(listed), others, 10)
        enough(reported(strictly(listed)), sample, 10)
        enough(reported(blindly(listed)), blind, 10)


def enough(listed: list[Judged], numbers: Mapping[str, int], least: int) -> None:
    """As many as there are, up to a number, from as many projects as possible."""
    assert len(listed) >= min(least, sum(numbers.values()))
    assert len({one.project for one in listed}) >= min(least, len(numbers))


def test_at_least_twenty_projects_were_drawn() -> None:
    assert sum(0 < one.drawn < BLIND for one in published()) >= 20
    assert sum(one.drawn == BLIND for one in published()) >= 20
    older = {one.name for one in published() if not one.drawn}
    assert not [one.name for one in published() if one.drawn and one.name in older]


def test_what_is_counted_and_judged_is_of_projects_that_there_are() -> None:
    known = set(map(str, published()))
    assert {project for numbers in counts().values() for project in numbers} <= known
    assert {one.project for listed in judged().values() for one in listed} <= known
