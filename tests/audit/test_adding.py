"""Keys that are added to TOML: where they go."""

from __future__ import annotations

import pytest

from pyo3_kit.audit.adding import addition
from pyo3_kit.audit.fixing import fix_text
from pyo3_kit.audit.manifests import TomlFile
from pyo3_kit.audit.model import Finding
from pyo3_kit.texts.edits import Span
from pyo3_kit.texts.toml import parse_toml

LIB = ("lib",)
RELEASE = ("profile", "release")


def added(text: str, path: tuple[str, ...], keys: dict[str, str] | None = None) -> str | None:
    """The text with the keys in it; None when there is no fix."""
    fix = addition(TomlFile("Cargo.toml", text, parse_toml(text)), path, keys or {"x": "1"})
    if fix is None:
        return None
    fixed = fix_text("Cargo.toml", text, [Finding("PYO122", "Cargo.toml", Span(0, 1), "m", "h", fix=fix)])
    assert fixed.left == []
    return fixed.text


@pytest.mark.parametrize(
    ("before", "path", "after"),
    [
        (
            '[lib]\nname = "a"\n\n# ---- deps ----\n[dependencies]\n',
            LIB,
            '[lib]\nname = "a"\nx = 1\n\n# ---- deps ----\n[dependencies]\n',
        ),
        ("[lib] # é\n\n# next\n[a]\n", LIB, "[lib] # é\nx = 1\n\n# next\n[a]\n"),
        ("[lib]\ny = 1 # é\n# next\n[a]\n", LIB, "[lib]\ny = 1 # é\nx = 1\n# next\n[a]\n"),
        ("[lib]\n  y = [\n    1,\n  ]\n[a]\n", LIB, "[lib]\n  y = [\n    1,\n  ]\n  x = 1\n[a]\n"),
        ("[lib]\ny = 1", LIB, "[lib]\ny = 1\nx = 1\n"),
        ("[lib]", LIB, "[lib]\nx = 1\n"),
        ("[lib]\r\ny = 1\r\n\r\n# é\r\n[a]\r\n", LIB, "[lib]\r\ny = 1\r\nx = 1\r\n\r\n# é\r\n[a]\r\n"),
        ("lib.y = 1 # é\n\n[a]\n", LIB, "lib.y = 1 # é\nlib.x = 1\n\n[a]\n"),
        ("lib = { y = 1 }\n", LIB, "lib = { y = 1, x = 1 }\n"),
        ("lib = {y = 1} # é\n", LIB, "lib = {y = 1, x = 1} # é\n"),
        ("lib = {}\n", LIB, "lib = { x = 1 }\n"),
        ("lib = { }\n", LIB, "lib = { x = 1 }\n"),
        ("[profile]\nrelease.y = 1\ndev.y = 1\n", RELEASE, "[profile]\nrelease.y = 1\nrelease.x = 1\ndev.y = 1\n"),
        ("[profile]\nrelease = { y = 1 }\n", RELEASE, "[profile]\nrelease = { y = 1, x = 1 }\n"),
        (
            "[profile.release]\ny = 1\n[profile.release.package.p]\ny = 1\n",
            RELEASE,
            "[profile.release]\ny = 1\nx = 1\n[profile.release.package.p]\ny = 1\n",
        ),
        ("a = 1\n", LIB, "a = 1\n\n[lib]\nx = 1\n"),
        ("[a]\ny = 1\n\n# more\n\n", LIB, "[a]\ny = 1\n\n# more\n\n[lib]\nx = 1\n"),
        ("a = 1", LIB, "a = 1\n\n[lib]\nx = 1\n"),
        ("a = 1\r\n", LIB, "a = 1\r\n\r\n[lib]\r\nx = 1\r\n"),
        ("", LIB, "[lib]\nx = 1\n"),
        (
            "[profile.dev]\ny = 1\n\n# ---- deps ----\n[dependencies]\n",
            RELEASE,
            "[profile.dev]\ny = 1\n\n[profile.release]\nx = 1\n\n# ---- deps ----\n[dependencies]\n",
        ),
        ("[profile]\n", RELEASE, "[profile]\n\n[profile.release]\nx = 1\n"),
        (
            "[profile.release.package.p]\ny = 1\n",
            RELEASE,
            "[profile.release.package.p]\ny = 1\n\n[profile.release]\nx = 1\n",
        ),
    ],
)
def test_a_key_goes_behind_the_last_one_of_its_table(before: str, path: tuple[str, ...], after: str) -> None:
    assert added(before, path) == after


def test_several_go_in_together_and_keys_are_quoted_where_they_must() -> None:
    assert added("[a]\n", ("a",), {"x": '"é"', "y z": "[1]"}) == '[a]\nx = "é"\n"y z" = [1]\n'
    assert added("[a]\n", ("b", "c d")) == '[a]\n\n[b."c d"]\nx = 1\n'


@pytest.mark.parametrize("text", ["lib = 1\n", "[[lib]]\n", "profile = { dev = {} }\n", "profile.release = 1\n"])
def test_there_is_no_fix_where_the_table_is_written_in_another_way(text: str) -> None:
    assert added(text, RELEASE if "profile" in text else LIB) is None
