from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.questions.reading import dependencies, features, present, recorded, text

BLOB = {"src/blob.rs", "tests/test_blob.py"}
PAYLOAD = {"src/payload.rs", "tests/test_payload.py"}


def test_yes_brings_bytes_that_share_memory(render: Callable[..., Path]) -> None:
    project = render(bytes_feature=True)
    assert features(project) == ["bytes"]
    assert "bytes" in dependencies(project)
    assert present(project, *BLOB, *PAYLOAD) == PAYLOAD
    assert "mod payload;" in text(project, "src/lib.rs")


def test_no_is_the_default(render: Callable[..., Path]) -> None:
    project = render(starter="showcase")
    assert recorded(project)["bytes_feature"] is False
    assert features(project) == []
    assert "bytes" not in dependencies(project)
    assert present(project, *BLOB, *PAYLOAD) == BLOB


def test_the_minimal_starter_has_it_too(render: Callable[..., Path]) -> None:
    project = render(bytes_feature=True, starter="minimal")
    assert present(project, *BLOB, *PAYLOAD) == PAYLOAD
