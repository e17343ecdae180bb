"""Copier's `Template`: read faster, and without Git."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from pyo3_kit.render._supported import import_copier

import_copier()

import yaml  # noqa: E402
from copier import _template as copier_template  # noqa: E402
from copier._template import Template  # noqa: E402
from copier.errors import InvalidConfigFileError  # noqa: E402


class _FastYaml:
    """The module `yaml` with libyaml's parser, which is six times as fast, in place of the one in Python."""

    SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    def __getattr__(self, name: str) -> Any:
        return getattr(yaml, name)


@contextmanager
def _parsed_by(module: Any) -> Iterator[None]:
    """Have Copier read `copier.yml` with this module; it takes a loader from it and no other way."""
    copier_template.yaml = module  # type: ignore[attr-defined]
    try:
        yield
    finally:
        copier_template.yaml = yaml  # type: ignore[attr-defined]


class KitTemplate(Template):
    """Copier's template, whose `copier.yml` is read by libyaml where PyYAML has it."""

    @cached_property
    def _raw_config(self) -> dict[str, Any]:
        try:
            with _parsed_by(_FastYaml()):
                return super()._raw_config
        except InvalidConfigFileError:
            # Whether it is really malformed, and what is wrong with it, is for Copier's own parser to say.
            return super()._raw_config


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
