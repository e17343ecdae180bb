from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.questions.reading import dependencies, recorded, text

pytestmark = pytest.mark.slow

UNSOUND = ("PyCFunction::new_closure", "Iterator::nth", "DoubleEndedIterator::nth_back")


@pytest.mark.parametrize("line", ["0.28", "0.29", "0.30"])
def test_pyo3_and_its_companion_come_from_one_line(render: Callable[..., Path], line: str) -> None:
    crates = dependencies(render(pyo3=line, async_runtime=True))
    companion: Any = crates["pyo3-async-runtimes"]
    assert crates["pyo3"].startswith(f"{line}.")
    assert companion["version"].startswith(f"{line}.")


def test_the_newest_line_is_the_default(render: Callable[..., Path]) -> None:
    assert recorded(render())["pyo3"] == "0.30"


def test_only_0_28_has_functions_to_ban(render: Callable[..., Path]) -> None:
    old = render(pyo3="0.28")
    for name in UNSOUND:
        assert name in text(old, "clippy.toml")
    assert "RUSTSEC-2026-0176" in text(old, "deny.toml")
    assert "RUSTSEC-2026-0177" in text(old, "deny.toml")
    new = render(pyo3="0.29")
    for name in UNSOUND:
        assert name not in text(new, "clippy.toml")
    assert "RUSTSEC" not in text(new, "deny.toml")


def test_another_line_is_refused(refusal: Callable[..., str]) -> None:
    assert "'0.27' is not in" in refusal(pyo3="0.27")
