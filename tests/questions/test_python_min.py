from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.questions.reading import features, metadata, recorded, text

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("python", ["3.10", "3.11", "3.12", "3.13", "3.14"])
def test_metadata_and_ci_begin_there(render: Callable[..., Path], python: str) -> None:
    project = render(python_min=python)
    assert metadata(project)["requires-python"] == f">={python}"
    named = [line for line in metadata(project)["classifiers"] if "Python :: 3." in line]
    assert named[0].endswith(python)
    workflow = text(project, ".github/workflows/ci.yml")
    assert f'python: "{python}"' in workflow
    before = f"3.{int(python[2:]) - 1}"
    assert f'python: "{before}"' not in workflow


def test_the_stable_abi_begins_there(render: Callable[..., Path]) -> None:
    assert features(render(python_min="3.12", wheels="abi3")) == ["abi3-py312"]


def test_the_oldest_python_in_service_is_the_default(render: Callable[..., Path]) -> None:
    assert recorded(render())["python_min"] == "3.10"


def test_another_python_is_refused(refusal: Callable[..., str]) -> None:
    assert "'3.9' is not in" in refusal(python_min="3.9")
