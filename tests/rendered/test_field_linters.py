"""The linters of the field find nothing: zizmor, repo-review, validate-pyproject, schemas, twine, hooks, Sphinx."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.matrix import covering
from tests.support.project import Project, attempt, interpreter, tool
from tests.support.space import Answers, Space, exported
from tests.support.template import ROOT

# Checks of repo-review that ask for what the template does otherwise, or not at all.
NOT_APPLICABLE = {
    "PY004": "a documentation folder is a question",
    "PY006": "hooks are a question",
    "PY007": "the commands are cargo's, maturin's and pytest's own",
    "PC": "the hooks are local ones that install from PyPI; these checks look for repositories by their address",
    "GH": "the project's CI is GitLab's, or it has none",
    "MY": "types are checked where there are stubs",
    "GH2": "Renovate does what these checks look for in Dependabot's file",
    "RTD": "where the documentation is published is not the template's business",
}
ALWAYS_APPLICABLE: dict[str, dict[object, str]] = {
    "ci": {"github": "GH"},
    "updates": {"workflow": "GH2", "none": "GH2"},
    "stubs": {True: "MY"},
    "hooks": {True: "PY006"},
    "docs": {"sphinx": "PY004"},
}


def variants() -> list[Answers]:
    """Every pair of the answers that decide about CI, packaging and the like."""
    names = [
        "ci",
        "updates",
        "update_cadence",
        "hooks",
        "stubs",
        "docs",
        "license",
        "free_threaded",
        "pyo3",
        "wheels",
        "pgo",
        "layout",
        "python_min",
    ]
    space: Space = exported()
    return covering(space, names, [("ci", name) for name in names if name != "ci"])


def name(row: Answers) -> str:
    return "-".join(str(value) for value in row.values())


@pytest.fixture(scope="module")
def projects(render: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answers]:
    """The answers of each variant by the path of its folder.

    Each linter takes longer to start than to look at a project, so it looks at all of them in one go.
    """
    root = tmp_path_factory.mktemp("linted")
    rows = {f"{number:02}": row for number, row in enumerate(variants())}
    for folder, row in rows.items():
        project = render(**row, repository_url="https://github.com/ada/my-lib", author_name="Ada Lovelace")
        shutil.copytree(project, root / folder)
    return {str(root / folder): row for folder, row in rows.items()}


def of_ci(projects: dict[str, Answers], ci: str) -> list[Path]:
    return [Path(folder) for folder, row in projects.items() if row["ci"] == ci]


@pytest.mark.slow
def test_zizmor_finds_nothing(projects: dict[str, Answers]) -> None:
    linted = of_ci(projects, "github")
    options = ("--offline", "--persona=pedantic", "--format=json", "--no-progress")
    output = tool("zizmor", *options, *linted, cwd=linted[0].parent)
    assert json.loads(output[output.index("[") : output.rindex("]") + 1]) == []
    assert [output.count(f"{project.name}/.github/workflows/ci.yml") > 0 for project in linted] == [True] * len(linted)
    for ci in ("gitlab", "none"):
        assert not [project for project in of_ci(projects, ci) if (project / ".github").exists()]


@pytest.mark.slow
def test_repo_review_finds_no_failure_that_applies(projects: dict[str, Answers]) -> None:
    done = attempt("python", "-m", "repo_review", *projects, "--format=json", cwd=ROOT)
    reviews: dict[str, Any] = json.loads(done.stdout)
    assert len(reviews) == len(projects)
    for folder, row in projects.items():
        checks: dict[str, Any] = reviews[Path(folder).name]["checks"]
        assert len(checks) > 40
        failed = {check for check, details in checks.items() if details["result"] is False}
        excused = set(NOT_APPLICABLE) - {
            prefix for key, by in ALWAYS_APPLICABLE.items() if (prefix := by.get(row.get(key)))
        }
        left = {check for check in failed if not check.startswith(tuple(excused))}
        assert not left, (name(row), {check: checks[check]["description"] for check in left})


SCHEMAS = {
    "github-workflows": [".github/workflows/*.yml"],
    "dependabot": [".github/dependabot.yml"],
    "gitlab-ci": [".gitlab-ci.yml", ".gitlab/*.yml"],
    "renovate": ["renovate.json"],
}


@pytest.mark.slow
def test_metadata_and_schemas_are_valid(projects: dict[str, Answers]) -> None:
    tool("validate-pyproject", *(f"{folder}/pyproject.toml" for folder in projects), cwd=ROOT)
    files: dict[str, list[Path]] = {schema: [] for schema in SCHEMAS}
    for folder, row in projects.items():
        renovate = row.get("updates") == "renovate"
        expected = {
            "github": {"github-workflows", "renovate" if renovate else "dependabot"},
            "gitlab": {"gitlab-ci"} | ({"renovate"} if renovate else set()),
            "none": set(),
        }
        found = {
            schema: [path for one in places for path in Path(folder).glob(one)] for schema, places in SCHEMAS.items()
        }
        assert {schema for schema, paths in found.items() if paths} == expected[row["ci"]], name(row)
        for schema, paths in found.items():
            files[schema] += paths
    for schema, paths in files.items():
        assert paths, f"no project has a file of {schema}"
        tool("check-jsonschema", f"--builtin-schema=vendor.{schema}", *paths, cwd=ROOT)


@pytest.mark.slow
def test_the_preset_for_organisations_is_valid() -> None:
    tool("check-jsonschema", "--builtin-schema=vendor.renovate", ROOT / "default.json", cwd=ROOT)


@pytest.mark.slow
@pytest.mark.parametrize("licence", ["MIT OR Apache-2.0", "BSD-3-Clause", "proprietary"])
def test_twine_accepts_what_is_built(licence: str, render: Callable[..., Path], tmp_path: Path) -> None:
    rendered = render(
        license=licence,
        starter="minimal",
        project_description='Ünïcode, "quotes", <b>tags</b> & `code`: 語 🦀',
        author_name="Ada, Countess of Lovelace",
        author_email="ada@example.org",
        repository_url="https://github.com/ada/my-lib",
    )
    python = interpreter("3.11")
    assert python is not None, "the tests need CPython 3.11"
    project = Project(rendered, tmp_path, python)
    tool("maturin", "sdist", "--out", tmp_path / "dist", cwd=project.path)
    wheel = project.wheel(project.path, "--profile", "dev")
    output = tool("twine", "check", "--strict", *(tmp_path / "dist").glob("*"), wheel, cwd=tmp_path)
    assert output.count("PASSED") == 2


@pytest.mark.slow
@pytest.mark.parametrize("ci", ["github", "none"])
def test_hooks_pass_on_a_new_project(ci: str, render: Callable[..., Path], tmp_path: Path) -> None:
    python = interpreter("3.11")
    assert python is not None, "the tests need CPython 3.11"
    project = Project(render(ci=ci, starter="minimal"), tmp_path, python)
    output = tool("prek", "run", "--all-files", cwd=project.path, env=project.env)
    assert "Failed" not in output
    assert output.count("Passed") >= 5


@pytest.mark.slow
def test_the_documentation_builds(render: Callable[..., Path], tmp_path: Path) -> None:
    python = interpreter("3.11")
    assert python is not None, "the tests need CPython 3.11"
    project = Project(render(docs="sphinx"), tmp_path, python)
    wheel = project.wheel(project.path, "--profile", "dev")
    venv = project.venv("--group", f"{project.path}/pyproject.toml:docs", str(wheel))
    venv.run("sphinx-build", "-W", "-b", "html", "docs", tmp_path / "html", cwd=project.path)
    page = (tmp_path / "html" / "api.html").read_text(encoding="utf-8")
    assert "word_count" in page
    assert "Counter" in page
