"""Changes that touch each other: which go together, and which stay a conflict."""

from __future__ import annotations

import pytest

from pyo3_kit.merge.content import merge_content
from pyo3_kit.merge.model import Labels

RUST = 'fn main() {\n    one("a");\n    two("b");\n}\n'
PYTHON = "def main():\n    one('a')\n    two('b')\n"
RUST_TAIL = "fn main() -> usize {\n    one();\n    a.len()\n}\n"
PYTHON_TAIL = "def main():\n    one()\n    return a\n"
CHAIN = "fn main() {\n    a.b()\n        .one()\n        .c();\n}\n"
RUST_LOOP = "fn main() {\n    for x in a {\n        f(x);\n    }\n}\n"
PYTHON_LOOP = "def main():\n    for x in a:\n        f(x)\n"
TOX = "[tox]\nenv_list = py310, py311, lint\n"
PHONY = ".PHONY: build test lint\n\nbuild:\n\tmake\n"
XML = '<Project>\n  <ItemGroup>\n    <P Include="a" Version="1.0" />\n  </ItemGroup>\n</Project>\n'


def merged(path: str, base: str, ours: str, theirs: str) -> str | None:
    result = merge_content(path, base.encode(), ours.encode(), theirs.encode(), Labels())
    return None if result.conflicts else result.content.decode()


@pytest.mark.parametrize(
    ("path", "base", "ours", "theirs", "expected"),
    [
        ("a.rs", RUST, ('two("b");', 'two("b");\n    mine();'), ('two("b")', 'two("c")'), ('"b"', '"c"')),
        ("a.rs", RUST, ('one("a");', 'mine();\n    one("a");'), ('one("a")', 'one("c")'), ('"a"', '"c"')),
        ("a.rs", RUST, ('one("a")', 'one("x")'), ('two("b")', 'two("c")'), ('"b"', '"c"')),
        ("a.py", PYTHON, ("two('b')", "two('b')\n    mine()"), ("two('b')", "two('c')"), ("'b'", "'c'")),
        ("a.rs", RUST_TAIL, ("    a.len()", "    mine();\n    a.len()"), ("a.len()", "a.count()"), ("len", "count")),
        ("a.py", PYTHON_TAIL, ("    return a", "    mine()\n    return a"), ("return a", "return b"), ("n a", "n b")),
        ("tox.ini", TOX, ("lint", "lint, mine"), ("py311, ", "py311, py312, "), ("py311, ", "py311, py312, ")),
        ("tox.ini", TOX, ("lint", "lint, mine"), ("py310, ", ""), ("py310, ", "")),
        ("Makefile", PHONY, ("lint", "lint mine"), ("lint", "docs lint"), ("lint", "docs lint")),
    ],
)
def test_what_goes_together(
    path: str, base: str, ours: tuple[str, str], theirs: tuple[str, str], expected: tuple[str, str]
) -> None:
    mine = base.replace(*ours)
    assert merged(path, base, mine, base.replace(*theirs)) == mine.replace(*expected)
    # The other way round the same comes out, but for the order of what both added.
    other = merged(path, base, base.replace(*theirs), mine)
    assert other is not None
    assert sorted(other.split()) == sorted(mine.replace(*expected).split())


@pytest.mark.parametrize(
    ("path", "base", "ours", "theirs"),
    [
        # Both at one place, where the order means something.
        ("a.rs", RUST, ('two("b");', 'two("b");\n    mine();'), ('two("b");', 'two("b");\n    other();')),
        ("a.py", PYTHON, ("two('b')", "two('b')\n    mine()"), ("two('b')", "two('b')\n    other()")),
        # What was added may need what was removed.
        ("a.rs", RUST, ('two("b");', 'two("b");\n    mine();'), ('    two("b");\n', "")),
        # A chain, whose lines mean something together.
        ("a.rs", CHAIN, ("        .one()", "        .mine()\n        .one()"), ("one()", "two()")),
        # A line that only means something with its neighbour.
        ("a.rs", RUST_LOOP, ("for x in", "for y in"), ("f(x)", "g(x)")),
        ("a.py", PYTHON_LOOP, ("for x in", "for y in"), ("f(x)", "g(x)")),
        # One item in the place of another, on both sides.
        ("tox.ini", TOX, ("lint", "style"), ("lint", "check")),
        ("Makefile", PHONY, ("lint", "style"), ("lint", "check")),
        # The same element, with different values.
        (
            "a.csproj",
            XML,
            (" />\n", ' />\n    <P Include="b" Version="1.0" />\n'),
            (" />\n", ' />\n    <P Include="b" Version="2.0" />\n'),
        ),
    ],
)
def test_what_stays_a_conflict(path: str, base: str, ours: tuple[str, str], theirs: tuple[str, str]) -> None:
    assert merged(path, base, base.replace(*ours), base.replace(*theirs)) is None


def test_elements_that_both_add() -> None:
    mine = XML.replace(" />\n", ' />\n    <P Include="b" Version="1.0" />\n')
    yours = XML.replace(" />\n", ' />\n    <P Include="c" Version="1.0" />\n')
    assert merged("a.csproj", XML, mine, yours) == yours.replace(
        "  </ItemGroup>", '    <P Include="b" Version="1.0" />\n  </ItemGroup>'
    )


def test_an_element_changed_beside_a_new_one() -> None:
    base = XML.replace("  </ItemGroup>", '    <P Include="b" Version="1.0" />\n  </ItemGroup>')
    new = '    <P Include="c" Version="1.0" />\n  </ItemGroup>'
    mine = base.replace('"b" Version="1.0"', '"b" Version="3.0"').replace("  </ItemGroup>", new)
    theirs = base.replace('"a" Version="1.0"', '"a" Version="5.0"')
    assert merged("a.csproj", base, mine, theirs) == mine.replace('"a" Version="1.0"', '"a" Version="5.0"')
