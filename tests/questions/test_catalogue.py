"""The catalogue's data inside the questionnaire, and the reserved names above all."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.questions.reading import recorded, toml
from tests.support.project import tool
from tests.support.space import Answers, Space
from tests.support.template import ROOT

HIDDEN = yaml.load(
    (ROOT / "questions" / "00_catalogue.yml").read_text("utf-8").replace("!include", ""), yaml.SafeLoader
)
RESERVED: dict[str, list[str]] = yaml.safe_load((ROOT / "catalogue" / "reserved_names.yml").read_text("utf-8"))
NAMES = sorted({name for names in RESERVED.values() for name in names})

# Which lists each name is held against.
LISTS = {
    "project_name": set(RESERVED) - {"crates"},
    "python_package": set(RESERVED) - {"rust_keywords", "cargo_folders", "crates"},
    "crate_name": set(RESERVED) - {"python_keywords", "python_modules"},
}

# With every ingredient that a project can depend on.
_ALL = {
    "starter": "showcase",
    "bytes_feature": True,
    "allocator": "mimalloc",
    "benchmarks": True,
    "async_runtime": True,
}
EVERYTHING = [{**_ALL, "async_bridge": bridge} for bridge in ("pyo3-async-runtimes", "completion-queue")]


@pytest.mark.parametrize("name", HIDDEN)
def test_it_cannot_be_set(refusal: Callable[..., str], name: str) -> None:
    assert "This is data of the template, not an answer." in refusal(**{name: []})


def test_none_is_recorded(render: Callable[..., Path]) -> None:
    assert recorded(render()).keys().isdisjoint(HIDDEN)


@pytest.mark.parametrize("question", LISTS)
def test_every_reserved_name_is_refused_with_a_name_that_is_accepted(space: Space, question: str) -> None:
    defaults = space.resolve({"project_name": "my-lib"})
    assert defaults is not None

    def check(value: str) -> str:
        values: Answers = {**defaults, question: value}
        return space.render(space.questions[question]["validator"], values).strip()

    for name in NAMES:
        lists = {title for title, names in RESERVED.items() if name in names}
        spellings = {name, name.replace("_", "-")} if question != "python_package" else {name}
        if question == "project_name":
            spellings |= {name.upper(), name.replace("_", ".")}
        for spelling in spellings:
            message = check(spelling)
            if not lists & LISTS[question]:
                assert not message, f"{question} {spelling}: {message}"
                continue
            match = re.search(r"`([^`]+)`\.\Z", message)
            assert match, f"{question} {spelling}: {message!r} names nothing instead"
            assert not check(match[1]), f"{question} {spelling}: {match[1]} is refused as well: {check(match[1])}"


def test_keywords_and_modules_of_this_python_are_reserved() -> None:
    # A newer CPython may know more than the list, which says of which versions it is.
    if sys.version_info[:2] > (3, 14):
        pytest.skip("the list is of CPython 3.10 to 3.14")
    words = {word.lower() for word in (*keyword.kwlist, *keyword.softkwlist) if word != "_"}
    assert words <= set(RESERVED["python_keywords"])
    modules = {name.lower() for name in sys.stdlib_module_names if not name.startswith("_")}
    assert modules <= set(RESERVED["python_modules"])


def test_what_the_project_depends_on_is_reserved(render: Callable[..., Path]) -> None:
    crates: set[str] = set()
    for answers in EVERYTHING:
        cargo = toml(render(**answers), "Cargo.toml")
        crates |= cargo["dependencies"].keys() | cargo.get("dev-dependencies", {}).keys()
    names = {name.replace("-", "_") for name in crates}
    assert names <= set(RESERVED["dependencies"])


@pytest.mark.slow
@pytest.mark.parametrize("answers", EVERYTHING, ids=lambda answers: str(answers.get("async_bridge")))
def test_what_those_depend_on_is_reserved(render: Callable[..., Path], answers: dict[str, Any]) -> None:
    """A crate of the same name could not be told from the dependency, e.g. in `cargo update --package NAME`."""
    project = render(crate_name="my-lib", **answers)
    tool("cargo", "generate-lockfile", cwd=project)
    packages = toml(project, "Cargo.lock")["package"]
    names = {package["name"].replace("-", "_") for package in packages if package["name"] != "my-lib"}
    assert names <= {*RESERVED["dependencies"], *RESERVED["crates"]}
