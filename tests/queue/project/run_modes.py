"""Every mode of `async_modes`, on each kind of event loop, in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest
from async_modes import MODES
from my_lib import _core

PACKAGE = _core.__name__.partition(".")[0]
HERE = Path(__file__).parent
QUEUE = (HERE.parent / "crates" / "completion-queue").exists()
LOOPS = ["asyncio", "uvloop", "without_add_reader"]

# What `future_into_py` does by itself.
CLOSED = r"(.*\n)*.*RuntimeError: Event loop is closed(.*\n?)*"
NOISE = {
    # It reports each result that finds its loop closed.
    "loop_closed_first": CLOSED,
    "exit_with_closed_loop": CLOSED,
}
# What it cannot do.
KNOWN = {
    "loop_stays_responsive": "each result is a callback, and a loop calls all it has in one turn",
    "no_call_after_a_cancel": "a task hears of its cancel at some time, on a worker",
}

Result = subprocess.CompletedProcess[str]


def run(loop: str, mode: str, env: dict[str, str]) -> Result:
    return subprocess.run(
        [sys.executable, "-m", "async_modes", PACKAGE, loop, mode],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=240,
        env=env,
    )


@pytest.fixture(scope="module")
def results(request: pytest.FixtureRequest) -> Iterator[dict[tuple[str, str], Future[Result]]]:
    """All selected modes at once: they wait more than they work."""
    chosen = [
        (str(item.callspec.params["loop"]), str(item.callspec.params["mode"]))
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.originalname == "test_mode"
    ]
    env = {**os.environ, "RUST_BACKTRACE": "0"}
    with ThreadPoolExecutor(8) as pool:
        yield {case: pool.submit(run, *case, env) for case in chosen if case[0] != "uvloop" or find_spec("uvloop")}


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("mode", MODES)
def test_mode(results: dict[tuple[str, str], Future[Result]], loop: str, mode: str) -> None:
    if (loop, mode) not in results:
        pytest.skip("uvloop is not installed here")
    result = results[loop, mode].result()
    seen = f"exit code {result.returncode}\n{result.stdout}\n{result.stderr}"
    if not QUEUE and result.returncode == 1 and mode in KNOWN:
        pytest.xfail(KNOWN[mode])
    noise = result.stderr.strip()
    assert result.returncode == 0, seen
    assert result.stdout == "passed\n", seen
    expected = [MODES[mode].noise, *([] if QUEUE or mode not in NOISE else [NOISE[mode]])]
    assert any(re.fullmatch(pattern, noise) for pattern in expected), seen
