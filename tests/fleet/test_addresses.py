"""Which addresses of repositories are let through to Git."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyo3_kit.errors import Refused, without_secrets
from pyo3_kit.git.addresses import checked_address, checked_name, is_address, name_of


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://example.org/team/parser.git", "team/parser"),
        ("https://user:secret@example.org/team/parser", "team/parser"),
        ("ssh://git@example.org:2222/team/parser.git", "team/parser"),
        ("git@example.org:team/parser.git", "team/parser"),
        ("example.org:parser", "parser"),
        ("file:///srv/git/parser.git", "git/parser"),
        ("gh:team/parser", "team/parser"),
    ],
)
def test_what_is_an_address(address: str, name: str) -> None:
    assert is_address(address)
    assert name_of(checked_address(address)) == name


@pytest.mark.parametrize(
    "address",
    [
        "ext::sh -c true",
        "ext::sh",
        "fd::17/foo",
        "--upload-pack=touch /tmp/x",
        "-oProxyCommand=true",
        "https://example.org/a --upload-pack=true",
        "https://example.org/a\n--upload-pack=true",
        "ssh://-oProxyCommand=true/a",
        "ssh://-oProxyCommand@host/a",
        "-oProxyCommand=true:a",
        "git@host:--upload-pack=true",
        "ftp://example.org/a",
        "javascript://x",
        "https://",
    ],
)
def test_what_is_refused(address: str) -> None:
    with pytest.raises(Refused) as raised:
        checked_address(address)
    assert raised.value.hint


@pytest.mark.parametrize("path", ["local/parser", "./a", "../a", "/srv/a", "C:/a", "C:\\a", "a.git"])
def test_what_is_a_path(path: str) -> None:
    assert not is_address(path)


@given(st.text(max_size=60))
def test_nothing_that_git_takes_for_an_option_passes(text: str) -> None:
    try:
        passed = checked_address(text)
    except Refused:
        return
    assert not passed.startswith("-")
    assert "::" not in passed.split("/")[0]
    assert passed == passed.strip()
    assert "\n" not in passed


def test_secrets_are_not_shown() -> None:
    said = "fatal: unable to access 'https://user:pass@example.org/a.git/' and https://token@example.org/b"
    assert without_secrets(said) == "fatal: unable to access 'https://example.org/a.git/' and https://example.org/b"
    assert without_secrets("ssh://git@example.org/a") == "ssh://git@example.org/a"


@pytest.mark.parametrize("name", ["../a", "a/../b", "/a", "a//b", "", ".", "..", "-a", "a b", "a\\b", "x" * 201])
def test_names_that_could_lead_out_of_the_workspace(name: str) -> None:
    with pytest.raises(Refused):
        checked_name(name)
