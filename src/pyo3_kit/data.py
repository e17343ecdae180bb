"""Answers that come from outside the questionnaire: `--data`, a data file, the user's own defaults."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyo3_kit.errors import Refused
from pyo3_kit.system import reading
from pyo3_kit.texts.bounds import Unbounded, load_toml, load_yaml, toml_error

CONFIG_VARIABLE = "PYO3_KIT_CONFIG"


def parse_assignments(pairs: Iterable[str]) -> dict[str, str]:
    """`["key=value", …]` as a mapping.

    The values stay text, as Copier's own `--data` has it. `Refused` for anything else.
    """
    answers: dict[str, str] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or not key:
            raise Refused(f"`--data {pair}` is not of the form key=value.", "Write it as in `--data license=MIT`.")
        if key in answers:
            raise Refused(f"`--data {key}=…` is given twice.", "Give each answer once.")
        answers[key] = value
    return answers


def read_data_file(path: Path, what: str = "data file") -> dict[str, Any]:
    """The answers in a YAML, JSON or TOML file; `what` is the name of such a file in messages.

    `Refused`, with line and column, when it cannot be read as a mapping.
    """
    text = read_text(path, what)
    data = parse_toml(path, text) if path.suffix.lower() == ".toml" else _parse_yaml(path, text)
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise Refused(
            f"{path} holds no answers: its top level is not a mapping.", "Write one `question: answer` a line."
        )
    for key in data:
        if not isinstance(key, str):
            raise Refused(
                f"{path}: the key {key!r} is not text.", "Keys are names of questions: see `pyo3-kit questions`."
            )
    return data


def config_path() -> Path:
    """The user's configuration file: `PYO3_KIT_CONFIG`, or `config.toml` in the user's configuration folder."""
    if named := os.environ.get(CONFIG_VARIABLE):
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("pyo3-kit", appauthor=False) / "config.toml"


def user_defaults() -> dict[str, Any]:
    """The table `[defaults]` of the user's configuration file; empty without one, `Refused` when it is malformed."""
    path = config_path()
    if not path.is_file():
        return {}
    defaults = parse_toml(path, read_text(path, "configuration file")).get("defaults", {})
    if not isinstance(defaults, dict):
        raise Refused(f"{path}: `defaults` is not a table.", "Write `[defaults]`, then one `question = answer` a line.")
    return defaults


def read_text(path: Path, what: str) -> str:
    """The text of a file; `what` is the name of such a file in messages. `Refused` when it cannot be read."""
    try:
        return reading.read_text(path, pipes=True)
    except FileNotFoundError:
        raise Refused(f"There is no {what} {path}.", "Check the path.") from None
    except UnicodeDecodeError:
        raise Refused(f"The {what} {path} is not UTF-8 text.", "Save it as UTF-8.") from None
    except OSError as error:
        raise Refused(
            f"The {what} {path} cannot be read: {error.strerror}.", "Check the path and its permissions."
        ) from None


def _parse_yaml(path: Path, text: str) -> Any:
    import yaml

    class Strict(yaml.SafeLoader):
        """YAML as Copier reads it, but a key may stand only once."""

    def mapping(loader: Strict, node: yaml.MappingNode) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if isinstance(key_node, yaml.ScalarNode):
                if key_node.value in seen:
                    raise yaml.MarkedYAMLError(
                        problem=f"`{key_node.value}` stands twice", problem_mark=key_node.start_mark
                    )
                seen.add(key_node.value)
        loader.flatten_mapping(node)
        return loader.construct_mapping(node, deep=True)

    Strict.add_constructor("tag:yaml.org,2002:map", mapping)
    try:
        return load_yaml(text, Strict)
    except Unbounded as error:
        place = f", line {error.line}" if error.line else ""
        raise Refused(f"{path}{place}: {error.reason}.", "Shorten the file.") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Refused(
            f"{path}{place}: {error.problem or error.context}.", "Correct the file; it is read as YAML."
        ) from None
    except yaml.YAMLError as error:
        raise Refused(f"{path}: {error}.", "Correct the file; it is read as YAML.") from None


def parse_toml(path: Path | str, text: str) -> dict[str, Any]:
    """The data of a text in TOML that stands at `path`; `Refused`, with line and column, when it is none."""
    try:
        return load_toml(text)
    except ValueError as error:
        line, column, reason = toml_error(text, error)
        raise Refused(
            f"{path}, line {line}, column {column}: {reason}.", "Correct the file; it is read as TOML."
        ) from None
