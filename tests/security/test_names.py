"""Which names are refused: what Git itself refuses with `core.protectHFS` and `core.protectNTFS`, and devices."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.system.names import escape_of, fault_of, refuse_names

GIT_FOLDERS = [
    ".git",
    ".GIT",
    ".Git",
    "git~1",
    "GIT~1",
    "git~2",
    ".git.",
    ".git ",
    ".git . .",
    "git~1.",
    ".git::$INDEX_ALLOCATION",
    ".git:stream",
    "git~1:x",
    ".g\u200cit",
    "\u200d.git",
    ".gi\u202et",
    ".git\ufeff",
    ".\u206fGIT",
    ".git\\config",
    "a\\.git",
]


@pytest.mark.parametrize("name", GIT_FOLDERS, ids=ascii)
@pytest.mark.parametrize("where", ["{}/config", "sub/{}/config", "sub/{}"])
def test_the_folder_of_git_in_every_spelling(name: str, where: str) -> None:
    path = where.format(name)
    assert escape_of(path)
    with pytest.raises(Refused, match="The overlay `x` writes"):
        refuse_names({path: False}, "The overlay `x`")


def test_git_refuses_them_too(tmp_path: Path) -> None:
    """Those of our list that Git lets pass are ones that it looks at on Windows only."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    blob = subprocess.run(
        ["git", "-C", tmp_path, "hash-object", "-w", "--stdin"], input=b"", capture_output=True, check=True
    ).stdout.decode()
    git = ["git", "-C", str(tmp_path), "-c", "core.protectHFS=true", "-c", "core.protectNTFS=true"]
    lines = "".join(f"100644 {blob.strip()}\t{name}/config\0" for name in [*GIT_FOLDERS, "allowed"])
    subprocess.run([*git, "update-index", "-z", "--index-info"], input=lines.encode(), capture_output=True, check=False)
    listed = subprocess.run([*git, "ls-files", "-z"], capture_output=True, check=True).stdout.decode()
    assert {path.rpartition("/")[0] for path in listed.split("\0") if path} == {"allowed", "git~2"}


@pytest.mark.parametrize(
    "path",
    ["../x", "a/../../x", "/etc/x", "C:/x", "C:\\x", "", ".", "a//b", "a/", "a\0b", "..\\x", "a/.. /x", "a/... ./x"],
    ids=ascii,
)
def test_what_leads_out(path: str) -> None:
    assert escape_of(path)


@pytest.mark.parametrize(
    "path",
    [
        "CON",
        "nul",
        "src/aux.rs",
        "com1",
        "LPT9.txt",
        "com¹",
        "nul .txt",
        "prn.tar.gz",
        "conin$",
        "a\nb",
        "tab\tx",
        "bell\x07",
        "line\u2028x",
        "\x9b31m",
        "x:stream",
        "C:x",
        "a\\b",
        "name.",
        "folder /x",
    ],
    ids=ascii,
)
def test_what_is_made_nowhere(path: str) -> None:
    assert fault_of(path)
    # What the user has is changed where it is.
    assert not escape_of(path)


@pytest.mark.parametrize(
    "name", [".gitmodules", ".GitModules", "gitmod~1", ".gitattributes", ".gitignore ", ".mailmap"]
)
def test_links_that_git_would_read(name: str) -> None:
    assert fault_of(f"sub/{name}", link=True)


@pytest.mark.parametrize(
    "path",
    [
        ".gitignore",
        ".gitattributes",
        ".gitmodules",
        ".github/workflows/ci.yml",
        ".gitlab-ci.yml",
        "git",
        "git~/x",
        "x.git/y",
        "...git/x",
        ".gitx",
        "console.py",
        "auxiliary.rs",
        "com10",
        "nulls",
        ".cargo/config.toml",
        "ünï.md",
        "with space/a",
    ],
)
def test_what_is_allowed(path: str) -> None:
    assert not fault_of(path)


@pytest.mark.parametrize(
    ("new", "there"),
    [
        (["README.md", "readme.md"], []),
        (["readme.md"], ["README.md"]),
        (["Src/a", "src/b"], []),
        (["LINK", "link/file"], []),
        (["\u00e9.md", "e\u0301.md"], []),
        (["stra\u00dfe", "STRASSE"], []),
        (["x\u200c", "x"], []),
    ],
)
def test_two_files_of_one_name(new: list[str], there: list[str]) -> None:
    with pytest.raises(Refused, match=r"the template writes .* is the same name"):
        refuse_names(dict.fromkeys(new, False), "the template", there)


def test_what_collides_already_is_not_refused() -> None:
    refuse_names({"new": False, "src/x": False}, "the template", ["README.md", "readme.md", "src/y"])
