"""Data from files that users write, with errors that name line and column."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pyo3_kit.errors import Refused
from pyo3_kit.system import reading
from pyo3_kit.texts.bounds import Unbounded, load_yaml
from pyo3_kit.texts.toml import TomlError, parse_toml

Language = Literal["toml", "yaml"]


def read_text(path: Path, what: str, if_missing: str = "Check the path.") -> str:
    """The text of a file; `what` is the name of such a file in messages, `if_missing` the hint when there is none.

    `Refused` when it cannot be read.
    """
    try:
        # Some editors write a byte order mark, which is not part of the text.
        return reading.read_text(path, reading.RECORD, pipes=True)
    except FileNotFoundError:
        raise Refused(f"There is no {what} {path}.", if_missing) from None
    except UnicodeDecodeError:
        raise Refused(f"The {what} {path} is not UTF-8 text.", "Save it as UTF-8.") from None
    except OSError as error:
        raise Refused(
            f"The {what} {path} cannot be read: {error.strerror}.", "Check the path and its permissions."
        ) from None


def read_mapping(path: Path, what: str = "data file") -> dict[str, Any]:
    """The answers in a YAML, JSON or TOML file; `what` is the name of such a file in messages.

    `Refused`, with line and column, when it cannot be read as a mapping.
    """
    data = checked(path, read_text(path, what), "toml" if path.suffix.lower() == ".toml" else "yaml")
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise Refused(
            f"{path} contains no answers: its top level is not a mapping.", "Write one `question: answer` per line."
        )
    for key in data:
        if not isinstance(key, str):
            raise Refused(
                f"{path}: the key {key!r} is not a string.", "Keys are names of questions: see `pyo3-kit questions`."
            )
    return data


def checked(path: Path | str, text: str, language: Language) -> Any:
    """The data of a text that was read from `path`; `Refused`, with line and column, when it is malformed."""
    if language == "toml":
        try:
            return parse_toml(text)
        except TomlError as error:
            raise Refused(
                f"{path}, line {error.line}, column {error.column}: {error.reason}.",
                "Fix the file; it is read as TOML.",
            ) from None
    import yaml

    try:
        try:
            return load_yaml(text, _strict_loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
        except yaml.YAMLError:
            # The parser in Python is slower and words its errors better.
            return load_yaml(text, _strict_loader(yaml.SafeLoader))
    except Unbounded as error:
        place = f", line {error.line}" if error.line else ""
        raise Refused(f"{path}{place}: {error.reason}.", "Shorten the file.") from None
    except yaml.YAMLError as error:
        raise yaml_refusal(path, error) from None


def yaml_refusal(path: Path | str, error: Exception) -> Refused:
    """The error to raise for an error of the YAML library."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    reason = getattr(error, "problem", None) or getattr(error, "context", None) or error
    return Refused(f"{path}{place}: {reason}.", "Fix the file; it is read as YAML.")


def _strict_loader(base: Any) -> Any:
    """YAML as Copier reads it, but a key may be there only once; `base` is one of the safe loaders."""
    import yaml

    class Strict(base):  # type: ignore[misc]
        pass

    def mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
        keys: set[Any] = set()
        for key_node, _ in node.value:
            if isinstance(key_node, yaml.ScalarNode):
                if key_node.value in keys:
                    raise yaml.MarkedYAMLError(
                        problem=f"duplicate key `{key_node.value}`", problem_mark=key_node.start_mark
                    )
                keys.add(key_node.value)
        loader.flatten_mapping(node)
        data: dict[Any, Any] = loader.construct_mapping(node, deep=True)
        return data

    Strict.add_constructor("tag:yaml.org,2002:map", mapping)
    return Strict
