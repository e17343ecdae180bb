"""The forms of a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pyo3_kit.audit.engine import Report
from pyo3_kit.audit.output import Source, View, github, sarif, text
from pyo3_kit.audit.output import json as as_json
from tests.audit.disk import lay_out, report

LIB = "src/lib.rs"
SOURCE = "// 日本\n#[pyclass]\npub\tstruct\tA;\n\nfn f(v: &X) {\n    let é = v.extract::<u8>().is_ok();\n}\n"
OLD_MATURIN = '[build-system]\nrequires = ["maturin"]\n'
MANIFEST = '[package]\nname = "s"\n[dependencies]\npyo3 = { version = "0.28", features = ["extension-module"] }\n'


@pytest.fixture
def found(tmp_path: Path) -> Report:
    texts: dict[str, str | bytes] = {
        LIB: SOURCE,
        "src/latin.rs": b"\xff",
        "Cargo.toml": MANIFEST,
        "pyproject.toml": OLD_MATURIN,
    }
    return report(lay_out(tmp_path, texts))


def test_text_shows_the_place_the_code_and_the_way_out(found: Report) -> None:
    assert text.render(View(found, base=found.root)).split("\n\n") == [
        "Cargo.toml:4:39: warning: PYO121 [**] pyo3's feature `extension-module` is deprecated"
        " and prevents `cargo test` from linking\n"
        "  |\n"
        '4 | pyo3 = { version = "0.28", features = ["extension-module"] }\n'
        "  |                                       ^^^^^^^^^^^^^^^^^^^^\n"
        "  = help: remove it; maturin>=1.9.4 replaces it (require it in pyproject.toml)\n"
        "  = fix: unsafe: A maturin before 1.9.4 then links the module to libpython.",
        "src/lib.rs:3:12: warning: PYO081 [*] nothing borrows `A` mutably, but every access still counts a borrow\n"
        "  |\n"
        "3 | pub\tstruct\tA;\n"
        "  |    \t      \t^\n"
        "  = help: add `frozen` to its `#[pyclass]`",
        "src/lib.rs:6:13: warning: PYO021 the error of this `extract` is built only to be discarded"
        " (a failing `extract` of a number costs a microsecond)\n"
        "  |\n"
        "6 |     let é = v.extract::<u8>().is_ok();\n"
        "  |             ^^^^^^^^^^^^^^^^^\n"
        "  = help: check with `cast::<PyInt>()` first, then extract\n",
    ]


def test_wide_characters_and_long_lines_are_underlined_where_they_are(tmp_path: Path) -> None:
    long = "fn f() { " + "a(); " * 100 + "v.extract::<u8>().is_ok(); " + "b(); " * 100 + "}\n"
    wide = 'fn g() { let x = ("日本", v.extract::<u8>().is_ok()); }\n'
    shown = text.render(View(report(lay_out(tmp_path, {LIB: long + wide}))))
    first, second = (block.splitlines() for block in shown.split("\n\n"))
    assert len(first[2]) < 200
    assert first[2][first[3].index("^") : first[3].rindex("^") + 1] == "v.extract::<u8>()"
    assert second[3].index("^") == second[2].index("v.ext") + 2


def test_colours_are_painted_only_when_asked_for(found: Report) -> None:
    view = View(found, base=found.root)
    assert "\x1b" not in text.render(view)
    assert "<1;33 warning: PYO081>" in text.render(view, lambda words, code: f"<{code} {words}>")


def test_json_is_one_object(found: Report) -> None:
    value = json.loads(as_json.render(View(found, base=found.root)))
    assert [one["rule"] for one in value["findings"]] == ["PYO121", "PYO081", "PYO021"]
    told = value["findings"][1]
    assert (told["path"], told["start"], told["end"]) == (LIB, {"line": 3, "column": 12}, {"line": 3, "column": 13})
    assert told["fix"] == {
        "safety": "safe",
        "note": "",
        "edits": [{"start": {"line": 2, "column": 10}, "end": {"line": 2, "column": 10}, "text": "(frozen)"}],
    }
    assert (told["severity"], told["confidence"], told["practice"]) == ("warning", "high", "PYO08")
    assert value["findings"][0]["fix"]["edits"] is None
    assert value["findings"][2]["fix"] is None
    assert value["notices"] == [{"path": "src/latin.rs", "line": 1, "text": "is not UTF-8; not checked"}]
    assert value["files"] == 1


def test_github_gets_a_command_for_each_finding(found: Report) -> None:
    lines = github.render(View(found, base=found.root)).splitlines()
    assert lines[1] == (
        "::warning file=src/lib.rs,line=3,endLine=3,col=12,endColumn=13,title=PYO081"
        "::nothing borrows `A` mutably, but every access still counts a borrow: add `frozen` to its `#[pyclass]`"
    )
    assert len(lines) == 3


def test_github_escapes_what_would_end_a_property(tmp_path: Path) -> None:
    found = report(lay_out(tmp_path, {"src/a,b%c.rs": "#[pyclass]\nstruct A;\n"}))
    assert "file=src/a%2Cb%25c.rs," in github.render(View(found, base=found.root))


def test_paths_are_those_of_the_current_folder(found: Report, tmp_path: Path) -> None:
    assert View(found, base=tmp_path.parent).path(LIB) == f"{tmp_path.name}/{LIB}"
    assert View(found, base=tmp_path / "src").path("Cargo.toml") == (tmp_path / "Cargo.toml").as_posix()


def test_places_are_counted_in_characters() -> None:
    source = Source("aé\r\nb\n")
    assert [(source.point(at).line, source.point(at).column) for at in (0, 2, 4, 5, 6)] == [
        (1, 1),
        (1, 3),
        (2, 1),
        (2, 2),
        (3, 1),
    ]
    assert [source.line(number) for number in (1, 2, 3)] == ["aé", "b", ""]


def test_sarif_is_as_the_standard_wants_it(found: Report) -> None:
    value = json.loads(sarif.render(View(found, base=found.root), "0.1.0"))
    Draft202012Validator(SARIF).validate(value)
    (run,) = value["runs"]
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert [place["artifactLocation"]["uri"] for place in places] == ["Cargo.toml", LIB, LIB]
    assert places[1]["region"] == {"startLine": 3, "startColumn": 12, "endLine": 3, "endColumn": 13}
    assert run["results"][1]["fixes"][0]["artifactChanges"][0]["replacements"] == [
        {
            "deletedRegion": {"startLine": 2, "startColumn": 10, "endLine": 2, "endColumn": 10},
            "insertedContent": {"text": "(frozen)"},
        }
    ]
    assert "fixes" not in run["results"][0]


def test_sarif_of_nothing_and_of_strange_names(tmp_path: Path) -> None:
    found = report(lay_out(tmp_path, {"src/a b#c%.rs": "#[pyclass]\nstruct A;\n"}))
    value = json.loads(sarif.render(View(found, base=found.root), "0.1.0"))
    Draft202012Validator(SARIF).validate(value)
    place = value["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "src/a%20b%23c%25.rs", "uriBaseId": "SRCROOT"}
    found.findings = []
    Draft202012Validator(SARIF).validate(json.loads(sarif.render(View(found, base=tmp_path / "elsewhere"), "0.1.0")))


def closed(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    """An object with these properties and no other."""
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def several(items: dict[str, Any], least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least}


# What SARIF 2.1.0 says of the properties that we write, stricter: all others are refused. The standard's own schema
# has no licence that lets it be kept here.
_TEXT = {"type": "string", "minLength": 1}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_NUMBER = {"type": "integer", "minimum": 1}
_MESSAGE = closed({"text": _TEXT})
_ARTIFACT = closed(
    {"uri": {"type": "string", "pattern": r"^[^ #\\]+$"}, "uriBaseId": {"const": "SRCROOT"}}, "uriBaseId"
)
_REGION = closed(dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), _NUMBER))
_LINE = closed({"startLine": _NUMBER})
_RULE = closed(
    {
        "id": {"type": "string", "pattern": r"^PYO\d{3}$"},
        "name": _TEXT,
        "shortDescription": _MESSAGE,
        "fullDescription": _MESSAGE,
        "help": closed({"text": _TEXT, "markdown": _TEXT}),
        "helpUri": {"type": "string", "pattern": "^https://"},
        "defaultConfiguration": closed({"level": _LEVEL, "enabled": {"type": "boolean"}}),
        "properties": closed(
            {
                "precision": {"enum": ["very-high", "high", "medium", "low"]},
                "tags": {**several(_TEXT), "uniqueItems": True},
            }
        ),
    }
)
_REPLACEMENT = closed({"deletedRegion": _REGION, "insertedContent": closed({"text": {"type": "string"}})})
_FIX = closed(
    {
        "description": _MESSAGE,
        "artifactChanges": several(
            closed({"artifactLocation": _ARTIFACT, "replacements": several(_REPLACEMENT, 1)}), 1
        ),
    }
)
_RESULT = closed(
    {
        "ruleId": _TEXT,
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": _LEVEL,
        "message": _MESSAGE,
        "locations": several(
            closed({"physicalLocation": closed({"artifactLocation": _ARTIFACT, "region": _REGION})}), 1
        ),
        "partialFingerprints": closed({"line/v1": {"type": "string", "pattern": "^[0-9a-f]{16}$"}}),
        "fixes": several(_FIX, 1),
    },
    "fixes",
)
_NOTIFICATION = closed(
    {
        "level": _LEVEL,
        "message": _MESSAGE,
        "locations": several(
            closed({"physicalLocation": closed({"artifactLocation": _ARTIFACT, "region": _LINE}, "region")}), 1
        ),
    },
    "locations",
)
_DRIVER = closed(
    {
        "name": _TEXT,
        "version": _TEXT,
        "semanticVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
        "informationUri": {"type": "string", "pattern": "^https://"},
        "rules": {**several(_RULE), "uniqueItems": True},
    }
)
SARIF = closed(
    {
        "$schema": {"type": "string", "pattern": "^https://.*sarif-schema-2.1.0.json$"},
        "version": {"const": "2.1.0"},
        "runs": several(
            closed(
                {
                    "tool": closed({"driver": _DRIVER}),
                    "columnKind": {"const": "unicodeCodePoints"},
                    "originalUriBaseIds": closed(
                        {"SRCROOT": closed({"uri": {"type": "string", "pattern": "^file:///.*/$"}})}
                    ),
                    "invocations": several(
                        closed(
                            {
                                "executionSuccessful": {"const": True},
                                "toolExecutionNotifications": several(_NOTIFICATION),
                            }
                        ),
                        1,
                    ),
                    "results": several(_RESULT),
                }
            ),
            1,
        ),
    }
)
