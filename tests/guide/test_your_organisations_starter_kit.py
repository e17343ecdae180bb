"""The guide as a new user would go through it, from an empty folder: its blocks are run, its files written."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from tests.support.command import ROOT, environment
from tests.update.templates import Project, git

if sys.platform == "win32":
    pytest.skip("the guide is for a POSIX shell", allow_module_level=True)

GUIDE = ROOT / "docs" / "how-to" / "your-organisations-starter-kit.md"
HOST = "git@github.com:acme"
LIBRARIES = ("my-lib.git", "older-lib.git")


@dataclass(frozen=True)
class Block:
    """A fenced block: commands, what they say, or a file's content; and the line that it begins in."""

    kind: str
    text: str
    line: int
    file: str = ""


def blocks() -> list[Block]:
    """The guide's blocks. A block behind a paragraph that is one piece of code is the file of that name."""
    found, before = [], ""
    tokens = MarkdownIt().parse(GUIDE.read_text(encoding="utf-8"))
    for token in tokens:
        if token.type == "fence":
            assert token.map is not None
            kind = token.info if token.info in ("console", "text") else "file"
            assert kind != "file" or before, f"line {token.map[0]}: which file is that?"
            found.append(Block(kind, token.content, token.map[0] + 1, before if kind == "file" else ""))
            before = ""
        elif token.type == "inline":
            alone = token.children is not None and [child.type for child in token.children] == ["code_inline"]
            before = token.children[0].content if alone and token.children else ""
    return found


def script(parts: list[Block]) -> str:
    """All of it as one program for the shell, which says what it is at."""
    lines = ["set -euo pipefail"]
    for block in parts:
        if block.kind == "file":
            name = shlex.quote(block.file)
            lines += [f'mkdir -p "$(dirname {name})"', f"cat > {name} <<'END OF FILE'\n{block.text}END OF FILE"]
        elif block.kind == "console":
            lines += [f"echo '=== line {block.line}'", block.text]
    return "\n".join(lines)


def said_by(output: str, parts: list[Block]) -> list[tuple[Block, str]]:
    """Each block of text with what the commands before it said."""
    sections = dict(re.findall(r"=== line (\d+)\n(.*?)(?==== line|\Z)", output, re.DOTALL))
    found, last = [], ""
    for block in parts:
        if block.kind == "console":
            last = sections[str(block.line)]
        elif block.kind == "text":
            found.append((block, last))
    return found


def older_project(folder: Path) -> None:
    """A project on the host that was made before there was an overlay, with edits."""
    place = folder / "older"
    command = [sys.executable, "-m", "pyo3_kit", "new", str(place), "--defaults", "--data", "project_name=older-lib"]
    subprocess.run(command, check=True, capture_output=True, env=environment())
    project = Project(place)
    project.replace("pyproject.toml", 'lint = ["mypy", "ruff"]', 'lint = ["mypy", "ruff", "mine"]')
    git(folder, "clone", "-q", "--bare", str(place), "older-lib.git")


@pytest.mark.slow
def test_the_guide(tmp_path: Path) -> None:
    host, here, home = (tmp_path / name for name in ("host", "here", "home"))
    for folder in (host, here, home):
        folder.mkdir()
    for name in ("acme-kit.git", "my-lib.git"):
        git(host, "init", "-q", "--bare", name)
    older_project(host)
    parts = blocks()
    assert parts[0] == Block("console", f"export HOST={HOST}\n", parts[0].line)
    # In a file an address on the disk is said in full.
    program = script(parts).replace(f"export HOST={HOST}", f"export HOST={shlex.quote(str(host))}")
    program = program.replace(f'"{HOST}/', f'"file://{host}/')
    paths = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", program],
        cwd=here,
        env=environment({"PATH": paths, "HOME": str(home), "PYO3_KIT_CACHE": str(home / "cache")}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    told = said_by(done.stdout, parts)
    assert told
    for block, output in told:
        for line in block.text.splitlines():
            assert line in output, f"line {block.line}: {output}"
    check_project(here / "my-lib", "parsers", "MIT", "v1.1.0")
    check_project(here / "older-lib", "numbers", "MIT OR Apache-2.0", "v1.0.0")
    assert '"mine"' in (here / "older-lib" / "pyproject.toml").read_text()
    # Everything was pushed: who clones it has the same.
    git(tmp_path, "clone", "-q", str(host / "my-lib.git"), "clone")
    assert Project(tmp_path / "clone").kit("status").code == 0
    check_fleet(host)


def check_fleet(host: Path) -> None:
    """The project that was behind got a branch with the overlay's new version; the other one got none."""
    branches = {name: git(host / name, "branch", "--format=%(refname:short)").split() for name in LIBRARIES}
    assert branches["my-lib.git"] == ["main"]
    [branch] = [name for name in branches["older-lib.git"] if name != "main"]
    assert "_commit: v1.1.0" in git(host / "older-lib.git", "show", f"{branch}:.copier-answers.acme.yml")
    assert "x64" in git(host / "older-lib.git", "show", f"{branch}:.github/workflows/ci.yml")
    assert '"mine"' in git(host / "older-lib.git", "show", f"{branch}:pyproject.toml")


def check_project(root: Path, team: str, licence: str, version: str) -> None:
    """What the overlay's files and fragments come to."""
    assert (root / "CODEOWNERS").read_text() == f"* @acme/{team}\n"
    assert f"SPDX-License-Identifier: {licence}\n" in (root / "licence-header.txt").read_text()
    answers = yaml.safe_load((root / ".copier-answers.acme.yml").read_text())
    assert (answers["_commit"], answers["team"]) == (version, team)
    lint = yaml.safe_load((root / ".github" / "workflows" / "ci.yml").read_text())["jobs"]["lint"]
    assert lint["runs-on"] == ["self-hosted", "linux", *(["x64"] if version == "v1.1.0" else [])]
    assert lint["steps"][-1] == {"name": "Licence headers", "run": "reuse lint"}
    text = (root / "pyproject.toml").read_text()
    for part in ("reuse>=5", "https://pypi.acme.example/simple", "Private :: Do Not Upload"):
        assert part in text


def test_every_file_is_named_and_every_text_was_said() -> None:
    kinds = [block.kind for block in blocks()]
    assert kinds.count("console") > 8
    assert kinds.count("file") > 8
    for kind, following in zip(["", *kinds], kinds, strict=False):
        assert following != "text" or kind == "console", "a text tells what the commands before it say"
