"""Pins that both sides raised: the newer one is taken, and what cannot be compared stays a conflict."""

from __future__ import annotations

import pytest

from pyo3_kit.merge.content import merge_content
from pyo3_kit.merge.model import Labels

A, B, C = "1" * 40, "2" * 40, "3" * 40
DIGESTS = [f"@sha256:{letter * 64}" for letter in "abc"]


def merged(path: str, text: str, base: str, ours: str, theirs: str) -> str | None:
    """What comes out of three pins at one place of a text; None for a conflict."""
    b, o, t = (text.replace("PIN", pin).encode() for pin in (base, ours, theirs))
    result = merge_content(path, b, o, t, Labels())
    if result.conflicts:
        return None
    before, _, after = text.partition("PIN")
    return result.content.decode().removeprefix(before).removesuffix(after)


WORKFLOW = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: PIN\n      - run: make\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        (f"o/n@{A}  # v7.0.1", f"o/n@{B}  # v7.2.0", f"o/n@{C}  # v7.1.0", f"o/n@{B}  # v7.2.0"),
        (f"o/n@{A}  # v7.0.1", f"o/n@{B}  # v7.1.0", f"o/n@{C}  # v7.2.0", f"o/n@{C}  # v7.2.0"),
        (f"o/n@{A}  # v7.0.1", f"o/n@{B}  # v7.9.0", f"o/n@{C}  # v7.10.0", f"o/n@{C}  # v7.10.0"),
        (f"o/n@{A} # tag=v1", f"o/n@{B} # tag=v3", f"o/n@{C} # tag=v2", f"o/n@{B} # tag=v3"),
        ("o/n@v4", "o/n@v6", "o/n@v5", "o/n@v6"),
        ("o/n@v4", "o/n@v5", f"o/n@{C}  # v6.0.1", f"o/n@{C}  # v6.0.1"),
        ("o/n/sub@v4", "o/n/sub@v6", "o/n/sub@v5", "o/n/sub@v6"),
        # A lowered version, another action, and versions that may be the same are for the user to decide.
        (f"o/n@{A}  # v7.0.1", f"o/n@{B}  # v6.9.0", f"o/n@{C}  # v7.1.0", None),
        ("o/n@v4", "o/other@v6", "o/n@v5", None),
        ("o/n@v4", "o/n@v5", f"o/n@{C}  # v5.0.1", None),
        (f"o/n@{A}  # v7.0.1", f"o/n@{B}  # v7.1.0", f"o/n@{C}  # v7.1.0", None),
        (f"o/n@{A}  # v7.0.1", f"o/n@{B}  # main", f"o/n@{C}  # v7.1.0", None),
        (f"o/n@{A}  # v7.0.1", f"o/n@{B}", f"o/n@{C}  # v7.1.0", None),
    ],
)
def test_actions(base: str, ours: str, theirs: str, expected: str | None) -> None:
    assert merged(".github/workflows/ci.yml", WORKFLOW, base, ours, theirs) == expected


HOOKS = "repos:\n  - repo: https://example.org/hooks\n    rev: PIN\n    hooks:\n      - id: one\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("v0.12.0", "v0.14.0", "v0.13.0", "v0.14.0"),
        ("v0.12.0", "v0.13.0", "v0.14.0", "v0.14.0"),
        ("25.1.0", "25.9.0", "25.11.0", "25.11.0"),
        (f"{A}  # frozen: v1.0", f"{B}  # frozen: v1.2", f"{C}  # frozen: v1.1", f"{B}  # frozen: v1.2"),
        ("v1.0.0", "v1.1.0rc1", "v1.1.0", None),
        ("v1.0.0", "stable", "v1.1.0", None),
    ],
)
def test_hooks(base: str, ours: str, theirs: str, expected: str | None) -> None:
    assert merged(".pre-commit-config.yaml", HOOKS, base, ours, theirs) == expected


GITLAB = "test:\n  image: PIN\n  script:\n    - make\n"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        ("python:3.12-slim", "python:3.14-slim", "python:3.13-slim", "python:3.14-slim"),
        ("ghcr.io/o/n:1.2", "ghcr.io/o/n:1.3", "ghcr.io/o/n:1.4", "ghcr.io/o/n:1.4"),
        (f"a:1.0{DIGESTS[0]}", f"a:1.2{DIGESTS[1]}", f"a:1.1{DIGESTS[2]}", f"a:1.2{DIGESTS[1]}"),
        ("python:3.12-slim", "python:3.14-alpine", "python:3.13-slim", None),
        (f"a:1.0{DIGESTS[0]}", f"a:1.0{DIGESTS[1]}", f"a:1.0{DIGESTS[2]}", None),
    ],
)
def test_images(base: str, ours: str, theirs: str, expected: str | None) -> None:
    assert merged(".gitlab-ci.yml", GITLAB, base, ours, theirs) == expected


@pytest.mark.parametrize(
    ("path", "line", "expected"),
    [
        ("requirements.txt", "attrs==PIN", "2.4"),
        ("setup.cfg", "    attrs>=PIN", "2.4"),
        ("Dockerfile", "ARG PYTHON_VERSION=PIN", "2.4"),
        (".env", 'PYTHON_VERSION="PIN"', "2.4"),
        ("Makefile", "RUFF_VERSION := PIN", "2.4"),
        ("a.csproj", '  <PackageReference Include="a" Version="PIN" />', "2.4"),
        # The project's own version, a number that is none, and two at once.
        ("setup.cfg", "version = PIN", None),
        ("notes.txt", "PIN", None),
        ("notes.txt", "a==PIN b==PIN", None),
        ("run.sh", '[ "$count" == PIN ]', None),
        ("test_a.py", "assert count==PIN", None),
        ("a.rs", "const A: bool = count>=PIN;", None),
    ],
)
def test_a_version_in_a_line(path: str, line: str, expected: str | None) -> None:
    text = f"first\n{line}\nlast\n" if not path.endswith(("cfg", "csproj")) else f"{line}\n"
    text = f"[options]\na =\n{line}\n" if path == "setup.cfg" else text
    text = f"<a>\n{line}\n</a>\n" if path.endswith("csproj") else text
    assert merged(path, text, "2.1", "2.4", "2.3") == expected
    assert merged(path, text, "2.1", "2.3", "2.4") == expected


@pytest.mark.parametrize(
    ("path", "base", "ours", "theirs", "expected"),
    [
        ("Dockerfile", "python:3.12", "python:3.14", "python:3.13", "python:3.14"),
        ("docker/Containerfile", "python:3.12", "python:3.13", "python:3.14", "python:3.14"),
        ("Dockerfile.dev", "python:3.12", "python:3.13-slim", "python:3.14", None),
    ],
)
def test_the_image_of_a_dockerfile(path: str, base: str, ours: str, theirs: str, expected: str | None) -> None:
    assert merged(path, "FROM --platform=linux/amd64 PIN AS build\nRUN make\n", base, ours, theirs) == expected
