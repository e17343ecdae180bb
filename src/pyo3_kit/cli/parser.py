"""argparse with our help pages and error messages, and with commands that are set up when they are named."""

from __future__ import annotations

import argparse
import os
import re
import sys

from pyo3_kit.errors import Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, NoReturn

    SetUp = Callable[["Parser"], None]
    Run = Callable[[argparse.Namespace], int]

_WIDEST = 100


class Answered(Exception):  # noqa: N818 (not an error: it ends the parsing)
    """The arguments ask for help or the version: `text` is the answer, and no command runs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class _Answer(argparse.Action):
    """An option that asks for a text, whatever else is given."""

    def __init__(self, option_strings: Sequence[str], dest: str, text: str = "", **options: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, **options)
        self._text = text

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        raise Answered(self._text or parser.format_help())


class _Unused(argparse.HelpFormatter):
    """A formatter that does not measure the terminal: argparse makes one for each option, and prints with none."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_WIDEST)


class Parser(argparse.ArgumentParser):
    """A command, or a group of commands, with its options.

    The description is the summary if a command does not set it; `examples` and `exit_codes` end the help page. A
    command is a function that adds its options to the parser, and one from the parsed options to the exit code.
    """

    def __init__(self, prog: str = "", **options: Any) -> None:
        fixed = {"usage": "", "add_help": False, "allow_abbrev": False, "exit_on_error": False}
        super().__init__(prog, formatter_class=_Unused, **{**options, **fixed})
        self.examples = ""
        self.exit_codes = {
            0: "done",
            2: "refused: nothing was written",
            3: "failed",
            4: "done, but the output was lost",
            130: "interrupted",
        }
        self.groups: dict[str, dict[str, str]] = {}
        self.added: list[argparse.Action] = []
        self._rows: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
        self._commands: dict[str, tuple[SetUp, Run | None]] = {}

    def add_argument(self, *names: Any, **options: Any) -> argparse.Action:
        """As argparse's; the help page lists arguments in this order."""
        action = super().add_argument(*names, **options)
        self.added.append(action)
        # Now, because argparse changes `nargs` while it parses.
        self._rows["Options" if action.option_strings else "Arguments"].append((_invocation(action), action.help or ""))
        return action

    def argument(self, name: str, value: str, text: str, **more: Any) -> None:
        """Add a positional argument, shown as `value`."""
        self.add_argument(name, metavar=value, help=text, **more)

    def option(self, name: str, value: str, text: str, *, short: str = "", repeated: bool = False, **more: Any) -> None:
        """Add an option with a value, shown as `value`; a repeated one is a list."""
        if repeated:
            more |= {"action": "append", "default": []}
        self.add_argument(*filter(None, (short, name)), metavar=value, help=text, **more)

    def flag(self, name: str, text: str) -> None:
        """Add an option without a value."""
        self.add_argument(name, action="store_true", help=text)

    def add_usual_options(self, version: str = "") -> Parser:
        """Add `--help`, and where there is a text for it `--version`; returns the parser itself."""
        if version:
            self.add_argument("-V", "--version", action=_Answer, text=version, help="Print the version and exit.")
        self.add_argument("-h", "--help", action=_Answer, help="Print this help and exit.")
        return self

    def add_command(self, group: str, name: str, summary: str, set_up: SetUp, run: Run | None = None) -> None:
        """Add a command, listed in the help page under the title `group`; `set_up` is called when it is named."""
        self.groups.setdefault(group, {})[name] = summary
        self._commands[name] = (set_up, run)

    @property
    def commands(self) -> Iterable[str]:
        """The names of the commands."""
        return self._commands

    def set_up(self, name: str, parser: Parser) -> Parser:
        """Add to `parser` what the command `name` has, and return it."""
        set_up, run = self._commands[name]
        parser.description = next(f"{rows[name]}." for rows in self.groups.values() if name in rows)
        set_up(parser)
        if run is not None:
            parser.set_defaults(run=run)
        return parser.add_usual_options()

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """The arguments, read by the command that the words name.

        Raises `Refused` for arguments that cannot be used, and `Answered` for `--help` and `--version`.
        """
        if self._commands and words and not words[0].startswith("-"):
            name = words[0]
            if name not in self._commands:
                raise Refused(f"Unknown command `{name}`.", self._hint(name, self.commands))
            return self.set_up(name, Parser(f"{self.prog} {name}")).read(words[1:])
        try:
            arguments, unused = self.parse_known_intermixed_args(words)
        except argparse.ArgumentError as error:
            if error.argument_name is None:
                self._refuse_unknown(words)
            raise Refused(*self._reworded(error)) from error
        self._refuse_unknown(words)
        if unused:
            raise Refused(f"Unexpected argument `{unused[0]}`.", self._hint())
        if self._commands:
            raise Refused(f"`{self.prog}` needs a command: {', '.join(self.commands)}.", self._hint())
        return arguments

    def error(self, message: str) -> NoReturn:
        """Where argparse would print the message and end the process."""
        raise argparse.ArgumentError(None, message)

    def _refuse_unknown(self, words: Sequence[str]) -> None:
        """`Refused` for the first option that there is not: what argparse says beside it is a consequence."""
        known = {name for action in self.added for name in action.option_strings}
        for word in words:
            if word == "--":
                return
            name = word.partition("=")[0]
            is_option = " " not in word and re.fullmatch(r"--?[A-Za-z][\w-]*", name)
            if is_option and name not in known and (name.startswith("--") or name[:2] not in known):
                raise Refused(f"Unknown option `{name}`.", self._hint(name, [*known, *self.commands]))

    def _reworded(self, error: argparse.ArgumentError) -> tuple[str, str]:
        """What argparse complains about, as a sentence that names the option as it is typed, and a hint."""
        text = str(error.message)
        if error.argument_name is None:
            return f"{text[:1].upper()}{text[1:]}.", self._hint()
        name = error.argument_name.split("/")[-1]
        if text.startswith("expected one argument"):
            return f"`{name}` needs a value.", f"One that begins with a dash is written `{name}=VALUE`. {self._hint()}"
        if text.startswith("ignored explicit argument"):
            return f"`{name}` takes no value.", self._hint()
        return f"`{name}`: {text}.", self._hint()

    def _hint(self, word: str = "", candidates: Iterable[str] = ()) -> str:
        from difflib import get_close_matches

        near = get_close_matches(word, sorted(candidates), 1, 0.6) if word else []
        return f"{f'Did you mean `{near[0]}`? ' if near else ''}See `{self.prog} --help`."

    def format_help(self) -> str:
        """The help page."""
        usage = [f"Usage: {self.prog} [OPTIONS]", *(name for name, _ in self._rows["Arguments"])]
        blocks = [" ".join([*usage, "COMMAND"] if self._commands else usage)]
        width = _width()
        blocks += [_filled(text, width) for text in (self.description or "").split("\n\n")]
        tables = {title: list(rows.items()) for title, rows in self.groups.items()} | self._rows
        blocks += [_table(title, rows, width) for title, rows in tables.items() if rows]
        if self.examples:
            blocks.append("Examples:\n" + "\n".join("  " + line for line in self.examples.strip().splitlines()))
        codes = [(str(code), meaning) for code, meaning in sorted(self.exit_codes.items())]
        blocks.append(_table("Exit codes", codes, width))
        return "\n\n".join(blocks) + "\n"


def _invocation(action: argparse.Action) -> str:
    """How the option or the argument is written, as `--to REF` or `[PATH]`."""
    value = str(action.metavar)
    if action.option_strings:
        names = ", ".join(action.option_strings)
        return names if action.nargs == 0 else f"{names} {value}"
    return {"?": f"[{value}]", "+": f"{value}..."}.get(str(action.nargs), value)


def _width() -> int:
    """As wide as the terminal, but no wider than texts are easy to read."""
    try:
        return min(_WIDEST, os.get_terminal_size(sys.stdout.fileno()).columns)
    except (AttributeError, OSError, ValueError):
        return _WIDEST


def _filled(text: str, width: int) -> str:
    import textwrap

    return textwrap.fill(text, width, break_on_hyphens=False)


def _table(title: str, rows: Iterable[tuple[str, str]], width: int) -> str:
    import textwrap

    rows = list(rows)
    column = max(len(name) for name, _ in rows) + 4
    lines = [f"{title}:"]
    for name, text in rows:
        start = f"  {name}".ljust(column)
        lines.append(
            textwrap.fill(text, width, initial_indent=start, subsequent_indent=" " * column, break_on_hyphens=False)
        )
    return "\n".join(lines)
