"""Addresses of Git repositories: taken apart, refused, and told from folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.git.remotes import Remote, is_remote, refuse_bad_address, split_ref
from tests.update.templates import git


@pytest.mark.parametrize(
    ("text", "address", "ref"),
    [
        ("gh:acme/kit", "gh:acme/kit", None),
        ("gh:acme/kit@v1.0.0", "gh:acme/kit", "v1.0.0"),
        ("git@github.com:acme/kit.git", "git@github.com:acme/kit.git", None),
        ("git@github.com:acme/kit.git@v1", "git@github.com:acme/kit.git", "v1"),
        ("ssh://git@host/kit", "ssh://git@host/kit", None),
        ("git+https://user@host/kit@abc1234", "git+https://user@host/kit", "abc1234"),
        ("../kit@main", "../kit", "main"),
        ("../kit", "../kit", None),
        ("@v1", "@v1", None),
        ("kit@", "kit@", None),
        (".@v1", ".", "v1"),
    ],
)
def test_split_ref(text: str, address: str, ref: str | None) -> None:
    assert split_ref(text) == (address, ref)


def test_a_folder_with_such_a_name(tmp_path: Path) -> None:
    (tmp_path / "kit@home").mkdir()
    assert split_ref(f"{tmp_path}/kit@home") == (f"{tmp_path}/kit@home", None)
    assert split_ref(f"{tmp_path}/kit@home@v1") == (f"{tmp_path}/kit@home", "v1")


@pytest.mark.parametrize("url", ["", " ", "-u", "--upload-pack=x", "ext::sh -c x", "fd::3"])
def test_refuse_bad_address(url: str) -> None:
    with pytest.raises(Refused, match="is not an address of presets"):
        refuse_bad_address(url, "presets")


def test_is_remote() -> None:
    assert all(map(is_remote, ("gh:a/b", "gl:a/b", "https://a/b", "git+ssh://a/b", "git@host:a/b", "file:///a")))
    assert not any(map(is_remote, (".", "../a", "/a/b", "a", "C:\\a")))


def test_a_repository_is_fetched_when_it_has_to_be_fresh(tmp_path: Path) -> None:
    root = tmp_path / "there"
    root.mkdir()
    git(root, "init", "-q")
    git(root, "commit", "-q", "--allow-empty", "-m", "One")
    remote = Remote(f"file://{root}")
    one = remote.open(fresh=True).commit_of("HEAD")
    git(root, "commit", "-q", "--allow-empty", "-m", "Two")
    assert remote.open(fresh=False).commit_of("HEAD") == one
    again = Remote(f"file://{root}")
    assert again.open(fresh=False).commit_of("HEAD") == one
    assert again.open(fresh=True).commit_of("HEAD") == git(root, "rev-parse", "HEAD")
