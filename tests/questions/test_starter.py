from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.questions.reading import dependencies, present, recorded, toml
from tests.support.template import ROOT

ALWAYS = {"src/lib.rs", "src/text.rs", "src/counter.rs", "src/kernel/mod.rs", "src/kernel/text.rs"}
SHOWN = {
    "src/batch.rs",
    "src/blob.rs",
    "src/buffers.rs",
    "src/build_info.rs",
    "src/callback.rs",
    "src/convert.rs",
    "src/dispatch.rs",
    "src/errors.rs",
    "src/interpreter.rs",
    "src/keyword.rs",
    "src/kernel/checksum.rs",
    "tests/test_batch.py",
    "tests/test_dispatch.py",
    "tests/test_hostile.py",
}
# The files of a default project that are not its own: licences, and what its CI service reads.
NOT_COUNTED = ("LICENSE", ".github/")
MOST = 22


def files(project: Path) -> list[str]:
    return sorted(path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file())


def test_minimal_is_the_default(render: Callable[..., Path]) -> None:
    project = render()
    assert recorded(project)["starter"] == "minimal"
    assert present(project, *ALWAYS, *SHOWN) == ALWAYS
    assert dependencies(project).keys() == {"pyo3"}


def test_a_default_project_is_small(render: Callable[..., Path]) -> None:
    own = [path for path in files(render()) if not path.startswith(NOT_COUNTED)]
    assert len(own) <= MOST, own


def test_minimal_is_one_function_one_class_and_one_exception(render: Callable[..., Path]) -> None:
    project = render()
    exported = (project / "python/my_lib/__init__.py").read_text(encoding="utf-8")
    assert re.findall(r'^    "(\w+)",$', exported, re.MULTILINE) == ["Counter", "CounterOverflowError", "word_count"]
    assert {path.name for path in (project / "tests").iterdir()} == {"test_counter.py", "test_text.py"}
    assert toml(project)["dependency-groups"]["test"] == ["pytest", "pytest-run-parallel"]
    assert ".hypothesis/" not in (project / ".gitignore").read_text(encoding="utf-8")


def test_the_showcase_is_one_answer_away(render: Callable[..., Path]) -> None:
    project = render(starter="showcase")
    assert present(project, *ALWAYS, *SHOWN) == ALWAYS | SHOWN
    assert "rayon" in dependencies(project)
    assert ".hypothesis/" in (project / ".gitignore").read_text(encoding="utf-8")


def test_both_have_the_same_build_configuration_and_lints(render: Callable[..., Path]) -> None:
    minimal, showcase = render(), render(starter="showcase")
    for name in ("clippy.toml", "deny.toml", ".pre-commit-config.yaml", ".github/workflows/ci.yml"):
        assert (minimal / name).read_text() == (showcase / name).read_text()
    for table in ("profile", "lints", "lib", "test"):
        assert toml(minimal, "Cargo.toml")[table] == toml(showcase, "Cargo.toml")[table]
    for table in ("maturin", "ruff", "mypy", "pytest"):
        assert toml(minimal)["tool"][table] == toml(showcase)["tool"][table]


@pytest.mark.parametrize("starter", ["minimal", "showcase"])
def test_the_help_says_how_many_files_there_are(starter: str, render: Callable[..., Path]) -> None:
    question = yaml.safe_load((ROOT / "questions" / "19_starter.yml").read_text(encoding="utf-8"))["starter"]
    numbers = dict(zip(("minimal", "showcase"), re.findall(r"(\d+) files", question["help"]), strict=True))
    assert int(numbers[starter]) == len(files(render(starter=starter)))


def test_it_is_on_the_short_list() -> None:
    pages = yaml.safe_load((ROOT / "catalogue" / "pages.yml").read_text(encoding="utf-8"))
    assert [page["short"] for page in pages.values() if "starter" in page["questions"]] == [True]


def test_the_tutorial_lists_the_files_of_a_default_project(render: Callable[..., Path]) -> None:
    page = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    listing = page.split("<!-- files -->\n\n```text\n")[1].split("```")[0]
    listed = [line.split("  ")[0] for line in listing.splitlines()]
    assert sorted(listed) == [path.replace("my_lib", "word_lib") for path in files(render())]
