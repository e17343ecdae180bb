"""The baseline: what it knows is not told, wherever its lines have gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.audit.baseline import read_baseline, render_baseline
from pyo3_kit.audit.engine import CheckRequest, Report, Session
from pyo3_kit.errors import Refused
from tests.audit.disk import RULES, lay_out, report

LIB = "src/lib.rs"
TWO = "#[pyclass]\nstruct A;\n#[pyclass]\nstruct B;\n"


def run(root: Path, baseline: Path) -> Report:
    return Session(CheckRequest(root, select=RULES, baseline=baseline)).check()


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


@pytest.mark.parametrize(("part", "select"), [("src/b.rs", None), ("src", ("PYO021",)), ("", ("PYO021",))])
def test_a_part_says_nothing_of_the_other_entries_and_keeps_them(
    tmp_path: Path, baseline: Path, part: str, select: tuple[str, ...] | None
) -> None:
    root = tmp_path / "project"
    before = read_baseline(baseline)
    (root / "src/b.rs").write_text("", encoding="utf-8")
    assert Session(CheckRequest(root / part, select=select, baseline=baseline)).check().gone == 0
    session = Session(CheckRequest(root / part, select=select, baseline=baseline, use_baseline=False))
    found = session.check()
    again = render_baseline(found.findings, found.texts, session.other_entries(found))
    assert again == baseline.read_text(encoding="utf-8")
    assert before == read_baseline(baseline)


def test_a_part_writes_its_own_entries_anew(tmp_path: Path, baseline: Path) -> None:
    root = lay_out(tmp_path / "project", {LIB: "", "src/b.rs": TWO})
    assert run(root / "src/b.rs", baseline).gone == 0
    assert run(root / LIB, baseline).gone == 2
    for part in ("src/b.rs", LIB):
        session = Session(CheckRequest(root / part, select=RULES, baseline=baseline, use_baseline=False))
        found = session.check()
        text = render_baseline(found.findings, found.texts, session.other_entries(found))
        baseline.write_text(text, encoding="utf-8")
    known = run(root, baseline)
    assert (known.findings, known.known, known.gone) == ([], 2, 0)


WRONG = [
    "",
    "[]",
    '{"version": 2, "findings": {}}',
    '{"version": 1}',
    '{"version": 1, "findings": {"a": ["x"]}}',
    '{"version": 1, "findings": {"a": {"x": 3}}}',
    '{"version": 1, "findings": {"a": {"x": [[1]]}}}',
    "[" * 100_000,
]


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_what_is_no_baseline_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused, match="no baseline"):
        read_baseline(path)
    with pytest.raises(Refused, match="There is no baseline"):
        read_baseline(tmp_path / "none.json")
