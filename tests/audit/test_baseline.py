"""The baseline: what it knows is not told, wherever its lines have gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.audit.baseline import read_baseline, render_baseline
from pyo3_kit.audit.engine import Report, Request, Session
from pyo3_kit.errors import Refused
from tests.audit.disk import RULES, lay_out, report

LIB = "src/lib.rs"
TWO = "#[pyclass]\nstruct A;\n#[pyclass]\nstruct B;\n"


def run(root: Path, baseline: Path) -> Report:
    return Session(Request(root, select=RULES, baseline=baseline)).check()


@pytest.fixture
def baseline(tmp_path: Path) -> Path:
    found = report(lay_out(tmp_path / "project", {LIB: TWO}))
    path = tmp_path / "known.json"
    path.write_text(render_baseline(found.findings, found.texts), encoding="utf-8")
    return path


def test_known_findings_are_not_told(tmp_path: Path, baseline: Path) -> None:
    found = run(tmp_path / "project", baseline)
    assert (found.findings, found.known, found.gone) == ([], 2, 0)


def test_lines_may_move_and_new_findings_are_told(tmp_path: Path, baseline: Path) -> None:
    lay_out(tmp_path / "project", {LIB: f"use x;\n\n#[pyclass]\nstruct New;\n{TWO}"})
    found = run(tmp_path / "project", baseline)
    assert [found.texts[LIB][one.span.start : one.span.end] for one in found.findings] == ["New"]
    assert found.known == 2


def test_the_same_line_twice_is_known_only_as_often_as_it_was(tmp_path: Path, baseline: Path) -> None:
    lay_out(tmp_path / "project", {LIB: f"{TWO}mod inner {{\n#[pyclass]\nstruct A;\n}}\n"})
    found = run(tmp_path / "project", baseline)
    assert len(found.findings) == 1


def test_entries_too_many_are_counted(tmp_path: Path, baseline: Path) -> None:
    lay_out(tmp_path / "project", {LIB: "#[pyclass]\nstruct B;\n"})
    assert run(tmp_path / "project", baseline).gone == 1


def test_the_project_may_name_it(tmp_path: Path, baseline: Path) -> None:
    root = lay_out(tmp_path / "project", {"pyproject.toml": '[tool.pyo3-kit]\nbaseline = "sub/known.json"\n', LIB: TWO})
    (root / "sub").mkdir()
    baseline.rename(root / "sub/known.json")
    assert report(root).findings == []


@pytest.mark.parametrize("text", ["", "[]", '{"version": 2, "findings": {}}', '{"version": 1}'])
def test_what_is_no_baseline_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match="no baseline"):
        read_baseline(path)
    with pytest.raises(Refused, match="There is no baseline"):
        read_baseline(tmp_path / "none.json")
