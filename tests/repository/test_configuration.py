"""The configuration is what the template renders, except for the differences that `differences.toml` explains."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.command import ROOT
from tests.support.project import tool
from tests.trace.test_adding import Checkout

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

EXPLAINED: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "differences.toml").read_text(encoding="utf-8")
)
ANSWERS = {
    "starter": "showcase",
    "hooks": True,
    "stubs": True,
    "ci": "github",
    "updates": "workflow",
    "license": "MIT OR Apache-2.0",
}
# Items of lists are compared by these keys.
IDENTITIES = ("cron", "id", "package-ecosystem", "repo")
TOOLS = ("mypy", "pytest", "ruff")


def settings(path: Path) -> dict[str, Any]:
    """The settings of a file by their dotted keys, as far as both sides can have them."""
    text = path.read_text(encoding="utf-8")
    if path.name == "pyproject.toml":
        tools = tomllib.loads(text)["tool"]
        return dict(flat({name: tools[name] for name in TOOLS}))
    if path.suffix == ".toml":
        return dict(flat(tomllib.loads(text)))
    if path.suffix in (".yml", ".yaml"):
        # Without a schema, so that `on` is a word.
        loaded = yaml.load(text, yaml.BaseLoader)
        loaded.pop("jobs", None)
        return dict(flat(loaded))
    return dict.fromkeys(filter(None, text.splitlines()), True)


def flat(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from flat(item, f"{prefix}.{key}" if prefix else str(key))
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for item in value:
            identity = next(item[key] for key in IDENTITIES if key in item)
            yield from flat(item, f"{prefix}[{identity}]")
    else:
        yield prefix, value


@pytest.mark.parametrize("name", EXPLAINED)
def test_every_difference_is_explained_and_every_explanation_needed(name: str, render: Callable[..., Path]) -> None:
    ours, rendered = settings(ROOT / name), settings(render(**ANSWERS) / name)
    absent = object()
    different = {key for key in ours | rendered if ours.get(key, absent) != rendered.get(key, absent)}
    explained = {
        key: [other for other in different if other == key or other.startswith((f"{key}.", f"{key}["))]
        for key in EXPLAINED[name]
    }
    covered = {key for keys in explained.values() for key in keys}
    assert sorted(different - covered) == [], f"explain in differences.toml: {name}"
    assert [key for key, keys in explained.items() if not keys] == [], f"remove from differences.toml: {name}"


def test_every_configuration_file_that_both_have_is_compared(render: Callable[..., Path]) -> None:
    rendered = render(**ANSWERS)
    both = {
        path.relative_to(rendered).as_posix()
        for path in rendered.rglob("*")
        if path.is_file() and (ROOT / path.relative_to(rendered)).is_file()
    }
    texts = {"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"}
    # Its jobs are other ones, and tests/repository/test_release.py runs them.
    assert both - texts - {".github/workflows/release.yml"} == set(EXPLAINED)


def test_the_licence_is_what_the_template_renders(render: Callable[..., Path]) -> None:
    name = "LICENSE-APACHE"
    assert (ROOT / name).read_text(encoding="utf-8") == (render(**ANSWERS) / name).read_text(encoding="utf-8")


def test_pins_are_proposed_as_updates_of_a_project_are(render: Callable[..., Path]) -> None:
    def script(path: Path) -> str:
        text: str = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]["propose"]["steps"][-1]["run"]
        return text

    ours = script(ROOT / ".github/workflows/refresh.yml")
    ours = ours.replace("pyo3-kit/refresh", "pyo3-kit/update").replace("these pins", "this update")
    assert ours == script(render(**ANSWERS) / ".github/workflows/update.yml")


@pytest.mark.slow
def test_hooks_pass(tmp_path: Path) -> None:
    # In a copy, since hooks fix what they find.
    output = tool("prek", "run", "--all-files", cwd=Checkout(tmp_path).root)
    assert "Failed" not in output
    assert output.count("Passed") == 4


@pytest.mark.slow
def test_the_forms_are_valid() -> None:
    forms = ROOT / ".github" / "ISSUE_TEMPLATE"
    config = forms / "config.yml"
    tool("check-jsonschema", "--builtin-schema=vendor.github-issue-config", config, cwd=ROOT)
    others = [path for path in sorted(forms.iterdir()) if path != config]
    assert len(others) == 3
    tool("check-jsonschema", "--builtin-schema=vendor.github-issue-forms", *others, cwd=ROOT)
