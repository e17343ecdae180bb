"""The description of the interface for programs, OpenAPI 3.1."""

from __future__ import annotations

from typing import Any

from pyo3_kit import __version__

_PROBLEM = {
    "description": "The answers give no project: `problems` has a reason per question, `question` names the first.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_TEXT = {"type": "string"}
_WANTED = {
    "type": "object",
    "properties": {
        "preset": {
            **_TEXT,
            "description": "The name of a preset; empty for none. Default: the server's.",
        },
        "answers": {"type": "object", "description": "Answers by question; the others keep their defaults."},
    },
}


def describe_api(root: str) -> dict[str, Any]:
    """The description; `root` is the path that the server is under."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "pyo3-kit", "version": __version__, "description": "Starter projects by their answers."},
        "servers": [{"url": root or "/"}],
        "paths": {
            "/api/questions": {"get": _operation("List the questions of the template", _object("questions"))},
            "/api/presets": {"get": _operation("List the presets", _object("presets", "unusable", "chosen"))},
            "/api/evaluate": {"post": _evaluate()},
            "/api/preview": {"post": _preview()},
            "/starter.zip": {"get": _starter("zip", "application/zip"), "post": _sent("zip", "application/zip")},
            "/starter.tar.gz": {
                "get": _starter("tar.gz", "application/gzip"),
                "post": _sent("tar.gz", "application/gzip"),
            },
        },
        "components": {"schemas": {"Wanted": _WANTED, "Problem": _problem()}},
    }


def _operation(summary: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = {"description": summary, "content": {"application/json": {"schema": schema}}}
    return {"summary": summary, **more, "responses": {"200": answer, "422": _PROBLEM}}


def _object(*names: str) -> dict[str, Any]:
    return {"type": "object", "required": list(names), "properties": {name: {} for name in names}}


def _body(extra: dict[str, Any]) -> dict[str, Any]:
    schema = {"allOf": [{"$ref": "#/components/schemas/Wanted"}, {"type": "object", "properties": extra}]}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _evaluate() -> dict[str, Any]:
    change = {"type": "object", "properties": {"name": _TEXT, "value": {}}, "required": ["name", "value"]}
    found = _object("preset", "answers", "pages", "problems", "notes", "recorded", "decided", "folder", "valid")
    return _operation("Evaluate answers, with one more `change`", found, requestBody=_body({"change": change}))


def _preview() -> dict[str, Any]:
    before = {"$ref": "#/components/schemas/Wanted"}
    summary = "Render a project; with `before`, compare it with another"
    return _operation(summary, _object("folder", "files", "warnings"), requestBody=_body({"before": before}))


def _starter(kind: str, media: str) -> dict[str, Any]:
    answers = {
        "name": "answers",
        "in": "query",
        "style": "form",
        "explode": True,
        "description": "Each question is a parameter, e.g. `project_name`. Give a list by repeating it.",
        "schema": {"type": "object", "additionalProperties": _TEXT},
    }
    preset = {"name": "_preset", "in": "query", "schema": _TEXT}
    return {
        "summary": f"Download a project as {kind}",
        "parameters": [answers, preset],
        "responses": {"200": {"description": "The project", "content": {media: {}}}, "422": _PROBLEM},
    }


def _sent(kind: str, media: str) -> dict[str, Any]:
    schema = {"type": "object", "additionalProperties": _TEXT}
    return {
        "summary": f"Download a project as {kind}, with the answers in the body",
        "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": schema}}},
        "responses": {"200": {"description": "The project", "content": {media: {}}}, "422": _PROBLEM},
    }


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["title", "status", "detail"],
        "properties": {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": _TEXT,
            "hint": _TEXT,
            "question": _TEXT,
            "problems": {"type": "object", "additionalProperties": _TEXT},
        },
    }
