"""Templates that are not ours: with code of their own, data from other answers files, links, several in one project."""

from __future__ import annotations

import os
from pathlib import Path

import copier
import pytest

from tests.support.command import run_kit
from tests.update.templates import ANSWERS, QUESTIONS, SECOND, Project, Template, git, refused

pytestmark = pytest.mark.slow

TASKS = """\
_tasks:
  - touch task-ran
_migrations:
  - touch migration-ran
"""


def test_tasks_are_not_run_and_said_so(template: Template, tmp_path: Path) -> None:
    """Neither those of the version that rendered the project nor those of the one it goes to."""
    project = template.project(tmp_path / "project")
    template.release("v2.0.0", {"copier.yml": f"{QUESTIONS}{TASKS}"})
    template.release("v3.0.0", SECOND)
    for version in ("v2.0.0", "v3.0.0"):
        result = project.update("--to", version, "--json")
        assert result.code == 0, result.err
        warnings = result.object["warnings"]
        assert warnings == ["The template declares tasks and migrations, which pyo3-kit does not run."]
        project.commit()
    assert project.text("notes.txt").endswith("SEVEN\n")
    assert not (project.root / "task-ran").exists()
    assert not (project.root / "migration-ran").exists()


def test_extensions_are_refused(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    template.release("v2.0.0", {"copier.yml": f"_jinja_extensions: [jinja2.ext.do]\n{QUESTIONS}"})
    refused(project, said="runs code of its own (jinja_extensions)")


def test_a_file_that_the_template_leaves_alone(template: Template, tmp_path: Path) -> None:
    """As Copier has it: an existing one is never touched, a missing one is made again."""
    project = template.project(tmp_path / "project")
    template.release("v2.0.0", {"template/once.txt": "second\n"})
    other = project.copy(tmp_path / "other").edit({"once.txt": None})
    project.edit({"once.txt": "mine\n"})
    assert (project.update().code, other.update().code) == (0, 0)
    assert project.text("once.txt") == "mine\n"
    assert other.text("once.txt") == "second\n"


def test_a_file_that_updates_leave_out(template: Template, tmp_path: Path) -> None:
    """What a template excludes while it updates is an example that the user may have removed or changed."""
    exclude = "_exclude: [\"{% if _copier_operation == 'update' %}notes.txt{% endif %}\"]\n"
    template.release("v1.0.0", {"copier.yml": f"{exclude}{QUESTIONS}"})
    project = template.project(tmp_path / "project")
    template.release("v2.0.0", SECOND)
    assert "notes.txt" not in {file["path"] for file in project.update("--json").object["files"]}
    assert project.text("notes.txt").endswith("seven\n")


def test_files_that_a_loop_makes(template: Template, tmp_path: Path) -> None:
    """Both renders come from one open template, and what it compiled the first time is used again."""
    loop = "template/{% yield part from ['one', 'two'] %}{{ part }}{% endyield %}.txt.jinja"
    template.release("v1.0.0", {loop: "{{ part }} {{ colour }}\n"})
    project = template.project(tmp_path / "project")
    for colour in ("green", "red"):
        assert project.update("--data", f"colour={colour}").code == 0
        assert (project.text("one.txt"), project.text("two.txt")) == (f"one {colour}\n", f"two {colour}\n")
        project.commit()


def test_links_and_modes(template: Template, tmp_path: Path) -> None:
    (template.root / "template" / "link").symlink_to("notes.txt")
    template.release("v1.0.0", {"copier.yml": f"_preserve_symlinks: true\n{QUESTIONS}"})
    project = template.project(tmp_path / "project")
    (template.root / "template" / "link").unlink()
    (template.root / "template" / "link").symlink_to("run.sh")
    (template.root / "template" / "notes.txt").chmod(0o755)
    template.release("v2.0.0", {})
    assert project.update().code == 0
    assert (project.root / "link").readlink() == Path("run.sh")
    assert (project.root / "notes.txt").stat().st_mode & 0o100


def test_two_templates_in_one_project(template: Template, tmp_path: Path) -> None:
    """Each has an answers file, and one reads what the other's says."""
    project = template.project(tmp_path / "project")
    questions = (
        "_subdirectory: template\n_answers_file: .copier-answers.second.yml\n"
        "_external_data:\n  first: .copier-answers.yml\n"
        'title:\n  type: str\n  default: "{{ _external_data.first.name }}!"\n'
    )
    second = Template(tmp_path / "second").release(
        "v1.0.0",
        {
            "copier.yml": questions,
            f"template/{ANSWERS}": "{{ _copier_answers | to_nice_yaml }}",
            "template/title.txt.jinja": "{{ title }} of {{ _external_data.first.name }}\n",
        },
    )
    copier.run_copy(str(second.root), project.root, defaults=True, quiet=True)
    project.commit()
    assert project.text("title.txt") == "x! of x\n"
    second.release("v2.0.0", {"template/title.txt.jinja": "{{ title }} of {{ _external_data.first.name }}, anew\n"})
    template.release("v2.0.0", SECOND)

    result = project.update("--answers-file", ".copier-answers.second.yml", "--json")
    assert (result.code, result.object["to"]) == (0, "v2.0.0"), result.err
    assert project.text("title.txt") == "x! of x, anew\n"
    assert "_commit: v1.0.0" in project.text(".copier-answers.yml")
    assert 'commit = "v2.0.0"' in project.text(".copier-answers.second.lock")
    project.commit()
    assert project.kit("status", "--answers-file", ".copier-answers.second.yml").code == 0
    assert project.update().code == 0
    assert project.text("title.txt") == "x! of x, anew\n"
    project.commit()

    project.edit({".copier-answers.yml": None})
    found = refused(project, said="There is no .copier-answers.yml in")
    assert "`--answers-file .copier-answers.second.yml`" in found.err


def test_two_projects_in_one_repository(shop: Template, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    projects = [shop.project(tmp_path / name) for name in ("one", "two words")]
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "Both")
    one, two = projects
    one.edit({"notes.txt": "changed\n"}, commit=False)
    (tmp_path / "notes.txt").write_text("not the project's\n")
    assert run_kit("update", "two words", folder=tmp_path).code == 0
    assert two.text("notes.txt").endswith("SEVEN\n")
    assert one.text("notes.txt") == "changed\n"
    assert "one/notes.txt" in git(tmp_path, "status", "--porcelain")
    refused(one, said="notes.txt: it has changes that are not committed")
    refused(one, "..", said="is not a Copier project")


def test_a_project_is_found_from_within(project: Project) -> None:
    result = project.kit("update", "--json", folder=project.root / "docs")
    assert (result.code, result.object["path"]) == (0, str(project.root))


def test_a_template_by_a_relative_path(template: Template, tmp_path: Path) -> None:
    """It counts from the project, wherever the command runs, and works from anywhere afterwards."""
    project = template.project(tmp_path / "project")
    project.replace(".copier-answers.yml", str(template.root), "../template")
    template.release("v2.0.0", SECOND)
    result = project.kit("update", str(project.root), "--json", folder=Path(os.sep))
    assert result.code == 0, result.err
    assert f"_src_path: {template.root}\n" in project.text(".copier-answers.yml")


def test_a_template_by_an_address(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    address = f"file://{template.root}"
    project.replace(".copier-answers.yml", str(template.root), address)
    template.release("v2.0.0", SECOND)
    assert project.update("--json").object["to"] == "v2.0.0"
    assert f"_src_path: {address}\n" in project.text(".copier-answers.yml")
    project.commit()
    template.release("v3.0.0", {"template/notes.txt": "third\n"})
    assert project.update("--json").object["to"] == "v3.0.0"


@pytest.mark.parametrize("shout", ["yes", "no"])
def test_an_answer_switches_a_file(project: Project, shout: str) -> None:
    """`--data` alone, at the same version; edited files that are switched off stay, and are named."""
    on = project.update("--to", "v1.0.0", "--data", "shout=yes", "--json")
    assert on.code == 0, on.err
    assert on.object["answers"] == {"level": {"from": None, "to": 3}, "shout": {"from": False, "to": True}}
    assert project.text("loud.txt") == "LOUD 3\n"
    assert "`level` is a new question: its default was taken, 3." in on.object["warnings"]
    project.commit()
    project.edit({"loud.txt": "LOUD 3, and mine\n"} if shout == "yes" else {})
    off = project.update("--to", "v1.0.0", "--data", "shout=no", "--json")
    assert off.code == 0
    found = {file["path"]: file["outcome"] for file in off.object["files"]}
    assert found["loud.txt"] == ("kept" if shout == "yes" else "removed")
    assert (project.root / "loud.txt").exists() == (shout == "yes")
    assert "level" not in project.text(".copier-answers.yml")


def test_new_and_dropped_questions(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project", shout="yes", level="5")
    questions = QUESTIONS.split("shout:")[0] + "size:\n  type: int\n  default: 7\n"
    files = {"copier.yml": questions, "template/size.txt.jinja": "{{ size }}\n"}
    template.release("v2.0.0", {**files, "template/{% if shout %}loud.txt{% endif %}.jinja": None})
    result = project.update("--json")
    assert result.code == 0, result.err
    assert project.text("size.txt") == "7\n"
    assert result.object["answers"].keys() == {"shout", "level", "size"}
    assert [word for word in ("`shout`", "`level`", "`size`") if word in " ".join(result.object["warnings"])] == [
        "`shout`",
        "`level`",
        "`size`",
    ]


def test_answers_as_copier_reads_them(template: Template, tmp_path: Path) -> None:
    """A number that a hand wrote for a text is what Copier takes it for."""
    project = template.project(tmp_path / "project")
    project.replace(".copier-answers.yml", "name: x", "name: 3.1")
    template.release("v2.0.0", SECOND)
    assert project.update().code == 0
    assert "name: '3.1'\n" in project.text(".copier-answers.yml")


def test_a_secret_is_given_again(template: Template, tmp_path: Path) -> None:
    questions = f"{QUESTIONS}token:\n  type: str\n  secret: true\n  default: none\n"
    template.release("v1.0.0", {"copier.yml": questions, "template/token.txt.jinja": "{{ token }}\n"})
    project = template.project(tmp_path / "project", token="abc")
    template.release("v2.0.0", SECOND)
    assert project.update("--data", "token=abc").code == 0
    assert project.text("token.txt") == "abc\n"
    assert "abc" not in project.text(".copier-answers.yml")
