"""What `dev.py add` writes is a skeleton: every TODO in it says what is to be written, and none may be left."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.support.template import ROOT

FOLDERS = ("catalogue", "migrations", "questions", "src/pyo3_kit/audit/rules", "tests/audit/rules", "tests/questions")
TODO = re.compile(r"TODO:? ?(?P<what>[^\"'\n]*)")


def left() -> Iterator[str]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".rs", ".toml", ".yml"):
                for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
                    if found := TODO.search(line):
                        yield f"{path.relative_to(ROOT).as_posix()}:{number}: {found['what']}"


def test_no_skeleton_is_left_unwritten() -> None:
    todo = "\n".join(left())
    assert not todo, f"Write what these lines ask for, then run `python dev.py docs`:\n{todo}"
