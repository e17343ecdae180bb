from __future__ import annotations

from collections.abc import Callable
from email.utils import getaddresses
from pathlib import Path

import pytest

from tests.questions.reading import metadata, text


@pytest.mark.parametrize("terms", ["MIT", "BSD-3-Clause", "proprietary"])
def test_it_stands_in_the_metadata_and_the_licence(render: Callable[..., Path], terms: str) -> None:
    project = render(author_name="Zoë (Z.) O'Brien & co", license=terms)
    assert metadata(project)["authors"] == [{"name": "Zoë (Z.) O'Brien & co"}]
    assert "Copyright (c) Zoë (Z.) O'Brien & co" in text(project, "LICENSE")


def test_it_may_stay_empty(render: Callable[..., Path]) -> None:
    project = render()
    assert "authors" not in metadata(project)
    assert "Copyright (c) the my-lib authors\n" in text(project, "LICENSE-MIT")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("x" * 201, "Keep it to 200 characters"),
        ("Ada\nPermission is granted", "Control and invisible characters"),
        (" ", "Remove the space"),
    ],
)
def test_what_is_not_one_visible_line_is_refused(refusal: Callable[..., str], name: str, reason: str) -> None:
    assert reason in refusal(author_name=name)


@pytest.mark.parametrize(
    "name", ["Zoë O'Brien", "Ada (ACME)", "Ada (A) (B)", "J. R. R. Tolkien", "A & B", "日本 太郎", "a/b|c*d#e%f!"]
)
def test_a_plain_name_and_the_address_are_one_author(render: Callable[..., Path], name: str) -> None:
    authors = metadata(render(author_name=name, author_email="a@example.org"))["authors"]
    assert authors == [{"name": name, "email": "a@example.org"}]
    # maturin writes the two into the header as they are.
    assert [address for _, address in getaddresses([f"{name} <a@example.org>"])] == ["a@example.org"]


@pytest.mark.parametrize(
    "name",
    [
        *("ACME, Inc.", 'Ada "Countess" Lovelace', "<nobody>", "a@b", "x: y; z", "[x] \\"),
        # A comment that is not closed takes the address into itself.
        *("Ada (", "Ada )", "Ada ((ACME)", "Ada (A) (", ")("),
    ],
)
def test_a_name_that_would_end_the_header_has_an_entry_of_its_own(render: Callable[..., Path], name: str) -> None:
    project = render(author_name=name, author_email="a@example.org")
    assert metadata(project)["authors"] == [{"name": name}, {"email": "a@example.org"}]
    assert metadata(render(author_name=name))["authors"] == [{"name": name}]
