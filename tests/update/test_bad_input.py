"""What an update refuses: each with its message, a way out, and an untouched project."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import environment
from tests.update.templates import FIRST, QUESTIONS, SECOND, Project, Template, git, leftovers, refused, write


def test_not_a_git_repository(project: Project) -> None:
    shutil.rmtree(project.root / ".git")
    refused(project, said="is not in a Git repository")


def test_a_broken_repository(project: Project) -> None:
    (project.root / ".git" / "HEAD").write_text("nonsense\n")
    refused(project, said="is not in a Git repository")


def test_no_answers_file(project: Project) -> None:
    project.edit({".copier-answers.yml": None})
    refused(project, said="is no Copier project: it holds no .copier-answers.yml")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "nowhere does not exist"),
        (["notes.txt"], "notes.txt is no folder"),
        (["--answers-file", "other.yml"], "There is no answers file other.yml"),
        (["--answers-file", "../other.yml"], "There is no answers file ../other.yml"),
        (["--to", "v9.9.9"], "has no version v9.9.9"),
        (["--to", "--upload-pack=x"], "no name of a version"),
        (["--to", ""], "has no version"),
        (["--rebase-on", "nope"], "has no version nope"),
        (["--data", "nonsense=1"], "nonsense: there is no such question"),
        (["--data", "colour=blue"], "'blue' is none of red, green"),
        (["--data", "shout"], "is not of the form key=value"),
        (["--data", "_commit=v1"], "belongs to Copier"),
        (["--data-file", "nowhere.yml"], "There is no data file nowhere.yml"),
        (["--conflicts", "mine"], "`--conflicts mine` is none of ask, inline, ours, theirs"),
        (["--conflicts", "ask"], "needs a terminal"),
        (["--ask"], "`--ask` needs a terminal"),
        (["--continue", "--abort"], "takes no option"),
        (["--abort", "--to", "v2.0.0"], "takes no option"),
        (["--frob"], "No such option"),
    ],
)
def test_bad_words(project: Project, words: list[str], said: str) -> None:
    refused(project, *words, said=said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "does not tell the template: it has no `_src_path`"),
        (b"_src_path: /x\n", "does not tell the template's version: it has no `_commit`"),
        (b"_commit: v1\n_src_path:\n", "it has no `_src_path`"),
        (b"_src_path: /x\n_commit: 1.0\n", "line 2: `_commit` is 1.0, not text"),
        (b"_src_path: [x]\n_commit: v1\n", "line 1: `_src_path` is ['x'], not text"),
        (b"_commit: v1\n_commit: v2\n_src_path: /x\n", "line 2, column 1: `_commit` stands twice"),
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
    refused(project, said="leads nowhere")
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
    refused(project, said="is no Git repository, so it has no versions")


def test_a_rewritten_history(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    git(template.root, "tag", "-d", "v1.0.0")
    refused(project, said="has no version v1.0.0")


def test_dirty_files_are_named(project: Project) -> None:
    project.edit({"notes.txt": "changed\n", "run.sh": "changed\n"}, commit=False)
    found = refused(project, said="notes.txt: it has changes that are not committed")
    assert "run.sh" not in found.err
    git(project.root, "add", "notes.txt")
    refused(project, said="notes.txt: it has changes that are not committed")


def test_untracked_and_ignored_files_in_the_way(project: Project) -> None:
    project.edit({"new/fresh.txt": "mine\n"}, commit=False)
    refused(project, said="new/fresh.txt: it is not tracked, and stands in the way")
    project.edit({".git/info/exclude": "new/\n"}, commit=False)
    refused(project, said="new/fresh.txt: it is ignored by Git, and stands in the way")


def test_what_the_template_put_into_an_ignored_place_is_its_own(project: Project) -> None:
    project.edit({".git/info/exclude": "data.bin\n"}, commit=False)
    git(project.root, "rm", "-q", "--cached", "data.bin")
    git(project.root, "commit", "-qm", "Forget")
    assert project.update().code == 0
    assert (project.root / "data.bin").read_bytes() == b"\x00\x01\x03"


def test_a_repository_without_a_commit(project: Project) -> None:
    shutil.rmtree(project.root / ".git")
    git(project.root, "init", "-q")
    refused(project, said="it is not tracked")


def test_read_only_files(project: Project) -> None:
    (project.root / "notes.txt").chmod(0o444)
    refused(project, said="notes.txt is read-only")


def test_a_link_out_of_the_project(template: Template, tmp_path: Path) -> None:
    project = template.project(tmp_path / "project")
    template.release("v2.0.0", {"template/docs/index.md": "# New\n"})
    (project.root / "docs").rename(tmp_path / "docs")
    (project.root / "docs").symlink_to(tmp_path / "docs")
    project.commit()
    refused(project, said="docs is a symbolic link that leads out of the project")
    assert (tmp_path / "docs" / "index.md").read_text() == "# Docs\n\nText.\n"


def test_a_file_that_is_a_link_now(template: Template, tmp_path: Path) -> None:
    """The link stays, and what it leads to is not written through it."""
    project = template.project(tmp_path / "project")
    template.release("v2.0.0", SECOND)
    (tmp_path / "outside.txt").write_text("outside\n")
    (project.root / "notes.txt").unlink()
    (project.root / "notes.txt").symlink_to(tmp_path / "outside.txt")
    project.commit()
    result = project.update("--json")
    assert result.code == 1
    assert [conflict["path"] for conflict in result.object["conflicts"]] == ["notes.txt"]
    assert (project.root / "notes.txt").is_symlink()
    assert (tmp_path / "outside.txt").read_text() == "outside\n"


@pytest.mark.parametrize(("place", "said"), [("new", "new is a submodule"), ("new/fresh.txt", "is a submodule")])
def test_submodules(project: Project, template: Template, place: str, said: str) -> None:
    command = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(template.root), place]
    git(project.root, *command)
    project.commit()
    refused(project, said=said)


def test_files_and_folders_in_each_others_places(project: Project, tmp_path: Path) -> None:
    project.edit({"new": "a file\n"})
    refused(project, said="new is a file")
    other = project.copy(tmp_path / "other").edit({"new": None, "keep.txt": ""})
    other.edit({"new/fresh.txt/deep.txt": "deep\n"})
    refused(other, said="new/fresh.txt is a folder")


@pytest.mark.parametrize("ending", [["rebase", "side"], ["merge", "side"]])
def test_a_merge_in_progress(project: Project, ending: list[str]) -> None:
    git(project.root, "checkout", "-qb", "side")
    project.edit({"mine.txt": "side\n"})
    git(project.root, "checkout", "-q", "main")
    project.edit({"mine.txt": "main\n"})
    git(project.root, *ending, check=False)
    refused(project, said=f"A {ending[0]} is in progress, with unmerged files: mine.txt")


def test_unmerged_files_of_no_merge(project: Project) -> None:
    project.edit({"notes.txt": "stashed\n"}, commit=False)
    git(project.root, "stash")
    project.edit({"notes.txt": "committed\n"})
    git(project.root, "stash", "pop", check=False)
    refused(project, said="notes.txt: it is unmerged")


def test_a_detached_head_and_a_shallow_clone_are_fine(project: Project, tmp_path: Path) -> None:
    project.edit({"mine.txt": "mine\n"})
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{project.root}", "shallow")
    shallow = Project(tmp_path / "shallow")
    git(shallow.root, "checkout", "-q", "--detach")
    assert shallow.update().code == 0
    assert shallow.text("new/fresh.txt") == "fresh\n"


def test_line_endings_and_strange_bytes_stay(project: Project) -> None:
    notes = project.text("notes.txt").replace("one", "ONE").replace("\n", "\r\n")
    project.edit({"notes.txt": notes, "docs/index.md": b"# D\xf6cs\n"})
    assert project.update().code == 0
    assert project.text("notes.txt") == notes.replace("seven", "SEVEN")
    assert (project.root / "docs" / "index.md").read_bytes() == b"# D\xf6cs\n"


def test_a_text_that_is_no_utf_8_is_merged_by_its_lines(project: Project) -> None:
    project.edit({"notes.txt": b"\xf6ne\ntwo\nthree\nfour\nfive\nsix\nseven\n"})
    assert project.update().code == 0
    assert (project.root / "notes.txt").read_bytes() == b"\xf6ne\ntwo\nthree\nfour\nfive\nsix\nSEVEN\n"


def test_a_moved_tag(template: Template, tmp_path: Path) -> None:
    template.release("v2.0.0", SECOND)
    project = template.project(tmp_path / "project")
    assert project.update().code == 0
    project.commit()
    template.release("v2.0.0", {"template/notes.txt": "moved\n"})
    template.release("v3.0.0", {"template/docs/index.md": "# Third\n"})
    found = refused(project, said="renders other files than it did when this project was brought to it")
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
    found = refused(project, said="colour: 'red' is none of blue, green")
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
    """A file size limit stands for the disk: the system refuses to write more, in us or in Git."""
    refused(
        project,
        said="No room left",
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
    refused(project, said="writes no .copier-answers.yml")


def test_errors_as_json(project: Project) -> None:
    result = project.update("--to", "v9", "--json")
    assert (result.code, result.err) == (2, "")
    assert "has no version v9" in result.object["error"]
    assert result.object["exit_code"] == 2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_it_plans(template: Template, tmp_path: Path, number: int, wait: Callable[[Path], None]) -> None:
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
    wait(Path(os.environ["PYO3_KIT_CACHE"], "scratch"))
    time.sleep(0.5)
    done.send_signal(number)
    _, said = done.communicate(timeout=60)
    assert (done.returncode, project.everything()) == (130, before), said
    assert "Interrupted" in said
    assert leftovers() == set()


@pytest.fixture
def wait() -> Callable[[Path], None]:
    """Wait until something stands in a folder."""

    def until(folder: Path) -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end and not (folder.is_dir() and any(folder.iterdir())):
            time.sleep(0.01)

    return until
