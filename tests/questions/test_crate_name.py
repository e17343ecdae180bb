from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.questions.reading import recorded, toml


def test_it_names_the_crate(render: Callable[..., Path]) -> None:
    cargo = toml(render(crate_name="other-crate"), "Cargo.toml")
    assert cargo["package"]["name"] == "other-crate"
    # Python imports the library under a name of its own.
    assert cargo["lib"]["name"] == "_core"


def test_it_names_both_crates_of_a_workspace(render: Callable[..., Path]) -> None:
    project = render(crate_name="other_crate", layout="workspace")
    assert toml(project, "crates/core/Cargo.toml")["package"]["name"] == "other_crate-core"
    binding = toml(project, "crates/python/Cargo.toml")
    assert binding["package"]["name"] == "other_crate"
    assert binding["dependencies"]["other_crate-core"] == {"path": "../core"}


def test_it_follows_from_the_project_name(render: Callable[..., Path]) -> None:
    assert recorded(render(project_name="My.Fast-Lib"))["crate_name"] == "my-fast-lib"


@pytest.mark.parametrize(
    ("name", "reason", "suggestion"),
    [
        ("", "begins with a letter", "my-lib"),
        ("My-Lib", "ASCII lower-case letters", "my-lib"),
        ("my.lib", "ASCII lower-case letters", "my-lib"),
        ("my--lib", "with single `-` or `_` between them", "my-lib"),
        ("-lib", "begins with a letter", "lib"),
        ("7z", "begins with a letter", "z"),
        ("lib-", "with single `-` or `_` between them", "lib"),
        ("lib\n", "ASCII lower-case letters", "lib"),
        ("l\u0456b", "ASCII lower-case letters", "l-b"),
        ("fn", "a keyword of Rust", "fn-rs"),
        ("alloc", "a crate of the Rust distribution", "alloc-rs"),
        ("proc-macro", "a crate of the Rust distribution", "proc-macro-rs"),
        ("pyo3-ffi", "used by the project itself", "pyo3-ffi-rs"),
        ("serde", "a crate that this one depends on", "serde-rs"),
        ("rayon-core", "a crate that this one depends on", "rayon-core-rs"),
        ("tokio", "used by the project itself", "tokio-rs"),
        ("pyo3-completion-queue", "used by the project itself", "pyo3-completion-queue-rs"),
        ("divan-macros", "a crate that this one depends on", "divan-macros-rs"),
        ("deps", "a folder of Cargo itself", "deps-rs"),
        ("lpt1", "a device name on Windows", "lpt1-rs"),
        ("x" * 61, "keep it to 60", "x" * 57),
    ],
)
def test_what_cargo_refuses_is_refused_with_a_suggestion(
    refusal: Callable[..., str], name: str, reason: str, suggestion: str
) -> None:
    message = refusal(crate_name=name)
    assert reason in message
    assert message.endswith(f"such as `{suggestion}`.")
