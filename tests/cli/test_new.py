"""`pyo3-kit new` where it works: what it writes, what it keeps, what it says."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.support.command import ROOT, Result, snapshot
from tests.support.forks import Forks, Running
from tests.support.signals import listens

pytestmark = pytest.mark.slow

Run = Callable[..., Result]


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def plain_copier(source: Path, target: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "copier", "copy", "--quiet", "--defaults", *arguments, str(source), str(target)]
    subprocess.run(command, check=True, capture_output=True)


def test_a_project_in_its_repository(kit: Run, tmp_path: Path) -> None:
    result = kit("new", "my-lib", "--defaults")
    assert result.code == 0, result.err
    assert result.out == ""
    project = tmp_path / "my-lib"
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "symbolic-ref", "--short", "HEAD") == "main"
    assert git(project, "log", "--format=%an <%ae> %s") == "Test Author <test@example.org> Initial commit"
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert answers["_src_path"] == "https://github.com/pyo3-kit/pyo3-kit.git"
    assert answers["project_name"] == "my-lib"
    assert answers["author_name"] == "Test Author"
    assert "cd my-lib" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["my-lib"]


@pytest.mark.parametrize(
    "answers",
    [
        [],
        ["--data", "async_runtime=yes", "--data", "layout=workspace"],
        ["--data", "starter=minimal", "--data", "project_description=Ünï 'quote' \"double\" {{ brace }} 🦀"],
    ],
)
def test_the_same_bytes_as_copier(kit: Run, tmp_path: Path, template: Path, answers: list[str]) -> None:
    given = [*answers, "--data", "author_name=A", "--data", "author_email=a@example.org"]
    assert kit("new", "my-lib", "--no-git", "--template", str(template), *given).code == 0
    plain_copier(template, tmp_path / "plain" / "my-lib", *given)
    assert snapshot(tmp_path / "my-lib") == snapshot(tmp_path / "plain" / "my-lib")


@pytest.mark.parametrize("shout", ["no", "yes"])
def test_the_same_bytes_as_copier_for_any_template(
    kit: Run, tmp_path: Path, tiny: Path, as_repository: Callable[[Path], Path], shout: str
) -> None:
    source = as_repository(tiny)
    (source / "template" / "later.txt").write_text("not in v1.0.0")
    given = ["--data", "name=word", "--data", f"shout={shout}"]
    result = kit("new", "place", "--no-git", "--template", str(source), *given)
    assert result.code == 0, result.err
    assert "Made word." in result.err
    plain_copier(source, tmp_path / "plain" / "place", *given)
    ours, theirs = tmp_path / "place", tmp_path / "plain" / "place"
    assert snapshot(ours) == snapshot(theirs)
    assert (ours / "loud.txt").exists() == (shout == "yes")
    assert (ours / "two.txt").read_text() == "two\n"
    assert not (ours / "later.txt").exists()
    assert (ours / "plain" / "run.sh").stat().st_mode & stat.S_IXUSR
    assert yaml.safe_load((ours / ".copier-answers.yml").read_text())["_commit"] == "v1.0.0"


def test_json(kit: Run, tmp_path: Path) -> None:
    result = kit("new", "my-lib", "--preset", "lean", "--data", "ci=gitlab", "--json")
    made = result.object
    assert result.err == ""
    assert made["path"] == str(tmp_path / "my-lib")
    assert made["preset"] == "lean"
    assert made["answers"]["starter"] == "minimal"
    assert made["answers"]["ci"] == "gitlab"
    assert made["committed"] is True
    assert made["next"][0] == "cd my-lib"
    written = {name for name, content in snapshot(tmp_path / "my-lib").items() if content is not None}
    assert {entry["path"] for entry in made["files"]} == {name for name in written if not name.startswith(".git/")}
    sizes = {entry["path"]: entry["size"] for entry in made["files"]}
    assert sizes["pyproject.toml"] == (tmp_path / "my-lib" / "pyproject.toml").stat().st_size


def test_an_explicit_answer_hides_one_of_the_preset(kit: Run) -> None:
    made = kit("new", "my-lib", "--preset", "async-client", "--data", "async_runtime=no", "--dry-run", "--json").object
    assert made["answers"]["allocator"] == "mimalloc"
    assert "async_bridge" not in made["answers"]


def test_dry_run_writes_nothing(kit: Run, tmp_path: Path) -> None:
    result = kit("new", "my-lib", "--dry-run")
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0] == "my-lib/"
    assert any(line.startswith("└── pyproject.toml") and line.endswith(" kB") for line in lines)
    assert "Nothing was written." in result.err
    assert list(tmp_path.iterdir()) == []


def test_data_file_formats(kit: Run, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('license = "MIT"\nstubs = false\n')
    (tmp_path / "a.json").write_text('{"license": "MIT", "stubs": false}')
    (tmp_path / "a.yml").write_text("license: MIT\nstubs: no\n")
    for name in ("a.toml", "a.json", "a.yml"):
        made = kit("new", "my-lib", "--dry-run", "--json", "--data-file", name, "--data", "license=BSD-3-Clause").object
        assert (made["answers"]["license"], made["answers"]["stubs"]) == ("BSD-3-Clause", False)


def test_own_defaults_come_before_those_of_git_and_copier(kit: Run, tmp_path: Path) -> None:
    config, settings = tmp_path / "config.toml", tmp_path / "settings.yml"
    config.write_text('[defaults]\nauthor_name = "Ours"\nunknown = 1\n')
    settings.write_text("defaults: {author_name: Copier, license: MIT}\n")
    changes = {"PYO3_KIT_CONFIG": str(config), "COPIER_SETTINGS_PATH": str(settings)}
    answers = kit("new", "my-lib", "--dry-run", "--json", changes=changes).object["answers"]
    assert answers["author_name"] == "Ours"
    assert answers["author_email"] == "test@example.org"
    assert answers["license"] == "MIT"


def test_an_unusable_name_in_git_is_passed_over(kit: Run, tmp_path: Path) -> None:
    (tmp_path / "gitconfig").write_text("[user]\n\temail = not-an-address\n")
    made = kit("new", "my-lib", "--json", changes={"GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig")}).object
    assert made["answers"]["author_email"] == ""


def test_hooks_signing_and_ignore_files_of_the_user_do_not_matter(kit: Run, tmp_path: Path) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for hook in ("pre-commit", "commit-msg", "post-commit"):
        (hooks / hook).write_text("#!/bin/sh\ntouch %s\nexit 1\n" % (tmp_path / "hook-ran"))
        (hooks / hook).chmod(0o755)
    (tmp_path / "ignore").write_text("*.toml\n")
    (tmp_path / "gitconfig").write_text(
        f"[core]\n\thooksPath = {hooks}\n\texcludesFile = {tmp_path / 'ignore'}\n"
        "[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = false\n[user]\n\tuseConfigOnly = true\n"
    )
    changes = {
        "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"),
        "GIT_DIR": str(tmp_path / "elsewhere"),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
    }
    result = kit(
        "new", "my-lib", "--data", "author_name=Ada", "--data", "author_email=ada@example.org", changes=changes
    )
    assert result.code == 0, result.err
    assert git(tmp_path / "my-lib", "log", "--format=%an <%ae>") == "Ada <ada@example.org>"
    assert "pyproject.toml" in git(tmp_path / "my-lib", "ls-files").splitlines()
    assert not (tmp_path / "hook-ran").exists()
    assert not (tmp_path / "elsewhere").exists()


def test_inside_a_work_tree_no_repository_is_made(kit: Run, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    made = kit("new", "a/b/my-lib", "--json").object
    assert made["committed"] is False
    assert not (tmp_path / "a/b/my-lib/.git").exists()


def test_into_the_current_folder(kit: Run, tmp_path: Path) -> None:
    here = tmp_path / "my-lib"
    here.mkdir()
    number = here.stat().st_ino
    made = kit("new", ".", "--json", folder=here).object
    assert made["path"] == str(here)
    assert made["answers"]["project_name"] == "my-lib"
    assert here.stat().st_ino == number
    assert git(here, "status", "--porcelain") == ""
    assert not [name for name in made["next"] if name.startswith("cd ")]
    assert not list(here.glob(".pyo3-kit-*"))


def test_force_keeps_what_it_replaces(kit: Run, tmp_path: Path) -> None:
    project = tmp_path / "my-lib"
    kit("new", "my-lib", "--no-git")
    readme = (project / "README.md").read_bytes()
    (project / "README.md").write_text("mine")
    (project / "README.md.orig").write_text("older")
    (project / "notes.txt").write_text("mine")
    made = kit("new", "my-lib", "--no-git", "--force", "--json").object
    assert made["kept"] == ["README.md.orig1"]
    assert (project / "README.md").read_bytes() == readme
    assert (project / "README.md.orig").read_text() == "older"
    assert (project / "README.md.orig1").read_text() == "mine"
    assert (project / "notes.txt").read_text() == "mine"


def test_force_that_fails_half_way_changes_nothing(kit: Run, tmp_path: Path) -> None:
    project = tmp_path / "my-lib"
    (project / "README.md").mkdir(parents=True)
    (project / "Cargo.toml").write_text("mine")
    (project / "src").write_text("a file where a folder is needed")
    before = snapshot(tmp_path)
    result = kit("new", "my-lib", "--no-git", "--force")
    assert result.code == 2
    assert snapshot(tmp_path) == before


def test_missing_parents_are_made(kit: Run, tmp_path: Path) -> None:
    assert kit("new", "a/b/my-lib", "--no-git").code == 0
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b"]


def listening(forks: Forks, folder: Path, *numbers: signal.Signals) -> Running:
    """`new` from when it catches these signals on."""
    running = forks.start("new", "my-lib", "--defaults", folder=folder)
    while not listens(running.pid, *numbers):
        time.sleep(0.001)
    return running


@pytest.fixture(scope="module")
def taken(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> float:
    """The seconds from then to its end, when what it compiles is in the cache."""
    for name in ("first", "second"):
        running = listening(forks, tmp_path_factory.mktemp(name), signal.SIGTERM)
        start = time.monotonic()
        assert running.wait().code == 0
    return time.monotonic() - start


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("part", [0.2, 0.5, 0.8])
def test_a_signal_leaves_nothing_behind(
    forks: Forks, taken: float, tmp_path: Path, number: signal.Signals, part: float
) -> None:
    process = listening(forks, tmp_path, signal.SIGTERM, number)
    time.sleep(taken * part)
    process.send_signal(number)
    done = process.wait()
    said = done.err
    left = [path.name for path in tmp_path.iterdir()]
    assert "Traceback" not in said
    if said.startswith("Created "):
        # It was over, and the interpreter, which no longer listens by then, may still have been ending.
        assert done.code in (0, -number)
        assert left == ["my-lib"]
        return
    if said.startswith("error: Interrupted, but the changes were already written."):
        assert (done.code, left) == (130, ["my-lib"])
        return
    assert said.startswith("error: Interrupted: nothing was written.")
    # CPython ends itself by SIGINT, which a shell calls 130, when the interrupt came while it ran code from a string.
    assert done.code in (130, -signal.SIGINT)
    assert left == []


def test_any_other_error_is_one_line(kit: Run, tmp_path: Path) -> None:
    """The catalogue that a damaged installation lacks stands for what nobody foresaw."""
    package = tmp_path / "site" / "pyo3_kit"
    package.parent.mkdir(exist_ok=True)
    subprocess.run(["cp", "-r", str(ROOT / "src" / "pyo3_kit"), str(package)], check=True)
    changes = {"PYTHONPATH": str(package.parent)}
    result = kit("presets", changes=changes)
    assert result.code == 3
    assert result.err.startswith("error: This installation of pyo3-kit lacks its template.")
    (package / "presets" / "__init__.py").write_text("raise OSError('odd\\nthing')\n")
    result = kit("presets", changes=changes)
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("error: An unexpected error: OSError: odd thing\n")
    assert "Traceback" not in result.err
    assert "Traceback" in kit("presets", changes={**changes, "PYO3_KIT_TRACEBACK": "1"}).err
