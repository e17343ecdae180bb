"""What is found wrong with a text, and what is not."""

from __future__ import annotations

import pytest

from pyo3_kit.merge.kinds import Kind
from pyo3_kit.merge.validity import BROKEN, problems


@pytest.mark.parametrize(
    ("kind", "text", "what", "line"),
    [
        ("toml", "a = 1\na = 2\n", BROKEN, 2),
        ("toml", "[a]\n[a]\n", BROKEN, 2),
        ("json", '{"a": 1,\n}\n', "it is not strict JSON", 2),
        ("json", '{"a": {"b": 1, "b": 2}}', "`b` is defined twice", None),
        ("yaml", "a: [1\nb: 2\n", BROKEN, 2),
        ("yaml", "jobs:\n  test: 1\n  lint: 2\n  test: 3\n", "`jobs.test` is defined twice", 4),
        ("yaml", "- a: 1\n  a: 2\n", "`a` is defined twice", 2),
        ("python", "def f(:\n    pass\n", BROKEN, 1),
        ("python", "def f(a, a):\n    pass\n", BROKEN, 1),
        ("python", "def f(): ...\n\n\ndef f(): ...\n", "`f` is defined twice", 4),
        ("python", "class A:\n    def f(self): ...\n    async def f(self): ...\n", "`A.f` is defined twice", 3),
        ("python", "class A: ...\nclass A: ...\n", "`A` is defined twice", 2),
        ("python", "import a\nfrom b import c\nimport a\n", "`a` (imported) is defined twice", 3),
        ("rust", "fn f( {}\n", BROKEN, 1),
        ("rust", "fn f() {\n    let a = (1;\n}\n", BROKEN, 2),
        ("rust", "fn f() {}\nfn f() {}\n", "`fn f` is defined twice", 2),
        ("rust", "mod a;\n/// Again.\nmod a;\n", "`type a` is defined twice", 3),
        ("rust", "struct A { b: u8, b: u8 }\n", "`A::b` is defined twice", 1),
        ("rust", "enum A { B, C, B }\n", "`A::B` is defined twice", 1),
        ("rust", "use a::{b, c};\nuse d::c;\n", "`c` (in `use`) is defined twice", 2),
        ("rust", "use a::b::{self, c};\nuse a::b;\n", "`b` (in `use`) is defined twice", 2),
        ("rust", "mod m {\n    use super::f;\n    use super::f;\n}\n", "`m::f` (in `use`) is defined twice", 3),
        ("rust", "struct A;\nimpl A { fn f() {} }\nimpl A { fn f() {} }\n", "`fn A::f` is defined twice", 3),
        ("rust", "impl Clone for A {}\nimpl Clone  for A {}\n", "`impl Clone for A` is defined twice", 2),
        (
            "rust",
            "#[pymethods]\nimpl A { fn f() {} }\n#[pymethods]\nimpl A { fn g() {} }\n",
            "`#[pymethods]` of `A` is defined twice",
            4,
        ),
        ("markdown", "# a\n\n## b\n\n## c\n\n## b\n", "the section `a / b` is defined twice", 7),
        ("lines", "a\n<<<<<<< yours\nb\n", "a conflict marker is left", 2),
        ("python", "# fine\n>>>>>>> theirs\n", "a conflict marker is left", 2),
    ],
)
def test_a_problem_is_named_with_its_line(kind: Kind, text: str, what: str, line: int | None) -> None:
    found = {(problem.what, problem.line) for problem in problems(kind, text)}
    assert (what, line) in found


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("toml", "[a]\nb = 1\n[c]\nb = 1\n"),
        ("json", '[{"a": 1}, {"a": 1}]'),
        ("yaml", "a: &x {b: 1}\nc: {<<: *x, b: 2}\n---\na: !own 1\n"),
        ("yaml", "- name: a\n- name: b\n"),
        (
            "python",
            "@overload\ndef f(a: int): ...\n@typing.overload\ndef f(a: str): ...\ndef f(a): ...\n",
        ),
        ("python", "class A:\n    @property\n    def b(self): ...\n    @b.setter\n    def b(self, b): ...\n"),
        (
            "python",
            "import a.b\nimport a.c\nfrom d import *\ntry:\n    import e\nexcept ImportError:\n    import f as e\n",
        ),
        ("python", "if a:\n    def f(): ...\nelse:\n    def f(): ...\n"),
        ("python", "@f.register\ndef _(a): ...\n@f.register(int)\ndef _(a): ...\n"),
        ("python", "class A:\n    def f(self): ...\nclass B:\n    def f(self): ...\n"),
        ("rust", "#[cfg(unix)]\nfn f() {}\n#[cfg(not(unix))]\nfn f() {}\n"),
        ("rust", "struct f;\nfn g() {}\nmod a { fn g() {} }\n"),
        ("rust", "impl A<u8> { fn f() {} }\nimpl A<u16> { fn f() {} }\n"),
        ("rust", "impl X for A { fn f() {} }\nimpl Y for A { fn f() {} }\nimpl A { fn f() {} }\n"),
        ("rust", "use a::T as _;\nuse b::T as _;\nuse c::*;\nuse d::*;\n"),
        ("rust", "const _: () = ();\nconst _: () = ();\n"),
        ("markdown", "# a\n## x\n# b\n## x\n```\n# a\n```\n"),
        ("lines", "Title\n=======\n"),
    ],
)
def test_what_is_right_is_no_problem(kind: Kind, text: str) -> None:
    assert problems(kind, text) == []
