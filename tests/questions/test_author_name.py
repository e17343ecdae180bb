from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.questions.reading import metadata, text


@pytest.mark.parametrize("terms", ["MIT", "BSD-3-Clause", "proprietary"])
def test_it_stands_in_the_metadata_and_the_licence(render: Callable[..., Path], terms: str) -> None:
    project = render(author_name='Zoë "Z" O\'Brien', license=terms)
    assert metadata(project)["authors"] == [{"name": 'Zoë "Z" O\'Brien'}]
    assert 'Copyright (c) Zoë "Z" O\'Brien' in text(project, "LICENSE")


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
