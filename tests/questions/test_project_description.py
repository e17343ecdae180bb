from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.questions.reading import metadata, recorded, text, toml

PLAIN = "Reads mail headers."
FOREIGN = 'Zählt "Wörter" — 数える {{ 7 * 7 }} \\ 🦀'


def test_it_describes_package_and_crate_and_opens_the_readme(render: Callable[..., Path]) -> None:
    project = render(project_description=PLAIN)
    assert metadata(project)["description"] == PLAIN
    assert toml(project, "Cargo.toml")["package"]["description"] == PLAIN
    assert f"\n\n{PLAIN}\n\n" in text(project, "README.md")


def test_it_is_text_in_any_language(render: Callable[..., Path]) -> None:
    project = render(project_description=FOREIGN)
    assert metadata(project)["description"] == FOREIGN
    assert toml(project, "Cargo.toml")["package"]["description"] == FOREIGN
    assert recorded(project)["project_description"] == FOREIGN


def test_it_has_a_default(render: Callable[..., Path]) -> None:
    assert metadata(render())["description"] == "A Python library written in Rust."


@pytest.mark.parametrize(
    ("description", "reason"),
    [
        ("", "Say in one sentence"),
        ("x" * 301, "Keep it to 300 characters"),
        (" a library", "Remove the space at the beginning or end"),
        ("two\nlines", "Control and invisible characters"),
        ("a\ttab", "Control and invisible characters"),
        ("delete\x7f", "Control and invisible characters"),
        ("next line\x85.", "Control and invisible characters"),
        ("line separator\u2028.", "Control and invisible characters"),
        # Text that is shown in another order than it is read (CVE-2021-42574).
        ("right to left \u202etfel", "Control and invisible characters"),
        ("no width\u200b.", "Control and invisible characters"),
        ("byte order\ufeff.", "Control and invisible characters"),
    ],
)
def test_what_is_not_one_visible_line_is_refused(refusal: Callable[..., str], description: str, reason: str) -> None:
    assert reason in refusal(project_description=description)
