"""Answers that are renamed, removed, mapped and newly constrained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pyo3_kit.codemods import Migrations, answer_migrations
from tests.migrations.support import DOCS, metadata, template

STEPS = """
- {rename: runtime, to: async_runtime}
- {remove: legacy}
- {map: allocator, values: [[jemalloc, mimalloc], [null, system], [true, mimalloc]]}
- {set: wheels, to: version-specific, where: {free_threaded: true, wheels: abi3}}
"""


@pytest.fixture
def migrations(tmp_path: Path) -> Migrations:
    head = metadata(kind="answers", when='{to: "2.0.0"}', files="")
    return template(tmp_path, one__migration_yml=f"{head}steps:{STEPS}")


@pytest.mark.parametrize(
    ("recorded", "expected"),
    [
        ({"runtime": True}, {"async_runtime": True}),
        ({"runtime": True, "async_runtime": False}, {"async_runtime": False}),
        ({"legacy": 1, "license": "MIT"}, {"license": "MIT"}),
        ({"allocator": "jemalloc"}, {"allocator": "mimalloc"}),
        ({"allocator": None}, {"allocator": "system"}),
        ({"allocator": True}, {"allocator": "mimalloc"}),
        ({"allocator": 1}, {"allocator": 1}),
        (
            {"free_threaded": True, "wheels": "abi3"},
            {"free_threaded": True, "wheels": "version-specific"},
        ),
        ({"free_threaded": False, "wheels": "abi3"}, {"free_threaded": False, "wheels": "abi3"}),
        ({"free_threaded": 1, "wheels": "abi3"}, {"free_threaded": 1, "wheels": "abi3"}),
    ],
)
def test_steps(migrations: Migrations, recorded: dict[str, Any], expected: dict[str, Any]) -> None:
    given = dict(recorded)
    answers, applied = answer_migrations(migrations, recorded, "v1.0.0", "v2.0.0")
    assert answers == expected
    assert recorded == given, "what was given is not to be changed"
    assert bool(applied) is (answers != recorded)
    assert answer_migrations(migrations, answers, "v1.0.0", "v2.0.0") == (expected, [])


def test_what_was_done_is_told(migrations: Migrations) -> None:
    recorded = {"runtime": True, "legacy": False, "allocator": "jemalloc"}
    _, (applied,) = answer_migrations(migrations, recorded, "v1.0.0", "v2.0.0")
    assert (applied.id, applied.title, applied.why, applied.docs) == ("one", "One", "Because.", DOCS)
    assert applied.notes == (
        "`runtime` is now `async_runtime`",
        "`legacy` is no longer asked (it was no)",
        "`allocator`: jemalloc → mimalloc",
    )


def test_only_on_the_way(migrations: Migrations) -> None:
    recorded = {"runtime": True}
    assert answer_migrations(migrations, recorded, "v2.0.0", "v2.1.0") == (recorded, [])
    assert answer_migrations(migrations, recorded, "v1.0.0", "v1.1.0") == (recorded, [])
    assert answer_migrations(migrations, recorded, "v2.0.0", "v2.0.0") == (recorded, [])


def test_a_template_without_migrations(tmp_path: Path) -> None:
    assert answer_migrations(template(tmp_path), {"a": 1}, "v1.0.0", "v2.0.0") == ({"a": 1}, [])
