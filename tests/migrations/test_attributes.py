"""Classes and functions known by their attributes: written plainly, by another path, or under a condition."""

from __future__ import annotations

import pytest

from pyo3_kit.codemods import ReviewItem
from pyo3_kit.merge.model import File
from tests.migrations.support import FOLDERS, alone

ON = '#[cfg_attr(feature = "python", %s)]\n'


def moved(name: str, *texts: str) -> tuple[str, list[ReviewItem]]:
    (folder,) = (folder for folder in FOLDERS if folder.name == name)
    after, applied = alone(folder, {f"{number}.rs": File(text.encode()) for number, text in enumerate(texts)})
    return after["0.rs"].content.decode(), [place for one in applied for place in one.review]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("#[pyfunction]\n%sfn f(a: Option<u8>) {}\n", "#[pyo3(signature = (a=None))]\n"),
        ("#[py::pyfunction]\n%sfn f(a: Option<u8>) {}\n", "#[pyo3(signature = (a=None))]\n"),
        ("fn m() {\n    #[pyfn(m)]\n    %sfn f(a: Option<u8>) {}\n}\n", "#[pyo3(signature = (a=None))]\n    "),
        ("#[py::pymethods]\nimpl A {\n    %sfn f(&self, a: Option<u8>) {}\n}\n", "#[pyo3(signature = (a=None))]\n    "),
        ("#[pymethods]\nimpl A {\n" + ON % "setter" + "%sfn f(&self, a: Option<u8>) {}\n}\n", ""),
    ],
)
def test_signatures(old: str, new: str) -> None:
    assert moved("pyo3-0.24-signature", old % "") == (old % new, [])


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (ON % "pyfunction" + "fn f(w: f64, h: Option<f64>) {}\n", 2),
        (ON % "pyo3::pyfunction" + "fn f(w: f64, h: Option<f64>) {}\n", 2),
        (ON % "pymethods" + "impl A {\n    fn new(a: Option<u8>) {}\n}\n", 3),
        (ON % "\n    pymethods\n" + "impl A {\n    fn new(a: Option<u8>) {}\n}\n", 5),
        (ON % "pymethods" + "impl A {\n    fn __call__(a: Option<u8>) {}\n}\n", 3),
        # Nothing is left out here.
        (ON % "pyfunction" + "fn f(w: Option<f64>, h: f64) {}\n", None),
        (ON % "pyfunction" + ON % "pyo3(signature = (w))" + "fn f(w: Option<f64>) {}\n", None),
        (ON % "pymethods" + "impl A {\n" + ON % "setter" + "fn f(&self, a: Option<u8>) {}\n}\n", None),
        (ON % "pymethods" + "impl A {\n    fn __getitem__(a: Option<u8>) {}\n}\n", None),
        (ON % "inline" + "fn f(w: f64, h: Option<f64>) {}\n", None),
    ],
)
def test_signatures_under_a_condition_are_named(code: str, line: int | None) -> None:
    after, places = moved("pyo3-0.24-signature", code)
    assert after == code
    assert [place.line for place in places] == ([] if line is None else [line])


@pytest.mark.parametrize(
    ("elsewhere", "options", "derived"),
    [
        ("", True, True),
        ("impl PartialEq<u8> for Kind {}\n", True, True),
        ("impl Other { fn __eq__(&self) {} }\n", True, True),
        # Rust compares it already.
        ("impl PartialEq for Kind {}\n", True, False),
        ("impl std::cmp::PartialEq<Kind> for super::Kind {}\n", True, False),
        # Python does.
        ("#[pymethods]\nimpl Kind { fn __richcmp__(&self) {} }\n", False, False),
        ("#[pymethods]\nimpl crate::Kind { fn __eq__(&self) {} }\n", False, False),
    ],
)
def test_what_compares_an_enum_in_another_file(elsewhere: str, options: bool, derived: bool) -> None:
    after, places = moved("pyo3-0.24-enum-equality", "#[pyclass]\nenum Kind { A }\n", elsewhere)
    attribute = "#[pyclass(eq, eq_int)]\n" if options else "#[pyclass]\n"
    derive = "#[derive(PartialEq)]\n" if derived else ""
    assert (after, places) == (f"{attribute}{derive}enum Kind {{ A }}\n", [])


@pytest.mark.parametrize(
    ("code", "elsewhere", "line"),
    [
        (ON % "pyclass" + "enum Kind { A }\n", "", 2),
        (ON % 'pyclass(name = "K")' + "#[derive(Clone)]\nenum Kind { A }\n", "", 3),
        (ON % "pyclass(eq, eq_int)" + "enum Kind { A }\n", "", None),
        (ON % "pyclass" + "enum Kind { A { b: u8 } }\n", "", None),
        (ON % "pyclass" + "enum Kind { A }\n", "impl Kind { fn __eq__(&self) {} }\n", None),
        (ON % "derive(Clone)" + "enum Kind { A }\n", "", None),
    ],
)
def test_enums_under_a_condition_are_named(code: str, elsewhere: str, line: int | None) -> None:
    after, places = moved("pyo3-0.24-enum-equality", code, elsewhere)
    assert after == code
    assert [place.line for place in places] == ([] if line is None else [line])


def test_classes_by_another_path() -> None:
    assert moved("pyo3-0.24-enum-equality", "#[py::pyclass]\n#[derive(PartialEq)]\nenum K { A }\n")[0] == (
        "#[py::pyclass(eq, eq_int)]\n#[derive(PartialEq)]\nenum K { A }\n"
    )
    code = "#[py::pyclass(%s)]\n#[derive(Clone)]\nstruct A;\nfn f(a: A) {}\n"
    for name, option in (("0.28-skip-", "skip_from_py_object"), ("0.30-", "from_py_object")):
        after, _ = moved(f"pyo3-{name}from-py-object", code % "frozen")
        assert after == code % f"{option}, frozen"


@pytest.mark.parametrize("name", ["pyo3-0.28-skip-from-py-object", "pyo3-0.30-from-py-object"])
def test_classes_under_a_condition_are_named(name: str) -> None:
    code = ON % "pyclass%s" + "#[derive(Clone)]\npub struct A;\nfn f(a: A) {}\n"
    assert [place.line for place in moved(name, code % "")[1]] == [3]
    assert moved(name, code % "(from_py_object)")[1] == []
    assert moved(name, (code % "").replace("Clone", "Debug"))[1] == []
