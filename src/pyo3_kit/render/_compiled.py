"""Template texts compiled once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from pyo3_kit.errors import Refused
from pyo3_kit.system.caches import cache_folder
from pyo3_kit.system.own_files import make_own_folder


def compiled_cache() -> Any:
    """Where Jinja keeps what it has compiled from one run to the next; None where no cache can be written.

    Jinja knows by a checksum when a file has changed.
    """
    from jinja2 import FileSystemBytecodeCache

    class Compiled(FileSystemBytecodeCache):
        def dump_bytecode(self, bucket: Any) -> None:
            # Without room for it the run is slower, and that is all.
            with suppress(OSError):
                super().dump_bytecode(bucket)

    try:
        folder = cache_folder() / "compiled"
        make_own_folder(folder)
    except (Refused, OSError):
        return None
    return Compiled(str(folder))


class _Plain:
    """Stands for a compiled template in which nothing is to be rendered."""

    def __init__(self, text: str) -> None:
        self._text = text

    def render(self, *_args: Any, **_kwargs: Any) -> str:
        return self._text


def remembering(environment: Any, compile_: Callable[..., Any], forget: Callable[[], None]) -> Callable[..., Any]:
    """`from_string` of a Jinja environment: compiles each text once, and not at all where nothing is to be rendered.

    Copier compiles every path part of every file, most of them the same few plain names. `forget` is what compiling
    does beside: Copier's extension puts its state back, and path rendering counts on it.
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
        forget()
        return compiled[source]

    return from_string
