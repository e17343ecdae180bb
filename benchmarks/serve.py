"""Measure the server of `pyo3-kit serve`: previews, load and memory, beside `copier copy` of the same answers.

    python benchmarks/serve.py [--requests 20000]

Each preview has answers that were never asked for, unless it says so. Memory is that of the server and its renderers.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.paired import machine  # noqa: E402
from tests.support.server import server  # noqa: E402

FULL = {
    "starter": "showcase",
    "layout": "workspace",
    "async_runtime": True,
    "free_threaded": True,
    "bytes_feature": True,
    "benchmarks": True,
    "docs": "sphinx",
}
ROUNDS = 15
SAME = 40
"""How many different answers repeat in the long run."""


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--requests", type=int, default=20_000, help="of the long run for the memory")
    arguments = parser.parse_args()
    print(f"{machine()}, load {os.getloadavg()[0]:.1f}\n")
    with tempfile.TemporaryDirectory() as folder, server(folder=Path(folder)) as url:
        address = urlsplit(url).netloc
        ask = Client(address)
        fresh = names()
        for _ in range(10):
            ask(next(fresh))
        copies, previews = [], []
        for _ in range(ROUNDS):
            previews.append(timed(lambda: ask(next(fresh))))
            copies.append(timed(lambda: copy(Path(tempfile.mkdtemp(dir=folder)))))
        again = [timed(lambda: ask("lib-1")) for _ in range(200)]
        print(f"preview of new answers: median {statistics.median(previews) * 1e3:.0f} ms")
        print(f"preview of the same answers again: median {statistics.median(again) * 1e3:.1f} ms")
        print(f"copier copy of the same answers: median {statistics.median(copies) * 1e3:.0f} ms")
        print(f"ratio, paired: {statistics.median(map(lambda a, b: b / a, previews, copies)):.0f}×")
        count = 300
        before, start = processor_seconds(), time.perf_counter()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(Client(address), itertools.islice(fresh, count)))
        seconds, used = time.perf_counter() - start, processor_seconds() - before
        print(
            f"load, 8 clients, 2 renderers: {count / seconds:.0f} previews/s; {used / count * 1e3:.0f} ms of CPU each"
        )
        repeated = [f"lib-{number % SAME}" for number in range(arguments.requests)]
        at_start = memory()
        half = len(repeated) // 2
        sizes = []
        for part in (repeated[:half], repeated[half:]):
            # One of a hundred is new.
            mixed = [next(fresh) if at % 100 == 0 else name for at, name in enumerate(part)]
            with ThreadPoolExecutor(8) as pool:
                list(pool.map(Client(address), mixed))
            sizes.append(memory())
        print(f"memory: {at_start:.0f} MiB, after {half:,} requests {sizes[0]:.0f}, after {2 * half:,} {sizes[1]:.0f}")
    return 0


class Client:
    """Asks for a preview of the full project, with another name."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __call__(self, name: str) -> None:
        """Raises `RuntimeError` for anything but a project."""
        connection = HTTPConnection(self.address, timeout=120)
        connection.request("POST", "/api/preview", json.dumps({"answers": {**FULL, "project_name": name}}))
        response = connection.getresponse()
        content = response.read()
        connection.close()
        if response.status != 200:
            raise RuntimeError(content.decode())


def names() -> Iterator[str]:
    """Names that were never asked for."""
    return (f"new-{number}" for number in itertools.count())


def timed(action: Callable[[], object]) -> float:
    """The seconds that it takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def copy(folder: Path) -> None:
    """The same project by Copier."""
    data = [word for name, value in FULL.items() for word in ("--data", f"{name}={json.dumps(value).strip(chr(34))}")]
    command = [sys.executable, "-m", "copier", "copy", "--quiet", "--defaults", *data, str(ROOT), str(folder / "lib")]
    subprocess.run(command, check=True, capture_output=True)


def processes() -> list[int]:
    """The server and its renderers: what this process started, and what they started."""
    found = [os.getpid()]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            found += [int(number) for number in task.read_text().split()]
    return found[1:]


def memory() -> float:
    """The resident memory of these processes, in MiB."""
    pages = sum(int(Path(f"/proc/{number}/statm").read_text().split()[1]) for number in processes())
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def processor_seconds() -> float:
    """The time of the processors that these processes have used."""
    fields = [Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split() for number in processes()]
    return sum(int(part[11]) + int(part[12]) for part in fields) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
