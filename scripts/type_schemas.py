"""Make JSON Schemas (draft 7) of Python types: TypedDicts, dataclasses, NamedTuples, enums and what these are made of.

`Annotated[str, Enum]` is one of the enum's values, `Annotated[dict[str, T], Enum]` has them as keys, and
`Annotated[dict[str, Any], SomeDataclass]` is what `asdict` makes of it; a text in `Annotated` is a description, as is
the docstring after a field.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import textwrap
import types
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

Schema = dict[str, Any]

_SCALARS: Mapping[Any, Schema] = {
    Any: {},
    str: {"type": "string"},
    Path: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    type(None): {"type": "null"},
}
_LISTS = (list, tuple, Sequence)


class Definitions:
    """The schemas of classes, by name, as `definitions` of the schema that refers to them."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}

    def of(self, kind: Any) -> Schema:
        """The schema of a type; raises `TypeError` for one that JSON does not have."""
        if kind in _SCALARS:
            return dict(_SCALARS[kind])
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is Annotated:
            return self._annotated(arguments[0], arguments[1:])
        if origin in (Union, types.UnionType):
            return _any_of([self.of(one) for one in arguments])
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin in _LISTS:
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is not None and issubclass(origin, Mapping) and arguments[0] is str:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if isinstance(kind, type) and issubclass(kind, Enum):
            return {"enum": [one.value for one in kind]}
        if is_typeddict(kind) or dataclasses.is_dataclass(kind) or hasattr(kind, "_fields"):
            return self._reference(kind)
        raise TypeError(f"{kind} has no schema")

    def object_of(self, kind: type) -> Schema:
        """The schema of a class, written out."""
        hints = get_type_hints(kind, include_extras=True)
        described = _described(kind)
        properties = {name: _with_description(self.of(hint), described.get(name)) for name, hint in hints.items()}
        required = kind.__required_keys__ if is_typeddict(kind) else hints  # type: ignore[attr-defined]
        return {
            "description": " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split()),
            "type": "object",
            "properties": properties,
            "required": [name for name in hints if name in required],
            "additionalProperties": False,
        }

    def _reference(self, kind: type) -> Schema:
        if kind.__name__ not in self.schemas:
            self.schemas[kind.__name__] = {}
            self.schemas[kind.__name__] = self.object_of(kind)
        return {"$ref": f"#/definitions/{kind.__name__}"}

    def _annotated(self, kind: Any, notes: Sequence[Any]) -> Schema:
        schema = self.of(kind)
        for note in notes:
            if isinstance(note, str):
                schema = _with_description(schema, note)
            elif not (isinstance(note, type) and issubclass(note, Enum)):
                schema = self.of(note)
            elif schema.get("type") == "object":
                schema = {**schema, "propertyNames": self.of(note)}
            else:
                schema = {**schema, **self.of(note)}
        return schema


def _any_of(schemas: Sequence[Schema]) -> Schema:
    """One of several schemas, as short as it can be said."""
    if all(set(one) == {"type"} for one in schemas):
        return {"type": [one["type"] for one in schemas]}
    return {"anyOf": list(schemas)}


def _with_description(schema: Schema, text: str | None) -> Schema:
    if not text:
        return schema
    # In draft 7 whatever is beside a reference is ignored.
    return {"description": text, **({"allOf": [schema]} if "$ref" in schema else schema)}


def _described(kind: type) -> dict[str, str]:
    """The docstrings after the fields of a class and of the classes that it is made of."""
    found: dict[str, str] = {}
    # A TypedDict has no base classes at run time, so they are looked up by the names in its source.
    module = inspect.getmodule(kind)
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(kind)))
    except OSError:
        # It is not made by a class statement.
        return found
    node = tree.body[0]
    if not isinstance(node, ast.ClassDef):
        return found
    for base in node.bases:
        inherited = getattr(module, base.id, None) if isinstance(base, ast.Name) else None
        if isinstance(inherited, type) and is_typeddict(inherited):
            found |= _described(inherited)
    for field, after in zip(node.body, node.body[1:], strict=False):
        if not (isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)):
            continue
        if isinstance(field, ast.AnnAssign):
            found[ast.unparse(field.target)] = " ".join(str(after.value.value).split())
    return found
