"""The only file that knows Copier's inside (9.17.2 up).

Relied on, all private: `Worker` with its `_ask`, `_render_context`, `_external_data`, `_sync_git_index_executable_bit`,
`jinja_env`, `template` and `subproject`; `Template` with `commit`, `commit_hash`, `vcs` and `local_abspath`; `Question`
with `render_value`, `parse_answer`, `validate_answer`, `get_when` and `_formatted_choices`; `AnswersMap`; `LazyDict`'s
two fields. The test suite compares what comes out with `copier copy`, byte for byte.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from functools import cached_property
from io import StringIO
from pathlib import Path, PurePath
from typing import Any

from pyo3_kit.render._light import import_copier

import_copier()

from copier import errors as copier_errors  # noqa: E402
from copier._jinja_ext import SandboxedEnvironment, UnsetError, get_yield_context  # noqa: E402
from copier._main import Worker  # noqa: E402
from copier._settings import SettingsModel, load_settings  # noqa: E402
from copier._template import Template  # noqa: E402
from copier._types import MISSING, LazyDict, Phase  # noqa: E402
from copier._user_data import AnswersMap, Question  # noqa: E402
from copier._vcs import get_repo  # noqa: E402
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError  # noqa: E402
from plumbum import ProcessExecutionError  # noqa: E402
from pydantic import ValidationError  # noqa: E402

from pyo3_kit.errors import KitError, Refused, from_os_error  # noqa: E402

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
    "get_repo",
    "translated",
    "unset",
]

UserError = copier_errors.UserMessageError


class _CarriedTemplate(Template):
    """The template that the package carries.

    Used where it lies, with no clone, and recorded under its public address.
    """

    kit_root: Path
    kit_commit: str | None

    @cached_property
    def local_abspath(self) -> Path:
        return self.kit_root

    @cached_property
    def commit(self) -> str | None:
        return self.kit_commit

    @cached_property
    def commit_hash(self) -> str | None:
        return self.kit_commit

    @cached_property
    def vcs(self) -> None:
        return None


class KitWorker(Worker):
    """Copier's worker, for a fresh folder aside from the project's place.

    `kit_place` is where the project will stand: templates see it as the destination. `kit_carried`, when set, is the
    root and the version of the template that the package carries. `kit_answers` are the answers that are rendered.
    """

    kit_place: Path
    kit_carried: tuple[Path, str | None] | None
    kit_answers: AnswersMap
    kit_context: dict[str, Any] | None

    @classmethod
    def open(cls, source: str, ref: str | None, place: Path, carried: tuple[Path, str | None] | None) -> KitWorker:
        """A worker in safe mode that trusts nobody, asks nothing and prints nothing."""
        worker = cls(
            src_path=source,
            vcs_ref=ref,
            dst_path=place,
            settings=SettingsModel(),
            defaults=True,
            overwrite=True,
            quiet=True,
        )
        worker.kit_place = place
        worker.kit_carried = carried
        worker.kit_context = None
        return worker

    def render_into(self, folder: Path, answers: AnswersMap) -> None:
        """Render into `folder` with these answers, as `copier copy` would into the project's place."""
        self.dst_path = folder
        self.__dict__.pop("subproject", None)
        self.kit_answers = answers
        self.kit_context = None
        try:
            self.run_copy()
        finally:
            self.kit_context = None

    def close(self) -> None:
        """Remove the clone of the template, where there is one."""
        self._cleanup()

    def message_after(self) -> str:
        """What the template wants to say after a copy."""
        return self._render_string(self.template.message_after_copy).strip()

    @cached_property
    def template(self) -> Template:
        if self.kit_carried is None:
            return super().template
        template = _CarriedTemplate(url=str(self.src_path))
        template.kit_root, template.kit_commit = self.kit_carried
        return template

    @cached_property
    def jinja_env(self) -> SandboxedEnvironment:
        environment = super().jinja_env
        environment.from_string = _remembering(environment, environment.from_string)  # type: ignore[method-assign]
        return environment

    def _ask(self) -> None:
        self.answers = self.kit_answers

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
        """Nothing: the folder aside has no index, and Copier would start a process for each file to learn that."""


def _copy(lazy: LazyDict[str, Any]) -> LazyDict[str, Any]:
    copied: LazyDict[str, Any] = LazyDict()
    copied._pending, copied._done = dict(lazy._pending), dict(lazy._done)
    return copied


class _Plain:
    """Stands for a compiled template in which nothing is to be rendered."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render(self, *_args: Any, **_kwargs: Any) -> str:
        return self._text


def _remembering(environment: SandboxedEnvironment, compile_: Callable[..., Any]) -> Callable[..., Any]:
    """`from_string` that compiles each text once, and not at all where nothing is to be rendered.

    Copier compiles every path part of every file, most of them the same few plain names.
    """
    compiled: dict[str, Any] = {}
    usual = (
        environment.block_start_string[:1] == environment.variable_start_string[:1] == "{"
        and environment.comment_start_string[:1] == "{"
        and not environment.line_statement_prefix
        and not environment.line_comment_prefix
        and environment.keep_trailing_newline
    )

    def from_string(source: Any, *args: Any, **kwargs: Any) -> Any:
        if args or kwargs or not isinstance(source, str):
            return compile_(source, *args, **kwargs)
        if source not in compiled:
            plain = usual and "{" not in source and "\r" not in source
            compiled[source] = _Plain(source) if plain else compile_(source)
        # Copier's extension does this when it compiles, and path rendering counts on it.
        state = get_yield_context(environment)
        state.yield_name = state.yield_iterable = None
        return compiled[source]

    return from_string


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
            f"Copier's settings file cannot be read: {error}", "Mend it, or point COPIER_SETTINGS_PATH elsewhere."
        ) from error


@contextmanager
def translated(source: str) -> Iterator[None]:
    """Run Copier silently, and turn whatever it raises about the template `source` into an error of ours."""
    try:
        with warnings.catch_warnings(), redirect_stderr(StringIO()):
            warnings.simplefilter("ignore")
            yield
    except KitError:
        raise
    except copier_errors.CopierError as error:
        raise _of_copier(error, source) from error
    except ProcessExecutionError as error:
        said = [line for line in str(error.stderr).splitlines() if line.strip()]
        raise Refused(
            f"Git could not read the template {source}: {said[-1] if said else 'no reason given'}",
            "Check the address, the ref and your access to it.",
        ) from error
    except TemplateSyntaxError as error:
        where = f"{error.name or error.filename or 'its configuration'}, line {error.lineno}"
        raise Refused(f"The template {source} is malformed: {where}: {error.message}", "Mend the template.") from error
    except TemplateError as error:
        raise Refused(
            f"The template {source} cannot be rendered: {error.message}", "Mend the template, or its answers."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise Refused(
            f"The template {source} has a malformed question: {first['loc']}: {first['msg']}", "Mend the template."
        ) from error
    except OSError as error:
        raise from_os_error(error, "rendering") from error
    except ValueError as error:
        raise Refused(f"The template {source} cannot be used: {error}", "Check the template and the ref.") from error


def _of_copier(error: Exception, source: str) -> Refused:
    if isinstance(error, copier_errors.UnsafeTemplateError):
        parts = [name for name in ("jinja_extensions", "tasks", "migrations") if name in str(error)]
        return Refused(
            f"The template {source} runs code of its own ({', '.join(parts)}).",
            "pyo3-kit uses only templates that need no trust; if you know this one, run `copier copy --trust`.",
        )
    if isinstance(error, copier_errors.InvalidConfigFileError):
        mark = getattr(error.__cause__, "problem_mark", None)
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        reason = getattr(error.__cause__, "problem", None) or "it is not valid YAML"
        return Refused(f"The template's {Path(str(error)).name} is malformed{place}: {reason}.", "Mend the template.")
    return Refused(
        f"The template {source} cannot be used: {error}", "Check the template, or use another version of it."
    )
