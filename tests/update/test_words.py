"""What an update says about secrets, shortened values, versions that no longer exist, and answers in a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import run_kit
from tests.update.templates import Project, Template, git, refused

PIN = "      - uses: owner/action@{sha}  # {version}\n"
WORKFLOW = "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n" + PIN


def secret_template(tmp_path: Path, validator: str = "") -> Template:
    questions = (
        "_subdirectory: template\nname:\n  type: str\n  default: x\n"
        f'token:\n  type: str\n  secret: true\n  default: ""\n{validator}'
    )
    answers = "{{ _copier_answers | to_nice_yaml }}"
    files = {"copier.yml": questions, "template/{{ _copier_conf.answers_file }}.jinja": answers}
    first = {**files, "template/f.txt.jinja": "token={{ token }}\nv=1\n"}
    template = Template(tmp_path / "template").release("v1.0.0", first)
    return template.release("v2.0.0", {"template/f.txt.jinja": "token={{ token }}\nv=2\n"})


def test_a_secret_that_takes_its_default_is_named(tmp_path: Path) -> None:
    project = secret_template(tmp_path).project(tmp_path / "project", token="abc")
    result = project.update()
    assert "`token` is secret and so not recorded: its default was taken" in result.err
    assert "--data token=" in result.err


def test_a_secret_that_is_given_again_is_used_and_not_named(tmp_path: Path) -> None:
    project = secret_template(tmp_path).project(tmp_path / "project", token="abc")
    result = project.update("--data", "token=abc")
    assert (result.code, project.text("f.txt")) == (0, "token=abc\nv=2\n")
    assert "default was taken" not in result.err


def test_a_secret_whose_default_is_not_valid_is_asked_for(tmp_path: Path) -> None:
    validator = '  validator: "{% if not token %}needed{% endif %}"\n'
    project = secret_template(tmp_path, validator).project(tmp_path / "project", token="abc")
    result = refused(project, said="token: needed")
    assert "--data token=" in result.err


def test_the_list_of_conflicts_shows_where_values_differ(tmp_path: Path) -> None:
    path = ".github/workflows/ci.yml"
    files = {
        "copier.yml": "_subdirectory: template\nname:\n  type: str\n  default: x\n",
        "template/{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers | to_nice_yaml }}",
        f"template/{path}": WORKFLOW.format(sha="1" * 40, version="old"),
    }
    template = Template(tmp_path / "template").release("v1.0.0", files)
    template.release("v2.0.0", {f"template/{path}": WORKFLOW.format(sha="1" * 39 + "3", version="next")})
    project = template.project(tmp_path / "project").edit({path: WORKFLOW.format(sha="1" * 39 + "2", version="main")})
    result = project.update("--dry-run")
    assert result.code == 1
    listed = next(line for line in result.out.splitlines() if "yours" in line)
    assert "2 # main" in listed
    assert "3 # next" in listed


def test_a_recorded_version_that_no_longer_exists(project: Project) -> None:
    project.replace(".copier-answers.yml", "_commit: v1.0.0", "_commit: v1.0.0-1-gdeadbee")
    result = refused(project, said="has no version v1.0.0-1-gdeadbee")
    assert "--rebase-on" in result.err
    assert project.update("--rebase-on", "v1.0.0").code == 0


def test_an_answers_file_in_a_folder(project: Project) -> None:
    (project.root / ".config").mkdir()
    git(project.root, "mv", ".copier-answers.yml", ".config/answers.yml")
    git(project.root, "rm", "-q", "--ignore-unmatch", ".copier-answers.lock")
    project.commit()
    words = ("--answers-file", ".config/answers.yml")
    assert project.kit("status", *words).code == 1
    result = project.update(*words)
    assert result.code == 0, result.err
    assert "_commit: v2.0.0" in project.text(".config/answers.yml")
    assert project.text("notes.txt").endswith("SEVEN\n")


@pytest.mark.parametrize("template", [(), ("--template", "gh:pyo3-kit/pyo3-kit")], ids=["ours", "our address"])
def test_new_takes_a_released_version_from_the_package(
    tmp_path: Path, template: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "none")
    result = run_kit("new", "demo", "--ref", "v0.2.0", *template, "--defaults", "--no-git", folder=tmp_path)
    assert result.code == 0, result.err
    assert "_commit: v0.2.0" in (tmp_path / "demo" / ".copier-answers.yml").read_text()


def test_a_template_that_moved(shop: Template, tmp_path: Path) -> None:
    moving = Template(tmp_path / "old")
    git(moving.root, "pull", "-q", "--tags", str(shop.root), "HEAD")
    made = moving.project(tmp_path / "project")
    moving.root.rename(tmp_path / "new")
    result = refused(made, said=f"There is no template {tmp_path / 'old'}")
    assert "--template ADDRESS" in result.err
    refused(made, "--template", str(tmp_path / "nowhere"), said="There is no template")
    result = made.update("--template", str(tmp_path / "new"))
    assert result.code == 0, result.err
    assert f"_src_path: {tmp_path / 'new'}" in made.text(".copier-answers.yml")
    assert made.text("notes.txt").endswith("SEVEN\n")


def test_a_new_address_is_recorded_even_when_no_version_changes(shop: Template, tmp_path: Path) -> None:
    project = shop.project(tmp_path / "project", "v2.0.0")
    git(tmp_path, "clone", "-q", str(shop.root), "new")
    result = project.update("--template", str(tmp_path / "new"))
    assert result.code == 0, result.err
    assert f"_src_path: {tmp_path / 'new'}" in project.text(".copier-answers.yml")
    project.commit()
    assert project.kit("status").code == 0
