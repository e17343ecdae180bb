"""The same through plain Copier: the answers file, an update's second render, and what lies on the disk."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from copier import run_copy, run_recopy
from copier.errors import CopierError
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests.hostile.rendering import HARMLESS, SHAPES
from tests.hostile.strategies import PIECES, free_text
from tests.hostile.structure import Tree, difference, parse, substitute
from tests.support.warm_copier import warm

pytestmark = pytest.mark.slow

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
answers = st.fixed_dictionaries({"project_description": free_text, "author_name": free_text.filter(bool)})
SEPARATOR = " \u00b7 "


def trees(project: Path) -> dict[str, Tree]:
    paths = [path for path in project.rglob("*") if path.is_file()]
    names = [path.relative_to(project).as_posix() for path in paths]
    return {name: parse(name, path.read_text(encoding="utf-8")) for name, path in zip(names, paths, strict=True)}


def compare(template: Path, harmless: Path, shape: dict[str, Any], texts: dict[str, str], *, again: bool) -> str:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "my-lib")
        try:
            with warm():
                run_copy(str(template), target, data={**shape, **texts}, defaults=True, quiet=True)
        except (ValueError, CopierError):
            assert not target.exists()
            return "refused"
        words = {HARMLESS[name]: text for name, text in texts.items()}
        expected = {path: substitute(tree, words) for path, tree in trees(harmless).items()}
        assert not difference(trees(target), expected)
        recorded = yaml.safe_load((target / ".copier-answers.yml").read_text(encoding="utf-8"))
        assert {name: recorded[name] for name in texts} == texts
        if again:
            # The recorded answers come back as defaults, which Copier might take for templates.
            with warm():
                run_recopy(target, defaults=True, quiet=True, overwrite=True)
            assert not difference(trees(target), expected)
    return "rendered"


@pytest.fixture(scope="module")
def harmless(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("harmless") / "my-lib"
    texts = {name: HARMLESS[name] for name in ("project_description", "author_name")}
    run_copy(str(template), target, data={**SHAPES[1], **texts}, defaults=True, quiet=True)
    return target


def test_all_accepted_pieces_at_once(template: Path, harmless: Path) -> None:
    visible = [piece for piece in PIECES if piece.isprintable() and len(piece) < 40]
    middle = len(visible) // 3
    for pieces in (visible[:middle], visible[middle : 2 * middle], visible[2 * middle :]):
        text = SEPARATOR.join(piece.strip() for piece in pieces)
        texts = {"project_description": text[:300].strip(), "author_name": text[-200:].strip()}
        assert compare(template, harmless, SHAPES[1], texts, again=True) == "rendered"


@settings(relaxed, max_examples=4)
@given(texts=answers)
def test_hostile_text(template: Path, harmless: Path, texts: dict[str, str]) -> None:
    event(compare(template, harmless, SHAPES[1], texts, again=False))


@pytest.mark.slow
@settings(relaxed, max_examples=30)
@given(texts=answers)
def test_much_hostile_text(template: Path, harmless: Path, texts: dict[str, str]) -> None:
    event(compare(template, harmless, SHAPES[1], texts, again=True))
