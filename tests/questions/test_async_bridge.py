from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.questions.reading import dependencies, present, recorded

ONE_FILE = "src/runtime/bridge.rs"
FOLDER = "src/runtime/bridge"


def test_pyo3_async_runtimes_is_the_default_while_the_pool_is_kept(render: Callable[..., Path]) -> None:
    project = render(async_runtime=True)
    assert recorded(project)["async_bridge"] == "pyo3-async-runtimes"
    assert present(project, ONE_FILE, FOLDER) == {ONE_FILE}
    assert "tokio-runtime" in dependencies(project)["pyo3-async-runtimes"]["features"]


def test_the_completion_queue_is_a_module_of_the_project(render: Callable[..., Path]) -> None:
    project = render(async_runtime=True, async_bridge="completion-queue")
    assert present(project, ONE_FILE, FOLDER) == {FOLDER}
    assert (project / FOLDER / "mod.rs").is_file()
    assert "pyo3-async-runtimes" not in dependencies(project)


def test_the_completion_queue_is_the_default_without_the_pool(render: Callable[..., Path]) -> None:
    project = render(async_runtime=True, disable_reference_pool=True)
    assert recorded(project)["async_bridge"] == "completion-queue"


def test_the_code_that_uses_a_bridge_does_not_change_with_it(render: Callable[..., Path]) -> None:
    one = render(async_runtime=True)
    other = render(async_runtime=True, async_bridge="completion-queue")
    for name in ("src/tasks.rs", "src/runtime.rs"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_it_is_not_asked_without_async(render: Callable[..., Path]) -> None:
    assert "async_bridge" not in recorded(render())


def test_future_into_py_is_refused_without_the_pool(refusal: Callable[..., str]) -> None:
    message = refusal(async_runtime=True, disable_reference_pool=True, async_bridge="pyo3-async-runtimes")
    assert "aborts the process without the reference pool" in message
    assert "choose async_bridge=completion-queue, or keep the pool" in message


def test_a_bridge_is_refused_without_async(refusal: Callable[..., str]) -> None:
    assert "needs async_runtime=yes" in refusal(async_bridge="completion-queue")
