"""What `check --format sarif` prints is valid by the standard's own schema, which a published crate brings along."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tests.field.support import Published, params, unpacked
from tests.support.project import attempt, tool

SCHEMA_CRATE = """\
[package]
name = "schema"
version = "0.1.0"
edition = "2021"

[dependencies]
serde-sarif = { version = "=0.8.0", default-features = false }
"""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The SARIF 2.1.0 schema, from the sources of serde-sarif."""
    folder = tmp_path_factory.mktemp("schema")
    (folder / "src").mkdir()
    (folder / "src" / "lib.rs").touch()
    (folder / "Cargo.toml").write_text(SCHEMA_CRATE)
    said = json.loads(tool("cargo", "metadata", "--quiet", "--format-version", "1", cwd=folder))
    manifest = next(one["manifest_path"] for one in said["packages"] if one["name"] == "serde-sarif")
    return json.loads(Path(manifest).with_name("src").joinpath("schema.json").read_text(encoding="utf-8"))


@pytest.mark.field
@pytest.mark.parametrize("project", params(lambda one: one.name in ("html2text_rs", "rustworkx", "cramjam", "y-py")))
def test_the_findings_of_a_project_are_valid_sarif(project: Published, schema: Any, tmp_path: Path) -> None:
    root = unpacked(project, tmp_path)
    (root / "src" / "broken.rs").write_text("fn f( { let x = ; }")
    done = attempt("pyo3-kit", "check", "--format", "sarif", ".", cwd=root)
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    validator = Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)
    assert [f"{one.json_path}: {one.message}" for one in validator.iter_errors(told)] == []
    (run,) = told["runs"]
    assert run["results"]
    assert run["invocations"][0]["toolExecutionNotifications"]


@pytest.mark.field
def test_the_schema_refuses_what_is_none(schema: Any) -> None:
    assert schema["$id"].endswith("sarif-schema-2.1.0.json")
    assert list(Draft7Validator(schema).iter_errors({"version": "2.1.0", "runs": [{"results": []}]}))
