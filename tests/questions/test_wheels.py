from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.questions.reading import features, recorded, text


def test_version_specific_wheels_are_the_default(render: Callable[..., Path]) -> None:
    project = render()
    assert recorded(project)["wheels"] == "version-specific"
    assert features(project) == []
    assert "--interpreter 3.10 3.11 3.12 3.13 3.14 3.15" in text(project, ".github/workflows/release.yml")


def test_abi3_is_one_wheel_from_the_oldest_python_on(render: Callable[..., Path]) -> None:
    project = render(wheels="abi3")
    assert features(project) == ["abi3-py310"]
    workflow = text(project, ".github/workflows/release.yml")
    assert "Build the abi3 wheel" in workflow
    assert "abi3t" not in workflow


def test_abi3t_is_one_more_for_free_threaded_pythons(render: Callable[..., Path]) -> None:
    project = render(wheels="abi3+abi3t")
    assert features(project) == ["abi3-py310", "abi3t-py315"]
    assert "Build the abi3t wheel" in text(project, ".github/workflows/release.yml")


def test_pyo3_0_28_has_no_abi3t(refusal: Callable[..., str]) -> None:
    message = refusal(wheels="abi3+abi3t", pyo3="0.28")
    assert "PyO3 0.28 does not support abi3t: choose pyo3 0.29 or 0.30" in message


def test_abi3t_needs_a_project_for_free_threaded_python(refusal: Callable[..., str]) -> None:
    message = refusal(wheels="abi3+abi3t", free_threaded=False)
    assert "choose free_threaded, or wheels=abi3" in message
