"""Every combination of the structural answers: each file parses, is formatted, and holds nothing unchosen."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.leftovers import LEFTOVERS, Leftover
from tests.support.project import tool
from tests.support.space import TEXT, File, Space

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FIRST_PARTY = 'lint.isort.known-first-party=["my_lib"]'


@dataclass
class Variant:
    """A file as some answers make it, and which values those answers have."""

    file: File
    target: str
    content: str
    values: defaultdict[str, set[Any]] = field(default_factory=lambda: defaultdict(set))


@pytest.fixture(scope="module")
def variants(space: Space) -> list[Variant]:
    """Everything that each file can become.

    Twice over the answers: all structural ones; and the free ones, each there or not, beside every licence.
    """
    result: list[Variant] = []
    for file in space.files:
        found: dict[tuple[str, str], Variant] = {}
        for names in (file.answers - TEXT.keys(), file.answers & {*TEXT, "license"}):
            for values in space.combinations(names):
                if (target := space.target(file, values)) is None:
                    continue
                content = space.content(file, values)
                variant = found.setdefault((target, content), Variant(file, target, content))
                for name in file.answers:
                    variant.values[name].add(values[name])
        result += found.values()
    return result


def pieces(variant: Variant) -> set[tuple[str, ...]]:
    """What is looked at together: a table of TOML up to the next one's header, or five lines of Markdown."""
    if variant.target.endswith(".toml"):
        tables = re.split(r"^(?=\[)", variant.content, flags=re.MULTILINE)
        following = [*(table.partition("\n")[0] for table in tables[1:]), "end"]
        return {*zip(tables, following, strict=True)}
    lines = ["begin", *variant.content.split("\n"), "end"]
    return {tuple(lines[number : number + 5]) for number in range(len(lines) - 4)}


def telling(variants: list[Variant]) -> Iterator[Variant]:
    """All variants, but of TOML and Markdown, which have most, only those with a piece that no earlier one has."""
    seen: set[tuple[str, ...]] = set()
    for variant in variants:
        if variant.target.endswith((".toml", ".md")):
            own = pieces(variant)
            if own <= seen:
                continue
            seen |= own
        yield variant


@pytest.fixture(scope="module")
def tree(variants: list[Variant], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Variants with every piece of every file, each in a folder of its own that is laid out like a project."""
    root = tmp_path_factory.mktemp("variants")
    for number, variant in enumerate(telling(variants)):
        # ruff's advice follows the oldest Python that a project supports.
        oldest = "py310" if "3.10" in variant.values.get("python_min", {"3.10"}) else "py311"
        path = root / oldest / str(number // 1000) / str(number) / variant.target
        path.parent.mkdir(parents=True)
        path.write_text(variant.content, encoding="utf-8", newline="")
    return root


def found(tree: Path, *suffixes: str) -> list[Path]:
    paths = [path for path in tree.rglob("*") if path.suffix in suffixes and path.is_file()]
    assert paths, f"no {suffixes} among the variants"
    return paths


@pytest.mark.slow
def test_no_table_is_there_twice(variants: list[Variant]) -> None:
    """In any variant; that each table parses is seen by one that has it."""
    counts = 0
    for variant in variants:
        if variant.target.endswith(".toml"):
            headers = re.findall(r"^\[[^\[].*", variant.content, re.MULTILINE)
            assert len(headers) == len({*headers}), f"{variant.target}: {headers}"
            counts += len(headers)
    assert counts > 1000


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
    select = ["--select", ",".join(rules), "--config", FIRST_PARTY, "--line-length=100"]
    for oldest in ("py310", "py311"):
        options = [*select, f"--target-version={oldest}"]
        tool("ruff", "check", "--isolated", "--no-cache", "--quiet", *options, ".", cwd=tree / oldest)


@pytest.mark.slow
def test_rust_is_formatted(tree: Path) -> None:
    # rustfmt parses what it formats; `skip_children` keeps it from following `mod` lines, since a variant stands alone.
    options = ("--check", "--edition=2024", "--config=skip_children=true")
    tool("rustfmt", *options, *found(tree, ".rs"), cwd=tree, env={"RUSTC_BOOTSTRAP": "1"})


@pytest.mark.slow
def test_yaml_parses(tree: Path) -> None:
    for path in found(tree, ".yml", ".yaml"):
        assert yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader), path


@pytest.mark.slow
def test_json_parses(tree: Path) -> None:
    for path in found(tree, ".json"):
        assert json.loads(path.read_text(encoding="utf-8")), path


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


@pytest.fixture(scope="module")
def matches(variants: list[Variant]) -> list[int]:
    """Which patterns of LEFTOVERS match a line of each variant, as the bits of a number: a line is looked at once."""
    of_line: dict[str, int] = {}
    found = []
    for variant in variants:
        bits = 0
        for line in (variant.target, *variant.content.split("\n")):
            if line not in of_line:
                of_line[line] = sum(1 << n for n, left in enumerate(LEFTOVERS) if left.pattern.search(line))
            bits |= of_line[line]
        found.append(bits)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("leftover", LEFTOVERS, ids=str)
def test_nothing_unchosen_is_left(variants: list[Variant], matches: list[int], leftover: Leftover) -> None:
    hits, bit = [], 1 << LEFTOVERS.index(leftover)
    assert any(bits & bit for bits in matches), "no answer brings it"
    for variant, bits in zip(variants, matches, strict=True):
        if not bits & bit:
            continue
        # A file that does not depend on the question is the same when the answer is not chosen.
        chosen = variant.values.get(leftover.question, set(leftover.values))
        if leftover.looks_at(variant.file.path) and chosen & set(leftover.values):
            lines = [line for line in (variant.target, *variant.content.split("\n")) if leftover.pattern.search(line)]
            shown = {name: sorted(map(str, values)) for name, values in variant.values.items()}
            hits.append(f"{variant.target}: {lines} with {shown}")
    assert not hits, "\n".join(hits[:20])
