from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.questions.reading import present, recorded, text

pytestmark = pytest.mark.slow

FILES = {"src/buffers.rs", "tests/test_buffers.py"}


def test_the_showcase_has_it_by_default(render: Callable[..., Path]) -> None:
    project = render(starter="showcase")
    assert recorded(project)["buffer_api"] is True
    assert present(project, *FILES) == FILES


def test_no_leaves_it_out(render: Callable[..., Path]) -> None:
    assert not present(render(starter="showcase", buffer_api=False), *FILES)


def test_nothing_else_has_errors_of_buffers(render: Callable[..., Path]) -> None:
    hostile = "tests/test_hostile.py"
    assert "    BufferError,\n" in text(render(starter="showcase"), hostile)
    assert "BufferError" not in text(render(starter="showcase", buffer_api=False, bytes_feature=True), hostile)


@pytest.mark.parametrize("wheels", ["abi3", "abi3+abi3t"])
def test_the_stable_abi_has_it_from_3_11_on(render: Callable[..., Path], wheels: str) -> None:
    assert present(render(starter="showcase", wheels=wheels, python_min="3.11"), *FILES) == FILES
    old = render(starter="showcase", wheels=wheels)
    assert not present(old, *FILES)
    assert "buffer_api" not in recorded(old)


def test_the_minimal_starter_is_not_asked(render: Callable[..., Path]) -> None:
    project = render(starter="minimal")
    assert "buffer_api" not in recorded(project)
    assert not present(project, *FILES)


@pytest.mark.parametrize("wheels", ["abi3", "abi3+abi3t"])
def test_it_is_refused_under_the_stable_abi_of_3_10(refusal: Callable[..., str], wheels: str) -> None:
    message = refusal(buffer_api=True, wheels=wheels, starter="showcase")
    assert (
        "The stable ABI of CPython 3.10 has no buffers: choose python_min 3.11, or wheels=version-specific" in message
    )


def test_it_is_refused_with_the_minimal_starter(refusal: Callable[..., str]) -> None:
    assert "choose starter=showcase" in refusal(buffer_api=True, starter="minimal")
