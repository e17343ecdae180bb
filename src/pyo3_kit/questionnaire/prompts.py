"""Show one question, using questionary."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

import questionary
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.output import Output, create_output
from prompt_toolkit.styles import Style

from pyo3_kit.render.interview import Item

_STYLE = Style(
    [
        ("qmark", "bold fg:ansicyan"),
        ("question", "noinherit"),
        ("instruction", "fg:ansibrightblack"),
        ("pointer", "bold fg:ansicyan"),
        ("highlighted", "bold fg:ansicyan"),
        ("selected", "noreverse bold"),
        ("separator", "bold"),
        ("disabled", "fg:ansibrightblack"),
        ("answer", "fg:ansigreen"),
        ("validation-toolbar", "bg:default fg:ansired bold noreverse"),
        ("bottom-toolbar", "noreverse"),
    ]
)


class Move(Enum):
    """What a user can do instead of answering."""

    BACK = "back"


class Prompter:
    """Asks one question at a time and clears it from the screen afterwards.

    Everything goes to stderr, so that stdout stays free.
    """

    def __init__(self) -> None:
        self._output: Output = create_output(stdout=sys.stderr)

    def ask(self, item: Item, heading: str, describe: Callable[[Any], str], *, back: bool) -> Any:
        """The validated answer, or `Move.BACK`; `KeyboardInterrupt` if the user cancels."""
        if item.options and item.multiselect:
            return self._several(item, heading, describe, back=back)
        if item.options or item.kind == "bool":
            return self._choose(item, heading, describe, back=back)
        return self._text(item, heading, back=back)

    def menu(self, heading: str, text: str, choices: Sequence[questionary.Choice], default: Any, *, back: bool) -> Any:
        """The value of the chosen entry, or `Move.BACK`."""
        enter = "↑↓ move · Enter choose" + (" · Esc back" if back else "") + " · Ctrl-C quit"
        return self._run(
            questionary.select(
                _wrapped(text),
                choices=list(choices),
                default=default,
                qmark=f"{heading}\n\n",
                instruction=f"\n ({enter})",
                pointer="»",
                style=_STYLE,
                use_jk_keys=False,
                output=self._output,
            ),
            back=back,
        )

    def mark(
        self,
        heading: str,
        text: str,
        choices: Sequence[questionary.Choice],
        validate: Callable[[list[Any]], str | bool] = lambda _answer: True,
        *,
        back: bool = False,
    ) -> Any:
        """The values of the marked entries, or `Move.BACK`."""
        enter = "↑↓ move · Space mark · Enter accept" + (" · Esc back" if back else "") + " · Ctrl-C quit"
        question = questionary.checkbox(
            _wrapped(text),
            choices=list(choices),
            validate=validate,
            qmark=f"{heading}\n\n",
            instruction=f"\n ({enter})",
            pointer="»",
            style=_STYLE,
            use_jk_keys=False,
            output=self._output,
        )
        return self._run(question, back=back)

    def _choose(self, item: Item, heading: str, describe: Callable[[Any], str], *, back: bool) -> Any:
        offered = [(option.title, option.value, option.refused) for option in item.options] or [
            ("Yes", True, ""),
            ("No", False, ""),
        ]
        choices = []
        for title, value, refused in offered:
            # A choice that the validator rejects is disabled and shown with the reason.
            reason = refused or ("" if item.options else item.check(value)[1])
            choices.append(
                questionary.Choice(title, value, disabled=reason or None, description=_described(describe(value)))
            )
        default = item.value if any(not c.disabled and c.value == item.value for c in choices) else None
        if back:
            choices += [
                questionary.Separator(" "),
                questionary.Choice("← Back", Move.BACK, description="To the previous question."),
            ]
        notice = ""
        while True:
            answer = self.menu(heading, _with_name(item) + notice, choices, default, back=back)
            if answer is Move.BACK:
                return answer
            error = item.check(answer)[1]
            if not error:
                return answer
            notice, default = f"\n! {error}", answer

    def _several(self, item: Item, heading: str, describe: Callable[[Any], str], *, back: bool) -> Any:
        taken = item.value if isinstance(item.value, list) else []
        choices = [
            questionary.Choice(
                option.title,
                option.value,
                disabled=option.refused or None,
                checked=option.value in taken and not option.refused,
                description=_described(describe(option.value)),
            )
            for option in item.options
        ]
        return self.mark(heading, _with_name(item), choices, lambda answer: item.check(answer)[1] or True, back=back)

    def _text(self, item: Item, heading: str, *, back: bool) -> Any:
        accept = "Alt-Enter accept" if item.multiline else "Enter accept"
        keys = (
            accept
            + (" · Esc back" if back and not item.multiline else " · Ctrl-B back" if back else "")
            + " · Ctrl-C quit"
        )
        default = "" if item.missing or item.value is None or item.kind in {"yaml", "json"} else str(item.value)
        options: dict[str, Any] = {
            "default": default,
            "validate": lambda answer: item.check(answer)[1] or True,
            "qmark": f"{heading}\n\n",
            "style": _STYLE,
            "validate_while_typing": False,
            "output": self._output,
        }
        message, instruction = _wrapped(_with_name(item)), f"\n ({keys})\n »"
        if item.secret:
            question = questionary.password(f"{message}{instruction}", **options)
        else:
            if item.placeholder:
                options["placeholder"] = [("class:disabled", item.placeholder)]
            question = questionary.text(message, instruction=instruction, multiline=item.multiline, **options)
        answer = self._run(question, back=back, escape=not item.multiline)
        return answer if answer is Move.BACK else item.check(answer)[0]

    def _run(self, question: questionary.Question, *, back: bool, escape: bool = True) -> Any:
        application = question.application
        application.erase_when_done = True
        # Waiting distinguishes a lone Escape from an arrow key's sequence; the default half second feels like a hang.
        application.ttimeoutlen = 0.05
        application.timeoutlen = 0.05
        if back:
            bindings = KeyBindings()

            def leave(event: KeyPressEvent) -> None:
                event.app.exit(result=Move.BACK)

            bindings.add("c-b", eager=True)(leave)
            if escape:
                bindings.add("escape", eager=True)(leave)
            application.key_bindings = merge_key_bindings([application.key_bindings or KeyBindings(), bindings])
        return question.unsafe_ask()


def width() -> int:
    """The width of text on the screen."""
    return max(40, min(shutil.get_terminal_size((80, 24)).columns, 100)) - 2


def _with_name(item: Item) -> str:
    return f"{item.name}\n{item.help}" if item.help else item.name


def _wrapped(text: str) -> str:
    return "\n ".join(line for part in text.splitlines() for line in textwrap.wrap(part, width()) or [""])


def _described(text: str) -> str | None:
    return "\n               ".join(textwrap.wrap(text, width() - 15)) or None
