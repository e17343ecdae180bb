"""Overlays that cannot be used: one message with the way out, and nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.overlays.templates import FRAGMENT, QUESTIONS
from tests.support.command import Result, run_kit, snapshot
from tests.update.templates import ANSWERS, Project, Template, refused

pytestmark = pytest.mark.slow

FOLDER = "template/.pyo3-kit/overlays/acme"


def refused_new(tmp_path: Path, shop: Template, *overlays: str, said: str, hint: str = "") -> Result:
    """`new` with these overlays, which has to say no, and to leave every folder as it is."""
    before = snapshot(tmp_path)
    words = [word for overlay in overlays for word in ("--overlay", overlay)]
    base = ("new", "project", "--template", str(shop.root), "--ref", "v1.0.0", "--data", "name=x")
    result = run_kit(*base, *words, folder=tmp_path)
    assert (result.code, result.out) == (2, ""), result.err
    lines = result.err.splitlines()
    assert lines[0].startswith("error: ")
    assert lines[-1].startswith(" hint: ")
    assert said in result.err, result.err
    assert hint in lines[-1], result.err
    assert "Traceback" not in result.err
    assert snapshot(tmp_path) == before
    return result


@pytest.mark.parametrize(
    ("files", "said", "hint"),
    [
        (
            {"template/config.toml": "[tool]\n"},
            "The overlay `acme` writes config.toml, which is the template's own.",
            "Use a fragment instead: .pyo3-kit/overlays/acme/config.fragment.toml",
        ),
        (
            {"template/notes.txt": "mine\n"},
            "The overlay `acme` writes notes.txt, which is the template's own.",
            "Rename the overlay's file",
        ),
        (
            {f"{FOLDER}/conifg.fragment.toml": "[tool]\n"},
            "The overlay `acme` has a fragment for conifg.toml, which the base template does not write here.",
            "Correct or remove .pyo3-kit/overlays/acme/conifg.fragment.toml",
        ),
        (
            {FRAGMENT: "[tool]\ncolour = \n"},
            "The fragment .pyo3-kit/overlays/acme/config.fragment.toml, line 2, column 10: ",
            "it is read as TOML",
        ),
        (
            {FRAGMENT: "[tool]\na = 1\na = 2\n"},
            "The fragment .pyo3-kit/overlays/acme/config.fragment.toml",
            "it is read as TOML",
        ),
        ({FRAGMENT: b'[tool]\nname = "\xff"\n'}, "config.fragment.toml is not UTF-8 text.", "Save it as UTF-8"),
        (
            {f"{FOLDER}/notes.fragment.txt": "one\n"},
            "The fragment .pyo3-kit/overlays/acme/notes.fragment.txt is neither TOML nor YAML.",
            "Only files that have keys",
        ),
        (
            {f"{FOLDER}/config.toml": "[tool]\n"},
            ".pyo3-kit/overlays/acme/config.toml does not have the name of a fragment.",
            "The fragment for config.toml is .pyo3-kit/overlays/acme/config.fragment.toml.",
        ),
        (
            {"template/.pyo3-kit/overlays/other/config.fragment.toml": "[tool]\n"},
            "The overlay `acme` writes .pyo3-kit/overlays/other/config.fragment.toml.",
            "belong in .pyo3-kit/overlays/acme/",
        ),
        (
            {"copier.yml": QUESTIONS.replace("_answers_file: .copier-answers.acme.yml\n", "")},
            "does not have its own answers file: its template uses .copier-answers.yml.",
            "_answers_file: .copier-answers.NAME.yml",
        ),
        (
            {f"template/{ANSWERS}": None},
            "does not write .copier-answers.acme.yml.",
            "Without it the overlay cannot be updated",
        ),
        ({"copier.yml": "a: [\n"}, "copier.yml is malformed, line 2, column 1", "Fix the template."),
        ({"copier.yml": f"{QUESTIONS}_jinja_extensions: [x.Y]\n"}, "runs code of its own (jinja_extensions).", ""),
        ({"copier.yml": f"{QUESTIONS}must:\n  type: str\n"}, "An answer is needed:\n  must", "--data must="),
    ],
)
def test_an_overlay_that_cannot_be_used(
    files: dict[str, str | bytes | None], said: str, hint: str, shop: Template, overlay: Template, tmp_path: Path
) -> None:
    overlay.release("v1.1.0", files)
    refused_new(tmp_path, shop, str(overlay.root), said=said, hint=hint)


@pytest.mark.parametrize(
    "files", [{f"{FOLDER}/config.fragment.toml": "[tool]\ncolour = \n"}, {"template/notes.txt": "mine\n"}]
)
def test_an_update_to_such_a_version(
    files: dict[str, str | bytes | None], shop: Template, overlay: Template, tmp_path: Path
) -> None:
    project = shop.project(tmp_path / "project", overlays=[str(overlay.root)])
    overlay.release("v2.0.0", files)
    refused(project, said="acme")


def test_a_file_that_the_template_gets_later(template: Template, overlay: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project", overlays=[str(overlay.root)])
    template.release("v2.0.0", {"template/CODEOWNERS": "* @us\n"})
    found = refused(project, said="The overlay `acme` writes CODEOWNERS, which is the template's own.")
    assert "Rename the overlay's file" in found.err
    # The overlay lets go of it, and the template's is taken.
    overlay.release("v2.0.0", {"template/CODEOWNERS.jinja": None})
    assert project.update().code == 0
    assert project.text("CODEOWNERS") == "* @us\n"


def test_tasks_are_not_run_and_it_is_said(shop: Template, overlay: Template, tmp_path: Path) -> None:
    overlay.release("v1.1.0", {"copier.yml": f"{QUESTIONS}_tasks: ['touch ran']\n"})
    words = ("--template", str(shop.root), "--data", "name=x", "--overlay", str(overlay.root))
    result = run_kit("new", "project", *words, folder=tmp_path)
    assert result.code == 0
    assert "warning: The overlay `acme` declares tasks, which pyo3-kit does not run." in result.err
    assert not list(tmp_path.rglob("ran"))
    assert run_kit("new", "other", *words, "--json", folder=tmp_path).object["warnings"]


def test_two_overlays_of_one_name(shop: Template, overlay: Template, house: Template, tmp_path: Path) -> None:
    found = refused_new(tmp_path, shop, str(overlay.root), str(house.root), said="Two overlays are called `acme`: ")
    assert str(overlay.root) in found.err
    assert str(house.root) in found.err


def test_an_overlay_that_the_project_has(project: Project, overlay: Template) -> None:
    before = project.everything()
    result = project.kit("overlay", "add", str(overlay.root))
    assert (result.code, project.everything()) == (2, before)
    assert "The project has an overlay `acme` already." in result.err


def test_two_answers_files_of_one_name(project: Project) -> None:
    project.edit({".copier-answers.acme.yaml": project.text(".copier-answers.acme.yml")})
    refused(project, said="There are two overlays `acme`: .copier-answers.acme.yaml and .copier-answers.acme.yml.")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nowhere", "There is no template nowhere"),
        ("file:///nowhere/overlay.git", "The template file:///nowhere/overlay.git cannot be fetched"),
        ("{overlay}@v9.9.9", "v9.9.9"),
        ("{folder}", "is not a Git repository"),
        ("{folder}@v1.0.0", "it has no ref v1.0.0"),
        ("--upload-pack=touch ran", "is not an address of an overlay"),
        ("ext::sh -c touch% ran", "is not an address of an overlay"),
        ("", "is not an address of an overlay"),
        ("{overlay}@", "has an empty version after the `@`"),
    ],
)
def test_an_address_that_leads_nowhere(
    source: str, said: str, shop: Template, overlay: Template, tmp_path: Path
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "copier.yml").write_text(QUESTIONS)
    refused_new(tmp_path, shop, source.format(overlay=overlay.root, folder=folder), said=said)
    assert not list(tmp_path.rglob("ran"))


def test_an_overlay_that_is_not_reached_any_more(overlay: Template, shop: Template, tmp_path: Path) -> None:
    project = shop.project(tmp_path / "project", overlays=[str(overlay.root)])
    overlay.root.rename(tmp_path / "away")
    found = refused(project, said="The overlay `acme`: There is no template")
    assert "`--answers-file .copier-answers.yml` updates that template alone." in found.err
    assert project.update("--answers-file", ".copier-answers.yml").code == 0
    assert "size = 2" in project.text("config.toml")
    assert 'colour = "blue"' in project.text("config.toml")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (".pyo3-kit/overlays/acme/config.fragment.toml", "[tool\n", "line 1, column 6"),
        (".pyo3-kit/overlays/acme/config.fragment.toml", "<<<<<<< before\n[tool]\n", "line 1, column 1"),
        (".pyo3-kit/overlays/acme.applied.json", "{\n", "acme.applied.json, line 2, column 1"),
        (".pyo3-kit/overlays/acme.applied.json", "[]\n", "acme.applied.json was not written by pyo3-kit,"),
        (".copier-answers.acme.yml", "a: [\n", ".copier-answers.acme.yml, line 2, column 1"),
    ],
)
def test_what_a_person_broke_in_the_project(name: str, content: str, said: str, project: Project) -> None:
    project.edit({name: content})
    refused(project, said=said)


def test_no_such_overlay_to_remove(project: Project) -> None:
    before = project.everything()
    result = project.kit("overlay", "remove", "acem")
    assert (result.code, project.everything()) == (2, before)
    assert "The project has no overlay `acem`." in result.err
    assert "It has: acme." in result.err


def test_a_file_that_the_template_writes_no_more(template: Template, overlay: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project", overlays=[str(overlay.root)])
    template.release("v2.0.0", {"template/config.toml.jinja": None})
    found = refused(project, said="has a fragment for config.toml, which the base template does not write here.")
    assert "Correct or remove .pyo3-kit/overlays/acme/config.fragment.toml" in found.err
    project.edit({".pyo3-kit/overlays/acme/config.fragment.toml": None})
    assert project.update().code == 0
    assert "config.toml" not in project.files()
    assert ".pyo3-kit/overlays/acme.applied.json" not in project.files()
