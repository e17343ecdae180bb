"""Everything in which Windows and macOS differ from Linux; no other module asks for the system.

Functions take the system as a parameter, so that the branches for other systems are tested on every one. What was run
where is on docs/reference/platforms.md, which lists all of them.
"""

from __future__ import annotations

import errno
import os
import signal
import stat
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

WINDOWS = os.name == "nt"
MACOS = sys.platform == "darwin"

DESCRIPTORS = {os.open, os.mkdir, os.unlink, os.rmdir, os.rename, os.symlink, os.stat} <= os.supports_dir_fd
"""Whether a name can be looked up in a folder that is open already; on Windows it cannot."""

_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}


def open_flags(*names: str) -> int:
    """The flags of `os.open` with these names, as far as the system has them."""
    found = 0
    for name in names:
        found |= getattr(os, name, 0)
    return found


def script_path(environment: Path, name: str, *, windows: bool = WINDOWS) -> Path:
    """A program in a virtual environment."""
    return environment / "Scripts" / f"{name}.exe" if windows else environment / "bin" / name


def program_names(name: str, *, windows: bool = WINDOWS, endings: str | None = None) -> list[str]:
    """The names of files that can be the program `name`; `endings` are those of PATHEXT."""
    if not windows:
        return [name]
    known = (endings or os.environ.get("PATHEXT") or ".COM;.EXE;.BAT;.CMD").split(";")
    return [name] if name.upper().endswith(tuple(map(str.upper, known))) else [name + ending for ending in known]


def children_variables(*, windows: bool = WINDOWS) -> dict[str, str]:
    """Variables for all children: Windows looks for programs in the current folder first, unless this is set."""
    return {"NoDefaultCurrentDirectoryInExePath": "1"} if windows else {}


def split_command(text: str, *, windows: bool = WINDOWS) -> list[str]:
    """The words of a command that the user set, e.g. as EDITOR; a backslash is part of a path on Windows."""
    import shlex

    if not windows:
        return shlex.split(text)
    # Without the rules of a POSIX shell, quotes would stay around the words.
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.escape, lexer.commenters, lexer.quotes = True, "", "", '"'
    return list(lexer)


def join_command(words: Sequence[str], *, windows: bool = WINDOWS) -> str:
    """A command as a line to be copied into a shell."""
    if windows:
        from subprocess import list2cmdline

        return list2cmdline(words)
    import shlex

    return shlex.join(words)


def is_drive(path: str, *, windows: bool = WINDOWS) -> bool:
    """Whether a path begins with a drive; a file may have the name `x:y` elsewhere, but `x:/` is never one."""
    return path[1:2] == ":" and path[0].isascii() and path[0].isalpha() and (windows or path[2:3] in ("/", "\\"))


def foreign_characters(path: str, *, windows: bool = WINDOWS) -> str:
    """The characters of a path that names on this system cannot have."""
    return "".join(sign for sign in '*?"<>|' if sign in path) if windows else ""


def link_content(target: str, *, windows: bool = WINDOWS) -> bytes:
    """What Git stores for a symbolic link with this target."""
    if windows:
        target = target.removeprefix("\\\\?\\").replace("\\", "/")
    return os.fsencode(target)


def is_junction(status: os.stat_result) -> bool:
    """Whether this is the status of a junction or of another reparse point of Windows, which leads elsewhere."""
    return bool(getattr(status, "st_file_attributes", 0) & getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0))


def is_executable(mode: int, *, windows: bool = WINDOWS) -> bool:
    """Whether the mode of a file says that it is a program; Windows has no such bit."""
    return not windows and bool(mode & 0o100)


def same_mode(mode: int, other: int, *, windows: bool = WINDOWS) -> bool:
    """Whether two files have the same permissions, as far as the system keeps them."""
    return windows or mode == other


def flush_to_disk(path: Path, *, windows: bool = WINDOWS) -> None:
    """Flush a file or a folder to the disk; raises `OSError`.

    Windows flushes only what is open for writing, and no folders.
    """
    if windows and path.is_dir():
        return
    flags = os.O_RDWR | open_flags("O_BINARY") if windows else os.O_RDONLY | open_flags("O_NONBLOCK")
    number = os.open(path, flags)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def take_lock(number: int) -> bool:
    """Lock an open file for this process; False where the file system has no locks, `OSError` when another has it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            raise
        return False
    return True


def process_lives(process: int, *, windows: bool = WINDOWS) -> bool:
    """Whether a process may still run; Windows has no harmless way to find out, so there it may."""
    if windows or process == os.getpid():
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def is_own_user(user: int) -> bool:
    """Whether this process runs as the user of this number; False where users have no numbers."""
    return hasattr(os, "geteuid") and os.geteuid() == user


def available_processors() -> int:
    """The number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ending_signals() -> list[signal.Signals]:
    """The signals, besides Ctrl-C, that ask a process to end."""
    return [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]


def hold_signals(numbers: Iterable[int]) -> Callable[[], object]:
    """Keep signals from this thread and from the programs that it starts, until the returned function is called.

    Windows cannot: there, programs of the same console get Ctrl-C.
    """
    if sys.platform == "win32":
        return lambda: None
    before = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    return lambda: signal.pthread_sigmask(signal.SIG_SETMASK, before)


def signal_main_thread(number: int) -> None:
    """Send this process a signal, which wakes its main thread; Windows wakes nobody."""
    if sys.platform == "win32":
        signal.raise_signal(number)
    else:
        import threading

        signal.pthread_kill(threading.main_thread().ident or 0, number)


def limit_process(*, memory: int, file_size: int) -> None:
    """Limit this process to so many bytes of memory and in a file, where the system lets it."""
    if sys.platform != "win32":
        import resource
        from contextlib import suppress

        wanted = {resource.RLIMIT_AS: memory, resource.RLIMIT_FSIZE: file_size, resource.RLIMIT_CORE: 0}
        for what, most in wanted.items():
            _, hard = resource.getrlimit(what)
            # macOS refuses some of them.
            with suppress(ValueError, OSError):
                resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def is_size_limit(code: int) -> bool:
    """Whether this exit code is that of a process that wrote past its limit."""
    return -code == getattr(signal, "SIGXFSZ", 0) > 0


def is_own_descriptor(number: int, *, windows: bool = WINDOWS) -> bool:
    """Whether text can be written to a descriptor as bytes; a console of Windows has its own way to write."""
    return not windows or not os.isatty(number)


def rust_hint(*, windows: bool = WINDOWS) -> str:
    """How to install Rust."""
    if windows:
        return "Install it with `winget install Rustlang.Rustup`."
    return "Install it from https://rustup.rs (`curl -sSf https://sh.rustup.rs | sh`)."
