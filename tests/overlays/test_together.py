"""A template and an overlay brought up to date together, one by one, and by plain Copier: it all comes to the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import copier
import pytest

from tests.overlays.templates import first_overlay
from tests.support.command import run_kit
from tests.update.templates import Project, Template, git

pytestmark = pytest.mark.slow

MAIN, ACME = ".copier-answers.yml", ".copier-answers.acme.yml"


def copier_update(project: Project, answers_file: str) -> None:
    """What `copier update -a FILE` does."""
    copier.run_update(project.root, answers_file=answers_file, defaults=True, overwrite=True, quiet=True)
    assert not list(project.root.rglob("*.rej"))


WAYS: dict[str, list[Callable[[Project], object]]] = {
    "both at once": [lambda project: project.update()],
    "the template first": [
        lambda project: project.update("--answers-file", MAIN),
        lambda project: project.update("--answers-file", ACME),
    ],
    "the overlay first": [
        lambda project: project.update("--answers-file", ACME),
        lambda project: project.update("--answers-file", MAIN),
    ],
    "by versions": [
        lambda project: project.update("--to", "v2.0.0"),
        lambda project: project.update(),
    ],
    "by Copier, then carried over": [
        lambda project: copier_update(project, MAIN),
        lambda project: copier_update(project, ACME),
        lambda project: project.kit("overlay", "apply"),
    ],
    "the overlay by Copier, then an update": [
        lambda project: copier_update(project, ACME),
        lambda project: project.update(),
    ],
    "the template by Copier, then an update": [
        lambda project: copier_update(project, MAIN),
        lambda project: project.update(),
    ],
}


def contents(project: Project) -> dict[str, bytes | None]:
    """Every file but the notes of what a version rendered, which only pyo3-kit writes."""
    return {path: content for path, (content, _) in project.files().items() if not path.endswith(".lock")}


@pytest.fixture(scope="session")
def newest(shop: Template, house: Template, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A new project of both templates at v2.0.0."""
    return shop.project(tmp_path_factory.mktemp("newest") / "project", "v2.0.0", [str(house.root)])


@pytest.mark.parametrize("way", WAYS)
def test_every_way_leads_to_a_new_project(way: str, project: Project, newest: Project) -> None:
    for step in WAYS[way]:
        result = step(project)
        assert result is None or getattr(result, "code", 0) == 0, result
        project.commit()
    expected = contents(newest)
    # What a template leaves alone once it is there stays what it was.
    expected["once.txt"] = b"first\n"
    assert contents(project) == expected

    before = project.everything()
    again = project.update("--json")
    assert (again.code, again.object["files"]) == (0, [])
    assert project.kit("overlay", "apply", "--json").object["files"] == []
    assert project.everything() == before
    assert project.kit("status").code == 0


def test_only_one_goes_on(project: Project) -> None:
    assert project.update("--answers-file", ACME).code == 0
    assert "_commit: v2.0.0" in project.text(ACME)
    assert "_commit: v1.0.0" in project.text(MAIN)
    assert "size = 1" in project.text("config.toml")
    assert 'colour = "violet"' in project.text("config.toml")
    assert "ONE" in project.text("policy.txt")
    assert "SEVEN" not in project.text("notes.txt")


def test_three_changes_meet_in_one_file(project: Project) -> None:
    """The user's, the template's and the overlay's, in one file, in one update."""
    project.replace("config.toml", 'name = "x"', 'name = "x"  # the name\nmine = true')
    project.replace("policy.txt", "seven", "SEVEN")
    result = project.update("--json")
    assert (result.code, result.object["conflicts"]) == (0, []), result.err
    assert [(step["name"], step["from"], step["to"]) for step in result.object["overlays"]] == [
        ("acme", "v1.0.0", "v2.0.0")
    ]
    assert (result.object["from"], result.object["to"]) == ("v1.0.0", "v2.0.0")
    text = project.text("config.toml")
    assert '[tool]\nsize = 2\nname = "x"  # the name\nmine = true\none = 1\n' in text
    assert 'colour = "violet"\n' in text
    assert "[extra]\na = 1\n" in text
    assert "[index]" in text
    # The overlay no longer says it.
    assert "team" not in text
    assert project.text("policy.txt") == "ONE\ntwo\nthree\nPolicy of x.\nfive\nsix\nSEVEN\n"


def test_a_key_that_the_user_took_out_stays_out(project: Project) -> None:
    project.replace("config.toml", 'colour = "blue"\n', "")
    assert project.update("--answers-file", MAIN).code == 0
    assert "colour" not in project.text("config.toml")


def test_conflicts_are_shown(project: Project) -> None:
    project.replace("config.toml", 'colour = "blue"', 'colour = "mine"')
    result = project.update("--json")
    assert result.code == 1
    [conflict] = result.object["conflicts"]
    assert (conflict["path"], conflict["key"]) == ("config.toml", "tool.colour")
    assert ("mine" in conflict["ours"], "violet" in conflict["theirs"]) == (True, True)
    assert 'colour = "mine"' in project.text("config.toml")
    assert "violet" in project.text(".pyo3-kit/conflicts/config.toml.md")
    assert project.update("--abort").code == 0
    assert "_commit: v1.0.0" in project.text(ACME)
    assert git(project.root, "status", "--porcelain") == ""


def test_an_edited_fragment_is_kept_and_carried_over(project: Project) -> None:
    """A fragment is a file of the project like any other."""
    name = ".pyo3-kit/overlays/acme/config.fragment.toml"
    project.edit({name: f"{project.text(name)}mine = 1\n"})
    assert project.kit("status", "--json").object["waiting"] == [name]
    assert project.kit("status").code == 1
    assert project.kit("overlay", "apply").code == 0
    assert "mine = 1" in project.text("config.toml")
    project.commit()
    assert project.update().code == 0
    assert "mine = 1" in project.text(name)
    assert {"mine = 1", 'colour = "violet"', "size = 2"} <= set(project.text("config.toml").splitlines())


def test_an_answer_of_the_overlay_is_changed(project: Project) -> None:
    assert project.update("--data", "team=core", "--to", "v1.0.0", "--answers-file", ACME).code == 0
    assert project.text("CODEOWNERS") == "* @acme/core\n"
    project.commit()
    assert project.update("--data", "team=other").code == 0
    assert project.text("CODEOWNERS") == "* @acme/other\n"
    assert "size = 2" in project.text("config.toml")


def test_an_answer_that_both_ask_for_goes_to_both(project: Project) -> None:
    assert project.update("--data", "name=y").code == 0
    assert 'name = "y"' in project.text("config.toml")
    assert "Policy of y." in project.text("policy.txt")


def test_made_by_copier_alone(shop: Template, house: Template, made: Project, tmp_path: Path) -> None:
    """Two copies in order and `overlay apply` are what `new --overlay` makes."""
    root = tmp_path / "project"
    for template in (shop, house):
        data = {"name": "x"} if template is shop else {}
        copier.run_copy(str(template.root), root, data=data, defaults=True, quiet=True, vcs_ref="v1.0.0")
    git(root, "init", "-q")
    project = Project(root)
    project.commit()
    assert "blue" not in project.text("config.toml")
    assert project.kit("overlay", "apply").code == 0
    project.commit()
    assert contents(project) == contents(made)


def test_two_overlays_are_merged_in_the_order_of_their_names(shop: Template, house: Template, tmp_path: Path) -> None:
    later = first_overlay(tmp_path / "later", "zeta")
    later.release("v1.1.0", {"template/.pyo3-kit/overlays/zeta/config.fragment.toml": '[tool]\ncolour = "last"\n'})
    project = shop.project(tmp_path / "project", overlays=[str(later.root), f"{house.root}@v1.0.0"])
    assert 'colour = "last"' in project.text("config.toml")
    assert 'team = "acme"' in project.text("config.toml")
    assert project.update().code == 0
    assert 'colour = "last"' in project.text("config.toml")
    assert "[index]" in project.text("config.toml")
    project.commit()
    assert project.kit("status").code == 0
    listed = run_kit("overlay", "list", "--json", folder=project.root).object["overlays"]
    assert [(one["name"], one["version"]) for one in listed] == [("acme", "v2.0.0"), ("zeta", "v1.1.0")]
