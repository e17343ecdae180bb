"""What Copier reads of a template is the same whether its texts were parsed in this run or in an earlier one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from pyo3_kit.render._kept import KeptFile
from pyo3_kit.render._parsed import RememberingYaml
from tests.support.command import ROOT

QUESTIONS = [path for path in sorted((ROOT / "questions").glob("*.yml")) if b"!include" not in path.read_bytes()]


class NoLoader:
    """A loader that no text reaches that is known."""

    def __init__(self, _: object) -> None:
        pytest.fail("the text was parsed")


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeptFile:
    monkeypatch.setenv("PYO3_KIT_CACHE", str(tmp_path / "cache"))
    return KeptFile("parsed", tmp_path, yaml.__version__)


def read(kept: KeptFile, text: bytes, loader: Any = yaml.SafeLoader) -> list[Any]:
    """The documents of a text in a run of its own."""
    remembering = RememberingYaml(kept)
    documents = list(remembering.load_all(text, loader))
    remembering.save()
    return documents


def test_our_questions_are_parsed_once(kept: KeptFile) -> None:
    texts = [path.read_bytes() for path in QUESTIONS]
    assert len(texts) > 20
    for loader in (yaml.SafeLoader, NoLoader):
        remembering = RememberingYaml(kept)
        for text in texts:
            assert list(remembering.load_all(text, loader)) == list(yaml.safe_load_all(text))
        remembering.save()


def test_another_text_is_parsed(kept: KeptFile) -> None:
    assert read(kept, b"a: 1") == [{"a": 1}]
    assert read(kept, b"a: 2") == [{"a": 2}]
    # And the first one is no longer kept.
    with pytest.raises(pytest.fail.Exception):
        read(kept, b"a: 1", NoLoader)


def test_nobody_changes_what_is_kept(kept: KeptFile) -> None:
    remembering = RememberingYaml(kept)
    for _ in range(2):
        (document,) = remembering.load_all(b"a: [1]", yaml.SafeLoader)
        assert document == {"a": [1]}
        document["a"].append(2)


@pytest.mark.parametrize(
    ("text", "documents"),
    [(b"a: 2026-11-30", [{"a": date(2026, 11, 30)}]), (b"--- !include other.yml\n", [["included"]])],
    ids=["date", "include"],
)
def test_what_cannot_be_kept_is_parsed_each_time(kept: KeptFile, text: bytes, documents: list[Any]) -> None:
    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("!include", lambda *_: ["included"])
    assert read(kept, text, Loader) == documents
    with pytest.raises(pytest.fail.Exception):
        read(kept, text, NoLoader)
    assert read(kept, text, Loader) == documents


@pytest.mark.parametrize("damage", [lambda content: content[:-1], lambda _: b"", lambda content: content + b"x"])
def test_a_damaged_file_counts_as_none(kept: KeptFile, tmp_path: Path, damage: Any) -> None:
    read(kept, b"a: 1")
    (file,) = (tmp_path / "cache" / "parsed").iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert read(kept, b"a: 1") == [{"a": 1}]
    assert read(kept, b"a: 1", NoLoader) == [{"a": 1}]
