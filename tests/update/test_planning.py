"""Updates as a library: typed plans that write nothing, renders that a fleet shares, migrations on the user's code."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from pyo3_kit.merge.model import File, FileMerge, Labels, Outcome
from pyo3_kit.project.answers_file import Recorded
from pyo3_kit.project.files import read_tree
from pyo3_kit.project.location import find_project
from pyo3_kit.project.lock_file import make_pin, read_pin, write_pin
from pyo3_kit.render.cache import Renders
from pyo3_kit.update.copying import copy_merged
from pyo3_kit.update.planning import Plan, UpdateRequest, plan
from pyo3_kit.update.settling import Side, edited, settle_all, settle_file
from pyo3_kit.update.status import status
from tests.update.templates import Project, Template, git


def test_a_plan_is_typed_and_writes_nothing(project: Project) -> None:
    before = project.everything()
    made = plan(UpdateRequest(path=project.root))
    assert (made.before, made.after, made.conflicts, made.answers_changed) == ("v1.0.0", "v2.0.0", (), {})
    found = {merge.path: merge for merge in made.files}
    assert found["new/fresh.txt"].result == File(b"fresh\n")
    assert (found["old.txt"].outcome, found["old.txt"].result) == (Outcome.REMOVED, None)
    with pytest.raises(FrozenInstanceError):
        made.after = "v3"  # type: ignore[misc]
    assert project.everything() == before


def test_a_fleet_shares_renders(made: Project, project: Project, tmp_path: Path) -> None:
    """The template is opened once for each version; the results are those of separate runs."""
    other = project.copy(tmp_path / "other")
    other.replace("notes.txt", "one", "ONE")
    alone = [plan(UpdateRequest(path=one.root)).files for one in (project, other)]
    with Renders() as renders:
        together = [plan(UpdateRequest(path=one.root), renders=renders).files for one in (project, other)]
        stands = status(made.root, renders=renders)
        assert len(renders._open) == 2
    assert together == alone
    assert (stands.behind, stands.files) == (True, ())


def test_a_project_in_a_linked_work_tree(project: Project, tmp_path: Path) -> None:
    git(project.root, "worktree", "add", "-q", str(tmp_path / "linked"))
    found = find_project(tmp_path / "linked", None)
    assert found.git_dir == project.root / ".git" / "worktrees" / "linked"
    linked = Project(tmp_path / "linked").replace("notes.txt", "seven", "Seven")
    assert linked.update().code == 1
    assert linked.update("--abort").code == 0
    assert git(linked.root, "status", "--porcelain") == ""


def test_the_note_of_what_was_rendered(tmp_path: Path) -> None:
    recorded = Recorded("/template", "v1", {"name": "x"})
    tree = {"a.txt": File(b"a\n"), "b": File(b"a.txt", link=True)}
    pin = make_pin(recorded, tree)
    (tmp_path / "lock").write_bytes(write_pin(pin))
    assert read_pin(tmp_path / "lock", recorded) == pin
    assert read_pin(tmp_path / "lock", Recorded("/template", "v2", {"name": "x"})) is None
    assert read_pin(tmp_path / "lock", Recorded("/template", "v1", {"name": "y"})) is None
    assert read_pin(tmp_path / "missing", recorded) is None
    for other in ({"a.txt": File(b"a\n", executable=True), "b": tree["b"]}, {"a.txt": File(b"a\n")}):
        assert make_pin(recorded, other).render != pin.render
    (tmp_path / "lock").write_text('commit = "v1"\nanswers = broken\n')
    assert read_pin(tmp_path / "lock", recorded) is None


def test_the_merged_copy(project: Project, tmp_path: Path) -> None:
    """What `--verify` builds: the project with the update in it, and nothing that Git ignores."""
    project.edit({".gitignore": "target/\n", "mine.txt": "mine\n"})
    project.edit({"target/big": "big\n", "untracked.txt": "new\n", "run.sh": "#!/bin/sh\necho mine\n"}, commit=False)
    made = plan(UpdateRequest(path=project.root))
    (tmp_path / "copy").mkdir()
    copy_merged(made, tmp_path / "copy")
    copied = read_tree(tmp_path / "copy")
    assert project.update().code == 0
    now = {path: file for path, file in read_tree(project.root).items() if not path.startswith((".git/", "target/"))}
    assert copied == now
    assert {"mine.txt", "untracked.txt", "new/fresh.txt"} <= copied.keys()


def conflicting(project: Project) -> Plan:
    lines = project.text("notes.txt").replace("one", "One").replace("seven", "Seven")
    project.edit({"notes.txt": lines})
    return plan(UpdateRequest(path=project.root))


def test_conflicts_decided_one_by_one(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    template.release("v2.0.0", {"template/notes.txt": "ONE\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n"})
    made = conflicting(project)
    merge = next(merge for merge in made.files if merge.conflicts)
    assert len(merge.conflicts) == 2

    def after(*sides: Side) -> FileMerge:
        return settle_file(made, merge, sides)

    both = after(Side.BOTH, Side.THEIRS)
    assert both.result == File(b"One\nONE\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n")
    assert (both.outcome, both.conflicts, both.stages) == (Outcome.MERGED, (), None)
    half = after(Side.OURS, Side.SKIP)
    assert half.result is not None
    assert half.result.content.split(b"\n")[0] == b"One"
    assert half.stages == merge.stages
    (left,) = half.conflicts
    assert left.line is not None
    assert half.result.content.split(b"\n")[left.line - 1] == b"<<<<<<< yours"
    assert after(Side.SKIP, Side.SKIP) == merge
    assert after(Side.OURS, Side.OURS).outcome is Outcome.KEPT

    assert edited(merge, b"mine\n").result == File(b"mine\n")
    assert merge.result is not None
    assert edited(merge, merge.result.content).conflicts == merge.conflicts


def test_a_choice_that_breaks_a_file_is_left_to_a_person(template: Template, tmp_path: Path) -> None:
    """Both sides' lines together do not parse."""
    template.release("v1.0.0", {"template/code.py": "if c:\n    x = 1\n"})
    project = template.project(tmp_path / "project").edit({"code.py": "if a:\n    x = 1\n"})
    template.release("v2.0.0", {"template/code.py": "if b:\n    x = 1\n"})
    made = plan(UpdateRequest(path=project.root))
    assert [conflict.path for conflict in made.conflicts] == ["code.py"]
    assert settle_all(made, Side.BOTH).conflicts == made.conflicts
    assert not settle_all(made, Side.THEIRS).conflicts


def test_markers_in_another_encoding_are_left_to_a_person(template: Template, tmp_path: Path) -> None:
    template.release("v1.0.0", {"template/wide.txt": "one\n".encode("utf-16")})
    project = template.project(tmp_path / "project").edit({"wide.txt": "ONE\n".encode("utf-16")})
    template.release("v2.0.0", {"template/wide.txt": "One\n".encode("utf-16")})
    made = plan(UpdateRequest(path=project.root))
    assert [conflict.path for conflict in made.conflicts] == ["wide.txt"]
    for side in (Side.OURS, Side.THEIRS):
        left = next(merge for merge in settle_all(made, side).files if merge.path == "wide.txt")
        assert left.result is not None
        assert left.conflicts or "<<<" not in left.result.content.decode("utf-16")


def test_labels_name_the_versions(project: Project) -> None:
    assert plan(UpdateRequest(path=project.root)).labels == Labels("yours", "template v1.0.0", "template v2.0.0")
    same = plan(UpdateRequest(path=project.root, to="v1.0.0", data={"colour": "green"}))
    assert same.labels == Labels("yours", "template v1.0.0 before", "template v1.0.0 now")


MIGRATION = """\
id: new-name
kind: code
title: Call it by its new name
why: The old name is gone.
docs: https://example.org/new-name
safe: true
when: {from: v1.0.0, to: v2.0.0}
files: ["**/*.py"]
"""


def test_answer_migrations_come_first(template: Template, tmp_path: Path) -> None:
    """A question that was renamed keeps its answer, with the reason in the report."""
    project = template.project(tmp_path / "project", colour="green")
    migration = MIGRATION.replace("kind: code", "kind: answers").replace('files: ["**/*.py"]\n', "")
    steps = "steps:\n  - {rename: colour, to: shade}\n"
    files = {
        "copier.yml": str((template.root / "copier.yml").read_text()).replace("colour:", "shade:"),
        "template/config.toml.jinja": '[tool]\nname = "{{ name }}"\ncolour = "{{ shade }}"\nsize = 1\n',
        "migrations/new-name/migration.yml": migration + steps,
    }
    template.release("v2.0.0", files)
    result = project.update("--json")
    assert result.code == 0, result.err
    assert result.object["answers"] == {"colour": {"from": "green", "to": None}, "shade": {"from": None, "to": "green"}}
    assert [applied["id"] for applied in result.object["migrations"]] == ["new-name"]
    assert result.object["migrations"][0]["notes"] == ["`colour` is now `shade`"]
    assert result.object["warnings"] == []
    assert 'colour = "green"' in project.text("config.toml")
