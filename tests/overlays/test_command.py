"""`new --overlay`, `overlay add|apply|list|remove`, and what `status` says about overlays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.overlays.templates import FRAGMENT, first_overlay
from tests.support.command import run_kit
from tests.update.templates import Project, Template, git

pytestmark = pytest.mark.slow


def test_new(shop: Template, house: Template, tmp_path: Path) -> None:
    words = ("--template", str(shop.root), "--data", "name=x", "--data", "team=core", "--overlay", str(house.root))
    seen = run_kit("new", "project", *words, "--dry-run", folder=tmp_path)
    assert "acme.applied.json" in seen.out
    assert not (tmp_path / "project").exists()
    made = run_kit("new", "project", *words, "--json", folder=tmp_path).object
    assert made["overlays"] == [
        {"name": "acme", "template": str(house.root), "ref": "v2.0.0", "answers": {"team": "core", "name": "x"}}
    ]
    assert made["committed"]
    project = Project(tmp_path / "project")
    assert project.text("CODEOWNERS") == "* @acme/core\n"
    assert "Policy of x." in project.text("policy.txt")
    assert 'colour = "violet"' in project.text("config.toml")
    assert git(project.root, "status", "--porcelain") == ""
    assert {entry["path"] for entry in made["files"]} == {path for path, (text, _) in project.files().items() if text}


def test_an_answer_that_nobody_asks_for(shop: Template, house: Template, tmp_path: Path) -> None:
    words = ("--template", str(shop.root), "--data", "name=x", "--data", "taem=core", "--overlay", str(house.root))
    result = run_kit("new", "project", *words, folder=tmp_path)
    assert result.code == 2
    assert "taem: there is no such question" in result.err


def test_add_is_what_new_does(shop: Template, house: Template, made: Project, tmp_path: Path) -> None:
    project = shop.project(tmp_path / "project")
    result = project.kit("overlay", "add", f"{house.root}@v1.0.0", "--json")
    assert (result.code, result.object["overlays"]) == (
        0,
        [{"name": "acme", "template": str(house.root), "from": None, "to": "v1.0.0"}],
    ), result.err
    notes = {path for path in project.files() if path.endswith(".lock")}
    assert {path: project.files()[path] for path in project.files().keys() - notes} == made.files()


def test_add_to_a_project_with_edits(shop: Template, house: Template, tmp_path: Path) -> None:
    project = shop.project(tmp_path / "project").replace("config.toml", 'colour = "red"', 'colour = "mine"')
    seen = project.kit("overlay", "add", str(house.root), "--dry-run", "--diff")
    assert "tool.colour: yours" in seen.out
    assert "+* @acme/platform" in seen.out
    result = project.kit("overlay", "add", str(house.root))
    assert result.code == 1
    assert 'colour = "mine"' in project.text("config.toml")
    assert "[index]" in project.text("config.toml")


def test_a_file_that_the_user_has_already(shop: Template, house: Template, tmp_path: Path) -> None:
    project = shop.project(tmp_path / "project").edit({"CODEOWNERS": "* @me\n"})
    result = project.kit("overlay", "add", str(house.root), "--json")
    assert result.code == 1
    assert [conflict["path"] for conflict in result.object["conflicts"]] == ["CODEOWNERS"]
    assert "* @me" in project.text("CODEOWNERS")


def test_remove_is_what_was_there_before(shop: Template, project: Project, tmp_path: Path) -> None:
    seen = project.kit("overlay", "remove", "acme", "--dry-run")
    assert "CODEOWNERS" in seen.out
    project.replace("config.toml", 'name = "x"', 'name = "x"\nmine = 1')
    assert project.kit("overlay", "remove", "acme").code == 0
    project.commit()
    plain = shop.project(tmp_path / "plain").replace("config.toml", 'name = "x"', 'name = "x"\nmine = 1')
    assert project.files() == plain.files()


def test_list(project: Project, house: Template) -> None:
    assert project.kit("overlay", "list").out == f"acme  {house.root} at v1.0.0\n"


def test_status_tells_of_each(project: Project) -> None:
    found = project.kit("status", "--json")
    assert (found.code, found.object["behind"], found.object["waiting"]) == (1, True, [])
    [acme] = found.object["overlays"]
    assert (acme["name"], acme["version"], acme["newest"], acme["behind"]) == ("acme", "v1.0.0", "v2.0.0", True)
    assert "overlay acme, " in project.kit("status", "--quick").out
    assert len(project.kit("status", "--quick", "--json").object["overlays"]) == 1
    alone = project.kit("status", "--json", "--answers-file", ".copier-answers.acme.yml").object
    assert (alone["version"], alone["overlays"]) == ("v1.0.0", [])


@pytest.mark.parametrize("address", ["./overlay", "overlay", "./overlay@v1.0.0"])
def test_a_folder_is_relative_to_the_current_one(
    shop: Template, overlay: Template, tmp_path: Path, address: str
) -> None:
    project = shop.project(tmp_path / "project")
    result = run_kit("overlay", "add", address, "project", folder=tmp_path)
    assert result.code == 0, result.err
    assert project.kit("overlay", "list").out == f"acme  {overlay.root} at v1.0.0\n"
    assert [one["current"] for one in project.kit("status", "--json").object["overlays"]] == [True]


def test_what_an_overlay_changed_is_no_drift(project: Project) -> None:
    assert project.update().code == 0
    project.commit()
    found = project.kit("status", "--json")
    assert (found.code, found.object["current"]) == (0, True)
    # Which the template leaves to the user.
    assert [file["path"] for files in found.object["files"].values() for file in files] == ["once.txt"]
    project.replace("config.toml", 'colour = "violet"', 'colour = "red"')
    found = project.kit("status", "--json")
    assert found.code == 1
    assert found.object["files"]["drifted"][0]["keys"] == ["tool.colour"]
    project.replace("policy.txt", "ONE", "TWO")
    [acme] = project.kit("status", "--json").object["overlays"]
    assert [file["path"] for file in acme["files"]["drifted"]] == ["policy.txt"]


def test_a_fragment_by_an_answer(shop: Template, overlay: Template, tmp_path: Path) -> None:
    """An overlay asks for what decides, with the other template's answer as default; both change at once."""
    overlay.release(
        "v1.1.0",
        {
            "copier.yml": f"{(overlay.root / 'copier.yml').read_text()}"
            'shout:\n  type: bool\n  default: "{{ _external_data.below.shout }}"\n',
            "template/.pyo3-kit/overlays/acme/{% if shout %}config.fragment.toml{% endif %}": "[tool]\nloud = true\n",
            FRAGMENT: None,
        },
    )
    project = shop.project(tmp_path / "project", overlays=[str(overlay.root)])
    assert "loud" not in project.text("config.toml")
    assert project.update("--data", "shout=true", "--to", "v1.0.0").code == 0
    assert "LOUD 3" in project.text("loud.txt")
    project.commit()
    assert project.update("--data", "shout=true").code == 0
    assert "loud = true" in project.text("config.toml")
    project.commit()
    assert project.update("--data", "shout=false").code == 0
    assert "loud" not in project.text("config.toml")
    assert "loud.txt" not in project.files()


@pytest.mark.parametrize("name", ["policy.txt", "notes.txt"])
def test_an_update_of_both_is_one(project: Project, name: str) -> None:
    """What stands against one of them stands against both: nothing is written."""
    project.edit({name: "dirty\n"}, commit=False)
    before = project.everything()
    result = project.update()
    assert result.code == 2
    assert name in result.err
    assert project.everything() == before


def test_two_overlays_with_answers_of_their_own(shop: Template, house: Template, tmp_path: Path) -> None:
    zeta = first_overlay(tmp_path / "zeta", "zeta")
    project = shop.project(tmp_path / "project", overlays=[str(zeta.root), str(house.root)])
    assert project.kit("overlay", "remove", "acme").code == 0
    assert 'colour = "blue"' in project.text("config.toml")
    assert (project.root / ".copier-answers.zeta.yml").is_file()


def test_what_the_project_does_without_is_not_said_of_overlays(project: Project) -> None:
    table = '[tool.pyo3-kit.template]\nwithout = ["/notes.txt", "/policy.txt"]\n'
    project.edit({"pyproject.toml": table, "notes.txt": None, "policy.txt": None})
    found = project.kit("status", "--json").object
    assert {"path": "notes.txt", "reason": "left out in pyproject.toml", "keys": []} in found["files"]["customised"]
    [acme] = found["overlays"]
    assert [file["path"] for file in acme["files"]["missing"]] == ["policy.txt"]
