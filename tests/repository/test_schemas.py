"""The published schemas: valid, and as strict as the code that reads the files.

What commands print is validated wherever a test reads it, by `Result.object` (see `tests/support/schemas.py`).
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from jsonschema import Draft7Validator

from pyo3_kit.audit.settings import read_settings
from pyo3_kit.errors import Refused
from pyo3_kit.fleet.fleetfile import read_fleet
from pyo3_kit.presets.checking import check_preset
from pyo3_kit.presets.reading import read_presets
from pyo3_kit.presets.resolving import resolve
from pyo3_kit.project.opt_outs import make_shares
from pyo3_kit.render import find_source, open_template
from tests.support.command import ROOT
from tests.support.project import attempt
from tests.support.schemas import FOLDER, schema

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ADDRESS = "https://pyo3-kit.github.io/pyo3-kit/schemas"
NAMES = sorted(path.name.removesuffix(".schema.json") for path in FOLDER.glob("*.schema.json"))
MAY_HAVE_DETAILS = re.compile(r"(?:Refused|Failed)\([^=]{0,400}?[(,]\s*\w+=(?!=)")
STARTS = {"fleet-file": "[[repository]]", "presets-file": "[presets.", "tool-table": "[tool.pyo3-kit"}
WRONG: Mapping[str, tuple[str, ...]] = {
    "fleet-file": (
        "colour = 1\n[[repository]]\npath = 'a'",
        "stop-at = 101\n[[repository]]\npath = 'a'",
        "verify = 'yes'\n[[repository]]\npath = 'a'",
        "[[repository]]\npath = 'a'\nwave = 0",
        "[[repository]]\npath = 'a'\nrequest = 'hub'",
        "[[repository]]\nurl = ' '",
        "[[repository]]\nname = 'a'",
        "[[list]]\nbase = 'main'",
        "[[list]]\ncommand = []",
        "[defaults]\npath = 'a'\n[[repository]]\npath = 'a'",
        "name = 'nothing in it'",
    ),
    "presets-file": (
        "presets = 1",
        "[presets.mine]\ncolour = 1",
        "[presets.mine]\nsummary = 1",
        "[presets.mine]\nhidden = 'docs'",
        "[presets.mine]\nhidden = ['no_such_question']",
        "[presets.mine.answers]\nno_such_question = 1",
        "[presets.mine.fixed]\nlicense = 'Beerware'",
        "[presets.mine.defaults]\nstubs = 7",
        "[presets.'a#b']\nsummary = 'x'",
    ),
    "tool-table": (
        "colour = 1",
        "select = 'PYO02'",
        "select = ['PYO999']",
        "ignore = ['E501']",
        "exclude = [1]",
        "baseline = 1",
        "per-path = ['src/']",
        "per-path = { 'src/' = 'ALL' }",
        "template = { mine = [] }",
        "template = { own = 'README.md' }",
    ),
}


def read(name: str, text: str, folder: Path) -> None:
    """Read a file as the commands do; raises `Refused` for what they refuse."""
    if name == "fleet-file":
        path = folder / "fleet.toml"
        path.write_text(text)
        read_fleet(path, lambda *_: ["a"], None)
    elif name == "presets-file":
        file = read_presets("presets.toml", text, str(folder))
        with open_template(find_source(None, None), Path("my-lib")) as template:
            for preset in file.presets.values():
                check_preset(resolve(preset), template.interview({}))
    else:
        table = tomllib.loads(text)
        read_settings("pyproject.toml", {"tool": {"pyo3-kit": table}})
        make_shares(table.get("template", {}))


def examples(name: str) -> dict[str, str]:
    """The examples in the documentation, by page and number."""
    found = {}
    for page in sorted((ROOT / "docs").rglob("*.md")):
        blocks = re.findall(r"^```toml\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
        for number, block in enumerate(blocks):
            if STARTS[name] in block:
                # Of pyproject.toml the schema describes one table.
                table = block.replace("[tool.pyo3-kit]\n", "").replace("[tool.pyo3-kit.", "[")
                found[f"{page.stem}-{number}"] = table
    return found


def write(texts: Mapping[str, str], folder: Path) -> list[Path]:
    paths = [folder / f"{name}.toml" for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(dedent(text) + "\n")
    return paths


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_valid_and_has_what_schemastore_asks_for(name: str) -> None:
    found = schema(name)
    Draft7Validator.check_schema(found)
    assert found["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert found["$id"] == f"{ADDRESS}/{name}.schema.json"
    assert found["title"]


def objects(value: Any) -> list[dict[str, Any]]:
    """All objects in a value, at every depth."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [*([value] if isinstance(value, dict) else []), *(one for item in inner for one in objects(item))]


@pytest.mark.parametrize("name", NAMES)
def test_a_key_more_is_noticed(name: str) -> None:
    """Except beside the presets: these may be in the user's configuration."""
    tables = [one for one in objects(schema(name)) if "properties" in one]
    closed = [one for one in tables if one.get("additionalProperties") is False]
    assert len(closed) == len(tables) - (name == "presets-file")


@pytest.mark.parametrize("name", WRONG)
def test_what_the_code_refuses_the_schema_does_too(name: str, tmp_path: Path) -> None:
    for text in WRONG[name]:
        with pytest.raises(Refused):
            read(name, text, tmp_path)


@pytest.mark.parametrize("name", WRONG)
def test_tools_accept_the_examples_of_the_documentation_and_nothing_wrong(name: str, tmp_path: Path) -> None:
    valid, wrong = examples(name), {f"wrong{number}": text for number, text in enumerate(WRONG[name])}
    assert valid
    paths = write({**valid, **wrong}, tmp_path)
    file = FOLDER / f"{name}.schema.json"
    checked = attempt("check-jsonschema", "--schemafile", file, "--output-format", "json", *paths, cwd=tmp_path)
    assert {Path(one["filename"]).stem for one in json.loads(checked.stdout)["errors"]} == wrong.keys()
    linted = attempt("taplo", "lint", "--schema", file.as_uri(), *paths, cwd=tmp_path)
    assert set(re.findall(r"([\w-]+)\.toml", linted.stderr)) == wrong.keys(), linted.stderr


def test_the_details_of_errors_are_in_their_schema() -> None:
    """Whatever an error is raised with beside message and hint is printed with `--json`."""
    properties = schema("output-failure")["anyOf"][0]["properties"]
    used = {
        keyword.arg
        for path in (ROOT / "src").rglob("*.py")
        if MAY_HAVE_DETAILS.search(path.read_text(encoding="utf-8"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Refused", "Failed")
        for keyword in node.keywords
        if keyword.arg
    }
    assert used == properties.keys() - {"schema_version", "error", "hint", "exit_code"}
