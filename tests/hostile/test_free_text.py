"""Free text is inert: whatever it holds, each file has the structure of a harmless one, and the text stands in it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.hostile.rendering import ANSWERS_FILE, SHAPES, Renderer
from tests.hostile.strategies import PIECES, emails, free_text, urls
from tests.hostile.structure import difference
from tests.support.space import Space

FREE_TEXT = ("project_description", "author_name", "author_email", "repository_url")

answers = st.fixed_dictionaries(
    {
        "project_description": free_text,
        "author_name": free_text,
        "author_email": emails,
        "repository_url": urls,
    }
)
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def renderer(space: Space) -> Renderer:
    return Renderer(space, *FREE_TEXT)


def check(renderer: Renderer, shape: dict[str, Any], texts: dict[str, str]) -> None:
    trees = renderer.trees(shape, texts)
    event("refused" if trees is None else "rendered")
    if trees is not None:
        assert not difference(trees, renderer.expected(shape, texts))


@settings(relaxed, max_examples=100)
@given(shape=st.sampled_from(SHAPES), texts=answers)
def test_hostile_text_stays_text(renderer: Renderer, shape: dict[str, Any], texts: dict[str, str]) -> None:
    check(renderer, shape, texts)


@pytest.mark.slow
@settings(relaxed, max_examples=600)
@given(shape=st.sampled_from(SHAPES), texts=answers)
def test_much_hostile_text_stays_text(renderer: Renderer, shape: dict[str, Any], texts: dict[str, str]) -> None:
    check(renderer, shape, texts)


def test_each_piece_alone_stays_text(renderer: Renderer) -> None:
    rendered = 0
    for piece in (piece.strip() for piece in PIECES):
        # At the beginning of a line and within it, where other pieces mean something.
        texts = {
            "project_description": f"{piece} b {piece} c"[:300].strip(),
            "author_name": piece[:200].strip(),
        }
        trees = renderer.trees(SHAPES[1], texts)
        if trees is not None:
            rendered += 1
            assert not difference(trees, renderer.expected(SHAPES[1], texts)), texts
    assert rendered > 0.8 * len(PIECES), "most pieces are refused: this tests nothing"


def test_the_shapes_reach_every_file_that_holds_free_text(space: Space, renderer: Renderer) -> None:
    reached = set()
    for shape in SHAPES:
        values = space.resolve({"project_name": "my-lib", **shape})
        assert values is not None
        reached |= {file.path for file in renderer.files if space.target(file, values) is not None}
    assert reached == {file.path for file in renderer.files}
    assert ANSWERS_FILE in reached


def test_code_holds_no_free_text(renderer: Renderer) -> None:
    # What a file of Rust or Python says about the project it would have to quote; metadata and README say it.
    assert not [
        file.path for file in renderer.files if ".rs" in file.path or ".py" in file.path.replace("pyproject", "")
    ]
