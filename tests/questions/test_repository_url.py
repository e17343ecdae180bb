from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.questions.reading import metadata, text, toml

URL = "https://github.com/ada/my-lib"
LINK = re.compile(r"\]\(([^)]*)\)")


def test_links_and_badges_follow_from_it(render: Callable[..., Path]) -> None:
    project = render(repository_url=URL)
    assert metadata(project)["urls"]["Repository"] == URL
    assert toml(project, "Cargo.toml")["package"]["repository"] == URL
    assert f"{URL}/actions/workflows/ci.yml/badge.svg" in text(project, "README.md")


def test_it_may_stay_empty(render: Callable[..., Path]) -> None:
    project = render()
    assert "urls" not in metadata(project)
    assert "repository" not in toml(project, "Cargo.toml")["package"]
    assert "badge.svg" not in text(project, "README.md")


@pytest.mark.parametrize(
    ("ci", "url", "files"),
    [
        ("github", URL, f"{URL}/blob/main/"),
        ("github", f"{URL}/", f"{URL}/blob/main/"),
        ("none", URL, f"{URL}/blob/main/"),
        ("gitlab", "https://gitlab.com/ada/my-lib", "https://gitlab.com/ada/my-lib/-/blob/main/"),
        ("none", "https://gitlab.com/ada/my-lib", "https://gitlab.com/ada/my-lib/-/blob/main/"),
        ("gitlab", "https://git.ada.org/my-lib", "https://git.ada.org/my-lib/-/blob/main/"),
        ("github", "https://github.ada.org/me/my-lib", "https://github.ada.org/me/my-lib/blob/main/"),
        # Other hosts have other addresses for a file.
        ("none", "https://codeberg.org/ada/my-lib", ""),
        ("github", "", ""),
    ],
)
def test_pypi_shows_the_readme_so_no_link_is_relative(
    render: Callable[..., Path], ci: str, url: str, files: str
) -> None:
    # Both licences, one, and none that PyPI would take.
    licence = {"github": "MIT OR Apache-2.0", "gitlab": "BSD-3-Clause", "none": "proprietary"}[ci]
    project = render(ci=ci, repository_url=url, license=licence)
    readme = text(project, "README.md")
    assert [link for link in LINK.findall(readme) if not link.startswith("https://")] == []
    for file in ("CONTRIBUTING.md", *(path.name for path in project.glob("LICENSE*"))):
        assert f"({files}{file})" in readme if files else f"`{file}`" in readme


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("github.com/ada/my-lib", "write the repository's web address as `https://host/owner/name`"),
        ("git@github.com:ada/my-lib.git", "`https://host/owner/name`"),
        ("http://example.org/ada/my-lib", "`https://host/owner/name`"),
        ("https://user:secret@example.org/ada/my-lib", "`https://host/owner/name`"),
        ("https://example.org/ada/my-lib?x=1", "`https://host/owner/name`"),
        ("https://example.org/a)[b", "`https://host/owner/name`"),
        (f"{URL}\n", "`https://host/owner/name`"),
        ("javascript:alert(1)", "`https://host/owner/name`"),
        (f"{URL}.git", "Leave out the `.git`"),
    ],
)
def test_what_is_no_web_address_is_refused(refusal: Callable[..., str], url: str, reason: str) -> None:
    assert reason.lower() in refusal(repository_url=url).lower()
