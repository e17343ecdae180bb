"""What differs on Windows and macOS: each branch on this system, and no branch anywhere else."""

from __future__ import annotations

import inspect
import os
import re
import signal
import stat
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from pyo3_kit.system import platforms
from tests.support.command import ROOT, environment

PACKAGE = ROOT / "src" / "pyo3_kit"
PAGE = ROOT / "docs" / "reference" / "platforms.md"
ASKS_FOR_THE_SYSTEM = re.compile(
    r"\bos\.name\b|\bsys\.platform\b|\bplatform\.system\b|(?:hasattr|getattr)\((?:os|signal|socket|select|stat)\b"
)
# Windows has none of these modules, and none of these names in `os` and `signal`.
POSIX_MODULES = ("fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "syslog", "termios", "tty")
# fmt: off
POSIX_NAMES = (
    "O_CLOEXEC", "O_DIRECTORY", "O_NOCTTY", "O_NOFOLLOW", "O_NONBLOCK", "O_PATH", "WIFEXITED", "chown", "fchmod",
    "fchown", "fork", "forkpty", "geteuid", "getgid", "getpgid", "getuid", "killpg", "lchown", "mkfifo", "mknod",
    "openpty", "posix_spawn", "sched_getaffinity", "setsid", "statvfs", "sync", "wait4", "SIGALRM", "SIGCHLD",
    "SIGHUP", "SIGKILL", "SIGPIPE", "SIGUSR1", "SIGXFSZ", "alarm", "pthread_sigmask", "setitimer",
)
# fmt: on
IMPORTS = f"""
import builtins, os, pkgutil, signal, sys, types
POSIX_MODULES, POSIX_NAMES = {POSIX_MODULES!r}, {POSIX_NAMES!r}

class Windows(types.ModuleType):
    def __init__(self, real, **other):
        super().__init__(real.__name__)
        self.__dict__.update(other, real=real)
    def __getattr__(self, name):
        if name in POSIX_NAMES:
            raise AttributeError(f"module {{self.__name__!r}} has no attribute {{name!r}} on Windows")
        return getattr(self.real, name)

instead = {{
    "os": Windows(os, name="nt", supports_dir_fd=set(), sep="\\\\", pathsep=";", O_BINARY=0x8000),
    "signal": Windows(signal),
    "sys": Windows(sys, platform="win32"),
}}
real = builtins.__import__
def imported(name, globals=None, locals=None, fromlist=(), level=0):
    if (globals or {{}}).get("__name__", "").startswith("pyo3_kit"):
        if name in POSIX_MODULES:
            raise ModuleNotFoundError(f"no module named {{name}} on Windows")
        if name in instead:
            return instead[name]
    return real(name, globals, locals, fromlist, level)
builtins.__import__ = imported

import pyo3_kit
found = [one.name for one in pkgutil.walk_packages(pyo3_kit.__path__, "pyo3_kit.") if "_template" not in one.name]
for name in found:
    if name != "pyo3_kit.__main__":
        __import__(name)
from pyo3_kit.system import platforms, signals
assert platforms.WINDOWS and not platforms.DESCRIPTORS and platforms.open_flags("O_NOFOLLOW") == 0
assert platforms.ending_signals() == [signal.SIGTERM] and not platforms.is_size_limit(-25)
print(len(found))
"""


def own_functions() -> set[str]:
    return {name for name, one in vars(platforms).items() if inspect.isfunction(one) and not name.startswith("_")}


def test_no_other_module_asks_for_the_system() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "_template" not in path.parts and ASKS_FOR_THE_SYSTEM.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"system/platforms.py"}, "put the branch into system/platforms.py, with a test"


def test_the_page_lists_every_branch_with_its_test() -> None:
    """A row is `name`, what differs, and the tests, which exist."""
    text = PAGE.read_text(encoding="utf-8").partition("## Branches")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", text, re.MULTILINE))
    all_tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    constants = {name for name in vars(platforms) if name.isupper() and not name.startswith(("_", "TYPE_"))}
    assert rows.keys() == own_functions() | constants
    for name, tests in rows.items():
        named = re.findall(r"`(test_\w+)`", tests)
        assert named or "CI" in tests, name
        for test in named:
            assert f"def {test}(" in all_tests, test


def test_the_page_lists_every_script_with_a_branch() -> None:
    """Scripts run before anything is installed, or without this package."""
    listed = PAGE.read_text(encoding="utf-8").partition("## Scripts")[2].partition("\n## ")[0]
    scripts = (ROOT / "dev.py", ROOT / "hatch_build.py", *(ROOT / "scripts").glob("*.py"))
    found = {
        path.relative_to(ROOT).as_posix()
        for path in scripts
        if ASKS_FOR_THE_SYSTEM.search(path.read_text(encoding="utf-8"))
    }
    assert set(re.findall(r"^\| `([\w./]+)` \|", listed, re.MULTILINE)) == found


@pytest.mark.slow
def test_every_module_can_be_imported_without_what_windows_lacks() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS], env=environment(), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 300


def test_a_program_of_an_environment() -> None:
    venv = Path("project", ".venv")
    assert platforms.script_path(venv, "python", windows=True) == venv / "Scripts" / "python.exe"
    assert platforms.script_path(venv, "python", windows=False) == venv / "bin" / "python"


def test_the_names_of_a_program() -> None:
    assert platforms.program_names("git", windows=False) == ["git"]
    assert platforms.program_names("git", windows=True, endings=".EXE;.CMD") == ["git.EXE", "git.CMD"]
    assert platforms.program_names("code.cmd", windows=True, endings=".EXE;.CMD") == ["code.cmd"]
    assert platforms.program_names("python3.11", windows=True, endings=".EXE") == ["python3.11.EXE"]


def test_children_do_not_look_for_programs_in_the_current_folder() -> None:
    assert platforms.children_variables(windows=False) == {}
    assert platforms.children_variables(windows=True) == {"NoDefaultCurrentDirectoryInExePath": "1"}


@pytest.mark.parametrize(
    ("text", "windows", "words"),
    [
        (r"C:\Editors\vim.exe -f", True, [r"C:\Editors\vim.exe", "-f"]),
        (r'"C:\Program Files\Code\code.exe" --wait', True, [r"C:\Program Files\Code\code.exe", "--wait"]),
        ("it's #1", True, ["it's", "#1"]),
        ("'/opt/my editor/vi' -f", False, ["/opt/my editor/vi", "-f"]),
        (r"my\ editor", False, ["my editor"]),
    ],
)
def test_the_words_of_a_command(text: str, windows: bool, words: list[str]) -> None:
    assert platforms.split_command(text, windows=windows) == words


def test_a_command_can_be_copied_into_a_shell() -> None:
    words = ["cd", "my lib"]
    assert platforms.join_command(words, windows=False) == "cd 'my lib'"
    assert platforms.join_command(words, windows=True) == 'cd "my lib"'
    assert platforms.join_command([r".venv\Scripts\python.exe", "-m"], windows=True) == r".venv\Scripts\python.exe -m"


@pytest.mark.parametrize(
    ("path", "elsewhere", "on_windows"),
    [
        ("C:/x", True, True),
        (r"c:\x", True, True),
        ("x:y", False, True),
        ("é:/x", False, False),
        ("ab:/x", False, False),
        ("x", False, False),
    ],
)
def test_a_drive(path: str, elsewhere: bool, on_windows: bool) -> None:
    assert platforms.is_drive(path, windows=False) is elsewhere
    assert platforms.is_drive(path, windows=True) is on_windows


def test_characters_that_windows_does_not_have_in_names() -> None:
    assert platforms.foreign_characters("src/what?.rs", windows=False) == ""
    assert platforms.foreign_characters("src/what?<1>.rs", windows=True) == "?<>"


def test_the_target_of_a_link_is_what_git_stores() -> None:
    assert platforms.link_content("../a/b", windows=False) == b"../a/b"
    assert platforms.link_content("a\\b", windows=False) == b"a\\b"
    assert platforms.link_content("..\\a\\b", windows=True) == b"../a/b"
    assert platforms.link_content("\\\\?\\C:\\a", windows=True) == b"C:/a"


def test_a_junction(tmp_path: Path) -> None:
    assert not platforms.is_junction(tmp_path.lstat())
    status = SimpleNamespace(st_file_attributes=stat.FILE_ATTRIBUTE_REPARSE_POINT)
    assert platforms.is_junction(cast("os.stat_result", status))


def test_windows_has_no_modes() -> None:
    assert platforms.is_executable(0o755, windows=False)
    assert not platforms.is_executable(0o644, windows=False)
    assert not platforms.is_executable(0o755, windows=True)
    assert not platforms.same_mode(0o755, 0o644, windows=False)
    assert platforms.same_mode(0o755, 0o644, windows=True)


@pytest.mark.parametrize("windows", [False, True])
def test_files_and_folders_are_flushed(tmp_path: Path, windows: bool) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x")
    platforms.flush_to_disk(file, windows=windows)
    platforms.flush_to_disk(tmp_path, windows=windows)
    with pytest.raises(FileNotFoundError):
        platforms.flush_to_disk(tmp_path / "nothing", windows=windows)


def test_whether_a_process_lives() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    for windows in (False, True):
        assert platforms.process_lives(os.getpid(), windows=windows)
    assert platforms.process_lives(child.pid, windows=True)
    if not platforms.WINDOWS:
        assert not platforms.process_lives(child.pid, windows=False)


def test_who_owns_a_file(tmp_path: Path) -> None:
    assert platforms.is_own_user(tmp_path.stat().st_uid) is not platforms.WINDOWS
    assert not platforms.is_own_user(tmp_path.stat().st_uid + 1)


def test_there_is_a_processor() -> None:
    assert 1 <= platforms.available_processors() <= (os.cpu_count() or 1)


def test_signals_that_end_a_process() -> None:
    assert signal.SIGTERM in platforms.ending_signals()
    assert signal.SIGINT not in platforms.ending_signals()


@pytest.mark.skipif(platforms.WINDOWS, reason="has no such limits")
def test_a_process_is_limited(tmp_path: Path) -> None:
    program = """\
import sys
from pyo3_kit.system.platforms import limit_process
limit_process(memory=2 << 30, file_size=1000)
open(sys.argv[1], "wb").write(bytes(1000))
for work in (lambda: bytearray(3 << 30), lambda: open(sys.argv[1], "ab", buffering=0).write(b"x")):
    try:
        work()
    except (MemoryError, OSError) as error:
        print(type(error).__name__)
"""
    command = [sys.executable, "-c", program, str(tmp_path / "file")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["MemoryError", "OSError"]


@pytest.mark.skipif(platforms.WINDOWS, reason="has no such signal")
def test_the_limit_of_a_file() -> None:
    assert platforms.is_size_limit(-signal.SIGXFSZ)
    assert not platforms.is_size_limit(0)
    assert not platforms.is_size_limit(1)


def test_a_file_takes_bytes_and_a_console_of_windows_does_not(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as file:
        assert platforms.is_own_descriptor(file.fileno(), windows=True)
    if not platforms.WINDOWS:
        ours, theirs = os.openpty()
        try:
            assert platforms.is_own_descriptor(ours, windows=False)
            assert not platforms.is_own_descriptor(theirs, windows=True)
        finally:
            os.close(ours)
            os.close(theirs)


def test_how_to_install_rust() -> None:
    assert "winget" in platforms.rust_hint(windows=True)
    assert "rustup.rs" in platforms.rust_hint(windows=False)


def test_flags_that_the_system_lacks_are_left_out() -> None:
    assert platforms.open_flags("O_RDWR", "O_NO_SUCH_FLAG") == os.O_RDWR
