"""What comes of a run whose output cannot be written, or not in its encoding: the truth, and never a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.support.command import environment

CODE = "import sys; from pyo3_kit.__main__ import main; sys.exit(main())"
FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a file that is always full")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="closes descriptors by a shell")


def run(folder: Path, arguments: str, redirect: str, **changes: str) -> subprocess.CompletedProcess[bytes]:
    """Run `pyo3-kit` by a shell with its streams redirected."""
    command = f'"$PYTHON" -c "$CODE" {arguments} {redirect}'
    variables = environment({"PYTHON": sys.executable, "CODE": CODE, **changes})
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=variables, capture_output=True, check=False, timeout=60
    )


@pytest.fixture(scope="module")
def crate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A crate with a finding, in a file whose name is not ASCII; nothing here writes into it."""
    root = tmp_path_factory.mktemp("crate")
    (root / "src").mkdir()
    (root / "Cargo.toml").write_text(
        '[package]\nname = "x"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\npyo3 = "0.28"\n'
    )
    (root / "src" / "é→😀.rs").write_text(
        "use pyo3::prelude::*;\n#[pyfunction] fn f(x: &Bound<PyAny>) -> u8 { x.extract::<u8>().unwrap() }\n// é→😀\n"
    )
    return root


@cache
def usual(folder: Path, arguments: str) -> subprocess.CompletedProcess[bytes]:
    """What comes of it with nothing wrong; run once, by the first test that compares with it."""
    return run(folder, arguments, "")


# Each way to print to a closed stream, and one of them to every kind of lost stream.
@POSIX
@pytest.mark.parametrize(
    ("arguments", "truth", "redirect"),
    [
        ("--help", 0, ">&-"),
        ("--version", 0, ">&-"),
        ("explain PYO021", 0, ">&-"),
        ("presets --json", 0, ">&-"),
        ("check . --format json", 1, ">&-"),
        ("check .", 1, ">&-"),
        pytest.param("check .", 1, "> /dev/full", marks=FULL),
        ("check .", 1, ">&- 2>&-"),
        ("check .", 1, "<&- >&- 2>&-"),
    ],
)
def test_a_lost_result_has_an_exit_code_of_its_own(crate: Path, arguments: str, truth: int, redirect: str) -> None:
    assert usual(crate, arguments).returncode == truth
    result = run(crate, arguments, redirect)
    assert result.returncode == 4
    assert b"Traceback" not in result.stderr
    if "2>&-" not in redirect:
        assert b"error: The output could not be written: " in result.stderr


@POSIX
@pytest.mark.parametrize(
    ("arguments", "redirect"),
    [
        *((arguments, ">&- 2>&-") for arguments in ("status", "check none", "status --json", "update --json")),
        *(("nothing", redirect) for redirect in (">&-", ">&- 2>&-")),
        pytest.param("nothing", "> /dev/full 2> /dev/full", marks=FULL),
    ],
)
def test_a_refusal_stays_one(tmp_path: Path, arguments: str, redirect: str) -> None:
    assert run(tmp_path, arguments, redirect).returncode == 2


@POSIX
@pytest.mark.parametrize("redirect", ["2>&-", pytest.param("2> /dev/full", marks=FULL)])
def test_a_lost_remark_changes_nothing(crate: Path, redirect: str) -> None:
    truth, result = usual(crate, "check ."), run(crate, "check .", redirect)
    assert (result.returncode, result.stdout) == (1, truth.stdout)


@POSIX
def test_who_reads_only_the_beginning_is_not_told_of_the_rest(crate: Path) -> None:
    result = run(crate, "check . --format sarif", "| head -c 1; exit 0")
    assert (result.stdout, result.stderr) == (b"{", b"")


@POSIX
def test_a_file_that_is_written_never_gets_the_output(tmp_path: Path) -> None:
    assert run(tmp_path, "new p --defaults", "<&- >&- 2>&-").returncode == 0
    assert run(tmp_path / "p", "status --quick", "").returncode == 0
    changed = subprocess.run(["git", "status", "--short"], cwd=tmp_path / "p", capture_output=True, check=True)
    assert changed.stdout == b""


# Each way to print in the strictest encoding, and each encoding by one of them.
@pytest.mark.parametrize(
    ("arguments", "encoding"),
    [
        *(("check .", encoding) for encoding in ("ascii", "cp1252", "latin-1", "utf-8:strict")),
        *(
            (arguments, "ascii:strict")
            for arguments in ("check .", "check . --diff --unsafe-fixes", "presets", "--help", "explain PYO021")
        ),
    ],
)
def test_a_narrow_encoding_shows_escapes(crate: Path, arguments: str, encoding: str) -> None:
    truth, result = usual(crate, arguments), run(crate, arguments, "", PYTHONIOENCODING=encoding)
    assert result.returncode == truth.returncode
    assert b"unexpected" not in result.stderr
    assert len(result.stdout.splitlines()) == len(truth.stdout.splitlines())


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
@pytest.mark.parametrize("form", ["json", "sarif"])
def test_json_is_the_same_in_any_encoding(crate: Path, encoding: str, form: str) -> None:
    arguments = f"check . --format {form}"
    truth, result = usual(crate, arguments), run(crate, arguments, "", PYTHONIOENCODING=encoding)
    assert json.loads(result.stdout.decode("ascii")) == json.loads(truth.stdout.decode("utf-8"))


@POSIX
@pytest.mark.parametrize("utf8", ["0", "1"])
def test_names_are_shown_in_the_c_locale(crate: Path, utf8: str) -> None:
    result = run(crate, "check . --format json", "", LC_ALL="C", PYTHONUTF8=utf8, PYTHONCOERCECLOCALE="0")
    assert result.returncode == 1
    assert "src/é→😀.rs" in {one["path"] for one in json.loads(result.stdout)["findings"]}
