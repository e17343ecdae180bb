"""Everything that users and developers read is in plain English: none of the words below.

The list grows with what reviews find. `CONTRIBUTING.md` ("How we write") says what to write instead.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.support.template import ROOT

AREAS = (
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "action.yml",
    "copier.yml",
    "default.json",
    "dev.py",
    "hatch_build.py",
    ".pre-commit-hooks.yaml",
    ".github",
    ".ci",
    "benchmarks",
    "catalogue",
    "docs",
    "extensions",
    "gitlab",
    "migrations",
    "questions",
    "scripts",
    "src",
    "template",
)

# Code that migrations are tested on, pictures, and licenses.
SKIPPED = re.compile(r"^migrations/[^/]+/(?:before|after)/|^extensions/licenses/|\.(?:png|svg)$")

# Each pattern with what to write instead. A pattern matches whole words, in any case unless it says otherwise.
WORDS = {
    r"mend(?:s|ed|ing|able)?": "fix",
    r"gainsa(?:y|ys|id|ying)": "contradict",
    # "no longer" and "there is no …" are plain.
    r"(?<!here )(?:is|are|was|were|be) (?-i:no)(?! (?:longer|more than|less than|fewer than)\b)": "is not a …",
    r"(?-i:(?:is|are) none)(?= of)": "is not …",
    r"a person": "you, by hand, manual",
    r"parted by": "separated by",
    r"for want of": "without, missing",
    r"ever after": "again",
    # Tools tell things apart, and that is plain; a tool never tells the user.
    r"(?:tells?|told|telling)(?! (?:them |the two |us )?apart| the compiler)": "report, show, list, infer",
    r"(?:stands?|stood|standing)": "is, is at, appears",
    r"(?:go|goes|going|went) on(?! the\b)": "continue",
    r"(?:the )?(?:one|template) below": "the base template",
    r"as far as it": "if it, the part that",
    r"aside(?! from)": "in a temporary directory",
    r"of old times": "old, deprecated",
    r"knows? no": "does not know",
    r"(?:is|are|does|do|has|have|needs?|found|works?) no more(?! than)": "no longer",
    r"(?:lie|lies) (?:in|below|beside|on|at|there|outside|inside)": "is in",
    r"came to be": "was created",
    r"(?:an?|one) (?:row|line|entry|file|command|rule|folder|commit|heading|process) an? \w+": "one … per …",
    r"(?:speaks?|spoke|spoken) of": "mention, apply to",
    r"(?:says?|said) nothing of": "does not set, does not mention",
    r"heed(?:s|ed)?": "follow",
    r"unasked": "by default",
    r"without a word": "silently",
    r"needs no look": "needs no review",
    r"whosoever|thereof|hitherto|therein|thereupon": "a plain word",
    r"belongs? into": "belongs in",
    r"(?:is|are|was|were|be) made anew": "is rebuilt, is recreated",
}
BANNED = {re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE): instead for pattern, instead in WORDS.items()}
ANY = re.compile(rf"\b(?:{'|'.join(WORDS)})\b", re.IGNORECASE)


def files() -> Iterator[str]:
    """The tracked files that are read."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *AREAS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for path in listed.stdout.split("\0")[:-1]:
        if not SKIPPED.search(path) and (ROOT / path).is_file():
            yield path


def text_of(path: str) -> str:
    text = (ROOT / path).read_text(encoding="utf-8")
    if path == "CHANGELOG.md":
        # What was released is history.
        return text.partition("\n## Unreleased\n")[2].partition("\n## ")[0]
    if path == "CONTRIBUTING.md":
        # This section quotes the words.
        return text.partition("\n## How we write\n")[0]
    return text


def findings(text: str) -> Iterator[tuple[int, str, str]]:
    """Each banned word: its line, the word, and what to write instead."""
    if not ANY.search(text):
        return
    for pattern, instead in BANNED.items():
        for match in pattern.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, match[0], instead


def test_texts_are_in_plain_english() -> None:
    found = [
        f"{path}:{line}: {word!r}: write {instead}"
        for path in files()
        for line, word, instead in findings(text_of(path))
    ]
    assert not found, f"{len(found)} banned words (see CONTRIBUTING.md, How we write):\n" + "\n".join(found[:100])


def test_areas_exist() -> None:
    gone = [area for area in AREAS if not (ROOT / area).exists()]
    assert not gone, f"remove from {__name__}: {', '.join(gone)}"


@pytest.mark.parametrize(
    "text",
    [
        "Mend what is safe to mend",
        "it is no YAML",
        "left for a person",
        "parted by spaces",
        "a file is told in one line",
        "conflicts stand in the report",
        "the run goes on",
        "a row a repository",
    ],
)
def test_the_list_finds(text: str) -> None:
    assert list(findings(text))


@pytest.mark.parametrize(
    "text",
    [
        "it is no longer needed",
        "There is no preset `x`",
        "the type tells them apart",
        "a recommendation, amended",
        "standards, understand, standalone",
        "the tag goes on the commit",
    ],
)
def test_the_list_allows(text: str) -> None:
    assert not list(findings(text))
