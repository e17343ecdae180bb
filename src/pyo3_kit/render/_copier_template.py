"""Copier's `Template`: read faster and without Git."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from pyo3_kit.errors import Refused
from pyo3_kit.render._kept import KeptFile
from pyo3_kit.render._supported import import_copier
from pyo3_kit.system.names import escape_of

import_copier()

import yaml  # noqa: E402
from copier import _template as copier_template  # noqa: E402
from copier._template import Template  # noqa: E402
from copier.errors import InvalidConfigFileError  # noqa: E402

from pyo3_kit.render._parsed import RememberingYaml  # noqa: E402


@contextmanager
def _parsed_by(module: Any) -> Iterator[None]:
    """Have Copier read `copier.yml` with this module; it takes a loader from it and no other way."""
    copier_template.yaml = module  # type: ignore[attr-defined]
    try:
        yield
    finally:
        copier_template.yaml = yaml  # type: ignore[attr-defined]


class KitTemplate(Template):
    """Copier's template, whose `copier.yml` is parsed by libyaml where PyYAML has it, and once."""

    @cached_property
    def _raw_config(self) -> dict[str, Any]:
        try:
            remembering = RememberingYaml(KeptFile("parsed", self.local_abspath, yaml.__version__))
            with _parsed_by(remembering):
                config = super()._raw_config
            remembering.save()
            return config
        except InvalidConfigFileError:
            # Whether it is really malformed, and what is wrong with it, is for Copier's own parser to say.
            return super()._raw_config

    @cached_property
    def answers_relpath(self) -> Path:
        named = self.config_data.get("answers_file")
        if named is not None and (not isinstance(named, str) or (why := escape_of(named))):
            reason = why if isinstance(named, str) else "it is not a text"
            raise Refused(f"`_answers_file` of the template {self.url} is refused: {reason}.", "Fix the template.")
        return super().answers_relpath


class LocalTemplate(KitTemplate):
    """A template whose files are at hand.

    Used where they lie, with no clone and no process, and recorded under its address.
    """

    kit_root: Path
    kit_commit: str | None
    kit_hash: str | None

    @cached_property
    def local_abspath(self) -> Path:
        return self.kit_root

    @cached_property
    def commit(self) -> str | None:
        return self.kit_commit

    @cached_property
    def commit_hash(self) -> str | None:
        return self.kit_hash or self.kit_commit

    @cached_property
    def vcs(self) -> None:
        return None
