from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.questions.reading import metadata, recorded, text

pytestmark = pytest.mark.slow


def test_it_names_the_distribution(render: Callable[..., Path]) -> None:
    project = render(project_name="My.Lib")
    assert metadata(project)["name"] == "My.Lib"
    assert text(project, "README.md").startswith("# My.Lib\n")


def test_the_folder_is_its_default(copy: Callable[..., Path]) -> None:
    assert recorded(copy("from-folder"))["project_name"] == "from-folder"


def test_a_folder_that_is_no_name_is_refused_too(copy: Callable[..., Path]) -> None:
    with pytest.raises(ValueError, match="such as `my-lib`"):
        copy("2-my lib")


@pytest.mark.parametrize(
    ("name", "reason", "suggestion"),
    [
        ("", "Give the project a name", "my-lib"),
        ("class", "a keyword of Python", "class-rs"),
        ("Async", "a keyword of Python", "async-rs"),
        ("crate", "a keyword of Rust", "crate-rs"),
        ("os", "a module of the Python standard library", "os-rs"),
        ("py-compile", "a module of the Python standard library", "py-compile-rs"),
        ("core", "a crate of the Rust distribution", "core-rs"),
        ("std", "a crate of the Rust distribution", "std-rs"),
        ("test", "a crate of the Rust distribution", "test-rs"),
        ("pyo3", "used by the project itself", "pyo3-rs"),
        ("Tokio", "used by the project itself", "tokio-rs"),
        ("build", "a folder of Cargo itself", "build-rs"),
        ("con", "a device name on Windows", "con-rs"),
        ("COM1", "a device name on Windows", "com1-rs"),
        # Windows takes `aux.x` for the device as well, so neither the folder nor an archive could be called that.
        ("aux.x", "a device name on Windows, whatever follows the dot", "aux-x"),
        ("1st", "begin with a letter", "st"),
        ("-lib", "begin with a letter", "lib"),
        ("--data", "begin with a letter", "data"),
        ("lib-", "end with a letter or digit", "lib"),
        ("my lib", "use ASCII letters", "my-lib"),
        ("my-lib\n", "use ASCII letters", "my-lib"),
        ("my/lib", "use ASCII letters", "my-lib"),
        ("../lib", "use ASCII letters", "lib"),
        ("my-l\u0456b", "use ASCII letters", "my-l-b"),
        ("\uff4d\uff59-lib", "use ASCII letters", "lib"),
        ("библиотека", "use ASCII letters", "my-lib"),
        ("x" * 61, "61 characters long: keep it to 60", "x" * 57),
        ("{{ 7 * 7 }}", "use ASCII letters", "my-lib"),
    ],
)
def test_what_cannot_be_a_name_is_refused_with_a_suggestion(
    refusal: Callable[..., str], name: str, reason: str, suggestion: str
) -> None:
    message = refusal(project_name=name)
    assert reason in message
    assert message.endswith(f"such as `{suggestion}`.")
    assert "\n" not in message
