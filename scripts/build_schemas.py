"""Write docs/schemas/: JSON Schemas of the files that users write and of what commands print; and the page about them.

They are made from the types that the code itself uses, and from the tables of the fleet file's reader. `--check` fails
if a file is out of date.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generated import options, write_or_check

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from type_schemas import Definitions, Schema  # noqa: E402

from pyo3_kit.adoption.json_types import AdoptOutput  # noqa: E402
from pyo3_kit.audit import registry  # noqa: E402
from pyo3_kit.audit.output.json_types import CheckOutput  # noqa: E402
from pyo3_kit.audit.selection import ALL, DEFAULT  # noqa: E402
from pyo3_kit.audit.settings import KEYS as TOOL_KEYS  # noqa: E402
from pyo3_kit.cli.json_types import (  # noqa: E402
    FailedBuildOutput,
    FailureOutput,
    OverlayListOutput,
    PlainSettledOutput,
    PresetsOutput,
    QuestionsOutput,
    SettledOutput,
)
from pyo3_kit.creation_report import NewOutput  # noqa: E402
from pyo3_kit.fleet.fleetfile import KEYS as FLEET_KEYS  # noqa: E402
from pyo3_kit.fleet.model import ReportOutput  # noqa: E402
from pyo3_kit.fleet.shards import MatrixOutput  # noqa: E402
from pyo3_kit.migrate.json_types import MigrateOutput  # noqa: E402
from pyo3_kit.presets.reading import LISTS, TABLES, TEXTS  # noqa: E402
from pyo3_kit.presets.report import PresetOutput  # noqa: E402
from pyo3_kit.project.opt_outs import KEYS as TEMPLATE_KEYS  # noqa: E402
from pyo3_kit.render import find_source, open_template  # noqa: E402
from pyo3_kit.render.question_list import QuestionOutput, describe_question  # noqa: E402
from pyo3_kit.system.escaping import SCHEMA_VERSION  # noqa: E402
from pyo3_kit.update.json_types import StatusOutput, UpdateOutput  # noqa: E402

FOLDER = ROOT / "docs" / "schemas"
PAGE = ROOT / "docs" / "reference" / "schemas.md"
ADDRESS = "https://pyo3-kit.github.io/pyo3-kit/schemas"
DRAFT = "http://json-schema.org/draft-07/schema#"

OUTPUTS: Mapping[str, tuple[str, Any]] = {
    "adopt": ("`pyo3-kit adopt --json`", AdoptOutput),
    "check": ("`pyo3-kit check --format json`", CheckOutput),
    "failure": ("a pyo3-kit command that failed, with `--json`", FailureOutput | FailedBuildOutput),
    "fleet": ("`pyo3-kit fleet status`, `update`, `check`, `adopt` and `report` with `--json`", ReportOutput),
    "fleet-plan": ("`pyo3-kit fleet plan --json`", MatrixOutput),
    "migrate": ("`pyo3-kit migrate --json`", MigrateOutput),
    "new": ("`pyo3-kit new --json`", NewOutput),
    "overlay-list": ("`pyo3-kit overlay list --json`", OverlayListOutput),
    "preset": ("`pyo3-kit presets NAME --json`", PresetOutput),
    "presets": ("`pyo3-kit presets --json`", PresetsOutput),
    "questions": ("`pyo3-kit questions --json`", QuestionsOutput),
    "settled": ("`pyo3-kit adopt` and `migrate` with `--continue` or `--abort`, and `--json`", PlainSettledOutput),
    "status": ("`pyo3-kit status --json`", StatusOutput),
    "update": ("`pyo3-kit update --json`, and `overlay add`, `apply` and `remove`", UpdateOutput),
    "update-settled": ("`pyo3-kit update --json` with `--continue` or `--abort`", SettledOutput),
}
"""What commands print: the schema's name, the command, the type."""

FILES = {
    "fleet-file": "[`fleet.toml`](fleet.md#the-fleet-file)",
    "presets-file": "[presets](organisation-presets.md#the-file), with the questions of our template",
    "tool-table": "[`[tool.pyo3-kit]`](check.md#settings) in pyproject.toml, with `[tool.pyo3-kit.template]`",
}
"""The files that users write."""

PAGE_TEXT = """\
# JSON Schemas

<!-- Written by scripts/build_schemas.py. -->

Editors complete and check files by these schemas, and programs can validate what commands print. They are published
with this documentation, below `{address}/`.

## Files

| file | schema |
|---|---|
{files}

Editors with taplo (e.g. *Even Better TOML*) use the schema that a file names in its first line:

```toml
#:schema {address}/fleet-file.schema.json
name = "platform"
```

In CI: `check-jsonschema --schemafile {address}/fleet-file.schema.json fleet.toml`.

Fragments of overlays have no schema: they can contain all keys of the files that they change.

## Output

With `--json` a command prints one object to stdout.

| command | schema |
|---|---|
{outputs}

`check --format sarif` prints SARIF 2.1.0, which has [its own schema](https://docs.oasis-open.org/sarif/sarif/v2.1.0/).

Every object has `schema_version`, now {version}, except that of `fleet plan`: GitHub would take the key for a part of
the matrix. The version is increased if a key is removed or changes its meaning. New keys can be added in any release,
so a program should ignore keys that it does not know. A schema describes the newest release exactly, without others.
"""

UNVERSIONED = {"fleet-plan"}
"""The outputs that have no `schema_version`, because a program of others reads them."""

_TEXT: Schema = {"type": "string"}
_PATTERNS: Schema = {"type": "array", "items": _TEXT}


def main() -> int:
    """Write the files, or with `--check` compare them; see the module docstring for the exit code."""
    check = options(__doc__).parse_args().check
    made = schemas()
    files = {FOLDER / f"{name}.schema.json": json.dumps(schema, indent=2) + "\n" for name, schema in made.items()}
    return write_or_check({**files, PAGE: page(made)}, FOLDER.glob("*.schema.json"), check=check)


def schemas() -> dict[str, Schema]:
    """All schemas by name."""
    made = {"fleet-file": fleet_file(), "presets-file": presets_file(), "tool-table": tool_table()}
    made |= {f"output-{name}": output(name, title, kind) for name, (title, kind) in OUTPUTS.items()}
    return {name: {"$schema": DRAFT, "$id": f"{ADDRESS}/{name}.schema.json", **schema} for name, schema in made.items()}


def page(made: Mapping[str, Schema]) -> str:
    """The page that lists the schemas."""
    files = [f"| {text} | {link(name)} |" for name, text in FILES.items()]
    outputs = [f"| {title} | {link(f'output-{name}')} |" for name, (title, _) in OUTPUTS.items()]
    assert len(files) + len(outputs) == len(made)
    return PAGE_TEXT.format(address=ADDRESS, files="\n".join(files), outputs="\n".join(outputs), version=SCHEMA_VERSION)


def link(name: str) -> str:
    """A link to a schema's file."""
    return f"[{name}](../schemas/{name}.schema.json)"


def output(name: str, title: str, kind: Any) -> Schema:
    """The schema of what a command prints."""
    definitions = Definitions()
    plain = isinstance(kind, type)
    shapes = [definitions.object_of(one) for one in ((kind,) if plain else kind.__args__)]
    if name not in UNVERSIONED:
        for shape in shapes:
            version = {"description": "The version of the output's format.", "const": SCHEMA_VERSION}
            shape["properties"] = {"schema_version": version, **shape["properties"]}
            shape["required"] = ["schema_version", *(one for one in shape["required"] if one != "schema_version")]
            shape["properties"]["schema_version"] = version
    schema = shapes[0] if plain else {"anyOf": shapes}
    described = {"title": f"Output of {title}", **schema}
    return {**described, "definitions": definitions.schemas} if definitions.schemas else described


def fleet_file() -> Schema:
    """The schema of fleet.toml, with the descriptions of its reference page."""
    of_file, of_repository = _described_keys(ROOT / "docs" / "reference" / "fleet.md")
    of_file["defaults"] = "Defaults for all repositories."
    of_repository["command"] = "A program with its arguments, which prints one path or address per line."

    def table(name: str) -> Schema:
        properties: dict[str, Schema] = {}
        for key, kind in FLEET_KEYS[name].items():
            schema = dict(kind.schema)
            if kind.table and schema["type"] == "array":
                schema["items"] = table(kind.table)
            elif kind.table:
                schema = table(kind.table)
            properties[key] = {"description": (of_repository if name else of_file)[key], **schema}
        return {"type": "object", "properties": properties, "additionalProperties": False}

    file = table("")
    repository = file["properties"]["repository"]["items"]
    repository["oneOf"] = [{"required": ["path"]}, {"required": ["url"]}]
    file["properties"]["list"]["items"]["required"] = ["command"]
    return {
        "title": "fleet.toml, the repositories that `pyo3-kit fleet` manages",
        **file,
        "anyOf": [{"required": ["repository"]}, {"required": ["list"]}],
    }


def _described_keys(page: Path) -> list[dict[str, str]]:
    """The keys in the two tables of the fleet file's page, with what it says about them, as plain text."""
    text = page.read_text(encoding="utf-8")
    tables = text.partition("## The fleet file")[2].partition("\n## ")[0].split("Keys of a repository:")
    rows = [re.findall(r"^\| `\[*([\w-]+)\]*` \| (.)(.+?) \| (.*?) ?\|$", table, re.MULTILINE) for table in tables]
    return [
        {key: f"{first.upper()}{rest}.{f' Default: {usual}.' if usual else ''}" for key, first, rest, usual in table}
        for table in rows
    ]


def presets_file() -> Schema:
    """The schema of a presets file: the answers are those of our template's questions."""
    listed = _questions()
    answers = {one["name"]: {"description": one["help"], **_answer(one)} for one in listed}
    described = {
        "summary": "What the preset is for, in one line.",
        "extends": "Another preset of this file, or one of ours, whose values this one takes over.",
        "hidden": "Questions that are not asked: the preset's answer or the default is used.",
        "overlays": "Overlays to apply to the project; `.` is the repository of this file, at the same version.",
        "answers": "Answers to questions, which are not asked; can be changed on the last page and with `--data`.",
        "defaults": "Defaults for questions, which are asked.",
        "fixed": "Answers that cannot be changed.",
    }
    names = {"type": "array", "items": {"enum": [one["name"] for one in listed]}}
    properties: dict[str, Schema] = {key: {"description": described[key], **_TEXT} for key in TEXTS}
    for key in LISTS:
        properties[key] = {"description": described[key], **(names if key == "hidden" else _PATTERNS)}
    for key in TABLES:
        properties[key] = {"description": described[key], "allOf": [{"$ref": "#/definitions/answers"}]}
    return {
        "title": "Presets for `pyo3-kit new`; other tables of the file are ignored",
        "type": "object",
        "properties": {
            "presets": {
                "type": "object",
                "propertyNames": {"pattern": "^[^#]*$"},
                "additionalProperties": {"type": "object", "properties": properties, "additionalProperties": False},
            }
        },
        "definitions": {"answers": {"type": "object", "properties": answers, "additionalProperties": False}},
    }


def _questions() -> list[QuestionOutput]:
    with open_template(find_source(None, None), Path("my-lib").absolute()) as opened:
        interview = opened.interview({})
        items = interview.evaluate({}).items
        return [describe_question(item, interview.questions[item.name]) for item in items if not item.computed]


def _answer(question: QuestionOutput) -> Schema:
    values = [choice["value"] for choice in question["choices"]]
    if values and not any("{" in str(value) for value in values):
        choices = {"enum": values}
        return {"type": "array", "items": choices} if question["multiselect"] else choices
    return {"type": "boolean"} if question["type"] == "bool" else dict(_TEXT)


def tool_table() -> Schema:
    """The schema of `[tool.pyo3-kit]` in pyproject.toml: the table itself, as SchemaStore wants it."""
    ids = registry.rule_ids()
    prefixes = sorted({name[:length] for name in ids for length in range(3, len(name))})
    rules = {"type": "array", "items": {"enum": [ALL, DEFAULT, *prefixes, *ids]}}
    template = {
        "own": "Files that the project writes its own way: only what is new in the template is merged into them.",
        "without": "Files of the template that the project never takes.",
    }
    described: dict[str, Schema] = {
        "baseline": {"description": "The file, in the project, with known findings that are not reported.", **_TEXT},
        "exclude": {"description": "What is not checked: patterns as in .gitignore.", **_PATTERNS},
        "ignore": {"description": "Rules that do not run.", **rules},
        "per-path": {
            "description": "Rules that report nothing in some files, by a pattern as in .gitignore.",
            "type": "object",
            "additionalProperties": rules,
        },
        "select": {"description": "The rules that run: ids, prefixes of ids, ALL or DEFAULT.", **rules},
        "template": {
            "description": "What the project takes from its template.",
            "type": "object",
            "properties": {key: {"description": template[key], **_PATTERNS} for key in TEMPLATE_KEYS},
            "additionalProperties": False,
        },
    }
    return {
        "title": "Settings of pyo3-kit in pyproject.toml",
        "type": "object",
        "properties": {key: described[key] for key in TOOL_KEYS},
        "additionalProperties": False,
    }


if __name__ == "__main__":
    sys.exit(main())
