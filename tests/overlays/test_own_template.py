"""An overlay on our own template: each released version with each of the overlay's, together and one by one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomlkit
import yaml

from pyo3_kit.merge.model import File
from pyo3_kit.overlays import compose
from pyo3_kit.template.releases import releases
from tests.support.command import ROOT, run_kit
from tests.support.history import commit_all, render_release
from tests.support.project import tool
from tests.update.templates import ANSWERS, Project, Template

QUESTIONS = """\
_subdirectory: template
_answers_file: .copier-answers.acme.yml
_external_data:
  below: .copier-answers.yml
ci:
  type: str
  choices: [github, gitlab, none]
  default: "{{ _external_data.below.ci }}"
"""
FOLDER = "template/.pyo3-kit/overlays/acme"
WORKFLOWS = f"{FOLDER}/{{% if ci == 'github' %}}.github{{% endif %}}/workflows"

FIRST: dict[str, str | bytes | None] = {
    "copier.yml": QUESTIONS,
    f"template/{ANSWERS}": "# Written by Copier.\n{{ _copier_answers | to_nice_yaml }}",
    "template/SECURITY.md": "# Security\n\nWrite to security@acme.example.\n",
    f"{FOLDER}/pyproject.fragment.toml": (
        '[project]\nclassifiers = ["Private :: Do Not Upload"]\n\n[tool.ruff]\nline-length = 110\n'
    ),
    f"{WORKFLOWS}/ci.fragment.yml": "jobs:\n  lint:\n    runs-on: [self-hosted, linux]\n",
}
SECOND: dict[str, str | bytes | None] = {
    "template/SECURITY.md": "# Security\n\nWrite to security@acme.example, encrypted.\n",
    f"{FOLDER}/pyproject.fragment.toml": (
        '[project]\nclassifiers = ["Private :: Do Not Upload"]\n\n[dependency-groups]\nlint = ["reuse>=5"]\n\n'
        '[[tool.uv.index]]\nname = "acme"\nurl = "https://pypi.acme.example/simple"\n'
    ),
    f"{WORKFLOWS}/ci.fragment.yml": (
        "jobs:\n  lint:\n    runs-on: [self-hosted, linux, x64]\n"
        "    steps:\n      - name: Licences\n        run: reuse lint\n"
    ),
}

MAIN, ACME = ".copier-answers.yml", ".copier-answers.acme.yml"
WAYS: dict[str, list[tuple[str, ...]]] = {
    "together": [()],
    "the template first": [("--answers-file", MAIN), ("--answers-file", ACME)],
    "the overlay first": [("--answers-file", ACME), ("--answers-file", MAIN)],
}


@pytest.fixture(scope="session")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The overlay with the versions v1.0.0 and v2.0.0."""
    return Template(tmp_path_factory.mktemp("acme") / "overlay").release("v1.0.0", FIRST).release("v2.0.0", SECOND)


@pytest.fixture(scope="session")
def older(acme: Template, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str, Path], Project]:
    """A project of a released version of ours with a version of the overlay; `newest` of ours is what is here."""
    done: dict[tuple[str, str], Project] = {}
    folder = tmp_path_factory.mktemp("older")

    def make(version: str, overlay: str, root: Path) -> Project:
        key = (version, overlay)
        if key not in done:
            place = folder / version / overlay / "project"
            place.parent.mkdir(parents=True)
            project = Project(place)
            source = f"{acme.root}@{overlay}"
            if version == "newest":
                # The last two were the defaults of the released versions.
                given = ("project_name=my-lib", "author_name=", "author_email=", "starter=showcase", "benchmarks=yes")
                answers = [word for answer in given for word in ("--data", answer)]
                made = project.kit("new", str(place), "--defaults", *answers, "--overlay", source, folder=folder)
            else:
                release = next(release for release in releases() if release.version == version)
                render_release(release, place, {})
                commit_all(place)
                made = project.kit("overlay", "add", source)
            assert made.code == 0, made.err
            project.commit()
            done[key] = project
        return done[key].copy(root)

    return make


def contents(project: Project) -> dict[str, bytes | None]:
    return {
        path: text for path, (text, _) in project.files().items() if text is not None and not path.endswith(".lock")
    }


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("overlay", ["v1.0.0", "v2.0.0"])
@pytest.mark.parametrize("version", [*(release.version for release in releases()), "newest"])
def test_every_combination_leads_to_a_new_project(
    version: str, overlay: str, way: str, older: Callable[[str, str, Path], Project], tmp_path: Path
) -> None:
    project = older(version, overlay, tmp_path / "project")
    if (version, overlay) == ("newest", "v2.0.0"):
        assert project.update("--json").object["files"] == []
        return
    for words in WAYS[way]:
        result = project.update(*words, "--json")
        assert (result.code, result.object["conflicts"]) == (0, []), result.err
        project.commit()
    assert contents(project) == contents(older("newest", "v2.0.0", tmp_path / "fresh"))
    assert project.update("--json").object["files"] == []
    assert project.kit("status").code == 0


@pytest.mark.slow
def test_the_users_edits_stay(older: Callable[[str, str, Path], Project], tmp_path: Path) -> None:
    project = older("v0.1.0", "v1.0.0", tmp_path / "project")
    project.replace("pyproject.toml", 'lint = ["mypy", "ruff"]', 'lint = ["mypy", "ruff", "mine"]  # my own')
    project.replace("pyproject.toml", 'description = "', 'description = "Mine. ')
    project.replace(".github/workflows/ci.yml", "    name: Lint\n", "    name: My lint  # my own\n")
    result = project.update("--json")
    assert (result.code, result.object["conflicts"]) == (0, []), result.err
    data: dict[str, Any] = tomlkit.parse(project.text("pyproject.toml")).unwrap()
    assert set(data["dependency-groups"]["lint"]) == {"mypy", "ruff", "mine", "reuse>=5"}
    assert data["project"]["description"].startswith("Mine. ")
    assert data["tool"]["ruff"]["line-length"] == 100
    assert data["tool"]["uv"]["index"] == [{"name": "acme", "url": "https://pypi.acme.example/simple"}]
    assert "# my own" in project.text("pyproject.toml")
    lint = yaml.safe_load(project.text(".github/workflows/ci.yml"))["jobs"]["lint"]
    assert (lint["name"], lint["runs-on"]) == ("My lint", ["self-hosted", "linux", "x64"])
    assert lint["steps"][-1] == {"name": "Licences", "run": "reuse lint"}


@pytest.mark.slow
def test_a_preset_names_it(acme: Template, tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(
        f"[presets.house]\noverlays = ['{acme.root}@v1.0.0']\nfixed = {{ ci = 'gitlab' }}\n"
    )
    project = Project(tmp_path / "project")
    words = ("--preset", "acme.toml#house", "--defaults", "--json")
    made = project.kit("new", "project", *words, folder=tmp_path).object
    assert [(one["name"], one["ref"], one["answers"]) for one in made["overlays"]] == [
        ("acme", "v1.0.0", {"ci": "gitlab"})
    ]
    assert "line-length = 110" in project.text("pyproject.toml")
    # A fragment is no file of its kind for the tools that look for such files.
    for command in (["ruff", "check", "."], ["taplo", "format", "--check"]):
        tool(*command, cwd=project.root)
    assert not (project.root / ".pyo3-kit/overlays/acme/.github").exists()


def test_the_example_of_the_reference_is_merged(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "reference" / "overlays.md").read_text()
    fragment = page.split("```yaml\n")[1].split("```")[0]
    assert run_kit("new", "lib", "--defaults", "--no-git", folder=tmp_path).code == 0
    path = ".github/workflows/ci.yml"
    text = (tmp_path / "lib" / path).read_text()
    before, after = (
        yaml.safe_load(one)["jobs"]
        for one in (text, compose({path: File(text.encode())}, {"acme": {path: fragment}}, strict=True)[path].content)
    )
    assert before.keys() - after.keys() == {"dependencies"}
    assert {job["timeout-minutes"] for job in after.values()} == {30}
    names = [step.get("name", step.get("uses", "")) for step in after["lint"]["steps"]]
    checkout, prepare, *rest = names
    assert checkout == before["lint"]["steps"][0]["uses"]
    assert len(checkout.partition("@")[2]) == 40
    assert prepare == "Right after the checkout"
    assert rest[-2:] == ["Licence headers", "Types"]
    assert "Ruff" not in names
