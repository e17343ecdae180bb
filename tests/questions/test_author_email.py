from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.questions.reading import metadata


def test_it_stands_beside_the_author(render: Callable[..., Path]) -> None:
    project = render(author_name="Ada Lovelace", author_email="ada+rust@example.org")
    assert metadata(project)["authors"] == [{"name": "Ada Lovelace", "email": "ada+rust@example.org"}]


def test_it_stands_alone(render: Callable[..., Path]) -> None:
    assert metadata(render(author_email="ada@example.org"))["authors"] == [{"email": "ada@example.org"}]


def test_it_may_stay_empty(render: Callable[..., Path]) -> None:
    assert "authors" not in metadata(render())


@pytest.mark.parametrize(
    "address",
    ["ada", "ada@", "ada@example", "Ada <ada@example.org>", 'a"b@example.org', "ada@example.org\n", "ä@example.org"],
)
def test_what_is_no_address_is_refused(refusal: Callable[..., str], address: str) -> None:
    assert "write it as `name@example.org`, or leave it empty" in refusal(author_email=address)


@pytest.mark.parametrize(
    "address",
    ["a" * 65 + "@example.org", "a@" + ".".join(["b" * 60] * 5) + ".org", "a@" + "b" * 255 + ".org"],
    ids=["before the @", "in all", "one label"],
)
def test_what_no_mail_server_takes_is_refused(refusal: Callable[..., str], address: str) -> None:
    assert "mail servers take 64 characters before the `@` and 254 in all" in refusal(author_email=address)


@pytest.mark.parametrize("address", ["a" * 64 + "@example.org", "a@" + ".".join(["b" * 60] * 4) + ".org"])
def test_what_mail_servers_just_take_is_accepted(render: Callable[..., Path], address: str) -> None:
    assert metadata(render(author_email=address))["authors"] == [{"email": address}]


@pytest.mark.parametrize(
    "address", [".a@b.org", "a.@b.org", "a..b@b.org", "a@-b.org", "a@b-.org", "a@" + "b" * 64 + ".org"]
)
def test_dots_and_hyphens_in_wrong_places_are_refused(refusal: Callable[..., str], address: str) -> None:
    assert "write it as `name@example.org`" in refusal(author_email=address)
