"""The rules on published projects: as many hits as were counted, the judged among them, and enough of these right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pyo3_kit.audit import registry
from tests.field.precision import LEAST, counted, counts, hits, judged, precision
from tests.field.support import Published, params, published, unpacked
from tests.support.template import ROOT


@pytest.mark.field
@pytest.mark.parametrize("project", params())
def test_a_project_has_the_hits_that_were_counted_and_judged(project: Published, tmp_path: Path) -> None:
    found = hits(unpacked(project, tmp_path))
    expected = {rule: numbers[str(project)] for rule, numbers in counts().items() if str(project) in numbers}
    numbers = {rule: one[str(project)] for rule, one in counted({str(project): found}).items()}
    assert numbers == expected, "look at what moved, fix judged.toml, and run scripts/build_precision.py --count"
    for rule, listed in judged().items():
        gone = {one.place for one in listed if one.project == str(project)} - {at for of, at in found if of == rule}
        assert not gone, f"{rule} was judged by hits that are gone"


def test_a_rule_that_is_on_is_right_often_enough() -> None:
    for name, listed in judged().items():
        assert precision(listed) >= LEAST or not registry.rule(name).default_on, name


def test_every_rule_with_hits_was_judged() -> None:
    assert judged().keys() == counts().keys()
    for rule, listed in judged().items():
        assert len({(one.project, one.place) for one in listed}) == len(listed)
        assert all(one.why for one in listed)
        assert len(listed) >= min(20, sum(counts()[rule].values()))
        # From as many projects as there are hits in, up to the sample's size.
        assert len({one.project for one in listed}) >= min(20, len(counts()[rule]))


def test_what_is_counted_and_judged_is_of_projects_that_there_are() -> None:
    known = set(map(str, published()))
    assert {project for numbers in counts().values() for project in numbers} <= known
    assert {one.project for listed in judged().values() for one in listed} <= known


def test_the_page_is_what_was_counted_and_judged() -> None:
    command = [sys.executable, "scripts/build_precision.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
