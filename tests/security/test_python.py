"""Python of ours starts isolated, and programs are found where the user installed them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyo3_kit.audit.workers import WORTH
from pyo3_kit.system import processes
from pyo3_kit.system.processes import find_program, import_path, run, search_path
from pyo3_kit.system.workers import Pool
from tests.fleet.small import Small
from tests.support.command import ROOT, environment
from tests.support.hostile import MODULES, HostileProject, Traps, run_installed
from tests.update.templates import Project, git


def crate(root: Path, characters: int) -> None:
    (root / "src").mkdir(parents=True)
    (root / "Cargo.toml").write_text('[package]\nname = "x"\nversion = "0.1.0"\n\n[dependencies]\npyo3 = "0.28"\n')
    body = "".join(f"pub fn f{number}() {{}} // {'x' * 80}\n" for number in range(characters // 100))
    for name in ("lib", "other"):
        (root / "src" / f"{name}.rs").write_text(f"use pyo3::prelude::*;\n{body}")


@pytest.mark.slow
@pytest.mark.parametrize("module", MODULES)
def test_a_large_check_imports_nothing_of_the_project(tmp_path: Path, traps: Traps, module: str) -> None:
    crate(tmp_path / "p", WORTH)
    traps.module(tmp_path / "p" / module)
    startup = {"PYTHONSTARTUP": str(tmp_path / "p" / module)}
    result = run_installed("check", ".", folder=tmp_path / "p", changes=startup)
    assert result.code in (0, 1), result.err
    assert traps.sprung == set()


@pytest.mark.slow
def test_a_fleet_imports_nothing_of_the_current_folder(made: Project, tmp_path: Path, traps: Traps) -> None:
    small = Small(tmp_path / "small", made)
    for name in ("a", "b", "c"):
        small.local(name)
    (small.root / "fleet.toml").write_text(small.text)
    for module in MODULES:
        traps.module(tmp_path / "here" / module)
    for words in (["fleet", "check"], ["fleet", "status"]):
        result = run_installed(*words, "../small/fleet.toml", "-j", "2", folder=tmp_path / "here")
        assert result.code == 1, result.err
    assert traps.sprung == set()


def test_what_workers_import_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "project"
    (project / "inner").mkdir(parents=True)
    (project / "pyproject.toml").touch()
    other = tmp_path / "other"
    other.mkdir()
    here = [str(project), str(project / "inner"), "", ".", "inner", str(tmp_path / "link")]
    (tmp_path / "link").symlink_to(project)
    monkeypatch.chdir(project / "inner")
    monkeypatch.setattr(sys, "path", [*here, str(other), *sys.path])
    found = import_path()
    assert not set(here) & set(found)
    assert found[0] == str(other)
    assert str(ROOT / "src") in found


@pytest.mark.parametrize(
    "entry", ["", ".", "bin", "./bin", "../project/bin", "{project}", "{project}/bin", "{link}/bin"]
)
def test_programs_of_the_project_are_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, traps: Traps, entry: str
) -> None:
    project = tmp_path / "project"
    for folder in (project, project / "bin"):
        traps.program(folder / "git")
        traps.program(folder / "only-here")
    (project / ".git").mkdir()
    (tmp_path / "link").symlink_to(project)
    monkeypatch.chdir(project)
    first = entry.format(project=project, link=tmp_path / "link")
    monkeypatch.setenv("PATH", os.pathsep.join([first, os.environ["PATH"]]))
    assert find_program("only-here") is None
    assert find_program("./only-here") is None
    assert find_program("bin/only-here") is None
    assert b"git version" in run(["git", "--version"], environment=processes.current_environment()).stdout
    assert first not in processes.current_environment()["PATH"].split(os.pathsep)
    assert traps.sprung == set()


def test_a_home_that_is_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, traps: Traps) -> None:
    """Dotfiles are kept like that; programs in `~/.local/bin` are the user's own all the same."""
    traps.program(tmp_path / ".local" / "bin" / "mine")
    (tmp_path / ".git").mkdir()
    (tmp_path / "work").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path / ".local" / "bin"), os.environ["PATH"]]))
    monkeypatch.chdir(tmp_path / "work")
    assert find_program("mine") == str(tmp_path / ".local" / "bin" / "mine")


def test_the_environment_of_the_running_python_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    own = str(Path(sys.executable).absolute().parent)
    monkeypatch.setenv("PATH", own)
    assert search_path() == [own]


def test_python_dash_m_leaves_the_current_folder_out(tmp_path: Path, traps: Traps) -> None:
    for name in ("json.py", "click.py", "typer.py", "rich.py", "tomlkit.py"):
        traps.module(tmp_path / name)
    words = [sys.executable, "-m", "pyo3_kit", "presets"]
    done = subprocess.run(words, cwd=tmp_path, env=environment(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert traps.sprung == set()


def test_a_pool_does_what_it_is_told() -> None:
    pool = Pool(2, "pyo3_kit.fleet.executors:serve")
    futures = [pool.submit(abs, -number) for number in range(5)]
    assert [future.result(30) for future in futures] == list(range(5))
    with pytest.raises(TypeError):
        pool.submit(abs, "x").result(30)
    # The process dies; the next task gets another.
    with pytest.raises((EOFError, OSError)):
        pool.submit(os._exit, 3).result(30)
    assert pool.submit(abs, -7).result(30) == 7
    pool.shutdown()


def test_git_has_no_say_over_where_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, traps: Traps) -> None:
    """Variables of a hook or an alias, and those by which Git runs another program."""
    from pyo3_kit.git.run import ask_git

    git(tmp_path, "init", "-q", "here")
    git(tmp_path, "init", "-q", "there")
    for name, value in {
        "GIT_DIR": str(tmp_path / "there" / ".git"),
        "GIT_WORK_TREE": str(tmp_path / "there"),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(tmp_path / "there"),
        "GIT_EXTERNAL_DIFF": traps.shell("diff"),
        "GIT_PAGER": traps.shell("pager"),
        "GIT_EDITOR": traps.shell("editor"),
        "GIT_REPLACE_REF_BASE": "refs/evil/",
    }.items():
        monkeypatch.setenv(name, value)
    assert ask_git(tmp_path / "here", "rev-parse", "--show-toplevel").strip() == str((tmp_path / "here").resolve())
    ask_git(tmp_path / "here", "diff", "--no-index", "/dev/null", "/dev/null")
    assert traps.sprung == set()


def test_the_user_is_told_once_that_git_is_missing(hostile: HostileProject, monkeypatch: pytest.MonkeyPatch) -> None:
    """One error and one exit code, whichever command meets it first."""
    monkeypatch.setenv("PATH", str(hostile.root / "bin"))
    for words in (["status"], ["update"], ["adopt"], ["new", "../fresh", "--defaults"]):
        result = hostile.kit(*words)
        assert result.code == 2, result.err
        assert "Git is not installed" in result.err
    assert hostile.traps.sprung == set()
