from __future__ import annotations

import pytest

from tests.audit.support import check, spots

HEAD = "use pyo3::prelude::*;\nuse pyo3::sync::GILProtected;\n"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("static mut CALLS: u64 = 0;", "CALLS"),
        ("pub(crate) static mut STATE: Option<State> = None;", "STATE"),
        ("fn f() { static mut DONE: bool = false; }", "DONE"),
        ("static mut CACHE: MaybeUninit<Vec<u8>> = MaybeUninit::uninit();", "CACHE"),
        ("static OBJECTS: GILProtected<RefCell<Vec<u8>>> = GILProtected::new(x);", "GILProtected<RefCell<Vec<u8>>>"),
        ("static O: pyo3::sync::GILProtected<u8> = make();", "pyo3::sync::GILProtected<u8>"),
    ],
)
def test_a_static_that_needs_the_gil_is_found(source: str, found: str) -> None:
    assert spots("PYO084", HEAD + source) == [found]


@pytest.mark.parametrize(
    "source",
    [
        "static CALLS: AtomicU64 = AtomicU64::new(0);",
        "static STATE: Mutex<Vec<u8>> = Mutex::new(Vec::new());",
        'static NAME: &str = "static mut";',
        "static mut DEF: PyModuleDef = PyModuleDef { m_name: x };",
        "static mut TYPE: ffi::PyTypeObject = make();",
        "pub static mut NONE: *mut PyObject = null_mut();",
        'extern "C" { static mut environ: u8; }',
        "#[thread_local]\nstatic mut DEPTH: u8 = 0;",
        "static A: mine::GILProtected<u8> = make();",
        "static A: Option<&'static u8> = None;",
        "#[cfg(test)] mod tests { static mut CALLS: u64 = 0; }",
        "fn f(x: &'static mut u8) {}",
        "#[cfg(test)]\nstatic mut PRINTED: bool = false;",
        "#[cfg(all(test, unix))]\n// once\n#[allow(dead_code)]\nstatic mut PRINTED: bool = false;",
        "fn f() { #[cfg(test)] { static mut PRINTED: bool = false; } }",
        "#[cfg(not(Py_GIL_DISABLED))]\nstatic mut SLOTS: u8 = 0;",
        "#[cfg(not(Py_GIL_DISABLED))]\nmod cached { static mut SLOTS: u8 = 0; }",
        "#[cfg(all(unix, not(any(PyPy, Py_GIL_DISABLED))))]\nfn f() { static mut SLOTS: u8 = 0; }",
    ],
)
def test_nothing_is_said_of_others(source: str) -> None:
    assert check("PYO084", HEAD + source) == []


@pytest.mark.parametrize(
    "condition",
    ["not(test)", "any(test, unix)", "Py_GIL_DISABLED", "not(all(Py_GIL_DISABLED, unix))", 'feature = "test"'],
)
def test_other_conditions_excuse_nothing(condition: str) -> None:
    source = f"{HEAD}#[cfg({condition})]\nmod cached {{ static mut SLOTS: u8 = 0; }}"
    assert spots("PYO084", source) == ["SLOTS"]


@pytest.mark.parametrize("condition", ["test", "not(Py_GIL_DISABLED)"])
@pytest.mark.parametrize(
    ("declared_in", "declaration", "path"),
    [
        ("src/lib.rs", "mod cached;", "src/cached.rs"),
        ("src/lib.rs", "pub mod cached;", "src/cached/mod.rs"),
        ("src/lib.rs", "mod cached;", "src/cached/slots.rs"),
        ("src/a/mod.rs", "mod cached;", "src/a/cached.rs"),
        ("src/a.rs", "mod cached;", "src/a/cached.rs"),
        ("src/lib.rs", '#[path = "x/other.rs"]\nmod cached;', "src/x/other.rs"),
    ],
)
def test_the_condition_of_a_module_counts_for_its_file(
    condition: str, declared_in: str, declaration: str, path: str
) -> None:
    static = "static mut SLOTS: u8 = 0;"
    assert check("PYO084", {declared_in: f"#[cfg({condition})]\n{declaration}\n", path: static}) == []
    assert len(check("PYO084", {declared_in: f"{declaration}\n", path: static})) == 1
