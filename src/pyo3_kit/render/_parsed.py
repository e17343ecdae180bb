"""`copier.yml` and the files that it includes, parsed once and kept from one run to the next."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from pyo3_kit.render._kept import KeptFile

_INCLUDE = b"!include"


class RememberingYaml:
    """The module `yaml` for Copier: with libyaml's parser, six times as fast, which a known text does not need at all.

    A text is known by its digest. One that includes others is always parsed: it may say something else by now.
    """

    SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    def __init__(self, kept: KeptFile) -> None:
        self._kept = kept
        content = kept.read()
        self._known: dict[bytes, bytes] = {} if content is None else marshal.loads(content)  # noqa: S302 (written by `save`, which its digest shows)
        self._used: dict[bytes, bytes] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(yaml, name)

    def load_all(self, stream: Any, Loader: Any) -> Iterable[Any]:  # noqa: N803 (as Copier calls it)
        """The documents of a text, as `yaml.load_all` returns them."""
        text = stream if isinstance(stream, bytes) else stream.read()
        if _INCLUDE in text:
            return yaml.load_all(text, Loader)
        return self._documents(text, Loader)

    def save(self) -> None:
        """Keep what this template's texts became, and nothing of its earlier versions."""
        if self._used != self._known:
            self._kept.write(marshal.dumps(self._used))

    def _documents(self, text: bytes, loader: Any) -> Iterator[Any]:
        key = hashlib.sha256(text).digest()
        known = self._known.get(key)
        if known is None:
            documents = list(yaml.load_all(text, loader))
            try:
                known = marshal.dumps(documents)
            except ValueError:
                # A date, for example.
                yield from documents
                return
        self._used[key] = known
        yield from marshal.loads(known)  # noqa: S302
