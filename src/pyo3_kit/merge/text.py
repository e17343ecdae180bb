"""A file's bytes as a text to merge, and back: encodings, byte order marks, line endings.

A merge sees texts with LF line endings, no byte order mark and a line feed at the end. What the user's file had of
these is put back afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pyo3_kit.merge.lines import split
from pyo3_kit.merge.matching import pairs

_BOM = b"\xef\xbb\xbf"
_LOOKED_AT = 8000
"""How many bytes are searched for a NUL, which makes a file binary, as in Git."""


Encoding = Literal["utf-8", "latin-1"]


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text, with LF line endings and a line feed at its end, and its form on the disk."""

    text: str
    bom: bool
    endings: tuple[str, ...]
    ended: bool
    """Whether the file's last line had an ending."""


def is_binary(content: bytes) -> bool:
    """Whether the content is binary."""
    return b"\0" in content[:_LOOKED_AT]


def encoding_of(contents: Iterable[bytes]) -> Encoding:
    """UTF-8 if all contents are that; else Latin-1, in which every byte is a character, so that nothing is lost."""
    try:
        for content in contents:
            content.decode()
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def read(content: bytes, encoding: Encoding = "utf-8") -> Text:
    """The text in `content`."""
    bom = content.startswith(_BOM)
    raw = content.removeprefix(_BOM).decode(encoding)
    lines = split(raw)
    ended = raw.endswith("\n") or not raw
    endings = ["\r\n" if line.endswith("\r\n") else "\n" for line in lines]
    text = "".join(f"{line.removesuffix(ending)}\n" for line, ending in zip(lines, endings, strict=True))
    if not ended and len(lines) > 1:
        # Should something follow it, the last line ends like the one before.
        endings[-1] = endings[-2]
    return Text(text, bom, tuple(endings), ended)


def same(one: bytes, other: bytes) -> bool:
    """Whether two contents are the same text, however their lines end."""
    if one == other:
        return True
    if is_binary(one) or is_binary(other):
        return False
    return plain(one) == plain(other)


def plain(content: bytes) -> bytes:
    """The content with LF line endings and no byte order mark."""
    return content.removeprefix(_BOM).replace(b"\r\n", b"\n")


def write(text: str, encoding: Encoding, base: Text | None, ours: Text, theirs: Text) -> bytes:
    """The bytes of a merged `text` in the manner of `ours`.

    A line that was there keeps its ending, others get the usual one. Whether the last line has an ending is merged like
    a value: the template decides where the user has not.
    """
    like = ours if ours.endings else theirs
    lines = split(text)
    usual = Counter(like.endings).most_common(1)[0][0] if like.endings else "\n"
    endings = [usual] * len(lines)
    if len(set(like.endings)) > 1:
        for i, j in pairs(split(like.text), lines):
            endings[j] = like.endings[i]
    ended = theirs.ended if base is not None and ours.ended == base.ended else ours.ended
    if lines and not ended:
        endings[-1] = ""
    written = "".join(line.removesuffix("\n") + end for line, end in zip(lines, endings, strict=True))
    return (_BOM if ours.bom else b"") + written.encode(encoding)
