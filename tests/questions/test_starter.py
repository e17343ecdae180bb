from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.questions.reading import dependencies, present, recorded

ALWAYS = {"src/lib.rs", "src/build_info.rs", "src/text.rs", "src/counter.rs", "src/kernel/mod.rs", "src/kernel/text.rs"}
SHOWN = {
    "src/batch.rs",
    "src/blob.rs",
    "src/buffers.rs",
    "src/callback.rs",
    "src/convert.rs",
    "src/dispatch.rs",
    "src/errors.rs",
    "src/keyword.rs",
    "src/kernel/checksum.rs",
    "tests/test_batch.py",
    "tests/test_dispatch.py",
}


def test_the_showcase_is_the_default(render: Callable[..., Path]) -> None:
    project = render()
    assert recorded(project)["starter"] == "showcase"
    assert present(project, *ALWAYS, *SHOWN) == ALWAYS | SHOWN
    assert "rayon" in dependencies(project)


def test_the_minimal_starter_is_one_function_and_one_class(render: Callable[..., Path]) -> None:
    project = render(starter="minimal")
    assert present(project, *ALWAYS, *SHOWN) == ALWAYS
    assert dependencies(project).keys() == {"pyo3"}
    names = {path.name for path in (project / "tests").glob("test_*.py")}
    assert {"test_text.py", "test_counter.py"} <= names
