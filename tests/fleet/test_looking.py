"""What `fleet status` and `fleet check` tell of each repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.fleet.tasks import OPEN, forget_renders
from pyo3_kit.template.location import template_commit
from pyo3_kit.template.releases import releases
from tests.fleet.small import Small
from tests.support.history import commit_all, git, render_release
from tests.update.templates import Project

pytestmark = pytest.mark.slow

SMALL = {"starter": "minimal", "benchmarks": False, "pyo3": "0.28"}


@pytest.fixture(scope="session")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of our own template's first release, on an old PyO3."""
    place = render_release(releases()[0], tmp_path_factory.mktemp("kit") / "project", SMALL)
    commit_all(place)
    return Project(place)


def with_kit(small: Small, kit: Project, name: str) -> Project:
    small.text += f'[[repository]]\npath = "{name}"\n'
    return kit.copy(small.root / name)


def test_a_row_says_where_a_repository_stands(small: Small, kit: Project) -> None:
    project = with_kit(small, kit, "a")
    row = small.rows("status")["a"]
    assert (row["state"], row["version"], row["newest"]) == ("behind", "v0.1.0", template_commit())
    ahead = [release.version for release in releases()[1:]]
    assert row["behind"] == len(ahead) + (template_commit() not in ahead)
    assert row["drift"] == {"customised": 0, "drifted": 0, "stale": 0, "missing": 0}
    assert (row["pyo3"], row["advisories"]) == ("0.28", ["RUSTSEC-2026-0176", "RUSTSEC-2026-0177"])
    assert row["updated"] == git(project.root, "log", "-1", "--format=%cs")
    assert set(row["findings"]) == {"error", "warning", "info"}

    project.edit({"deny.toml": None}).replace(".gitignore", "/target", "/elsewhere")
    row = small.rows("status")["a"]
    assert (row["drift"]["missing"], row["drift"]["drifted"]) == (1, 1)
    # Without the file that accepts them, the advisories are findings as well.
    assert row["findings"]["error"] >= 1
    assert row["rules"]["PYO171"] == 1
    checked = small.rows("check", "--select", "PYO171")["a"]
    assert (checked["state"], checked["rules"]) == ("found", {"PYO171": 1})


def test_a_repository_at_an_address_is_cloned_to_be_looked_at(small: Small) -> None:
    remote = small.remote("a")
    row = small.rows("status")["a"]
    assert (row["state"], row["version"], row["newest"], row["behind"]) == ("behind", "v1.0.0", "v2.0.0", 1)
    assert (row["pyo3"], row["findings"]) == (None, None)
    assert git(remote, "for-each-ref", "--format=%(refname)").splitlines() == ["refs/heads/main"]
    work = small.work(remote).edit({"notes.txt": "mine\n"})
    git(work.root, "push", "-q", "origin", "HEAD")
    assert small.rows("status")["a"]["drift"]["drifted"] == 1


def test_an_answer_set_is_rendered_once(small: Small, kit: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many repositories have it."""
    # Both runs of this test are to count together.
    monkeypatch.setattr("pyo3_kit.fleet.executors.forget_renders", lambda: None)
    for number in range(5):
        with_kit(small, kit, f"p{number}")
    other = Project(small.root / "p4").replace(".copier-answers.yml", "project_description: ", "project_description: X")
    assert "X" in other.text(".copier-answers.yml")
    assert set(small.states("status").values()) == {"behind"}
    assert OPEN[-1].number == 2
    assert set(small.states("update", "--dry-run").values()) == {"would update"}
    # Both versions of both sets.
    assert OPEN[-1].number == 4
    forget_renders()


def test_states(small: Small) -> None:
    small.local("behind")
    small.local("unfinished").replace("config.toml", "size = 1", "size = 7").update("--conflicts", "inline")
    small.local("current").update()
    Project(small.root / "current").commit()
    small.local("drifted").update()
    Project(small.root / "drifted").edit({"notes.txt": "mine\n"})
    small.local("dirty").edit({"new.txt": "x"}, commit=False)
    states = small.states("status")
    assert states == {name: name for name in ("behind", "unfinished", "current", "drifted", "dirty")}


def test_nothing_is_written_where_a_local_repository_lies(small: Small) -> None:
    project = small.local("a")
    before = project.everything()
    small.run("status")
    small.run("check")
    assert project.everything() == before


def test_a_project_in_a_folder_of_its_repository(small: Small, shop: Project, tmp_path: Path) -> None:
    inner = shop.copy(tmp_path / "outer" / "services" / "one")
    (inner.root / ".git").rename(inner.root.parent.parent / ".git")
    outer = Project(tmp_path / "outer")
    outer.commit()
    small.text += '[[repository]]\npath = "mono"\nfolder = "services/one"\n'
    small.text += '[[repository]]\npath = "mono"\nfolder = "services/two"\n'
    copy = outer.copy(small.root / "mono")
    rows = small.rows("update")
    assert (rows["mono/services/one"]["state"], rows["mono/services/two"]["state"]) == ("updated", "gone")
    said = git(copy.root, "show", "pyo3-kit/update-services-one:services/one/.copier-answers.yml")
    assert "_commit: v2.0.0" in said


def test_a_folder_that_leads_out_of_its_repository(small: Small) -> None:
    """Links are followed for local repositories and for clones alike: neither may lead elsewhere."""
    small.seed.copy(small.root / "secret")
    project = small.local("a", 'folder = "inner"')
    (project.root / "inner").symlink_to("../secret")
    project.commit()
    work = small.work(small.remote("b", 'folder = "inner"'))
    (work.root / "inner").symlink_to(small.root / "secret")
    work.commit()
    git(work.root, "push", "-q", "origin", "HEAD")
    for name, row in small.rows("check").items():
        assert (row["state"], "is a link to the outside of the repository" in row["reason"]) == ("refused", True), name
    assert not {"updated", "current"} & set(small.states("update").values())


def test_a_path_to_a_bare_repository(small: Small) -> None:
    place = small.remote("a")
    small.text = '[[repository]]\npath = "a.git"\n'
    for command in ("status", "check", "update", "adopt"):
        row = small.rows(command)["a"]
        assert (row["state"], row["reason"]) == ("broken", "it is a bare repository")
        assert row["hint"] == f'Use `url = "file://{place}"`.'


def test_a_table_for_people(small: Small) -> None:
    small.local("parser")
    small.local("broken")
    (small.root / "broken" / ".copier-answers.yml").write_text("[\n")
    result = small.run("status")
    assert result.code == 1
    lines = result.out.splitlines()
    assert lines[0].split()[:4] == ["REPOSITORY", "STATE", "VERSION", "BEHIND"]
    assert [line.split()[:2] for line in lines[1:]] == [["broken", "broken"], ["parser", "behind"]]
    assert "2 repositories: 1 behind, 1 broken." in result.err
    small.text = ""
    small.local("fresh").update()
    Project(small.root / "fresh").commit()
    result = small.run("status")
    assert (result.code, "1 repository: 1 current." in result.err) == (0, True)
