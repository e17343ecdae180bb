"""TOML and YAML as values that can be written as text again: mappings, lists, and scalars that compare as data."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from pyo3_kit.errors import Refused
from pyo3_kit.merge.kinds import kind_of
from pyo3_kit.texts.bounds import Unbounded, check_yaml
from pyo3_kit.texts.checked import checked, yaml_refusal

Value: TypeAlias = Any
"""A `Mapping`, a `Sequence`, or a scalar: a Python value for TOML, a `Scalar` for YAML."""


class Key(str):
    """A YAML key in a line; `quoted` if it is in quotes, and thus a string whatever it looks like."""

    __slots__ = ("line", "quoted")
    line: int
    quoted: bool


class Mapping(dict[str, Value]):
    """A mapping; in YAML with the `line` that it begins in."""

    line = 0


class Sequence(list[Value]):
    """A list; `flow` if it is written in brackets in YAML."""

    flow = False


class Scalar:
    """A YAML scalar, with the comment after it; two are equal if they mean the same, however they are written."""

    __slots__ = ("line", "remark", "style", "tag", "value")

    def __init__(self, tag: str, value: str, style: str | None = None, remark: str = "", line: int = 0) -> None:
        self.tag, self.value, self.style, self.remark, self.line = tag, value, style, remark, line

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scalar) and (self.tag, self.value) == (other.tag, other.value)

    def __hash__(self) -> int:
        return hash((self.tag, self.value))


def text_of(value: Value) -> str | None:
    """The text of a string scalar; None for everything else."""
    if isinstance(value, Scalar):
        return value.value if value.tag == _TEXT else None
    return value if isinstance(value, str) else None


def is_true(value: Value) -> bool:
    """Whether a scalar is the truth value `true`."""
    if isinstance(value, Scalar):
        return value.tag == "tag:yaml.org,2002:bool" and value.value.lower() == "true"
    return value is True


def load(path: str, text: str, what: str) -> Mapping:
    """The values of the file at `path`; `what` is its name in messages.

    Raises `Refused`, with line and column, if it does not parse, has a duplicate key, or is not a mapping.
    """
    try:
        value = _of_toml(checked(what, text, "toml")) if kind_of(path) == "toml" else _load_yaml(text, what)
    except RecursionError:
        raise Refused(f"{what} is nested too deeply.", "Fix it.") from None
    if value is None:
        return Mapping()
    if not isinstance(value, Mapping):
        raise Refused(f"{what} is not a mapping, so it has no keys to merge.", "It must contain `key: value`.")
    return value


def dump(path: str, value: Mapping) -> str:
    """The values as text in the format of the file at `path`."""
    if kind_of(path) == "toml":
        import tomlkit

        return tomlkit.dumps(_plain(value))
    import yaml

    remarks: list[str] = []
    text = yaml.serialize(_node(value, remarks), Dumper=yaml.SafeDumper, width=10_000, allow_unicode=True)
    return _MARK.sub(lambda found: f"{found[2]}  {remarks[int(found[1])]}", str(text))


# Placeholders for comments until the text is complete: characters that nobody writes.
_MARK = re.compile("\ue000(\\d+)\ue001(['\"]?)$", re.MULTILINE)
_REMARK = re.compile(r"[ \t]+(#[^\n]*)")
_TEXT = "tag:yaml.org,2002:str"


def _of_toml(value: Any) -> Value:
    if isinstance(value, dict):
        return Mapping({str(key): _of_toml(inner) for key, inner in value.items()})
    if isinstance(value, list):
        return Sequence(_of_toml(inner) for inner in value)
    return value


def _plain(value: Value) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


def _load_yaml(text: str, what: str) -> Value:
    import yaml

    try:
        check_yaml(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except Unbounded as error:
        place = f", line {error.line}" if error.line else ""
        raise Refused(f"{what}{place}: {error.reason}.", "Shorten it.") from None
    except yaml.YAMLError as error:
        raise yaml_refusal(what, error) from None
    return None if node is None else _of_yaml(node, what)


def _of_yaml(node: Any, what: str) -> Value:
    import yaml

    if isinstance(node, yaml.ScalarNode):
        remark = (
            _REMARK.match(node.end_mark.buffer or "", node.end_mark.pointer) if node.style not in ("|", ">") else None
        )
        comment = remark[1].rstrip("\0 ") if remark else ""
        return Scalar(node.tag, node.value, node.style, comment, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        items = Sequence(_of_yaml(inner, what) for inner in node.value)
        items.flow = bool(node.flow_style)
        return items
    found = Mapping()
    found.line = node.start_mark.line + 1
    for key, inner in node.value:
        mark = key.start_mark
        if not isinstance(key, yaml.ScalarNode) or key.value in found:
            reason = f"duplicate key `{key.value}`" if isinstance(key, yaml.ScalarNode) else "keys must be scalars"
            raise Refused(f"{what}, line {mark.line + 1}, column {mark.column + 1}: {reason}.", "Fix it.")
        name = Key(key.value)
        name.quoted = key.style is not None
        name.line = mark.line + 1
        found[name] = _of_yaml(inner, what)
    return found


def _node(value: Value, remarks: list[str], *, flow: bool = False) -> Any:
    import yaml

    if isinstance(value, Mapping):
        # Write keys as they were read: `on` is a key in workflows, not a boolean.
        pairs = [(_key(key), _node(inner, remarks, flow=flow)) for key, inner in value.items()]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=flow or not pairs)
    if isinstance(value, Sequence):
        flow = flow or value.flow
        items = [_node(inner, remarks, flow=flow) for inner in value]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=flow or not items)
    text = value.value
    if flow:
        # In brackets, null cannot be written as nothing.
        text = text or ("" if value.tag == _TEXT else "null")
    elif value.remark:
        remarks.append(value.remark)
        text += f"\ue000{len(remarks) - 1}\ue001"
    return yaml.ScalarNode(value.tag, text, style=value.style)


def _key(key: str) -> Any:
    import yaml

    if getattr(key, "quoted", False):
        return yaml.ScalarNode(_TEXT, str(key), style="'")
    resolver: Any = yaml.SafeLoader("")
    return yaml.ScalarNode(str(resolver.resolve(yaml.ScalarNode, str(key), (True, False))), str(key))
