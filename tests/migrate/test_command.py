"""`pyo3-kit migrate`: what it writes, shows, and leaves to a person."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pyo3_kit.migrate.project import line_of, read
from tests.migrate.support import CODE, MANIFEST, commit, files, make
from tests.support.command import run_kit

MOVED = CODE.replace("-> PyObject", "-> Py<PyAny>").replace("Python::with_gil", "Python::attach")


def test_a_project_is_moved_and_stays_moved(tmp_path: Path) -> None:
    root = make(tmp_path)
    result = run_kit("migrate", "--to", "0.28", folder=root)
    assert result.code == 0, result.err
    assert files(root)["src/lib.rs"].decode() == MOVED
    assert b'pyo3 = "0.28" # the line\n' in files(root)["Cargo.toml"]
    assert "with_gil becomes attach, allow_threads becomes detach" in result.err
    after = files(root)
    again = run_kit("migrate", "--to", "0.28", folder=root)
    assert (again.code, files(root)) == (0, after)
    assert "Nothing to do" in again.err


def test_a_preview_writes_nothing_and_tells_all(tmp_path: Path) -> None:
    root = make(tmp_path)
    before = files(root)
    preview = run_kit("migrate", "--to", "0.30", "--dry-run", "--diff", "--json", folder=root)
    assert preview.code == 0, preview.err
    assert files(root) == before
    assert (preview.object["from"], preview.object["to"], preview.object["written"]) == ("0.25", "0.30", False)
    assert preview.object["files"] == ["Cargo.toml", "src/lib.rs"]
    patch = (preview.object["diff"] + "\n").encode()
    subprocess.run(["git", "apply", "-"], cwd=root, input=patch, check=True)
    applied = files(root)
    subprocess.run(["git", "checkout", "--quiet", "."], cwd=root, check=True)
    assert run_kit("migrate", "--to", "0.30", folder=root).code == 0
    assert files(root) == applied


def test_a_jump_is_its_steps(tmp_path: Path) -> None:
    at_once = make(tmp_path / "one")
    stepwise = make(tmp_path / "two")
    assert run_kit("migrate", "--to", "0.30", folder=at_once).code == 0
    for line in ("0.28", "0.29", "0.30"):
        assert run_kit("migrate", "--to", line, folder=stepwise).code == 0
        commit(stepwise)
    assert files(at_once) == files(stepwise)


def test_places_are_left_for_a_person(tmp_path: Path) -> None:
    code = (
        "use pyo3::prelude::*;\nuse pyo3::sync::GILProtected;\n\nstatic N: GILProtected<u8> = GILProtected::new(1);\n"
    )
    root = make(tmp_path, {"src/lib.rs": code})
    result = run_kit("migrate", "--to", "0.28", "--json", folder=root)
    assert result.code == 1, result.err
    assert [(place["path"], place["line"]) for place in result.object["review"]] == [("src/lib.rs", 4)]
    assert "Mutex" in result.object["review"][0]["note"]


def test_a_file_that_does_not_parse_is_told_and_the_rest_migrated(tmp_path: Path) -> None:
    root = make(tmp_path, {"src/broken.rs": "use pyo3::prelude::*;\n\nfn ) {\n", "src/latin.rs": b"// \xe9 pyo3\n"})
    result = run_kit("migrate", "--to", "0.28", folder=root)
    assert result.code == 1
    assert "src/broken.rs:3: a syntax error" in result.err
    assert "src/latin.rs" in result.err
    assert files(root)["src/lib.rs"].decode() == MOVED


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        ("pyproject.toml", "no toml\n", 1),
        ("src/made.rs", "// @generated\nuse super::*;\nfn f(o: PyObject) {}\n", 1),
        ("src/large.rs", "// pyo3\n" + "\n" * 1_000_001, 1),
        # What has nothing of PyO3's needs no look.
        ("src/made.rs", "// @generated\nfn f() {}\n", 0),
    ],
)
def test_what_cannot_be_migrated_is_something_to_look_at(path: str, content: str, code: int, tmp_path: Path) -> None:
    root = make(tmp_path, {path: content})
    result = run_kit("migrate", "--to", "0.28", "--json", folder=root)
    assert result.code == code, result.err
    assert [place["path"] for place in result.object["review"]] == ([path] if code else [])
    assert len(result.object["left"]) == (0 if code else 1)
    assert "not checked" not in result.out
    assert files(root)[path].decode() == content


def test_a_requirement_that_is_no_plain_one_is_left(tmp_path: Path) -> None:
    manifest = '[package]\nname = "x"\n\n[dependencies]\npyo3 = ">=0.22, <0.26"\n'
    lock = '[[package]]\nname = "pyo3"\nversion = "0.25.1"\n'
    root = make(tmp_path, {"Cargo.toml": manifest, "Cargo.lock": lock})
    result = run_kit("migrate", "--to", "0.28", folder=root)
    assert result.code == 1
    assert "Cargo.toml:5: requires `>=0.22, <0.26` of pyo3" in result.err


def test_companions_that_cannot_be_moved_are_named_once(tmp_path: Path) -> None:
    manifest = '[package]\nname = "x"\n\n[dependencies]\npyo3 = "0.22"\n%s\n'
    entries = 'pyo3-asyncio = { git = "https://example.org/a" }\nnumpy = { git = "https://example.org/b" }'
    root = make(tmp_path, {"Cargo.toml": manifest % entries})
    result = run_kit("migrate", "--to", "0.30", "--json", folder=root)
    assert result.code == 1, result.err
    assert [(place["line"], place["note"][:9]) for place in result.object["review"]] == [
        (6, "renamed t"),
        (7, "`numpy` c"),
    ]


@pytest.mark.parametrize(
    ("requirement", "locked", "line"),
    [
        ('pyo3 = "0.23.3"', None, (0, 23)),
        ('pyo3 = { version = "^0.23", features = ["abi3"] }', "0.23.5", (0, 23)),
        ('pyo3 = ">=0.21"', "0.24.2", (0, 24)),
        ('pyo3 = ">=0.21"', None, (0, 21)),
        ('pyo3 = "0.28"', "0.23.5", (0, 28)),
        ('pyo3 = { git = "https://example.org/pyo3" }', "0.26.0", (0, 26)),
        ('p = { package = "pyo3", version = "0.25" }', None, (0, 25)),
    ],
)
def test_the_line_that_a_project_is_on(requirement: str, locked: str | None, line: object, tmp_path: Path) -> None:
    lock = {"Cargo.lock": f'[[package]]\nname = "pyo3"\nversion = "{locked}"\n'} if locked else {}
    manifest = f'[package]\nname = "x"\n\n[dependencies]\n{requirement}\n'
    root = make(tmp_path, {"Cargo.toml": manifest, **lock}, git=False)
    assert line_of(read(root).crates) == line


def test_a_workspace_is_moved_as_a_whole(tmp_path: Path) -> None:
    root = make(
        tmp_path,
        {
            "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\n\n[workspace.dependencies]\npyo3 = "0.25"\n',
            "a/Cargo.toml": '[package]\nname = "a"\n\n[dependencies]\npyo3 = { workspace = true }\n',
            "a/src/lib.rs": CODE,
            "b/Cargo.toml": '[package]\nname = "b"\nrust-version = "1.63"\n',
            "b/src/lib.rs": CODE,
            "vendor/c/src/lib.rs": CODE,
        },
    )
    result = run_kit("migrate", "a", "--to", "0.28", folder=root)
    assert result.code == 0, result.err
    changed = subprocess.run(["git", "diff", "--name-only"], cwd=root, capture_output=True, text=True, check=True)
    assert changed.stdout.split() == ["Cargo.toml", "a/src/lib.rs"]


def test_byte_order_mark_line_endings_and_mode_stay(tmp_path: Path) -> None:
    root = make(tmp_path, {"src/lib.rs": b"\xef\xbb\xbf" + CODE.replace("\n", "\r\n").encode()})
    (root / "src" / "lib.rs").chmod(0o755)
    commit(root)
    assert run_kit("migrate", "--to", "0.28", folder=root).code == 0
    assert files(root)["src/lib.rs"] == b"\xef\xbb\xbf" + MOVED.replace("\n", "\r\n").encode()
    assert (root / "src" / "lib.rs").stat().st_mode & 0o777 == 0o755


@pytest.mark.slow
def test_the_compiler_is_asked_before_and_after(tmp_path: Path) -> None:
    root = make(tmp_path, {"src/lib.rs": "pub fn broken() -> u8 {\n"})
    before = files(root)
    result = run_kit("migrate", "--to", "0.28", "--verify", folder=root)
    assert result.code == 2
    assert "`cargo check` fails before the migration" in result.err
    assert result.err.index("runs the project's own code") < result.err.index("Running `cargo check` before")
    assert {path: text for path, text in files(root).items() if path in before} == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "settings"),
    [("", ""), ("python/", 'manifest-path = "../Cargo.toml"\n'), ("", "no-default-features = true\n")],
)
def test_the_compiler_is_asked_with_the_features_of_maturin(folder: str, settings: str, tmp_path: Path) -> None:
    # An optional dependency that no feature enables: cargo compiles nothing but the project.
    manifest = MANIFEST.replace('"0.25"', '{ version = "0.25", optional = true }') + "\n[features]\npython = []\n"
    code = '#[cfg(feature = "python")]\ncompile_error!("the binding");\n'
    pyproject = f'[tool.maturin]\nfeatures = ["python"]\n{settings}'
    root = make(tmp_path, {"Cargo.toml": manifest, "src/lib.rs": code, f"{folder}pyproject.toml": pyproject})
    result = run_kit("migrate", "--to", "0.28", "--verify", folder=root)
    assert result.code == 2
    assert "the binding" in result.err
