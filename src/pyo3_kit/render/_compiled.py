"""Template texts compiled once, and kept in the user's cache folder from one run to the next.

All that one template compiled is one file. It holds bytecode, so it is named after everything that bytecode depends on:
Python, Jinja, Copier, the template's folder and its settings for Jinja; each text in it is found by its digest.
"""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
from jinja2 import BytecodeCache, Environment, Template
from jinja2.bccache import Bucket

from pyo3_kit.render._kept import KeptFile

_LIMIT = 4000
"""How many texts a file holds at most. A template has a few hundred, and more while it is being edited."""


class CompiledTexts(BytecodeCache):
    """What a template compiled in earlier runs and in this one; `save` writes what is new.

    A missing or damaged file counts as an empty one.
    """

    def __init__(self, environment: Environment, template: Path, settings: str) -> None:
        """For the template in the folder `template`; `settings` are the versions and options that bytecode depends on.

        Compiles for `environment` from now on.
        """
        self._kept = KeptFile("compiled", template, jinja2.__version__, settings)
        self._codes: dict[str, CodeType] | None = None
        self._fresh = self._computed = False
        self._watched: tuple[dict[str, Any], dict[str, Any]] | None = None
        self._environment = environment
        self._compile: Callable[..., CodeType] = environment.compile
        environment.bytecode_cache = self
        environment.compile = self._compile_watched  # type: ignore[method-assign, assignment]

    def from_string(self, source: str) -> Template:
        """A template made of a text that is not a file."""
        key = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()
        code = self._known.get(key)
        if code is None:
            code = self._compile_watched(source)
            self._keep(key, code)
        environment = self._environment
        return environment.template_class.from_code(environment, code, environment.make_globals(None))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Called by Jinja's loaders before they compile a file."""
        bucket.code = self._known.get(_key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Called by Jinja's loaders when they have compiled a file."""
        if bucket.code is not None:
            self._keep(_key(bucket), bucket.code)

    def save(self) -> None:
        """Write what is new. Where that cannot be done, the next run is slower, and that is all."""
        if not self._fresh:
            return
        self._fresh = False
        self._kept.write(marshal.dumps(dict(list(self._known.items())[-_LIMIT:])))

    @property
    def _known(self) -> dict[str, CodeType]:
        if self._codes is None:
            content = self._kept.read()
            self._codes = {} if content is None else marshal.loads(content)  # noqa: S302 (written by `save`)
        return self._codes

    def _keep(self, key: str, code: CodeType) -> None:
        if not self._computed:
            self._known[key] = code
            self._fresh = True

    def _compile_watched(self, *args: Any, **kwargs: Any) -> CodeType:
        """Compile, and note whether the result holds a value that another run would compute anew.

        Jinja evaluates `{{ "%Y" | strftime }}` when it compiles. Its own filters and tests depend on their arguments
        alone; others may read the clock.
        """
        self._computed = False
        environment = self._environment
        filters, tests = environment.filters, environment.tests
        if self._watched is None:
            self._watched = (self._noting_all(filters), self._noting_all(tests))
        environment.filters, environment.tests = self._watched
        try:
            return self._compile(*args, **kwargs)
        finally:
            environment.filters, environment.tests = filters, tests

    def _noting_all(self, functions: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._noting(function) for name, function in functions.items()}

    def _noting(self, function: Any) -> Any:
        module = getattr(function, "__module__", None) or ""
        if module.partition(".")[0] in ("jinja2", "markupsafe", "_operator", "builtins"):
            return function

        @wraps(function)
        def noting(*args: Any, **kwargs: Any) -> Any:
            self._computed = True
            return function(*args, **kwargs)

        return noting


class PlainText:
    """A compiled template without anything to render."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render(self, *_args: Any, **_kwargs: Any) -> str:
        return self._text


def remembering(
    environment: Environment, texts: CompiledTexts | None, forget: Callable[[], None]
) -> Callable[..., Any]:
    """`from_string` of a Jinja environment: compiles each text once, and not at all where nothing is to be rendered.

    Copier compiles every path part of every file, most of them the same few plain names. `forget` is what compiling
    does beside: Copier's extension puts its state back, and path rendering counts on it.
    """
    compile_ = environment.from_string
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
            if usual and "{" not in source and "\r" not in source:
                compiled[source] = PlainText(source)
            else:
                compiled[source] = compile_(source) if texts is None else texts.from_string(source)
        forget()
        return compiled[source]

    return from_string


def _key(bucket: Bucket) -> str:
    return f"{bucket.key} {bucket.checksum}"
