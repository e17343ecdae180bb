"""A project of PyO3 0.28, edited by its user, moved to 0.30 by one command: it builds without a warning, and works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.migrations.crates import python
from tests.support.command import run_kit
from tests.support.project import Project, Venv

USER = Path(__file__).parent / "user"
FEATURES = ("--profile", "dev")


@pytest.mark.slow
def test_from_0_28_to_0_30(tmp_path: Path) -> None:
    answers = ["pyo3=0.28", "python_min=3.13", "async_runtime=true", "project_name=my-lib"]
    data = [word for answer in answers for word in ("--data", answer)]
    made = run_kit("new", "rendered/my-lib", "--defaults", *data, folder=tmp_path)
    assert made.code == 0, made.err
    project = Project(tmp_path / "rendered" / "my-lib", tmp_path / "project", python())
    edit(project.path)
    project.commit()
    venv = run_tests(project, "tests/test_readings.py")

    preview = run_kit("update", "--data", "pyo3=0.30", "--dry-run", "--json", folder=project.path)
    assert preview.code == 0, preview.err
    applied = {migration["id"]: migration for migration in preview.object["migrations"]}
    assert {path for migration in applied.values() for path in migration["paths"]} >= {
        "Cargo.toml",
        ".github/workflows/ci.yml",
        "src/readings.rs",
        "tests/test_readings.py",
    }
    assert not [place for migration in applied.values() for place in migration["review"]]

    updated = run_kit("update", "--data", "pyo3=0.30", folder=project.path)
    assert updated.code == 0, updated.out + updated.err
    assert "3.13t" not in (project.path / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    manifest = (project.path / "Cargo.toml").read_text(encoding="utf-8")
    assert re.search(r'^pyo3 = \{ version = "0\.30\.\d+" \}$', manifest, re.MULTILINE)
    assert "downcast to a sequence" in (project.path / "src" / "readings.rs").read_text(encoding="utf-8")
    again = run_kit("update", "--data", "pyo3=0.30", "--dry-run", "--json", folder=project.path)
    assert (again.code, again.object["migrations"]) == (0, []), again.err

    project.clippy()
    project.cargo("fmt", "--all")
    project.commit()
    project.cargo("test", "--workspace", "--quiet")
    run_tests(project, venv=venv)


def edit(project: Path) -> None:
    """What a user does in some months: a module of their own, its tests, a feature, a job."""
    (project / "src" / "readings.rs").write_bytes((USER / "readings.rs").read_bytes())
    (project / "tests" / "test_readings.py").write_bytes((USER / "test_readings.py.in").read_bytes())
    export = "    #[pymodule_export]\n    use super::readings::readings;\n"
    replace(project / "src" / "lib.rs", "mod runtime;\n", "mod readings;\nmod runtime;\n")
    replace(project / "src" / "lib.rs", r"    #\[pymodule_export\]\n    use super::tasks", f"{export}\\g<0>")
    version = r'pyo3 = (".*")\n'
    replace(project / "Cargo.toml", version, 'pyo3 = { version = \\1, features = ["generate-import-lib"] }\n')
    job = ' +- \\{os: ubuntu-24.04, python: "3.14t"\\}\n'
    replace(
        project / ".github" / "workflows" / "ci.yml", job, '          - {os: ubuntu-24.04, python: "3.13t"}\n\\g<0>'
    )


def replace(path: Path, pattern: str, replacement: str) -> None:
    text, count = re.subn(f"^{pattern}", replacement, path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    assert count == 1, f"{path.name} holds no {pattern}"
    path.write_text(text, encoding="utf-8")


def run_tests(project: Project, *tests: str, venv: Venv | None = None) -> Venv:
    """Build the project, install it, and run its tests, or those named."""
    wheel = project.wheel(project.path, *FEATURES)
    venv = venv or project.venv("--group", f"{project.path}/pyproject.toml:test")
    venv.install("--reinstall-package", "my-lib", str(wheel))
    venv.run("pytest", *tests, cwd=project.path)
    wheel.unlink()
    return venv
