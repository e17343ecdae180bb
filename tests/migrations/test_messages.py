"""Texts of errors in Python tests: changed as a whole, or reported."""

from __future__ import annotations

import pytest

from pyo3_kit.codemods import Context, code_migrations
from pyo3_kit.merge.model import File
from tests.migrations.support import SHIPPED


def migrated(text: str, before: str = "0.26") -> tuple[str, set[int]]:
    """A test after the migrations to 0.30, and the reported lines."""
    files = {"tests/test_x.py": File(text.encode())}
    after, applied = code_migrations(SHIPPED, files, Context(None, {"pyo3": before}), Context(None, {"pyo3": "0.30"}))
    return after["tests/test_x.py"].content.decode(), {place.line for one in applied for place in one.review}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("argument 'a': 'str' object cannot be converted to 'PyTuple'", "'str' object is not an instance of 'tuple'"),
        ("'int' object cannot be converted to 'PyString'", "'int' object is not an instance of 'str'"),
        (
            "argument 'a': 'str' object cannot be interpreted as an integer",
            "'str' object cannot be interpreted as an integer",
        ),
        ("^'int' object cannot be converted to 'Point'$", "^'int' object is not an instance of 'Point'$"),
    ],
)
def test_a_whole_text(before: str, after: str) -> None:
    code = 'with pytest.raises(TypeError, match="%s"):\n    f()\n'
    assert migrated(code % before) == (code % after, set())


@pytest.mark.parametrize(
    "match",
    [
        # Several pieces.
        """"argument 'a': " "'int' object cannot be converted to 'PyString'\"""",
        """"argument 'a': 'int' object " "cannot be converted to 'PyString'\"""",
        """("argument 'a': 'int' object" " is missing")""",
        """"argument 'a': " + KIND""",
        """f"argument 'a': '{KIND}' object\"""",
        """f"argument '{NAME}': 'int' object\"""",
        """"argument '%s': 'int' object" % name""",
        """re.escape("argument 'a': 'int' object")""",
        # Several texts, and texts that contain another.
        """"argument 'a': 'int' object|argument 'b': 'int' object\"""",
        """"argument 'a': .* cannot be converted to 'PyString'\"""",
        """".*argument 'a': 'int' object\"""",
        # The type of None has another name, too.
        """"'NoneType' object cannot be converted to 'PyString'\"""",
        """"cannot be converted\"""",
    ],
)
def test_what_would_be_changed_by_half_is_reported(match: str) -> None:
    text = f"with pytest.raises(TypeError, match={match}):\n    f()\n"
    assert migrated(text) == (text, {1})


@pytest.mark.parametrize(
    "text",
    [
        """MESSAGE = "argument 'a': 'int' object"\n""",
        """@pytest.mark.parametrize("text", ["x", "argument 'a': 'int' object"])\ndef f(): ...\n""",
        """assert "'int' object cannot be converted to 'PyString'" in str(error)\n""",
    ],
)
def test_texts_elsewhere_are_reported(text: str) -> None:
    assert migrated(text) == (text, {1})


@pytest.mark.parametrize(
    "text",
    [
        """raise TypeError("argument 'a': 'int' object cannot be converted to 'PyString'")\n""",
        """def f():\n    \"\"\"Says argument 'a': x.\"\"\"\n""",
        """match = "missing 1 required positional argument: 'a'"\n""",
        """with pytest.raises(TypeError, match="unexpected keyword argument 'a'"):\n    f()\n""",
        """with pytest.raises(ValueError, match="cannot be converted"):\n    f()\n""",
    ],
)
def test_messages_of_the_project_and_of_python_are_left(text: str) -> None:
    assert migrated(text) == (text, set())


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("""assert_eq!(e.to_string(), "TypeError: 'int' object cannot be converted to 'PyString'");""", {2}),
        ("""assert!(text.contains("argument 'a': 'int' object"), "{text}");""", {2}),
        (
            """return Err(PyTypeError::new_err("argument 'a': 'int' object cannot be converted to 'PyString'"));""",
            set(),
        ),
    ],
)
def test_texts_in_rust(code: str, lines: set[int]) -> None:
    text = f"fn f() {{\n    {code}\n}}\n"
    files = {"src/lib.rs": File(text.encode())}
    after, applied = code_migrations(SHIPPED, files, Context(None, {"pyo3": "0.26"}), Context(None, {"pyo3": "0.30"}))
    assert after == files
    assert {place.line for one in applied for place in one.review} == lines


def test_a_new_message_is_left() -> None:
    text = """with pytest.raises(TypeError, match="'int' object is not an instance of 'str'"):\n    f()\n"""
    assert migrated(text, "0.28") == (text, set())
