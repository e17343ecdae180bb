"""Lines that one side only formatted anew: wrapped, quoted, with other commas, bullets or table columns.

Where the other side changed them, its change is carried into the form that they have now.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from typing import NamedTuple

from pyo3_kit.merge.kinds import Kind
from pyo3_kit.merge.lines import Region, split
from pyo3_kit.merge.matching import changes, pairs

_TOKEN = re.compile(
    r'//[^\n]*|"(?:[^"\\]|\\.)*"|\'(?:[^\'\\\n]|\\[^\n][\w{}]*)\'|\'\w+|[^\W\d]\w*|\d[\w.]*|[-=]>|::|[=!<>]=|&&|\|\||[^\w\s]',
    re.DOTALL,
)
_PYTHON_TOKEN = re.compile(
    r'#[^\n]*|"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|\w[\w.]*|[=!<>]=|->|[^\w\s]',
    re.DOTALL,
)
_WORD = re.compile(r"[^\s|]+|\|")
_SIMPLE = re.compile(r"'([^'\"\\\n]*)'")
_RULE = re.compile(r":?-+:?")


def reformatted(kind: Kind, part: Region) -> Region:
    """A conflict decided where one side of it has the meaning of the base, as far as the lines alone say so."""
    meaning = _MEANINGS.get(kind)
    if part.kind != "conflict" or meaning is None or not part.base:
        return part
    base, ours, theirs = ("".join(lines) for lines in (part.base, part.ours, part.theirs))
    was = meaning(base)
    if was is None:
        return part
    if meaning(theirs) == was:
        return replace(part, kind="ours")
    if meaning(ours) != was:
        return part
    text = carried(kind, base, ours, theirs)
    return replace(part, kind="theirs", theirs=tuple(split(text)))


def carried(kind: Kind, base: str, ours: str, theirs: str) -> str:
    """What theirs changed, in the form of ours, which has the tokens of `base`; theirs where that is not possible."""
    meaning = _MEANINGS[kind]
    b, o, t = (_tokens(kind, text) for text in (base, ours, theirs))
    words = [[token.text for token in tokens] for tokens in (b, o, t)]
    to_ours, from_theirs = dict(pairs(words[0], words[1])), {j: i for i, j in pairs(words[0], words[2])}
    # What took the place of as many tokens has the white space around them.
    replaced = {
        change.first + at: change.start + at
        for change in changes(words[0], words[2])
        if change.end - change.start == change.last - change.first
        for at in range(change.end - change.start)
    }
    from_theirs |= replaced
    before = -1
    mine: int | None = -1
    pieces: list[str] = []
    for place, token in enumerate([*t, None]):
        was = from_theirs.get(place) if token else len(b)
        there = None if was is None else to_ours.get(was) if token else len(o)
        follows = was is not None and there is not None and was == before + 1
        # Between two tokens that were neighbours before, ours has what it has now.
        if follows and mine is not None:
            pieces.append(_between(ours, o, mine, there))
        else:
            pieces.append(_between(theirs, t, place - 1, place))
        if token:
            side, source = (token, theirs) if there is None or place in replaced else (o[there], ours)
            pieces.append(source[side.start : side.end])
        before, mine = (was, there) if was is not None else (-2, None)
    result = "".join(pieces)
    return result if meaning(result) == meaning(theirs) else theirs


def _between(text: str, tokens: Sequence[_Token], one: int, other: int | None) -> str:
    """The text between two tokens; -1 and the number of tokens are its start and its end."""
    end = len(text) if other is None or other == len(tokens) else tokens[other].start
    return text[0 if one < 0 else tokens[one].end : end]


class _Token(NamedTuple):
    text: str
    start: int
    end: int


def _tokens(kind: Kind, text: str) -> list[_Token]:
    pattern = {"python": _PYTHON_TOKEN, "rust": _TOKEN}.get(kind, _WORD)
    found = (_Token(_plain(kind, text, match), match.start(), match.end()) for match in pattern.finditer(text))
    if kind == "markdown":
        return [token for token in found if not _RULE.fullmatch(token.text)]
    return list(found)


def _plain(kind: Kind, text: str, token: re.Match[str]) -> str:
    word = token[0]
    if kind == "python":
        return _SIMPLE.sub(r'"\1"', word)
    if kind == "markdown":
        if word in ("*", "+") and not text[text.rfind("\n", 0, token.start()) + 1 : token.start()].strip():
            return "-"
        return f"*{word[1:-1]}*" if len(word) > 2 and word[0] == word[-1] == "_" and "_" not in word[1:-1] else word
    return word


def _of_python(text: str) -> Hashable:
    import ast
    import warnings

    plain = textwrap.dedent(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for tried in (plain, f"{plain.rstrip()}\n    pass\n"):
            try:
                tree = ast.dump(ast.parse(tried))
            except (SyntaxError, ValueError, RecursionError):
                continue
            return tree, tuple(token.text for token in _tokens("python", text) if token.text.startswith("#"))
    return None


def _of_rust(text: str) -> Hashable:
    words = _without_idle_braces([token.text for token in _tokens("rust", text)])
    following = [*words, ""][1:]
    return tuple(
        word for word, after in zip(words, following, strict=True) if word != "," or after not in (")", "]", "}")
    )


def _without_idle_braces(words: list[str]) -> list[str]:
    """The tokens without the braces that rustfmt puts around a closure's or an arm's only expression."""
    opened: list[int] = []
    statements: list[bool] = []
    dropped: dict[int, str] = {}
    for at, word in enumerate(words):
        if word == "{":
            opened.append(at)
            statements.append(False)
        elif word in (";", "let") and statements:
            statements[-1] = True
        elif word == "}" and opened:
            start = opened.pop()
            before = words[start - 1] if start else ""
            if not statements.pop() and before in ("|", "||", "=>") and at > start + 1:
                following = words[at + 1] if at + 1 < len(words) else ""
                dropped[start], dropped[at] = "", "," if before == "=>" and following != "," else ""
    return [word for at, old in enumerate(words) if (word := dropped.get(at, old))]


def _of_markdown(text: str) -> Hashable:
    if "```" in text or "~~~" in text or any(line.startswith(("    ", "\t")) for line in text.split("\n")):
        return None
    # Blocks are told apart by what begins them, not only by their words.
    starts = sum(1 for line in text.split("\n") if re.match(r"\s*(?:[-*+]|\d+[.)])\s|\s*#|\s*\|", line))
    breaks = len(re.findall(r"\n\s*\n", text.strip()))
    return tuple(token.text for token in _tokens("markdown", text)), starts, breaks


def quoted_alike(text: str, before: Sequence[str], now: Sequence[str]) -> Callable[[str], str]:
    """Writes lines of the template in the quotes that a formatter gave the lines `before`, which are `now`.

    `text` is all of the template's, which has to mean the same.
    """
    to = {
        new.count('"') > old.count('"')
        for old, new in zip(before, now, strict=True)
        if old.count('"') != new.count('"')
    }
    if len(to) != 1:
        return lambda line: line
    double = to.pop()

    def written(line: str) -> str:
        return _PYTHON_TOKEN.sub(lambda token: _quoted(token[0], double), line)

    return written if _of_python(written(text)) == _of_python(text) else lambda line: line


def _quoted(token: str, double: bool) -> str:
    quote, other = ('"', "'") if double else ("'", '"')
    inner = token[1:-1]
    if token[:3] == other * 3 and len(token) >= 6:
        return token if quote in token else f"{quote * 3}{token[3:-3]}{quote * 3}"
    if len(token) < 2 or token[0] != other or token[:3] == other * 3 or {quote, other, "\\"} & set(inner):
        return token
    return f"{quote}{inner}{quote}"


_MEANINGS: dict[Kind, Callable[[str], Hashable]] = {
    "python": _of_python,
    "rust": _of_rust,
    "markdown": _of_markdown,
}
"""What a few lines mean, whatever their form; None where that is not known of them alone."""
