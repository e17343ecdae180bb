"""Every combination of the structural answers: each file parses, is formatted, and holds nothing unchosen."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.leftovers import LEFTOVERS, Leftover
from tests.support.project import tool
from tests.support.space import Answers, File, Space

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FIRST_PARTY = 'lint.isort.known-first-party=["my_lib"]'


def variants(space: Space, file: File) -> Iterator[tuple[str, str, Answers]]:
    """Each different (target, content) that the file can become, with one set of answers that leads there."""
    seen = set()
    for values in space.combinations(file.answers):
        target = space.target(file, values)
        if target is not None:
            content = space.content(file, values)
            if (target, content) not in seen:
                seen.add((target, content))
                yield target, content, values


@pytest.fixture(scope="module")
def tree(space: Space, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All variants of all files, each in a folder of its own that is laid out like a project."""
    root = tmp_path_factory.mktemp("variants")
    for number, file in enumerate(space.files):
        for count, (target, content, _) in enumerate(variants(space, file)):
            path = root / f"{number}-{count}" / target
            path.parent.mkdir(parents=True)
            path.write_text(content, encoding="utf-8", newline="")
    return root


def found(tree: Path, *suffixes: str) -> list[Path]:
    paths = [path for path in tree.rglob("*") if path.suffix in suffixes and path.is_file()]
    assert paths, f"no {suffixes} among the variants"
    return paths


@pytest.mark.slow
def test_toml_parses_and_taplo_leaves_it(tree: Path) -> None:
    for path in found(tree, ".toml"):
        tomllib.loads(path.read_text(encoding="utf-8"))
    tool(
        "taplo", "format", "--check", "--option", "column_width=100", "--option", "array_auto_collapse=false", cwd=tree
    )


@pytest.mark.slow
def test_python_parses_and_ruff_leaves_it(tree: Path) -> None:
    for path in found(tree, ".py", ".pyi"):
        ast.parse(path.read_text(encoding="utf-8"))
    tool("ruff", "format", "--isolated", "--no-cache", "--line-length=100", "--check", "--quiet", ".", cwd=tree)
    rules = tomllib.loads(next(tree.rglob("pyproject.toml")).read_text(encoding="utf-8"))["tool"]["ruff"]["lint"][
        "select"
    ]
    select = ["--select", ",".join(rules), "--config", FIRST_PARTY, "--line-length=100", "--target-version=py310"]
    tool("ruff", "check", "--isolated", "--no-cache", "--quiet", *select, ".", cwd=tree)


@pytest.mark.slow
def test_rust_is_formatted(tree: Path) -> None:
    # rustfmt parses what it formats; `skip_children` keeps it from following `mod` lines, since a variant stands alone.
    for path in found(tree, ".rs"):
        tool(
            "rustfmt",
            "--check",
            "--edition=2024",
            "--config=skip_children=true",
            path,
            cwd=tree,
            env={"RUSTC_BOOTSTRAP": "1"},
        )


@pytest.mark.slow
def test_yaml_parses(tree: Path) -> None:
    for path in found(tree, ".yml", ".yaml"):
        assert yaml.safe_load(path.read_text(encoding="utf-8")), path


@pytest.mark.slow
def test_text_is_tidy(tree: Path) -> None:
    """No line ends in a space, no file begins or ends with an empty line, nothing of Jinja is left."""
    for path in tree.rglob("*"):
        if not path.is_file() or path.name.startswith("LICENSE"):
            continue
        content = path.read_text(encoding="utf-8")
        assert content.strip() or path.name in {"py.typed", "__init__.py"}, f"{path} is empty"
        assert not re.search(r"[ \t]$", content, re.MULTILINE), f"{path} has a space at the end of a line"
        assert not content.startswith("\n"), f"{path} begins with an empty line"
        assert not content.endswith("\n\n"), f"{path} ends with an empty line"
        assert not content or content.endswith("\n"), f"{path} has no newline at its end"
        assert "\n\n\n\n" not in content, f"{path} has three empty lines"
        assert not re.search(r"(?<!\$)\{\{|\{%|\{#", content.replace("{{ hashFiles", "")), f"{path} holds Jinja"


@pytest.mark.slow
@pytest.mark.parametrize("leftover", LEFTOVERS, ids=str)
def test_nothing_unchosen_is_left(space: Space, leftover: Leftover) -> None:
    hits = []
    for file in space.files:
        if not leftover.looks_at(file.path):
            continue
        for values in space.combinations(file.answers | {leftover.question}):
            if values.get(leftover.question) not in leftover.values:
                continue
            target = space.target(file, values)
            if target is not None and (match := leftover.pattern.search(target + "\n" + space.content(file, values))):
                hits.append(f"{target}: {match.group()!r} with {brief(space, file, values)}")
                break
    assert not hits, "\n".join(hits)


def brief(space: Space, file: File, values: Answers) -> str:
    shown: dict[str, Any] = {name: values[name] for name in file.answers if name in space.structural}
    return json.dumps(shown)
