"""Every rendered file is the user's or the template's, and every pattern that says so says it about some file."""

from __future__ import annotations

import pathspec
import pytest
import yaml

from tests.support.space import Space
from tests.support.template import ROOT

PATTERNS: list[str] = yaml.safe_load((ROOT / "catalogue" / "ownership.yml").read_text())["seed"]
SEED = pathspec.PathSpec.from_lines("gitignore", PATTERNS)
# Configuration and licences; and the parts of the module that the user builds on.
MANAGED = (
    ".github/",
    ".gitlab",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".cargo/config.toml",
    "Cargo.toml",
    "build.rs",
    "pyproject.toml",
    "clippy.toml",
    "deny.toml",
    ".taplo.toml",
    "renovate.json",
    "LICENSE",
    "CONTRIBUTING.md",
    ".copier-answers.yml",
    "src/build_info.rs",
    "src/interpreter.rs",
    "src/runtime.rs",
    "src/runtime/",
    "crates/completion-queue/",
)


@pytest.fixture(scope="module")
def targets(space: Space) -> set[str]:
    """Every path that some answers render."""
    found = set()
    root = space.root / "template"
    for values in list(space.combinations(["layout", "async_runtime", "async_bridge"])):
        for path in root.rglob("*"):
            if not path.is_file():
                continue
            place = path.relative_to(root).as_posix().removesuffix(".jinja")
            parts = [space.render(part, values) for part in place.split("/")]
            if all(parts):
                found.add("/".join(part for part in parts if part != "."))
    return found


def test_every_file_is_somebodys(targets: set[str]) -> None:
    for target in targets:
        within = target.removeprefix("crates/python/").removeprefix("crates/core/")
        managed = within.startswith(MANAGED)
        assert managed or SEED.match_file(target), (
            f"Add {target} to `seed` in catalogue/ownership.yml if users are to rewrite it, or else to MANAGED here."
        )
        assert not (managed and SEED.match_file(target)), f"Remove {target} from `seed` or from MANAGED."


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pattern_decides_about_some_file(pattern: str, targets: set[str]) -> None:
    without = pathspec.PathSpec.from_lines("gitignore", [other for other in PATTERNS if other != pattern])
    assert any(SEED.match_file(target) != without.match_file(target) for target in targets)


def test_every_managed_file_is_there(targets: set[str]) -> None:
    for name in MANAGED:
        assert any(name in target for target in targets), name
