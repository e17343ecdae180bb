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
    ],
)
def test_nothing_is_said_of_others(source: str) -> None:
    assert check("PYO084", HEAD + source) == []
