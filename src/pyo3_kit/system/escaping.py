"""Escape foreign text in the output: one function for each kind of place that shows it.

Foreign is what we did not write: names of files, lines of code, answers, addresses, output of Git or a remote.
Whatever the place would not treat as plain text is shown as an escape, never dropped.
"""

from __future__ import annotations

import codecs
import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Control characters, what reorders or hides the text around it, and bytes of names that are not UTF-8.
_UNPRINTABLE = (
    "\x00-\x1f\x7f-\x9f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f"
)
_ALL = re.compile(f"[{_UNPRINTABLE}]")
_IN_LINES = re.compile(f"(?![\n\t])[{_UNPRINTABLE}]")
_IN_CODE = re.compile(f"(?![\n\t\f]|\r(?:\n|\\Z))[{_UNPRINTABLE}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_NOT_ASCII = re.compile("[^\x00-\x7f]")

# What GitHub's runner treats as a command: `::name` at the beginning of a line, blanks before it or not, and `##[name`
# anywhere. Azure's takes `##vso[`.
_AT_LINE_START = re.compile(r"^([^\S\n]*):(?=:[A-Za-z])", re.MULTILINE)
_ANYWHERE = re.compile(r"#(?=#(?:vso)?\[)", re.IGNORECASE)

_PLAIN_SIGNS = {"→": "->", "…": "...", "–": "-", "−": "-", "’": "'", "×": "x", "│": "|", "├": "|", "└": "`", "─": "-"}
SCHEMA_VERSION = 1
"""The version of all JSON objects that commands print: increased when a key goes or changes its meaning."""
ERRORS = "pyo3-kit"
"""The name of the error handler for encodings that cannot show a character, as `errors` of a stream takes it."""


def line(text: object) -> str:
    r"""A name or another short text for one line of a terminal or a log: a line feed in it is shown as `\n`."""
    return _without_commands(_ALL.sub(_escape, _decoded(str(text))))


def block(text: object) -> str:
    r"""A text of several lines for a terminal or a log: line feeds and tabs stay, `\r\n` becomes a line feed."""
    return _without_commands(_IN_LINES.sub(_escape, _decoded(str(text)).replace("\r\n", "\n")))


def code(text: object) -> str:
    """A text of several lines, changed only as far as a terminal requires: a diff, a line of code."""
    # GitHub's runner reads commands in the middle of a diff too; elsewhere a diff is for `git apply`.
    shown = _IN_CODE.sub(_escape, _decoded(str(text)))
    return _without_commands(shown) if "GITHUB_ACTIONS" in os.environ else shown


def cells(text: str) -> list[str]:
    """The characters of a line of code as they are shown: joined they are the line, each has its own width."""
    commands = {found.start() for found in _ANYWHERE.finditer(text)}
    return ["\\x23" if at in commands else _IN_LINES.sub(_escape, sign) for at, sign in enumerate(text)]


def json_text(value: Any, *, indent: int | None = 2) -> str:
    r"""A value as JSON without what a terminal or a log's reader would act on; a reader of JSON gets the same value.

    Bytes of names that are not UTF-8 have no form in JSON: they are shown as `\xff`.
    """
    import json

    text = json.dumps(value, indent=indent, ensure_ascii=False, default=str)
    # Control characters below the blank are escaped by now; line feeds are those between the values.
    return _ANYWHERE.sub(r"\\u0023", _IN_LINES.sub(_json_escape, _decoded(text)))


def ascii_json(text: str) -> str:
    """A JSON text in ASCII, for a stream in another encoding than UTF-8."""
    import json

    return _NOT_ASCII.sub(lambda sign: json.dumps(sign[0])[1:-1], text)


def workflow_message(text: object) -> str:
    """The message of a workflow command of GitHub's."""
    shown = _IN_LINES.sub(_escape, _decoded(str(text)).replace("\r\n", "\n"))
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def workflow_property(text: object) -> str:
    """The value of a property of a workflow command of GitHub's."""
    return workflow_message(text).replace(":", "%3A").replace(",", "%2C")


def markdown_fence(text: object) -> str:
    """A text of several lines as a block of code in Markdown: no name in it is a link, a mention or a tag."""
    body = code(text)
    longest = max((len(run[0]) for run in re.finditer("`+", body)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{body}\n{fence}\n"


def markup_text(text: str) -> str:
    """A text for an HTML page, in which the template engine replaces `<`, `&` and quotes."""
    return _IN_LINES.sub("\ufffd", text)


def commit_line(text: object) -> str:
    """A name or value in a line of a commit message: it cannot begin a line, so it cannot be a trailer."""
    return _ALL.sub(_escape, _decoded(str(text)))


def uri_path(path: str, *, safe: str = "/") -> str:
    """A path as part of a URI, with the very bytes of its name."""
    from urllib.parse import quote

    return quote(os.fsencode(path), safe=safe)


def _without_commands(text: str) -> str:
    return _ANYWHERE.sub(r"\\x23", _AT_LINE_START.sub(r"\1\\x3a", text))


def _decoded(text: str) -> str:
    """The text, with those bytes decoded that are UTF-8 and that a narrow locale left as they were."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-8", "surrogateescape" if _are_bytes(text) else "surrogatepass").decode(
        "utf-8", "surrogateescape"
    )


def _are_bytes(text: str) -> bool:
    return all("\udc80" <= sign[0] <= "\udcff" for sign in _SURROGATE.finditer(text))


def _escape(found: re.Match[str]) -> str:
    sign = found[0]
    number = ord(sign)
    if sign in _SHORT:
        return _SHORT[sign]
    if 0xDC80 <= number <= 0xDCFF:
        return f"\\x{number - 0xDC00:02x}"
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _json_escape(found: re.Match[str]) -> str:
    sign = found[0]
    if 0xD800 <= ord(sign) <= 0xDFFF:
        return _escape(found).replace("\\", "\\\\")
    import json

    return json.dumps(sign)[1:-1] if sign > "\x7f" else f"\\u{ord(sign):04x}"


def _replace_unencodable(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    part = error.object[error.start : error.end]
    shown = "".join(_PLAIN_SIGNS.get(sign) or _escape_any(sign) for sign in part)
    return shown, error.end


def _escape_any(sign: str) -> str:
    found = re.match(r"(?s).", sign)
    assert found is not None
    return _escape(found)


codecs.register_error(ERRORS, _replace_unencodable)
