"""What is known of a project beside its Rust code."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.audit.manifests import Crate, TomlFile
from pyo3_kit.audit.project import Project, Workflow, read_project
from pyo3_kit.audit.requirements import build_requirement
from pyo3_kit.audit.scope import find_scope, outer_configs
from pyo3_kit.texts.toml import parse_toml

PACKAGE = '[package]\nname = "a"\n'


def project(texts: dict[str, str]) -> Project:
    made, notices = read_project(texts, environment={})
    assert notices == []
    return made


def crate(manifest: str, lock: str = "") -> Crate:
    texts = {"Cargo.toml": PACKAGE + manifest, **({"Cargo.lock": lock} if lock else {})}
    (made,) = project(texts).crates
    return made


def locked(*versions: str) -> str:
    return "".join(f'[[package]]\nname = "pyo3"\nversion = "{version}"\n' for version in versions)


@pytest.mark.parametrize(
    ("requirement", "lock", "version"),
    [
        ('"0.28"', "", (0, 28)),
        ('"=0.27.1"', "", (0, 27, 1)),
        ('">=0.22, <0.29"', "", (0, 22)),
        ('"<0.29, >=0.24.2"', "", (0, 24, 2)),
        ('{ git = "https://example.org/pyo3" }', "", (0, 30)),
        ('"*"', "", (0, 30)),
        ('"0.28"', locked("0.28.3"), (0, 28, 3)),
        ('"0.28"', locked("0.27.1", "0.28.1"), (0, 28, 1)),
        ('{ git = "https://example.org/pyo3" }', locked("0.26.0"), (0, 26, 0)),
    ],
)
def test_the_version_is_the_locked_one_else_the_lowest_that_is_asked_for(
    requirement: str, lock: str, version: tuple[int, ...]
) -> None:
    found = crate(f"[dependencies]\npyo3 = {requirement}\n", lock)
    assert found.pyo3_version == version
    assert found.locked == (version if lock else None)


def test_features_are_unified_over_the_workspace_and_its_own() -> None:
    made = project(
        {
            "Cargo.toml": '[workspace]\nmembers = ["*"]\n'
            '[workspace.dependencies.pyo3]\nversion = "0.28"\nfeatures = ["abi3"]\n',
            "a/Cargo.toml": PACKAGE + '[dependencies]\npyo3 = { workspace = true, features = ["serde"] }\n'
            '[features]\ndefault = ["py"]\npy = ["pyo3/abi3-py310"]\nother = ["pyo3/chrono"]\n',
            "b/Cargo.toml": '[package]\nname = "b"\n'
            '[dependencies]\nx = { package = "pyo3", version = "0.28", features = ["uuid"] }\n',
            "c/Cargo.toml": '[package]\nname = "c"\n',
        }
    )
    first, second = made.crates
    assert (first.name, second.name) == ("a", "b")
    assert first.pyo3_features == {"abi3", "serde", "abi3-py310", "uuid", "macros"}
    assert first.pyo3.inherited
    assert first.pyo3.requirement == "0.28"
    assert second.pyo3.at == ("dependencies", "x")
    assert first.profiles.path == "Cargo.toml"


def test_dependencies_of_targets_and_of_tests_are_known() -> None:
    found = crate(
        "[target.'cfg(unix)'.dependencies]\npyo3 = '0.28'\n"
        "[dev-dependencies]\nrand = '0.9'\n[lib]\ncrate-type = ['cdylib']\n"
    )
    assert found.pyo3.at == ("target", "cfg(unix)", "dependencies", "pyo3")
    assert "rand" in found.other_dependencies
    assert found.crate_types == ("cdylib",)
    assert found.depends_on("rand", "pyo3")


def test_the_deepest_cargo_configuration_is_the_strongest() -> None:
    made = project(
        {
            "Cargo.toml": PACKAGE,
            ".cargo/config.toml": "[build]\njobs = 1\n",
            "a/.cargo/config.toml": "[build]\njobs = 2\n",
        }
    )
    assert [config.origin for config in made.cargo_configs] == ["a/.cargo/config.toml", ".cargo/config.toml"]


def test_configurations_above_the_root_count_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "work/project"
    home = tmp_path / "home"
    for folder in (tmp_path / "work/.cargo", home, root / ".cargo"):
        folder.mkdir(parents=True)
        (folder / "config.toml").write_text("[build]\n", encoding="utf-8")
    monkeypatch.setenv("CARGO_HOME", str(home))
    origins = [Path(config.origin) for config in outer_configs(root)]
    assert origins[0] == tmp_path / "work/.cargo/config.toml"
    assert origins[-1] == home / "config.toml"
    assert root / ".cargo/config.toml" not in origins


def test_of_the_environment_only_flags_are_kept() -> None:
    made, _ = read_project({}, environment={"RUSTFLAGS": "", "HOME": "/x", "CARGO_TARGET_X86_64_RUSTFLAGS": "-g"})
    assert made.environment == {"RUSTFLAGS": "", "CARGO_TARGET_X86_64_RUSTFLAGS": "-g"}


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (("profile", "release", "lto"), "lto = true"),
        (("profile", "release"), "[profile.release]"),
        (("profile", "release", "strip"), "[profile.release]"),
        (("dependencies", "pyo3", "features"), '["abi3"]'),
        (("nothing",), "[package] # é"),
    ],
)
def test_places_in_toml(path: tuple[str, ...], shown: str) -> None:
    text = (
        '[package] # é\nname = "a"\n[dependencies]\npyo3 = { version = "0.28", features = ["abi3"] }\n'
        "[profile.release]\nlto = true # é"
    )
    place = TomlFile("Cargo.toml", text, parse_toml(text)).place(*path)
    assert text[place.start : place.end] == shown


def test_places_in_toml_with_the_line_ends_of_windows() -> None:
    text = '[a]\r\nx = 1\r\n\r\n[b] # é\r\ny = { z = "é" } # é\r\n'
    file = TomlFile("Cargo.toml", text, parse_toml(text))
    places = [file.place(*path) for path in (("a", "x"), ("b",), ("b", "y"), ("b", "y", "z"))]
    assert [text[one.start : one.end] for one in places] == ["x = 1", "[b]", 'y = { z = "é" }', '"é"']


def test_places_in_workflows() -> None:
    steps = "      - uses: x\n      - run: y\n        env:\n          RUSTFLAGS: -g\n"
    text = f"on: push\nenv:\n  A: é\njobs:\n  test:\n    steps:\n{steps}"
    workflow = Workflow("ci.yml", text)
    assert workflow.data["on"] == "push"
    assert [(job, number, step["env"]) for job, number, step in workflow.steps() if "env" in step] == [
        ("test", 1, {"RUSTFLAGS": "-g"})
    ]
    place = workflow.place("jobs", "test", "steps", 1, "env", "RUSTFLAGS")
    assert text[place.start : place.end] == "RUSTFLAGS: -g"
    place = workflow.place("jobs", "test", "nothing")
    assert text[place.start : place.end] == "test:"


@pytest.mark.parametrize(
    ("requires", "lowest", "bounded"),
    [
        ('"maturin>=1.9.4,<2"', (1, 9, 4), True),
        ('"setuptools", "Maturin ~= 1.5"', (1, 5), True),
        ('"maturin"', None, False),
        ('"maturin[patchelf]>=1"', (1,), False),
    ],
)
def test_what_builds_the_project(requires: str, lowest: tuple[int, ...] | None, bounded: bool) -> None:
    text = f"[build-system]\nrequires = [{requires}]\n"
    found = build_requirement(TomlFile("pyproject.toml", text, parse_toml(text)), "maturin")
    assert found is not None
    assert (found.lowest, found.bounded) == (lowest, bounded)


def test_the_root_is_the_outermost_workspace_around(tmp_path: Path) -> None:
    for path, text in {
        "Cargo.toml": '[workspace]\nexclude = ["out"]\n',
        "a/Cargo.toml": PACKAGE,
        "a/src/lib.rs": "",
        "out/Cargo.toml": PACKAGE,
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    places = {path: find_scope(tmp_path / path) for path in (".", "a", "a/src", "a/src/lib.rs", "out")}
    assert {path: (place.root, place.part) for path, place in places.items()} == {
        ".": (tmp_path, ""),
        "a": (tmp_path, "a/"),
        "a/src": (tmp_path, "a/src/"),
        "a/src/lib.rs": (tmp_path, "a/src/lib.rs"),
        "out": (tmp_path / "out", ""),
    }
