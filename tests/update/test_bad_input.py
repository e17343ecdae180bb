"""What an update refuses: each with its message, a way out, and an untouched project."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.command import environment
from tests.support.signals import listens
from tests.update.templates import FIRST, QUESTIONS, SECOND, Project, Template, git, leftovers, refused, write


def test_not_a_git_repository(project: Project) -> None:
    shutil.rmtree(project.root / ".git")
    refused(project, said="is not in a Git repository")


def test_a_broken_repository(project: Project) -> None:
    (project.root / ".git" / "HEAD").write_text("nonsense\n")
    refused(project, said="is not in a Git repository")


def test_no_answers_file(project: Project) -> None:
    project.edit({".copier-answers.yml": None})
    refused(project, said="is not a Copier project: it has no .copier-answers.yml")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "nowhere does not exist"),
        (["notes.txt"], "notes.txt is not a folder"),
        (["--answers-file", "other.yml"], "There is no answers file other.yml"),
        (["--answers-file", "../other.yml"], "There is no answers file ../other.yml"),
        (["--to", "v9.9.9"], "has no version v9.9.9"),
        (["--to=--upload-pack=x"], "not the name of a version"),
        (["--to", "--upload-pack=x"], "`--to` needs a value"),
        (["--to", ""], "has no version"),
        (["--rebase-on", "nope"], "has no version nope"),
        (["--data", "nonsense=1"], "nonsense: there is no such question"),
        (["--data", "colour=blue"], "'blue' is not one of red, green"),
        (["--data", "shout"], "is not of the form key=value"),
        (["--data", "_commit=v1"], "belongs to Copier"),
        (["--data-file", "nowhere.yml"], "There is no data file nowhere.yml"),
        (["--conflicts", "mine"], "`--conflicts mine` is not one of ask, inline, ours, theirs"),
        (["--conflicts", "ask"], "needs a terminal"),
        (["--ask"], "`--ask` needs a terminal"),
        (["--continue", "--abort"], "`--continue` cannot be used with `--abort`"),
        (["--abort", "--to", "v2.0.0"], "`--abort` can only be used with `--answers-file` and `--json`"),
        (["--frob"], "Unknown option `--frob`"),
    ],
)
def test_bad_words(project: Project, words: list[str], said: str) -> None:
    refused(project, *words, said=said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "does not record the template: it has no `_src_path`"),
        (b"_src_path: /x\n", "does not record the template's version: it has no `_commit`"),
        (b"_commit: v1\n_src_path:\n", "it has no `_src_path`"),
        (b"_src_path: /x\n_commit: 1.0\n", "line 2: `_commit` is 1.0, not a string"),
        (b"_src_path: [x]\n_commit: v1\n", "line 1: `_src_path` is ['x'], not a string"),
        (b"_commit: v1\n_commit: v2\n_src_path: /x\n", "line 2, column 1: duplicate key `_commit`"),
        (b"_commit: v1\nname: [\n", "line 3, column 1"),
        (b"- name\n", "its top level is not a mapping"),
        (b"<<<<<<< ours\n_commit: v1\n=======\n_commit: v2\n>>>>>>> theirs\n", "line 1: a conflict marker is left"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
    ],
)
def test_broken_answers(project: Project, text: bytes, said: str) -> None:
    project.edit({".copier-answers.yml": text})
    refused(project, said=said)


def test_an_answers_file_that_is_none(project: Project) -> None:
    answers = project.root / ".copier-answers.yml"
    answers.unlink()
    answers.symlink_to("nowhere")
    refused(project, said="broken symbolic link")
    answers.unlink()
    answers.mkdir()
    refused(project, said="is a folder, not an answers file")


def test_a_downgrade(template: Template, tmp_path: Path) -> None:
    template.release("v2.0.0", SECOND)
    project = template.project(tmp_path / "project", "v2.0.0")
    refused(project, "--to", "v1.0.0", said="is at v2.0.0 already, which is newer than v1.0.0")


def test_a_project_ahead_of_the_newest_release_waits(template: Template, tmp_path: Path) -> None:
    write(template.root, {"template/notes.txt": "between\n"})
    git(template.root, "commit", "-qam", "Between")
    project = template.project(tmp_path / "project", "HEAD")
    result = project.update("--json")
    assert (result.code, result.object["files"]) == (0, [])


def test_a_template_that_is_gone(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    template.root.rename(tmp_path / "elsewhere")
    refused(project, said="There is no template")
    project.replace(".copier-answers.yml", str(template.root), f"file://{template.root}")
    refused(project, said="cannot be fetched")


def test_a_template_that_is_no_repository(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    shutil.rmtree(template.root / ".git")
    refused(project, said="is not a Git repository, so it has no versions")


def test_a_rewritten_history(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    git(template.root, "tag", "-d", "v1.0.0")
    refused(project, said="has no version v1.0.0")


def test_a_moved_tag(template: Template, tmp_path: Path) -> None:
    template.release("v2.0.0", SECOND)
    project = template.project(tmp_path / "project")
    assert project.update().code == 0
    project.commit()
    template.release("v2.0.0", {"template/notes.txt": "moved\n"})
    template.release("v3.0.0", {"template/docs/index.md": "# Third\n"})
    found = refused(project, said="renders other files than it did when this project was updated to it")
    assert "--rebase-on" in found.err
    assert "was the tag moved?" in project.kit("status").err
    hidden = git(template.root, "rev-parse", "v2.0.0~1")
    result = project.update("--rebase-on", hidden, "--json")
    assert result.code == 0, result.err
    assert result.object["from"] == hidden
    assert project.text("notes.txt") == "moved\n"


def test_answers_that_are_no_longer_valid(template: Template, tmp_path: Path) -> None:
    questions = QUESTIONS.replace("[red, green]", "[blue, green]").replace("default: red", "default: blue")
    template.release("v2.0.0", {"copier.yml": questions})
    project = template.project(tmp_path / "project")
    found = refused(project, said="colour: 'red' is not one of blue, green")
    assert "--data colour=…" in found.err
    assert project.update("--data", "colour=green").code == 0
    assert 'colour = "green"' in project.text("config.toml")


def test_questions_without_an_answer(template: Template, tmp_path: Path) -> None:
    template.release("v2.0.0", {"copier.yml": f"{QUESTIONS}size:\n  type: int\n  help: How big. Truly.\n"})
    project = template.project(tmp_path / "project")
    found = refused(project, said="An answer is needed:\n  size: How big.")
    assert "--data size=…" in found.err
    assert project.update("--data", "size=3").code == 0


@pytest.mark.slow
@pytest.mark.parametrize("limit", [0, 300])
def test_a_full_disk(project: Project, limit: int) -> None:
    """A file size limit stands for the disk: the system refuses to write more."""
    # So that Git has nothing to write into the cache.
    assert project.update("--dry-run").code == 0
    refused(
        project,
        said="No space left while",
        changes={"PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )


def test_a_template_that_cannot_be_rendered(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    template.release("v2.0.0", {"template/notes.txt.jinja": "one\n{% if %}\n"})
    refused(project, said="template/notes.txt.jinja, line 2")
    template.release("v2.0.0", {"template/notes.txt.jinja": None, "copier.yml": "name: [\n"})
    refused(project, said="copier.yml is malformed, line 2")


def test_a_version_that_writes_no_answers_file(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    name = next(name for name in FIRST if "answers_file" in name)
    template.release("v2.0.0", {name: None})
    refused(project, said="does not write .copier-answers.yml")


def test_errors_as_json(project: Project) -> None:
    result = project.update("--to", "v9", "--json")
    assert (result.code, result.err) == (2, "")
    assert "has no version v9" in result.object["error"]
    assert result.object["exit_code"] == 2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_it_plans(template: Template, tmp_path: Path, number: int) -> None:
    project = template.project(tmp_path / "project")
    endless = "{% for one in range(99999) %}{% for other in range(9999) %}{% endfor %}{% endfor %}"
    template.release("v2.0.0", {"template/slow.txt.jinja": endless})
    before = project.everything()
    done = subprocess.Popen(
        [sys.executable, "-m", "pyo3_kit", "update"],
        cwd=project.root,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    scratch = Path(os.environ["PYO3_KIT_CACHE"], "scratch")
    while not (listens(done.pid, signal.SIGTERM, number) and scratch.is_dir() and any(scratch.iterdir())):
        assert done.poll() is None, done.stderr.read() if done.stderr else ""
        time.sleep(0.01)
    done.send_signal(number)
    _, said = done.communicate(timeout=300)
    # CPython ends itself by SIGINT, which a shell calls 130, when the interrupt came while it ran code from a string.
    assert done.returncode in (130, -signal.SIGINT), said
    assert project.everything() == before
    assert "Interrupted" in said
    assert leftovers() == set()
