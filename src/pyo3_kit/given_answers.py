"""Answers that are given as data: `--data key=value`, and the user's own defaults."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pyo3_kit.errors import Refused
from pyo3_kit.texts.checked import checked, read_text

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
    defaults = checked(path, read_text(path, "configuration file"), "toml").get("defaults", {})
    if not isinstance(defaults, dict):
        raise Refused(f"{path}: `defaults` is not a table.", "Write `[defaults]`, then one `question = answer` a line.")
    return defaults
