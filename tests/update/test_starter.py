"""Projects of each release keep their starter, benchmarks and edits; a showcase is removed by one answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from pyo3_kit.template.releases import Release, releases
from tests.support.command import run_kit
from tests.support.history import commit_all, render_release
from tests.update.templates import Project

ANSWERS = ".copier-answers.yml"
MINE = "use pyo3::prelude::*;\n\n/// Mine.\n#[pyfunction]\npub fn mine() -> u8 {\n    1\n}\n"
SHOWCASE = ("batch", "callback", "convert", "dispatch", "errors", "keyword")

each_release = pytest.mark.parametrize("release", releases(), ids=lambda release: release.version)


def modules(project: Project) -> set[str]:
    return {path.relative_to(project.root).as_posix() for path in project.root.glob("src/**/*.rs")}


def recorded(project: Project) -> dict[str, object]:
    return dict(yaml.safe_load(project.text(ANSWERS)))


def exported(project: Project) -> None:
    """A module of the user's own, exported like those of the template."""
    project.edit({"src/mine.rs": MINE})
    library = project.text("src/lib.rs")
    project.replace("src/lib.rs", "mod text;\n", "mod mine;\nmod text;\n")
    last = next(line for line in library.splitlines() if "use super::text::" in line)
    export = "    use super::mine::mine;\n    #[pymodule_export]\n"
    project.replace("src/lib.rs", last, f"{export}{last}")


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Project]:
    def run(release: Release, **answers: object) -> Project:
        root = render_release(release, tmp_path / "project", answers)
        commit_all(root)
        return Project(root)

    return run


@pytest.mark.slow
@each_release
@pytest.mark.parametrize("edited", [False, True], ids=["as-rendered", "edited"])
def test_an_old_project_keeps_its_showcase(release: Release, edited: bool, made: Callable[..., Project]) -> None:
    project = made(release)
    before = modules(project)
    if edited:
        exported(project)
        for name in SHOWCASE:
            project.edit({f"src/{name}.rs": project.text(f"src/{name}.rs") + f"\n// Mine in {name}.\n"})
    result = project.update("--json")
    assert (result.code, result.object["conflicts"]) == (0, []), result.object
    assert modules(project) == before | ({"src/mine.rs"} if edited else set())
    assert recorded(project)["starter"] == "showcase"
    assert recorded(project)["benchmarks"] is True
    assert (project.root / "benchmarks/test_pyo01_detach.py").is_file()
    if edited:
        assert "mod mine;" in project.text("src/lib.rs")
        for name in SHOWCASE:
            assert f"// Mine in {name}." in project.text(f"src/{name}.rs")


@pytest.mark.slow
@each_release
def test_answers_that_are_not_recorded_are_those_of_the_time(release: Release, made: Callable[..., Project]) -> None:
    project = made(release)
    before = modules(project)
    lines = project.text(ANSWERS).splitlines(keepends=True)
    project.edit({ANSWERS: "".join(line for line in lines if not line.startswith(("starter:", "benchmarks:")))})
    result = project.update("--json")
    assert result.code == 0, result.err
    assert "template-0.4-starter" in {applied["id"] for applied in result.object["migrations"]}
    assert modules(project) == before
    assert (recorded(project)["starter"], recorded(project)["benchmarks"]) == ("showcase", True)


@pytest.mark.slow
@each_release
def test_an_old_minimal_project_keeps_its_own(release: Release, made: Callable[..., Project]) -> None:
    project = made(release, starter="minimal")
    exported(project)
    project.edit({"src/build_info.rs": project.text("src/build_info.rs") + "\n// Mine.\n"})
    result = project.update("--json")
    assert (result.code, result.object["conflicts"]) == (0, []), result.object
    assert recorded(project)["starter"] == "minimal"
    assert "mod mine;" in project.text("src/lib.rs")
    assert project.text("src/build_info.rs").endswith("// Mine.\n")


@pytest.mark.slow
@each_release
@pytest.mark.parametrize("edited", [False, True], ids=["as-rendered", "edited"])
def test_the_queue_moves_into_its_crate(release: Release, edited: bool, made: Callable[..., Project]) -> None:
    project = made(release, async_runtime=True, async_bridge="completion-queue")
    bridge = sorted(path.stem for path in (project.root / "src/runtime/bridge").glob("*.rs"))
    assert len(bridge) >= 9
    if edited:
        for name in bridge:
            path = f"src/runtime/bridge/{name}.rs"
            project.edit({path: project.text(path) + f"\n/// Mine.\nfn mine_in_{name}() {{}}\n"})
        project.replace("src/tasks.rs", "Held::new(py, visit)?", "Held::new(py, visit /* mine */)?")
    result = project.update("--json")
    outcomes = {file["path"]: file for file in result.object["files"]}
    crate = project.root / "crates/completion-queue"
    assert (crate / "src/dispatcher.rs").is_file()
    if not edited:
        assert (result.code, result.object["conflicts"]) == (0, [])
        assert {path.name for path in (project.root / "src/runtime/bridge").iterdir()} == {"mod.rs"}
        return
    assert "LoopBound::new(py, visit /* mine */)?" in project.text("src/tasks.rs")
    assert "pyo3-completion-queue" in project.text("Cargo.toml")
    texts = {
        path.relative_to(project.root).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("src/runtime", "crates")
        for path in (project.root / folder).rglob("*.rs")
    }
    for name in bridge:
        (place,) = [path for path, text in texts.items() if f"fn mine_in_{name}()" in text]
        old = f"src/runtime/bridge/{name}.rs"
        if place != old:
            assert f"moved it from {old}" in outcomes[place]["reason"]
        elif name != "mod":
            assert "the template removed it, you edited it" in outcomes[place]["reason"]


@pytest.fixture
def showcase(tmp_path: Path) -> Project:
    """A showcase of the present template with a module of the user's own."""
    words = ("--data", "starter=showcase", "--data", "project_name=my-lib", "--defaults", "--no-git")
    made = run_kit("new", "project", *words, folder=tmp_path)
    assert made.code == 0, made.err
    commit_all(tmp_path / "project")
    project = Project(tmp_path / "project")
    exported(project)
    return project


def test_one_answer_removes_the_showcase_and_keeps_what_is_the_users(showcase: Project) -> None:
    assert "pyo3-kit update --data starter=minimal" in showcase.text("CONTRIBUTING.md")
    showcase.edit({"src/keyword.rs": showcase.text("src/keyword.rs") + "\n// Mine.\n"})
    result = showcase.update("--data", "starter=minimal", "--json")
    assert (result.code, result.object["conflicts"]) == (0, []), result.object
    assert modules(showcase) == {
        "src/counter.rs",
        "src/kernel/mod.rs",
        "src/kernel/text.rs",
        "src/keyword.rs",
        "src/lib.rs",
        "src/mine.rs",
        "src/text.rs",
    }
    assert showcase.text("src/keyword.rs").endswith("// Mine.\n")
    assert "mod mine;" in showcase.text("src/lib.rs")
    assert not [name for name in SHOWCASE if f"mod {name};" in showcase.text("src/lib.rs")]
    assert {path.name for path in (showcase.root / "tests").iterdir()} == {"test_counter.py", "test_text.py"}


def test_a_module_that_was_deleted_does_not_come_back(showcase: Project) -> None:
    showcase.edit({"src/keyword.rs": None, "tests/test_keyword.py": None})
    showcase.replace("src/lib.rs", "mod keyword;\n", "")
    showcase.replace("src/lib.rs", "    #[pymodule_export]\n    use super::keyword::Keyword;\n", "")
    result = showcase.update("--data", "python_min=3.11", "--json")
    assert (result.code, result.object["conflicts"]) == (0, []), result.object
    assert not (showcase.root / "src/keyword.rs").exists()
    assert not (showcase.root / "tests/test_keyword.py").exists()
    assert "keyword" not in showcase.text("src/lib.rs")
