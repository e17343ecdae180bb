"""What an adopted project does without is noted, so that its status is no alarm that never ends."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from pyo3_kit.adoption import AdoptRequest, apply, plan
from pyo3_kit.texts.toml import parse_toml
from pyo3_kit.update.status import Kind, status
from tests.adoption.projects import KERNEL, LAYOUTS, MIXED, PYPROJECT, Files, write
from tests.support.history import commit_all

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("layout", sorted(name for name, files in LAYOUTS.items() if "pyproject.toml" in files))
def test_an_adopted_project_is_current(layout: str, tmp_path: Path) -> None:
    root = write(tmp_path, LAYOUTS[layout])
    apply(plan(AdoptRequest(root)))
    commit_all(root)
    found = status(root)
    assert {file.kind for file in found.files or ()} == {Kind.CUSTOMISED}
    assert found.current


@pytest.mark.parametrize("members", ['["crates/*"]', '["crates/core", "./crates/binding/"]'])
def test_a_workspace_may_have_it_beside_the_crate(members: str, tmp_path: Path) -> None:
    files = {**LAYOUTS["workspace"], "crates/binding/pyproject.toml": LAYOUTS["mixed"]["pyproject.toml"]}
    del files["pyproject.toml"]
    files["Cargo.toml"] = files["Cargo.toml"].replace('["crates/*"]', members)
    root = write(tmp_path, files)
    made = plan(AdoptRequest(root))
    assert not any("There is no pyproject.toml" in note for note in made.notes)
    apply(made)
    commit_all(root)
    found = status(root)
    assert {file.kind for file in found.files or ()} == {Kind.CUSTOMISED}
    assert found.current


def below(folder: str, files: Files) -> Files:
    return {f"{folder}/{path}": text for path, text in files.items()}


ROOT = '[project]\nname = "all"\nversion = "1"\n'
WORKSPACE = '[workspace]\nmembers = ["core"]\nexclude = ["py"]\n'
CORE = {"core/Cargo.toml": KERNEL, "core/src/lib.rs": "", "core/benches/bench.rs": ""}
MONOREPOS: Mapping[str, tuple[Files, str]] = {
    "in a folder": (below("py", MIXED), "py/pyproject.toml"),
    "in a folder below another": (below("bindings/python", MIXED), "bindings/python/pyproject.toml"),
    "beside a workspace": ({**below("py", MIXED), **CORE, "Cargo.toml": WORKSPACE}, "py/pyproject.toml"),
    "under another package": ({**below("py", MIXED), "pyproject.toml": ROOT}, "pyproject.toml"),
    "beside a member": (
        {
            **LAYOUTS["workspace"],
            "python/pyproject.toml": LAYOUTS["workspace"]["pyproject.toml"].replace("crates", "../crates"),
        },
        "pyproject.toml",
    ),
    "in a folder of a workspace": (
        {
            **{path: text for path, text in LAYOUTS["workspace"].items() if path != "pyproject.toml"},
            "python/pyproject.toml": LAYOUTS["workspace"]["pyproject.toml"].replace("crates/b", "../crates/b"),
        },
        "python/pyproject.toml",
    ),
    "beside a project with answers": (
        {**below("py", MIXED), "a/pyproject.toml": ROOT, "a/.copier-answers.yml": "_commit: v1\n_src_path: gh:o/t\n"},
        "py/pyproject.toml",
    ),
    "with CI and documentation": (
        {**below("py", MIXED), ".github/workflows/ci.yml": "on: push\n", "docs/conf.py": "", "README.md": "# All\n"},
        "py/pyproject.toml",
    ),
}


@pytest.mark.parametrize("kind", MONOREPOS)
def test_a_monorepo_is_current_once_it_is_adopted(kind: str, tmp_path: Path) -> None:
    files, noted_in = MONOREPOS[kind]
    root = write(tmp_path, files)
    adoption = plan(AdoptRequest(root))
    apply(adoption)
    assert "tool.pyo3-kit.template" in (root / noted_in).read_text()
    assert not any("will report" in note for note in adoption.notes)
    commit_all(root)
    assert status(root).current


def test_a_package_is_adopted_in_its_folder(tmp_path: Path) -> None:
    root = write(tmp_path, below("bindings/python", MIXED))
    folder = root / "bindings" / "python"
    apply(plan(AdoptRequest(folder)))
    commit_all(root)
    assert status(folder).current


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (LAYOUTS["bare"], "there is no pyproject.toml to record in"),
        # The table is the project's own: it is not changed.
        (
            {
                **MIXED,
                "pyproject.toml": f'{PYPROJECT}\n[tool.pyo3-kit.template]\nown = ["/Cargo.toml"]\nwithout = []\n',
            },
            "`[tool.pyo3-kit.template]` in pyproject.toml does not list them",
        ),
    ],
)
def test_what_keeps_a_project_from_being_current_is_said_at_once(files: Files, said: str, tmp_path: Path) -> None:
    root = write(tmp_path, files)
    adoption = plan(AdoptRequest(root))
    (note,) = [note for note in adoption.notes if said in note]
    apply(adoption)
    commit_all(root)
    found = status(root)
    reported = [file.path for file in found.files or () if file.kind is not Kind.CUSTOMISED]
    assert reported
    assert note.startswith(f"`pyo3-kit status` will report {', '.join(reported[:3])}")


def test_a_folder_of_which_the_project_has_nothing_is_noted_as_one(tmp_path: Path) -> None:
    root = write(tmp_path, {**MIXED, ".github/workflows/own.yml": "on: push\n", "doc/conf.py": ""})
    apply(plan(AdoptRequest(root)))
    noted = parse_toml((root / "pyproject.toml").read_text())["tool"]["pyo3-kit"]["template"]["without"]
    assert [pattern for pattern in noted if pattern.startswith(("/docs/", "/.github/"))] == ["/.github/", "/docs/**"]


def test_the_note_names_files_that_are_there_and_files_that_are_not(tmp_path: Path) -> None:
    root = write(tmp_path, LAYOUTS["mixed"])
    apply(plan(AdoptRequest(root)))
    noted = parse_toml((root / "pyproject.toml").read_text())["tool"]["pyo3-kit"]["template"]
    assert "/Cargo.toml" in noted["own"]
    assert "/clippy.toml" in noted["without"]
    assert all((root / path.lstrip("/")).is_file() for path in noted["own"])
    files = [path for path in noted["without"] if "*" not in path]
    assert not any((root / path.lstrip("/")).exists() for path in files)
    # Of sources nothing is to come, whatever later versions have.
    assert [path for path in noted["without"] if path not in files] == ["/python/**", "/src/**", "/tests/**"]


def test_what_is_taken_is_not_noted(tmp_path: Path) -> None:
    root = write(tmp_path, LAYOUTS["mixed"])
    apply(plan(AdoptRequest(root, only=("lints",))))
    noted = parse_toml((root / "pyproject.toml").read_text())["tool"]["pyo3-kit"]["template"]
    assert "/clippy.toml" not in [*noted["own"], *noted["without"]]
