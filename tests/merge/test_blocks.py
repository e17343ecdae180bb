"""INI files, Makefiles, justfiles and environment files: blocks by name, and what comes twice is a conflict."""

from __future__ import annotations

import configparser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyo3_kit.merge.blocks import merge
from pyo3_kit.merge.content import merge_content
from pyo3_kit.merge.model import Labels

SETUP = "[options]\npackages = find:\ninstall_requires =\n    attrs\n    click\n\n[flake8]\nmax-line-length = 88\n"
MAKE = ".PHONY: test lint\n\nPYTHON ?= python3\n\n# Run the tests.\ntest:\n\tpytest\n\nlint:\n\truff check\n"
JUST = 'set shell := ["bash", "-c"]\n\n# Run the tests.\ntest *args:\n    pytest {{ args }}\n\nlint:\n    ruff check\n'
NEEDS = "pytest==8.0\nmaturin==1.8\n# Linters\nruff==0.5\n"
ENV = "# The port.\nPORT=80\nHOST=localhost\nLAST=1\n"


def merged(path: str, base: str, ours: str, theirs: str) -> str | None:
    """The merged text; None for a conflict."""
    result = merge_content(path, base.encode(), ours.encode(), theirs.encode(), Labels())
    return None if result.conflicts else result.content.decode()


@pytest.mark.parametrize(
    ("path", "base", "ours", "theirs", "expected"),
    [
        pytest.param(
            "setup.cfg",
            SETUP,
            SETUP.replace("find:\n", "find:\nzip_safe = no\n") + "\n[mine]\na = 1\n",
            SETUP.replace("find:\n", "find:\npython_requires = >=3.10\n").replace("88", "100"),
            SETUP.replace("find:\n", "find:\npython_requires = >=3.10\nzip_safe = no\n").replace("88", "100")
            + "\n[mine]\na = 1\n",
            id="options at one place",
        ),
        pytest.param(
            "tox.ini",
            "[tox]\nenvlist = a\n",
            "[tox]\nenvlist = a\n\n[mine]\nx = 1\n",
            "[tox]\nenvlist = a\n\n[theirs]\ny = 1\n",
            "[tox]\nenvlist = a\n\n[theirs]\ny = 1\n\n[mine]\nx = 1\n",
            id="sections at one place",
        ),
        pytest.param(
            ".env",
            ENV,
            ENV.replace("80", "8080").replace("HOST", "MINE=1\nHOST"),
            ENV.replace("The port", "Where it listens").replace("HOST", "LEVEL=info\nHOST"),
            ENV.replace("The port", "Where it listens").replace("80\n", "8080\nLEVEL=info\nMINE=1\n"),
            id="a comment above a value",
        ),
        pytest.param(
            "requirements-dev.txt",
            NEEDS,
            NEEDS.replace("8.0\n", "8.0\npytest-xdist\n").replace("0.5", "0.6") + "mypy\n",
            NEEDS.replace("8.0", "8.2").replace("1.8", "1.12").replace("0.5", "0.9"),
            "pytest==8.2\npytest-xdist\nmaturin==1.12\n# Linters\nruff==0.9\nmypy\n",
            id="requirements raised beside new ones",
        ),
        pytest.param(
            "requirements.in",
            "-r base.txt\nMy_Lib[a]>=1\n",
            "-r base.txt\nMy_Lib[a]>=1,<3 ; python_version > '3.10'\n",
            "-c pins.txt\n-r base.txt\nMy_Lib[a]>=2\n",
            "-c pins.txt\n-r base.txt\nMy_Lib[a]>=2,<3 ; python_version > '3.10'\n",
            id="a bound of both",
        ),
        pytest.param(
            "constraints.txt",
            NEEDS,
            NEEDS.replace("ruff==0.5", "ruff @ file:///mine"),
            NEEDS.replace("ruff==0.5", "ruff==0.9"),
            None,
            id="a requirement from elsewhere",
        ),
        pytest.param(
            "Makefile",
            MAKE,
            MAKE.replace("lint:\n", "mine:\n\techo\n\nlint:\n"),
            MAKE.replace("lint:\n", "docs:\n\tsphinx-build\n\nlint:\n"),
            MAKE.replace("lint:\n", "docs:\n\tsphinx-build\n\nmine:\n\techo\n\nlint:\n"),
            id="targets at one place",
        ),
        pytest.param(
            "justfile",
            JUST,
            JUST.replace("ruff check\n", "ruff check --fix\n") + "\nmine:\n    echo\n",
            JUST + "\ndocs:\n    sphinx-build\n",
            JUST.replace("ruff check\n", "ruff check --fix\n") + "\ndocs:\n    sphinx-build\n\nmine:\n    echo\n",
            id="recipes at the end",
        ),
        pytest.param(
            ".env.example",
            ENV,
            ENV.replace("PORT=80\n", "PORT=80\nMINE=1\n"),
            ENV.replace("PORT=80\n", "PORT=80\nDEBUG=0\n"),
            ENV.replace("PORT=80\n", "PORT=80\nDEBUG=0\nMINE=1\n"),
            id="variables at one place",
        ),
        pytest.param(
            ".env",
            ENV,
            ENV.replace("80", "8080"),
            ENV.replace("localhost", "example.org"),
            ENV.replace("80", "8080").replace("localhost", "example.org"),
            id="values side by side",
        ),
    ],
)
def test_what_does_not_touch_is_merged(path: str, base: str, ours: str, theirs: str, expected: str) -> None:
    assert merged(path, base, ours, theirs) == expected


@pytest.mark.parametrize(
    ("path", "base", "ours", "theirs"),
    [
        pytest.param(
            "setup.cfg",
            SETUP,
            SETUP + "\n[mypy]\nstrict = no\n",
            SETUP.replace("[flake8]", "[mypy]\nstrict = yes\n\n[flake8]"),
            id="a section with other values",
        ),
        pytest.param(
            "setup.cfg", SETUP, SETUP.replace("88", "90"), SETUP.replace("88", "100"), id="another value on both sides"
        ),
        pytest.param(
            "Makefile",
            MAKE,
            MAKE + "\ndocs:\n\tmkdocs build\n",
            MAKE.replace("lint:\n", "docs:\n\tsphinx-build\n\nlint:\n"),
            id="a target of both",
        ),
        pytest.param(
            ".env", ENV, ENV + "DEBUG=1\n", ENV.replace("HOST", "DEBUG=0\nHOST"), id="a variable with other values"
        ),
        pytest.param(
            "justfile",
            JUST,
            JUST + "\ndocs:\n    mkdocs build\n",
            JUST.replace("lint:\n", "docs:\n    sphinx-build\n\nlint:\n"),
            id="a recipe of both",
        ),
    ],
)
def test_what_would_be_there_twice_is_a_conflict(path: str, base: str, ours: str, theirs: str) -> None:
    assert merged(path, base, ours, theirs) is None


def test_what_both_added_alike_is_there_once() -> None:
    added = SETUP + "\n[mypy]\nstrict = yes\n"
    theirs = SETUP.replace("[flake8]", "[mypy]\nstrict = yes\n\n[flake8]")
    assert merged("setup.cfg", SETUP, added, theirs) == added


def test_a_section_that_both_added_is_merged_by_option() -> None:
    ours = SETUP + "\n[mypy]\nstrict = yes\nmine = 1\n"
    theirs = SETUP.replace("[flake8]", "[mypy]\nstrict = yes\nfiles = src\n\n[flake8]")
    assert merged("setup.cfg", SETUP, ours, theirs) == SETUP + "\n[mypy]\nstrict = yes\nfiles = src\nmine = 1\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("<a>\n  <b/>\n</a>\n", "<a>\n  <b/>\n  <c/>\n</a>\n", "<a>\n  <b/>\n</a>\n<!-- end -->\n"),
    ],
)
def test_xml_that_parses_is_merged_by_lines(base: str, ours: str, theirs: str) -> None:
    text = merged("project.xml", base, ours, theirs)
    assert text == "<a>\n  <b/>\n  <c/>\n</a>\n<!-- end -->\n"


def test_xml_that_would_not_parse_is_a_conflict() -> None:
    base = "<a>\n<b>\n1\n2\n3\n</b>\n</a>\n"
    ours = base.replace("<b>", "<c>").replace("</b>", "</c>")
    theirs = base.replace("2\n", "2\n</b>\n<b>\n")
    assert merged("project.xml", base, ours, theirs) is None


NAMES = st.sampled_from(["alpha", "beta", "gamma", "delta"])
OPTIONS = st.dictionaries(NAMES, st.sampled_from(["1", "2", "\n    x\n    y"]), max_size=4)
SECTIONS = st.dictionaries(NAMES, OPTIONS, max_size=4)


def written(sections: dict[str, dict[str, str]]) -> str:
    return "\n".join(
        f"[{name}]\n" + "".join(f"{k} = {v}\n" for k, v in each.items()) for name, each in sections.items()
    )


def read(text: str) -> dict[str, dict[str, str]]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return {name: dict(parser[name]) for name in parser.sections()}


@settings(max_examples=200, deadline=None)
@given(base=SECTIONS, ours=SECTIONS, theirs=SECTIONS)
def test_a_merge_is_that_of_the_options(
    base: dict[str, dict[str, str]], ours: dict[str, dict[str, str]], theirs: dict[str, dict[str, str]]
) -> None:
    result = merge("setup.cfg", written(base), written(ours), written(theirs), Labels())
    if result is None:
        return
    found = read(result.text)
    sides = [
        {(s, o): v for s, each in read(written(side)).items() for o, v in each.items()} for side in (base, ours, theirs)
    ]
    for key in {*sides[0], *sides[1], *sides[2]}:
        b, o, t = (side.get(key) for side in sides)
        expected = t if o == b else o
        assert found.get(key[0], {}).get(key[1]) == expected, key
