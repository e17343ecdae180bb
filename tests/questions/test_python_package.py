from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.questions.reading import recorded, toml


def test_it_names_the_package_and_its_folder(render: Callable[..., Path]) -> None:
    project = render(python_package="other")
    assert toml(project)["tool"]["maturin"]["module-name"] == "other._core"
    assert [path.name for path in (project / "python").iterdir()] == ["other"]


def test_it_follows_from_the_project_name(render: Callable[..., Path]) -> None:
    assert recorded(render(project_name="My.Fast-Lib"))["python_package"] == "my_fast_lib"


@pytest.mark.parametrize(
    ("name", "reason", "suggestion"),
    [
        ("", "begins with a letter", "my_lib"),
        ("my-lib", "ASCII lower-case letters", "my_lib"),
        ("MyLib", "ASCII lower-case letters", "mylib"),
        ("_core", "begins with a letter", "core_rs"),
        ("3d", "begins with a letter", "d"),
        ("lib_", "does not end with `_`", "lib"),
        ("a.b", "ASCII lower-case letters", "a_b"),
        ("lib\n", "ASCII lower-case letters", "lib"),
        ("l\u0456b", "ASCII lower-case letters", "l_b"),
        ("match", "a keyword of Python", "match_rs"),
        ("json", "a module of the Python standard library", "json_rs"),
        ("test", "a crate of the Rust distribution", "test_rs"),
        ("pytest", "used by the project itself", "pytest_rs"),
        ("nul", "a device name on Windows", "nul_rs"),
        ("x" * 61, "keep it to 60", "x" * 57),
    ],
)
def test_what_cannot_be_imported_is_refused_with_a_suggestion(
    refusal: Callable[..., str], name: str, reason: str, suggestion: str
) -> None:
    message = refusal(python_package=name)
    assert reason in message
    assert message.endswith(f"such as `{suggestion}`.")
