from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.questions.reading import present, recorded, text, toml

FLAG = "pyo3_disable_reference_pool"
FILES = (".cargo/config.toml", "build.rs", "tests/test_reference_pool.py")


def test_yes_carries_the_flag_wherever_a_build_starts(render: Callable[..., Path]) -> None:
    project = render(disable_reference_pool=True)
    assert present(project, *FILES) == set(FILES)
    # cargo reads the one, pip reads the other when it builds an sdist.
    assert FLAG in text(project, ".cargo/config.toml")
    (config,) = toml(project)["tool"]["maturin"]["config"]
    assert FLAG in config
    assert FLAG in text(project, "build.rs")


def test_the_guard_stands_in_the_binding_crate_of_a_workspace(render: Callable[..., Path]) -> None:
    project = render(disable_reference_pool=True, layout="workspace")
    assert present(project, ".cargo/config.toml", "build.rs", "crates/python/build.rs") == {
        ".cargo/config.toml",
        "crates/python/build.rs",
    }


def test_no_is_the_default_and_leaves_nothing(render: Callable[..., Path]) -> None:
    project = render()
    assert recorded(project)["disable_reference_pool"] is False
    assert not present(project, *FILES, ".cargo")
    assert "config" not in toml(project)["tool"]["maturin"]
