from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.questions.reading import recorded
from tests.support.space import Space
from tests.support.template import ROOT

COMPUTED = yaml.safe_load((ROOT / "questions" / "90_computed.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", COMPUTED)
def test_it_cannot_be_set(refusal: Callable[..., str], name: str) -> None:
    assert "; leave it out." in refusal(**{name: "elsewhere"})


@pytest.mark.parametrize("name", COMPUTED)
def test_it_cannot_even_be_set_to_what_it_is(refusal: Callable[..., str], space: Space, name: str) -> None:
    # An update would keep the given value when the answer behind it changes.
    values = space.resolve({"project_name": "my-lib"})
    assert values is not None
    assert "; leave it out." in refusal(**{name: values[name]})


def test_none_is_recorded(render: Callable[..., Path]) -> None:
    assert recorded(render()).keys().isdisjoint(COMPUTED)


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        (
            "single",
            {
                "crate_dir": ".",
                "workspace_dir": "",
                "core_crate_dir": "",
                "kernel_dir": "src/kernel",
                "kernel_root": "mod",
                "kernel_crate_dir": ".",
            },
        ),
        (
            "workspace",
            {
                "crate_dir": "crates/python",
                "workspace_dir": ".",
                "core_crate_dir": "crates/core",
                "kernel_dir": "crates/core/src",
                "kernel_root": "lib",
                "kernel_crate_dir": "crates/core",
            },
        ),
    ],
)
def test_folders_follow_from_the_layout(space: Space, layout: str, expected: dict[str, str]) -> None:
    values = space.resolve({"project_name": "my-lib", "layout": layout})
    assert values is not None
    assert {name: values[name] for name in COMPUTED if name != "rust_ident"} == expected


def test_rust_writes_the_crate_with_underscores(space: Space) -> None:
    values = space.resolve({"project_name": "my-lib", "crate_name": "my-fast-lib"})
    assert values is not None
    assert values["rust_ident"] == "my_fast_lib"
