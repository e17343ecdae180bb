"""What checkers of repositories ask for is here, and where docs/reference/repository.md says."""

from __future__ import annotations

import json
import re

from tests.support.command import ROOT
from tests.support.project import attempt, tool
from tests.trace.test_architecture import named_paths

PAGE = ROOT / "docs" / "reference" / "repository.md"
COMPILED = re.compile(r"\.(?:a|class|dll|dylib|exe|jar|lib|node|o|pyc|pyd|rlib|so|wasm|whl)\Z")
PROFILE = (
    ".github/pull_request_template.md",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
)


def test_the_files_that_the_page_names_exist() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = {name for name in named_paths(text) if " " not in name} | set(re.findall(r"`(LICENSE-\w+)`", text))
    assert len(named) > 20
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    assert [name for name in PROFILE if name not in named] == []


def test_repo_review_finds_nothing_and_the_page_lists_its_checks() -> None:
    checks = json.loads(attempt("repo-review", ".", "--format", "json", cwd=ROOT).stdout)["checks"]
    assert {name: check["err_msg"] for name, check in checks.items() if check["result"] is False} == {}
    text = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| ((?:[A-Z]+\d+(?:, )?)+) \|.*\| (.*) \|$", text, re.MULTILINE)
    listed = {name: place for names, place in rows for name in names.split(", ")}
    assert listed.keys() == {name for name in checks if not name.startswith("PYO")}
    ignored = {name for name, place in listed.items() if place.endswith("ignored")}
    # Some have nothing to look at, because of another one that is ignored.
    assert {name for name, check in checks.items() if check["skip_reason"]} <= ignored


def test_no_compiled_file_is_tracked() -> None:
    assert [name for name in tool("git", "ls-files", "-z", cwd=ROOT).split("\0") if COMPILED.search(name)] == []
