"""The ids of parametrised tests say what a case is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.ids import name_case


@pytest.mark.parametrize(
    ("value", "name"),
    [
        pytest.param("short", None, id="short text"),
        pytest.param(3, None, id="number"),
        pytest.param("", "empty", id="empty text"),
        pytest.param("fn a() {\n    b()\n}\n", "fn a() { b() }", id="lines"),
        pytest.param("x" * 60, "x" * 40 + "...", id="long text"),
        pytest.param(b"\xef\xbb\xbfa\n", "ï»¿a", id="bytes"),
        pytest.param({"stubs": True, "ci": "gitlab"}, "stubs=True,ci", id="answers"),
        pytest.param(("new", "lib"), "new,lib", id="words"),
        pytest.param({"b", "a"}, "a,b", id="set"),
        pytest.param(Path("a/b.py"), "b.py", id="path"),
        pytest.param([], "none", id="nothing"),
    ],
)
def test_a_case_is_named_by_its_value(value: object, name: str | None) -> None:
    assert name_case(value) == name
