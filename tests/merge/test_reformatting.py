"""Lines that a formatter wrote anew take up what the other side changed in them."""

from __future__ import annotations

import pytest

from pyo3_kit.merge.kinds import Kind
from pyo3_kit.merge.reformatting import carried, quoted_alike

CASES: list[tuple[Kind, str, str, str, str]] = [
    ("python", "f('a', b)\n", 'f(\n    "a",\n    b,\n)\n', "f('a', c)\n", 'f(\n    "a",\n    c,\n)\n'),
    (
        "python",
        "assert f(a) == 1\n",
        "assert (\n    f(a) == 1\n)\n",
        "assert f(a) == 2\n",
        "assert (\n    f(a) == 2\n)\n",
    ),
    ("rust", "a.b().c();\n", "a\n    .b()\n    .c();\n", "a.b().d();\n", "a\n    .b()\n    .d();\n"),
    ("rust", "f(a, b);\n", "f(\n    a,\n    b,\n);\n", "f(a, c);\n", "f(\n    a,\n    c,\n);\n"),
    (
        "markdown",
        "One two\nthree four.\n",
        "One two three\nfour.\n",
        "One two\nthree five.\n",
        "One two three\nfive.\n",
    ),
    ("rust", "f(|| g(a));\n", "f(|| {\n    g(a)\n});\n", "f(|| g(b));\n", "f(|| {\n    g(b)\n});\n"),
    (
        "rust",
        "f(a: A<'_>, b: B<'_>);\n",
        "f(\n    a: A<'_>,\n    b: B<'_>,\n);\n",
        "f(a: A<'_>, c: B<'_>);\n",
        "f(\n    a: A<'_>,\n    c: B<'_>,\n);\n",
    ),
    ("markdown", "* one\n* two\n", "- one\n- two\n", "* one\n* 2\n", "- one\n- 2\n"),
]


@pytest.mark.parametrize(("kind", "base", "ours", "theirs", "expected"), CASES)
def test_a_change_is_carried_into_the_form(kind: Kind, base: str, ours: str, theirs: str, expected: str) -> None:
    assert carried(kind, base, ours, theirs) == expected


def test_what_cannot_be_carried_is_the_templates() -> None:
    theirs = "g(b, *rest)\n"
    assert carried("python", "f('a', b)\n", 'f(\n    "a",\n    b,\n)\n', theirs) in (theirs, "g(\n    b, *rest)\n")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x = 'a'\n", 'x = "a"\n'),
        ("x = 'say \"a\"'\n", "x = 'say \"a\"'\n"),
        ("x = \"it's\" + 'a'  # don't\n", 'x = "it\'s" + "a"  # don\'t\n'),
        ("x = '''It's.'''\n", 'x = """It\'s."""\n'),
        ("x = b'a' + r'\\d'\n", "x = b\"a\" + r'\\d'\n"),
    ],
)
def test_quotes_of_new_lines(line: str, expected: str) -> None:
    assert quoted_alike(line, ["y = 'b'\n"], ['y = "b"\n'])(line) == expected
