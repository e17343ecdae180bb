"""PYO05: the flag reaches every build, and a build that lost it stops with the reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.project import Project, attempt, interpreter, tool

REASON = "lost `--cfg pyo3_disable_reference_pool`"


@pytest.fixture(scope="module", params=["single", "workspace"])
def project(
    request: pytest.FixtureRequest, render: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> Project:
    python = interpreter("3.11")
    assert python is not None, "the tests need CPython 3.11"
    rendered = render(disable_reference_pool=True, starter="minimal", layout=request.param)
    return Project(rendered, tmp_path_factory.mktemp("pool"), python)


def stopped(*command: str, cwd: Path, **env: str) -> None:
    done = attempt(*command, cwd=cwd, env=env)
    assert done.returncode != 0, "it was built without the flag"
    assert REASON in done.stderr, done.stderr


@pytest.mark.slow
def test_cargo_and_maturin_carry_it(project: Project) -> None:
    project.cargo("check", "--quiet", "--workspace")
    tool("maturin", "build", "--profile=dev", "--out=dist", cwd=project.path, env=project.env)


@pytest.mark.slow
@pytest.mark.parametrize("variable", ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"])
def test_an_empty_variable_is_noticed(project: Project, variable: str) -> None:
    stopped("cargo", "check", "--workspace", cwd=project.path, **project.env, **{variable: ""})


@pytest.mark.slow
def test_another_folder_is_noticed(project: Project, tmp_path: Path) -> None:
    manifest = str(project.path / "Cargo.toml")
    stopped("cargo", "check", "--workspace", "--manifest-path", manifest, cwd=tmp_path, **project.env)


@pytest.mark.slow
def test_an_sdist_outside_git_has_it(project: Project, tmp_path: Path) -> None:
    source = project.sdist()
    wheels = tmp_path / "wheels"
    pip = ["pip", "wheel", "--no-deps", "--wheel-dir", str(wheels), str(source)]
    tool(project.python, "-m", *pip, cwd=tmp_path, env={"MATURIN_PEP517_ARGS": "--profile dev", **project.env})
    venv = project.venv(*map(str, wheels.glob("*.whl")))
    code = "from my_lib import __build__; print(__build__['reference_pool'])"
    assert venv.run("python", "-c", code, cwd=tmp_path).strip() == "False"


@pytest.mark.slow
def test_a_table_for_the_target_joins_it(project: Project) -> None:
    host = tool("rustc", "--print", "host-tuple", cwd=project.path).strip()
    config = f"target.{host}.rustflags=['--cfg', 'something_of_the_user']"
    project.cargo("check", "--quiet", "--workspace", "--config", config)
