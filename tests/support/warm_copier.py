"""Copier as it is, except that what all copies of a process, or all files of a copy, share is computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import copier._main
import pytest
from copier._jinja_ext import SandboxedEnvironment, get_yield_context
from copier._main import Worker
from copier._template import Template
from copier._types import LazyDict, Phase


class WarmWorker(Worker):
    """A worker for a template's folder that does not change as long as the process lives."""

    @cached_property
    def template(self) -> Template:
        return _template(str(super().template.url))

    @cached_property
    def jinja_env(self) -> SandboxedEnvironment:
        return _environment(str(super().template.url))

    # Copier asks for these once for every part of a path and every file; while it renders, nothing in them changes.

    def _render_context(self) -> Any:
        context = self._once("context", super()._render_context)
        # Copier writes into this part of a context that it has asked for.
        return {**context, "_copier_conf": LazyDict(context["_copier_conf"]._pending)}

    @property
    def answers_relpath(self) -> Path:
        path = self._once("answers_relpath", lambda: super(WarmWorker, self).answers_relpath)
        assert isinstance(path, Path)
        return path

    def _once(self, name: str, compute: Callable[[], Any]) -> Any:
        if Phase.current() is not Phase.RENDER:
            return compute()
        kept = self.__dict__.setdefault("_kept", {})
        if name not in kept:
            kept[name] = compute()
        return kept[name]

    def _sync_git_index_executable_bit(self, dst_relpath: Path, src_mode: int) -> None:
        """Do nothing: Copier asks Git about each file, and these copies are in no repository."""


@contextmanager
def warm() -> Iterator[None]:
    """While this lasts, `copier.run_copy` uses `WarmWorker`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(copier._main, "Worker", WarmWorker)
        yield


@cache
def _template(folder: str) -> Template:
    return Worker(src_path=folder).template


@cache
def _environment(folder: str) -> SandboxedEnvironment:
    environment = Worker(src_path=folder, quiet=True).jinja_env
    compile_, load = environment.from_string, environment.get_template
    compiled: dict[Any, Any] = {}

    def forget() -> None:
        # Compiling a text does this, and Copier counts on it.
        state = get_yield_context(environment)
        state.yield_name = state.yield_iterable = None

    def from_string(source: Any, *args: Any, **kwargs: Any) -> Any:
        assert not args
        assert not kwargs
        if source not in compiled:
            compiled[source] = compile_(source)
        forget()
        return compiled[source]

    def get_template(name: Any, *args: Any, **kwargs: Any) -> Any:
        forget()
        return load(name, *args, **kwargs)

    environment.from_string = from_string  # type: ignore[method-assign]
    environment.get_template = get_template  # type: ignore[method-assign]
    return environment
