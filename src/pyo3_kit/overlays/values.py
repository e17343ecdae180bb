"""TOML and YAML as values that can become text again: mappings, lists, and scalars that are compared as data."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from pyo3_kit.data import parse_toml
from pyo3_kit.errors import Refused
from pyo3_kit.merge.kinds import kind_of
from pyo3_kit.texts.bounds import Unbounded, check_yaml

Value: TypeAlias = Any
"""A `Mapping`, a `Sequence`, or a scalar: of TOML Python's own, of YAML a `Scalar`."""


class Key(str):
    """A key of YAML; `quoted` tells that it stands in quotes, so that it is text whatever it looks like."""

    __slots__ = ("quoted",)
    quoted: bool


class Mapping(dict[str, Value]):
    """A mapping."""


class Sequence(list[Value]):
    """A list; `flow` of YAML tells whether it is written in brackets."""

    flow = False


class Scalar:
    """A scalar of YAML, with the comment behind it: two are equal when they mean the same, however they are written."""

    __slots__ = ("remark", "style", "tag", "value")

    def __init__(self, tag: str, value: str, style: str | None = None, remark: str = "") -> None:
        self.tag, self.value, self.style, self.remark = tag, value, style, remark

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scalar) and (self.tag, self.value) == (other.tag, other.value)

    def __hash__(self) -> int:
        return hash((self.tag, self.value))


def text_of(value: Value) -> str | None:
    """What a scalar that is text says; None for everything else."""
    if isinstance(value, Scalar):
        return value.value if value.tag == _TEXT else None
    return value if isinstance(value, str) else None


def is_true(value: Value) -> bool:
    """Whether a scalar is the truth value `true`."""
    if isinstance(value, Scalar):
        return value.tag == "tag:yaml.org,2002:bool" and value.value.lower() == "true"
    return value is True


def load(path: str, text: str, what: str) -> Mapping:
    """The values of the file at `path`; `what` names it in messages.

    `Refused`, with line and column, when it does not parse, holds a key twice, or is no mapping.
    """
    try:
        value = _of_toml(parse_toml(what, text)) if kind_of(path) == "toml" else _load_yaml(text, what)
    except RecursionError:
        raise Refused(f"{what} is nested too deeply.", "Mend it.") from None
    if value is None:
        return Mapping()
    if not isinstance(value, Mapping):
        raise Refused(f"{what} is no mapping: it holds no keys to merge.", "Write `key: value` in it.")
    return value


def dump(path: str, value: Mapping) -> str:
    """The values as a text of the kind that the file at `path` is."""
    if kind_of(path) == "toml":
        import tomlkit

        return tomlkit.dumps(_plain(value))
    import yaml

    remarks: list[str] = []
    text = yaml.serialize(_node(value, remarks), Dumper=yaml.SafeDumper, width=10_000, allow_unicode=True)
    return _MARK.sub(lambda found: f"{found[2]}  {remarks[int(found[1])]}", str(text))


# Where a comment belongs, until the text is there: characters that nobody writes.
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
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Refused(f"{what}{place}: {error.problem or error.context}.", "Mend it; it is read as YAML.") from None
    except yaml.YAMLError as error:
        raise Refused(f"{what}: {error}.", "Mend it; it is read as YAML.") from None
    return None if node is None else _of_yaml(node, what)


def _of_yaml(node: Any, what: str) -> Value:
    import yaml

    if isinstance(node, yaml.ScalarNode):
        remark = (
            _REMARK.match(node.end_mark.buffer or "", node.end_mark.pointer) if node.style not in ("|", ">") else None
        )
        return Scalar(node.tag, node.value, node.style, remark[1].rstrip("\0 ") if remark else "")
    if isinstance(node, yaml.SequenceNode):
        items = Sequence(_of_yaml(inner, what) for inner in node.value)
        items.flow = bool(node.flow_style)
        return items
    found = Mapping()
    for key, inner in node.value:
        mark = key.start_mark
        if not isinstance(key, yaml.ScalarNode) or key.value in found:
            reason = f"`{key.value}` stands twice" if isinstance(key, yaml.ScalarNode) else "a key has to be a scalar"
            raise Refused(f"{what}, line {mark.line + 1}, column {mark.column + 1}: {reason}.", "Mend it.")
        name = Key(key.value)
        name.quoted = key.style is not None
        found[name] = _of_yaml(inner, what)
    return found


def _node(value: Value, remarks: list[str], *, flow: bool = False) -> Any:
    import yaml

    if isinstance(value, Mapping):
        # A key is written as it was read: `on` is a key of workflows, and no truth value.
        pairs = [(_key(key), _node(inner, remarks, flow=flow)) for key, inner in value.items()]
        return yaml.MappingNode("tag:yaml.org,2002:map", pairs, flow_style=flow or not pairs)
    if isinstance(value, Sequence):
        flow = flow or value.flow
        items = [_node(inner, remarks, flow=flow) for inner in value]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=flow or not items)
    text = value.value
    if flow:
        # In brackets nothing is not written as nothing.
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
