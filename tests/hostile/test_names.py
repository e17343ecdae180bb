"""A name is refused, or it is a name in every file: an identifier, a key, a plain scalar."""

from __future__ import annotations

import keyword
import re
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from tests.hostile.rendering import SHAPES, Renderer
from tests.hostile.strategies import PIECES, WORDS, names
from tests.hostile.structure import difference
from tests.support.space import Space
from tests.support.template import ROOT

pytestmark = pytest.mark.slow

NAMES = ("project_name", "python_package", "crate_name")
LISTS: dict[str, list[str]] = yaml.safe_load((ROOT / "catalogue" / "reserved_names.yml").read_text(encoding="utf-8"))
RESERVED = {name for listed in LISTS.values() for name in listed}
relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def renderer(space: Space) -> Renderer:
    return Renderer(space, *NAMES, "rust_ident")


def check(renderer: Renderer, shape: dict[str, Any], given: dict[str, str]) -> bool:
    values = renderer.space.resolve({**shape, **given})
    if values is None:
        return False
    # Those that were not given follow from the project's name, and have to be good as well.
    texts = {name: values[name] for name in NAMES}
    assert re.fullmatch(r"[A-Za-z]([A-Za-z0-9._-]*[A-Za-z0-9])?", texts["project_name"])
    assert re.fullmatch(r"[a-z][a-z0-9_]*", texts["python_package"])
    assert re.fullmatch(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*", texts["crate_name"])
    assert not keyword.iskeyword(texts["python_package"])
    trees = renderer.trees(shape, texts)
    if trees is None:
        # Only a name that the project's crate cannot have, since a dependency may have it: another one is asked for.
        assert "crate_name" not in given
        assert texts["crate_name"].replace("-", "_") in RESERVED
        return False
    assert not difference(trees, renderer.expected(shape, texts))
    return True


@settings(relaxed, max_examples=15)
@given(shape=st.sampled_from(SHAPES), name=names)
def test_a_hostile_project_name(renderer: Renderer, shape: dict[str, Any], name: str) -> None:
    event("rendered" if check(renderer, shape, {"project_name": name}) else "refused")


@settings(relaxed, max_examples=15)
@given(shape=st.sampled_from(SHAPES), package=names, crate=names)
def test_hostile_names_of_package_and_crate(
    renderer: Renderer, shape: dict[str, Any], package: str, crate: str
) -> None:
    given = {"project_name": "my-lib", "python_package": package, "crate_name": crate}
    event("rendered" if check(renderer, shape, given) else "refused")


@pytest.mark.slow
@settings(relaxed, max_examples=150)
@given(
    shape=st.sampled_from(SHAPES),
    given=st.fixed_dictionaries({"project_name": names}, optional={"python_package": names, "crate_name": names}),
)
@example(shape={}, given={"project_name": "CC"})
def test_many_hostile_names(renderer: Renderer, shape: dict[str, Any], given: dict[str, str]) -> None:
    event("rendered" if check(renderer, shape, given) else "refused")


@pytest.mark.parametrize("word", WORDS)
def test_words_that_mean_something_elsewhere_are_names(renderer: Renderer, word: str) -> None:
    assert check(renderer, SHAPES[1], {"project_name": word})


@pytest.mark.parametrize("question", NAMES)
def test_no_piece_of_syntax_is_a_name(space: Space, question: str) -> None:
    accepted = [piece for piece in PIECES if space.resolve({"project_name": "my-lib", question: piece}) is not None]
    assert [piece for piece in accepted if not re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]*", piece)] == []
    assert len(accepted) < 10
