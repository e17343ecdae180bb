"""What lies under a file's name is read only when it is a file of a size that somebody can have written."""

from __future__ import annotations

import ast
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyo3_kit.errors import Refused, UnreadableFile, from_os_error
from pyo3_kit.system import reading
from tests.security.bounded import Bounded
from tests.support.calls import calls, parsed
from tests.support.command import ROOT, environment, run_kit
from tests.update.templates import git

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no devices, FIFOs and sockets among its files")

SECONDS = 60


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    here = Path.cwd()
    # The name of a socket is short.
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path.name)
    finally:
        os.chdir(here)


def _link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def _fifo_behind_a_link(path: Path) -> None:
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


SPECIAL: dict[str, Callable[[Path], None]] = {
    "zero": _link("/dev/zero"),
    "fifo": _fifo,
    "fifo behind a link": _fifo_behind_a_link,
    "socket": _socket,
    "terabyte": _sparse,
    "tty": _link("/dev/tty"),
    "environ": _link("/proc/self/environ"),
    "loop": lambda path: path.symlink_to(path.name),
}


@pytest.mark.parametrize("kind", SPECIAL)
def test_it_is_an_error_of_the_system_and_becomes_a_refusal(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "file"
    SPECIAL[kind](place)
    with pytest.raises(OSError) as caught:  # noqa: PT011 (it may be any)
        reading.read_bytes(place)
    assert isinstance(from_os_error(caught.value, "reading it"), Refused)


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_bytes(b"a" * 1000)
    assert reading.read_bytes(place, 1000) == b"a" * 1000
    with pytest.raises(UnreadableFile, match="larger than"):
        reading.read_bytes(place, 999)


def test_a_pipe_is_read_where_the_user_names_one(tmp_path: Path) -> None:
    command = 'exec 3<&0; "$PYTHON" -m pyo3_kit new p --dry-run --data-file /dev/fd/3 --json'
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=tmp_path,
        env=environment({"PYTHON": sys.executable}),
        input=b"project_name: from-a-pipe\n",
        capture_output=True,
        check=False,
        timeout=SECONDS,
    )
    assert b'"project_name": "from-a-pipe"' in done.stdout


@pytest.fixture
def crate(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "Cargo.toml").write_text(
        '[package]\nname = "x"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\npyo3 = "0.28"\n'
    )
    (tmp_path / "src" / "lib.rs").write_text("use pyo3::prelude::*;\n")
    return tmp_path


@pytest.mark.parametrize("kind", ["zero", "fifo", "socket", "terabyte", "loop"])
@pytest.mark.parametrize("name", [".gitignore", "pyproject.toml", "src/a.rs", "Cargo.lock", "src/Cargo.toml", "b.json"])
def test_check_ends_whatever_lies_there(bounded: Bounded, crate: Path, name: str, kind: str) -> None:
    SPECIAL[kind](crate / name)
    arguments = ["--baseline", "b.json"] if name == "b.json" else []
    result = bounded("check", ".", *arguments, folder=crate)
    assert len(result.err.splitlines()) <= 4


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the default answers; not to be changed by a test."""
    folder = tmp_path_factory.mktemp("usual")
    assert run_kit("new", "p", "--defaults", folder=folder).code == 0
    return folder / "p"


@pytest.mark.parametrize("kind", ["zero", "fifo", "terabyte"])
@pytest.mark.parametrize(
    "name", ["pyproject.toml", ".copier-answers.yml", ".copier-answers.lock", ".copier-answers.x.yml"]
)
def test_status_and_update_end_whatever_lies_there(
    bounded: Bounded, usual: Path, tmp_path: Path, name: str, kind: str
) -> None:
    shutil.copytree(usual, tmp_path / "p", symlinks=True)
    place = tmp_path / "p" / name
    place.unlink(missing_ok=True)
    SPECIAL[kind](place)
    bounded("status", "p", folder=tmp_path)
    bounded("update", "p", "--dry-run", folder=tmp_path)


@pytest.mark.parametrize("kind", ["zero", "fifo", "terabyte"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("new", "p", "--data-file", "FILE"),
        ("new", "p", "--preset", "FILE#a"),
        ("fleet", "status", "--fleet", "FILE"),
        ("fleet", "report", "FILE"),
        ("new", "p", "--template", "FILE"),
    ],
    ids=" ".join,
)
def test_what_the_user_names_ends_too(bounded: Bounded, tmp_path: Path, arguments: tuple[str, ...], kind: str) -> None:
    SPECIAL[kind](tmp_path / "file")
    result = bounded(*(word.replace("FILE", "file") for word in arguments), folder=tmp_path)
    assert result.code == 2


def test_deep_folders_and_circles_of_links_end(bounded: Bounded, crate: Path) -> None:
    here = os.open(crate / "src", os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("a", dir_fd=here)
        deeper = os.open("a", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.symlink("..", "up", dir_fd=here)
    os.close(here)
    try:
        result = bounded("check", ".", folder=crate)
        assert "nested too deeply" in result.err or "too long" in result.err
    finally:
        subprocess.run(["rm", "-rf", "src/a"], cwd=crate, check=False)


@pytest.mark.slow
def test_a_hundred_thousand_files_end(bounded: Bounded, crate: Path) -> None:
    for number in range(100):
        folder = crate / "src" / f"m{number}"
        folder.mkdir()
        for other in range(1000):
            (folder / f"f{other}.txt").touch()
    git(crate, "init", "--quiet")
    assert "in 1 Rust file." in bounded("check", ".", folder=crate).err


# One place reads: everything else asks it.
_READS = re.compile(
    r"(?:open|os\.open|io\.open|.*\.(?:read_text|read_bytes)|yaml\.(?:safe_)?(?:load|load_all|compose|compose_all)"
    r"|tomli(?:b|lib)?\.loads?|tomlkit\.(?:parse|loads?)|json\.loads?)"
)
_READERS = {
    "system/reading.py": "the place that reads",
    "texts/bounds.py": "the place that parses",
    "texts/toml.py": "the place that parses TOML",
    "audit/workers.py": "JSON that this program passes to its own process",
    "system/streams.py": "opens the null device for a closed stream",
    "system/platforms.py": "flushes to the disk and reads nothing",
    "system/writing.py": "the place that writes",
    "system/own_files.py": "writes files of its own folders and reads none",
    "render/_fresh.py": "copies regular files of the template, as Copier would",
    "web/page.py": "reads files of the package",
    "transaction/lock.py": "locks a file and reads none",
    "transaction/journal.py": "writes and syncs its own files in the Git folder",
    "fleet/page/__init__.py": "reads a file of the package",
    "template/location.py": "JSON of the package",
    "template/releases.py": "JSON of the package's archive",
    "audit/fixing.py": "parses text that `load_toml` has parsed",
    "codemods/tables.py": "parses text that `load_toml` has parsed",
    "audit/project.py": "composes text that `check_yaml` has passed",
    "render/_parsed.py": "a template's copier.yml in the place of Copier, which would parse it itself",
    "overlays/values.py": "composes text that `check_yaml` has passed",
    "merge/validity.py": "composes text that `check_yaml` has passed",
    "migrate/verifying.py": "JSON of cargo's own messages",
    "fleet/journal.py": "appends to its own file",
}


_READ_NAMES = (
    *("open", "read_text", "read_bytes", "load", "load_all", "safe_load", "safe_load_all"),
    *("compose", "compose_all", "safe_compose", "safe_compose_all", "loads", "parse"),
)


def _reads(tree: ast.AST) -> list[str]:
    called = (name for _, name in calls(tree, _READ_NAMES))
    return [name for name in called if _READS.fullmatch(name) and not name.startswith("reading.")]


def test_nothing_else_reads_or_parses() -> None:
    package = ROOT / "src" / "pyo3_kit"
    found = {
        path.relative_to(package).as_posix(): names
        for path in sorted(package.rglob("*.py"))
        if "_template" not in path.parts and (names := _reads(parsed(path)))
    }
    assert {path: names for path, names in found.items() if path not in _READERS} == {}


def test_the_test_for_reading_sees_it() -> None:
    code = "open(a)\nPath(b).read_text()\nyaml.load(c)\ntomli.loads(d)\njson.load(e)\nos.open(f)\n"
    assert len(_reads(ast.parse(code))) == 6
