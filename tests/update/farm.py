"""Runs an update in a child process that is killed, or refused something, at a moment that is told.

Each line on stdin is an order in JSON: `root`, `git_dir`, `prefix`; `what` (one of `MERGES`), `do` (`apply`,
`resume`, `abort`); `kill`: the number of the event before which the child kills itself; `fault`: that of the event
which is refused; `full`: that from which on nothing is given that takes room; `after`: the seconds after which the
child is killed from here; `first`: the file that changes first, against the rules. The answer: `events`, what happened
in order, `status`, how the child ended, and `error`, what was raised.

Events are what Python reports to audit hooks about files and processes, each write half done, and each flush.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import sys
import threading
import time
from pathlib import Path
from typing import Any

from pyo3_kit.errors import KitError
from pyo3_kit.transaction import apply, prepare
from pyo3_kit.transaction.journal import Place
from tests.update.disk import ANSWERS, LABELS, MERGES, META

CHANGES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.symlink", "subprocess.Popen"}
ROOM = {"os.mkdir", "os.symlink", "create", "write", "flush", "subprocess.Popen"}


class Watch:
    """Counts events, and does at one of them what the order says."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.order = order
        self.events: list[str] = []
        self.on = False
        self.lock = threading.Lock()

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event in CHANGES:
            self.happen(event)
        elif event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_CREAT:
            self.happen("create")

    def happen(self, event: str) -> None:
        with self.lock:
            number = len(self.events)
            self.events.append(event)
        if number == self.order.get("kill"):
            os.kill(os.getpid(), signal.SIGKILL)
        full = self.order.get("full")
        if number == self.order.get("fault") or (full is not None and number >= full and event in ROOM):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def child(order: dict[str, Any], answers: int) -> None:
    """Do what the order says, and tell about it in the pipe `answers`."""
    watch = Watch(order)
    sys.addaudithook(watch.hook)
    write = os.write

    def half(number: int, content: bytes) -> int:
        if not watch.on or not stat.S_ISREG(os.fstat(number).st_mode):
            return write(number, content)
        done = write(number, content[: len(content) // 2])
        watch.happen("write")
        return done + write(number, content[done:])

    def flush(number: int) -> None:
        # What is not flushed is lost with the machine only, and no test here ends that.
        watch.happen("flush folder" if stat.S_ISDIR(os.fstat(number).st_mode) else "flush")

    changed: Any = os
    changed.write, changed.fsync = half, flush
    place = Place(Path(order["root"]), Path(order["git_dir"]), order["prefix"])
    if "first" in order:
        usual = prepare.ordered
        first = order["first"]

        def reordered(*arguments: Any) -> list[str]:
            return sorted(usual(*arguments), key=lambda path: path != first)

        module: Any = prepare
        module.ordered = reordered
    merges = MERGES[order.get("what", "everything")]()
    error = ""
    watch.on = True
    try:
        if order.get("do", "apply") == "apply":
            apply.apply(place, merges, last=ANSWERS, meta=META, labels=LABELS)
        elif order["do"] == "resume":
            apply.resume(place)
        else:
            apply.abort(place)
    except KitError as raised:
        error = f"{type(raised).__name__}: {raised.message}"
    watch.on = False
    write(answers, json.dumps({"events": watch.events, "error": error}).encode())


def run(order: dict[str, Any]) -> dict[str, Any]:
    """One child, from its start to its end."""
    reading, writing = os.pipe()
    number = os.fork()
    if number == 0:
        try:
            os.setsid()
            os.close(reading)
            child(order, writing)
            os._exit(0)
        except BaseException as error:  # noqa: BLE001 (a child must never come back from here)
            sys.stderr.write(f"{error!r}\n")
            sys.stderr.flush()
            os._exit(1)
    os.close(writing)
    if "after" in order:
        time.sleep(order["after"])
        os.kill(number, signal.SIGKILL)
    said = b""
    while piece := os.read(reading, 65536):
        said += piece
    os.close(reading)
    _, status = os.waitpid(number, 0)
    # A Git process that the child started ends on its own.
    while True:
        try:
            os.killpg(number, 0)
        except (ProcessLookupError, PermissionError):
            break
        time.sleep(0.005)
    return {"events": [], "error": "", **(json.loads(said) if said else {}), "status": status}


def main() -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(run(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
