"""The one way to parse TOML, YAML and JSON that others wrote: bounded in depth and in what aliases make of it.

The parsers accept anything: eight lines of YAML aliases expand to a billion values, a key of TOML with forty
thousand dots takes gigabytes, brackets end the stack. Nobody writes such files by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

DEPTH = 100
"""Levels of tables, lists and keys in each other."""
VALUES = 500_000
"""Values of a YAML text once all its aliases are replaced."""

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
LONG_KEY = re.compile(rf"""(?:^|[\[{{,])[ \t]*(?:{_PART}[ \t]*\.[ \t]*){{{DEPTH}}}""", re.MULTILINE)


class Unbounded(ValueError):  # noqa: N818 (said as it is raised)
    """A text asks for more than is read; `line` is where, when that is known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


def load_json(text: str | bytes, pairs: Callable[[list[tuple[str, Any]]], Any] | None = None) -> Any:
    """The value of a text in JSON; `pairs` makes an object of its pairs.

    `ValueError` when it is not JSON, `Unbounded`, which is one, when it is too much.
    """
    import json

    try:
        data = json.loads(text, object_pairs_hook=pairs)
    except RecursionError:
        raise Unbounded("it is nested too deeply") from None
    refuse_depth(data)
    return data


def check_yaml(text: str) -> None:
    """`Unbounded` when a text in YAML is nested too deeply, or its aliases expand to too much.

    What is not YAML passes: the parser says more about it. Anchors and aliases as such are fine.
    """
    import yaml

    sizes: dict[str, int] = {}
    # The anchor of each open collection, and how many values there were before it.
    opened: list[tuple[str | None, int]] = []
    values = 0
    for event in _yaml_events(text):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent):
            if any(anchor == event.anchor for anchor, _ in opened):
                raise Unbounded(f"the alias `*{event.anchor}` contains itself", line)
            values += sizes.get(str(event.anchor), 1)
        elif isinstance(event, yaml.CollectionStartEvent):
            opened.append((event.anchor, values))
            values += 1
            if len(opened) > DEPTH:
                raise Unbounded("it is nested too deeply", line)
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = opened.pop()
            if anchor is not None:
                sizes[anchor] = values - before
        elif isinstance(event, yaml.ScalarEvent):
            values += 1
            if event.anchor is not None:
                sizes[event.anchor] = 1
        if values > VALUES:
            raise Unbounded("its aliases expand to too many values", line)


def load_yaml(text: str, loader: Any) -> Any:
    """The value of a text in YAML as `loader` makes it.

    `yaml.YAMLError` when it is not YAML, a `MarkedYAMLError` also for scalars that are not what their form or their tag
    says; `Unbounded` when it is too much.
    """
    documents = load_yaml_documents(text, loader)
    if len(documents) > 1:
        import yaml

        raise yaml.YAMLError("it has more than one document")
    return documents[0] if documents else None


def load_yaml_documents(text: str, loader: Any) -> list[Any]:
    """The values of all documents in a text; raises as `load_yaml`."""
    import yaml

    check_yaml(text)
    made = loader(text)
    documents = []
    try:
        while made.check_data():
            documents.append(made.get_data())
        return documents
    except yaml.YAMLError:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # PyYAML's constructors fail on the date `2024-99-99`, on `!!bool maybe`, on a number of five thousand digits.
        raise yaml.MarkedYAMLError(
            problem=f"a value cannot be read: {error}", problem_mark=getattr(_last(made), "start_mark", None)
        ) from None
    finally:
        made.dispose()


def _last(loader: Any) -> Any:
    """The node that was being constructed."""
    return next(reversed(getattr(loader, "recursive_objects", {}) or {}), None)


def _yaml_events(text: str) -> Iterator[Any]:
    import yaml

    try:
        # The parser in C reads brackets in each other in linear time, that in Python does not.
        yield from yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError):
        return
    except RecursionError:
        raise Unbounded("it is nested too deeply") from None


def refuse_depth(data: Any) -> None:
    """`Unbounded` for data that is nested deeper than anybody writes."""
    level = [data]
    for _ in range(DEPTH + 1):
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value if isinstance(value, list) else ())
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return
    raise Unbounded("it is nested too deeply")
