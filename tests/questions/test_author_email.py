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
