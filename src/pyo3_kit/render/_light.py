"""Copier without its prompts.

Copier imports questionary, prompt_toolkit and pygments at its top, for prompts that it never shows here: they are half
of its import time. While Copier is imported, small fakes take their names; afterwards the names are free again, and
importing questionary gives the real one. The fakes that Copier holds delegate to the real functions when
it is called.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from pyo3_kit.system.processes import programs_of_the_system

_HEAVY = ("questionary", "prompt_toolkit", "pygments")


class _Choice:
    """The part of `questionary.Choice` that Copier reads when no prompt is shown."""

    def __init__(
        self, title: str, value: Any = None, disabled: str | None = None, checked: bool | None = False
    ) -> None:
        self.title, self.value, self.disabled, self.checked = title, value, disabled, checked


def _confirm(*args: Any, **kwargs: Any) -> Any:
    import questionary

    return questionary.confirm(*args, **kwargs)


def _unsafe_prompt(questions: Any, *args: Any, **kwargs: Any) -> Any:
    import questionary

    for question in questions:
        if "choices" in question:
            question["choices"] = [
                questionary.Choice(choice.title, choice.value, disabled=choice.disabled, checked=choice.checked)
                for choice in question["choices"]
            ]
    return questionary.unsafe_prompt(questions, *args, **kwargs)


def _lexer(name: str) -> Any:
    """A fake lexer class until it is called, which only a prompt does."""

    def make(*args: Any, **kwargs: Any) -> Any:
        from prompt_toolkit.lexers import PygmentsLexer
        from pygments.lexers import data

        lexers = {"JsonLexer": data.JsonLexer, "YamlLexer": data.YamlLexer}
        if name == "PygmentsLexer":
            return PygmentsLexer(lexers[args[0].__name__], **kwargs)
        return lexers[name](*args, **kwargs)

    make.__name__ = name
    return make


def _module(name: str, **members: Any) -> ModuleType:
    module = ModuleType(name)
    module.__path__ = []
    module.__dict__.update(members)
    return module


def _stand_ins() -> dict[str, ModuleType]:
    return {
        "questionary": _module("questionary", confirm=_confirm, unsafe_prompt=_unsafe_prompt),
        "questionary.prompts": _module("questionary.prompts"),
        "questionary.prompts.common": _module("questionary.prompts.common", Choice=_Choice),
        "prompt_toolkit": _module("prompt_toolkit"),
        "prompt_toolkit.lexers": _module("prompt_toolkit.lexers", PygmentsLexer=_lexer("PygmentsLexer")),
        "pygments": _module("pygments"),
        "pygments.lexers": _module("pygments.lexers"),
        "pygments.lexers.data": _module(
            "pygments.lexers.data", JsonLexer=_lexer("JsonLexer"), YamlLexer=_lexer("YamlLexer")
        ),
    }


@contextmanager
def _occupied() -> Iterator[None]:
    placed = _stand_ins()
    sys.modules.update(placed)
    try:
        yield
    finally:
        for name in placed:
            sys.modules.pop(name, None)


def import_copier() -> None:
    """Import Copier, the light way where that can be done and else the ordinary way."""
    if "copier" not in sys.modules:
        # plumbum takes its first field and so computes all, the processor by starting `uname`.
        platform.uname().__dict__.setdefault("processor", "")
        with programs_of_the_system():
            _import_copier()


def _import_copier() -> None:
    if not any(name in sys.modules for name in _HEAVY):
        try:
            with _occupied():
                import copier
        except (ImportError, AttributeError, TypeError):
            # A later Copier may import more of these packages than the fakes have.
            for name in [name for name in sys.modules if name.split(".")[0] == "copier"]:
                del sys.modules[name]
        else:
            return
    import copier  # noqa: F401
