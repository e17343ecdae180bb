"""The only file that knows Copier's inside (9.18 up).

The private names that it relies on are listed in `_supported`, but for `LazyDict`'s two fields and the properties in
`_FOLLOW_ANSWERS`. The test suite compares what comes out with `copier copy`, byte for byte.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path, PurePath
from typing import Any

from pyo3_kit.render._supported import import_copier

import_copier()

from copier import errors as copier_errors  # noqa: E402
from copier._jinja_ext import SandboxedEnvironment, UnsetError, get_yield_context  # noqa: E402
from copier._main import Worker, _operation  # noqa: E402
from copier._settings import SettingsModel, load_settings  # noqa: E402
from copier._template import Template  # noqa: E402
from copier._tools import copier_version  # noqa: E402
from copier._types import MISSING, LazyDict, Phase  # noqa: E402
from copier._user_data import AnswersMap, Question  # noqa: E402
from jinja2 import StrictUndefined, TemplateError  # noqa: E402
from pydantic import ValidationError  # noqa: E402

from pyo3_kit.errors import Refused  # noqa: E402
from pyo3_kit.render._compiled import CompiledTexts, PlainText, remembering  # noqa: E402
from pyo3_kit.render._copier_errors import translated  # noqa: E402
from pyo3_kit.render._copier_template import LocalTemplate  # noqa: E402
from pyo3_kit.render._fresh import Entry, Paths, list_entries, place_entries, write_entries  # noqa: E402
from pyo3_kit.render._machine import hide_machine  # noqa: E402
from pyo3_kit.render._places import refuse_place  # noqa: E402
from pyo3_kit.template.source import Source  # noqa: E402

__all__ = [
    "MISSING",
    "AnswersMap",
    "KitWorker",
    "Question",
    "SettingsModel",
    "TemplateError",
    "UnsetError",
    "UserError",
    "ValidationError",
    "copier_defaults",
    "translated",
    "unset",
]

UserError = copier_errors.UserMessageError

_FOLLOW_ANSWERS = ("subproject", "match_exclude", "match_skip", "template_copy_root", "answers_relpath")


class KitWorker(Worker):
    """Copier's worker, for a fresh folder aside from the project's place.

    `kit_place` is where the project will be: templates see it as the destination. `kit_source` is the template, with
    its files at hand. `kit_answers` are the answers that are rendered.
    `kit_updates`: the render is for an update, which a template may leave files out of.
    """

    kit_place: Path
    kit_source: Source
    kit_answers: AnswersMap
    kit_context: dict[str, Any] | None
    kit_answers_file: Path | None
    kit_entries: dict[Path, list[Entry] | None]
    kit_texts: CompiledTexts | None
    kit_updates: bool

    @classmethod
    def open(
        cls,
        source: Source,
        place: Path,
        update: bool = False,
        answers_file: str | None = None,
        leave_tasks: bool = False,
    ) -> KitWorker:
        """A worker in safe mode that trusts nobody, asks nothing and prints nothing.

        For an update, and with `leave_tasks`, a template's tasks are left alone; else one that has some is refused.
        """
        worker = cls(
            src_path=source.url,
            dst_path=place,
            settings=SettingsModel(),
            defaults=True,
            overwrite=True,
            quiet=True,
            skip_tasks=update or leave_tasks,
            answers_file=Path(answers_file) if answers_file else None,
        )
        worker.kit_updates, worker.kit_place = update, place
        worker.kit_source, worker.kit_context, worker.kit_texts = source, None, None
        worker.kit_answers_file, worker.kit_entries = None, {}
        return worker

    def render_into(self, folder: Path, answers: AnswersMap) -> None:
        """Render into `folder` with these answers, as `copier copy` would into the project's place."""
        self.dst_path = folder
        for name in _FOLLOW_ANSWERS:
            self.__dict__.pop(name, None)
        self.kit_answers = answers
        self.kit_context = self.kit_answers_file = None
        operation = _operation.set("update") if self.kit_updates else None
        try:
            self.run_copy()
        finally:
            self.kit_context = self.kit_answers_file = None
            if operation is not None:
                _operation.reset(operation)

    def skip_matcher(self) -> Callable[[Path], bool]:
        """Whether the template leaves an existing file at a path alone; with the answers of the last render."""
        return self.match_skip

    def matcher(self, patterns: list[str]) -> Callable[[Path], bool]:
        """Whether a path matches any of these patterns, which are read as in a `.gitignore`."""
        return self._path_matcher(patterns)

    def close(self) -> None:
        """Remove the clone of the template, where there is one, and keep what was compiled."""
        if self.kit_texts is not None:
            self.kit_texts.save()
        self._cleanup()

    def message_after(self) -> str:
        """What the template wants to say after a copy."""
        return self._render_string(self.template.message_after_copy).strip()

    @cached_property
    def template(self) -> Template:
        assert self.kit_source.carried is not None
        template = LocalTemplate(url=str(self.src_path))
        template.kit_root, template.kit_commit = self.kit_source.carried
        template.kit_hash = self.kit_source.commit
        return template

    @cached_property
    def jinja_env(self) -> SandboxedEnvironment:
        environment = super().jinja_env
        load = environment.get_template

        def forget() -> None:
            state = get_yield_context(environment)
            state.yield_name = state.yield_iterable = None

        def get_template(name: Any, *args: Any, **kwargs: Any) -> Any:
            # What is loaded from a cache is not parsed, which is when Copier's extension forgets.
            forget()
            return load(name, *args, **kwargs)

        hide_machine(environment)
        # The folder is the same in every run, so what was compiled once can be used again.
        settings = f"copier {copier_version()}, {sorted(self.template.envops.items())}"
        self.kit_texts = CompiledTexts(environment, self.template.local_abspath, settings)
        environment.from_string = remembering(environment, self.kit_texts, forget)  # type: ignore[method-assign]
        environment.get_template = get_template  # type: ignore[method-assign]
        return environment

    @property
    def answers_relpath(self) -> Path:
        # Copier asks for it three times per path, and computes it anew each time.
        if Phase.current() is not Phase.RENDER:
            return super().answers_relpath
        if self.kit_answers_file is None:
            self.kit_answers_file = super().answers_relpath
        return self.kit_answers_file

    def _ask(self) -> None:
        self.answers = self.kit_answers

    def _render_template(self) -> None:
        placed = self._placed()
        if placed is None:
            super()._render_template()
        else:
            write_entries(self.dst_path, placed, self._rendered)

    def _placed(self) -> dict[str, Entry] | None:
        """Where all files go; None for what is left to Copier."""
        template, suffix = self.template, self.template.templates_suffix
        if not suffix or template.preserve_symlinks or self.dst_path.exists():
            return None
        top = self.template_copy_root
        if top not in self.kit_entries:
            self.kit_entries[top] = list_entries(template.local_abspath, top, suffix)
        entries = self.kit_entries[top]
        if entries is None:
            return None
        answers_file = str(self.answers_relpath)
        paths = Paths(self._render_string, self.match_exclude, answers_file, template.local_abspath, suffix)
        return place_entries(entries, paths)

    def _rendered(self, source: str) -> bytes:
        content = self.jinja_env.get_template(source).render(**self._render_context()).encode()
        if get_yield_context(self.jinja_env).yield_name:
            raise copier_errors.YieldTagInFileError(f"File {source} contains a yield tag, but it is not allowed.")
        return content

    def _render_string(self, string: str, extra_context: dict[str, Any] | None = None) -> str:
        # Most parts of paths are plain names, for which a context would be made in vain.
        template = self.jinja_env.from_string(string)
        if isinstance(template, PlainText):
            return template.render()
        return template.render(**self._render_context(), **(extra_context or {}))

    def _render_allowed(self, dst_relpath: Path, *args: Any, **kwargs: Any) -> bool:
        refuse_place(str(self.src_path), self.dst_path, dst_relpath, is_folder=bool(kwargs.get("is_dir")))
        return super()._render_allowed(dst_relpath, *args, **kwargs)

    def _external_data(self) -> LazyDict[str, Any]:
        # The files with this data are in the project, not in the temporary directory.
        data = super()._external_data()
        return LazyDict({name: partial(self._at_place, partial(data.__getitem__, name)) for name in data})

    def _at_place(self, compute: Callable[[], Any]) -> Any:
        temporary, project = self.dst_path, self.__dict__.pop("subproject", None)
        self.dst_path = self.kit_place
        try:
            return compute()
        finally:
            self.dst_path = temporary
            self.__dict__.pop("subproject", None)
            if project is not None:
                self.__dict__["subproject"] = project

    def _render_context(self) -> Any:
        # Copier asks for it once for every path part and every file; while it renders, nothing in it changes.
        rendering = Phase.current() is Phase.RENDER
        if rendering and self.kit_context is not None:
            # Copier writes into `_copier_conf` of a context that it has asked for.
            return {**self.kit_context, "_copier_conf": _copy(self.kit_context["_copier_conf"])}
        context = super()._render_context()
        context["_folder_name"] = self.kit_place.name
        context["_copier_conf"]["dst_path"] = PurePath(self.kit_place)
        if rendering:
            self.kit_context = {**context, "_copier_conf": _copy(context["_copier_conf"])}
        return context

    def _sync_git_index_executable_bit(self, dst_relpath: Path, src_mode: int) -> None:
        """Do nothing: the temporary directory has no index, and Copier would start a process per file to check."""


def _copy(lazy: LazyDict[str, Any]) -> LazyDict[str, Any]:
    copied: LazyDict[str, Any] = LazyDict()
    copied._pending, copied._done = dict(lazy._pending), dict(lazy._done)
    return copied


def unset() -> StrictUndefined:
    """The value behind `UNSET` in a question's default."""
    return StrictUndefined("UNSET", exc=UnsetError)


def copier_defaults() -> dict[str, Any]:
    """The answers that the user set as defaults in Copier's own settings; `Refused` when that file is malformed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return dict(load_settings().defaults)
    except (copier_errors.SettingsError, OSError) as error:
        raise Refused(
            f"Copier's settings file cannot be read: {error}", "Fix it, or set COPIER_SETTINGS_PATH to another file."
        ) from error
