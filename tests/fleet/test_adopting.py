"""`fleet adopt`: projects that no template made get one, on a branch."""

from __future__ import annotations

import pytest

from pyo3_kit.template.location import template_commit
from tests.fleet.small import BRANCH, Small
from tests.update.templates import Project, git

OWN = {
    "Cargo.toml": '[package]\nname = "own"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\nname = "_own"\n'
    'crate-type = ["cdylib"]\n\n[dependencies]\npyo3 = "0.29"\n',
    "pyproject.toml": '[build-system]\nrequires = ["maturin>=1.8,<2"]\nbuild-backend = "maturin"\n\n[project]\n'
    'name = "own"\nversion = "0.1.0"\nrequires-python = ">=3.10"\n\n[tool.maturin]\nmodule-name = "own._own"\n'
    'python-source = "python"\n',
    "python/own/__init__.py": "from ._own import *\n",
    "src/lib.rs": "use pyo3::prelude::*;\n\n#[pymodule]\nmod _own {}\n",
}


@pytest.mark.slow
def test_projects_are_adopted_and_updated_from_then_on(small: Small) -> None:
    place = small.root / "own"
    place.mkdir()
    git(place, "init", "-q")
    own = Project(place).edit(OWN)
    small.text += '[[repository]]\npath = "own"\n'
    other = small.local("other")
    before, files = other.files(), own.files()
    assert small.states("update") == {"other": "updated", "own": "foreign"}
    git(other.root, "branch", "-q", "-D", BRANCH)

    rows = small.rows("adopt", "--dry-run")
    assert (rows["own"]["state"], rows["other"]["state"]) == ("would update", "broken")
    assert "already belongs to the template" in rows["other"]["reason"]
    row = small.rows("adopt")["own"]
    assert (row["state"], row["newest"], row["version"]) == ("adopted", template_commit(), None)
    assert git(place, "show", "-s", "--format=%s", BRANCH).startswith("Adopt pyo3-kit: at ")
    assert f"_commit: {template_commit()}" in git(place, "show", f"{BRANCH}:.copier-answers.yml")
    assert own.files() == files
    assert other.files() == before
    assert small.rows("adopt")["own"]["commit"] == row["commit"]

    git(place, "merge", "-q", BRANCH)
    row = small.rows("adopt", "--filter", "own")["own"]
    # To which version it could go is for `update` to say.
    assert (row["state"], row["version"], row["newest"]) == ("merged", template_commit(), None)
    assert small.states("update", "--filter", "own") == {"own": "merged"}
