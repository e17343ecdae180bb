"""Blocks that must not be interrupted: a signal waits until they are over, and is not lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyo3_kit.system.signals import end_orderly, undisturbed

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="has no such signals")

NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in NUMBERS}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    end_orderly()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_held_back_counts_when_the_block_is_over(number: signal.Signals, tmp_path: Path) -> None:
    before = [signal.getsignal(one) for one in NUMBERS]
    wait = "import os, signal, sys; os.kill(os.getpid(), int(sys.argv[1])); print('done')"

    @undisturbed()
    def work() -> None:
        os.kill(os.getpid(), number)
        # A program that the block starts gets through as well.
        done = subprocess.run([sys.executable, "-c", wait, str(int(number))], capture_output=True, check=True)
        (tmp_path / "last").write_bytes(done.stdout)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert (tmp_path / "last").read_text() == "done\n"
    assert [signal.getsignal(one) for one in NUMBERS] == before
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()


def test_blocks_in_each_other_end_with_the_outer_one(tmp_path: Path) -> None:
    @undisturbed()
    def work() -> None:
        with undisturbed():
            os.kill(os.getpid(), signal.SIGTERM)
        (tmp_path / "after").touch()

    with pytest.raises(KeyboardInterrupt):
        work()
    assert (tmp_path / "after").exists()


def test_another_thread_that_lets_a_signal_through_does_not_interrupt(tmp_path: Path) -> None:
    ends = threading.Event()
    other = threading.Thread(target=ends.wait)
    other.start()

    @undisturbed()
    def work() -> None:
        assert other.ident is not None
        signal.pthread_kill(other.ident, signal.SIGTERM)
        time.sleep(0.01)
        (tmp_path / "after").touch()

    try:
        with pytest.raises(KeyboardInterrupt):
            work()
    finally:
        ends.set()
        other.join()
    assert (tmp_path / "after").exists()


def test_what_the_caller_ignores_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with undisturbed():
        os.kill(os.getpid(), signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_an_error_in_the_block_is_the_one_that_is_raised() -> None:
    @undisturbed()
    def work() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        raise ValueError("own")

    with pytest.raises(ValueError, match="own"):
        work()


@pytest.mark.parametrize("number", NUMBERS)
def test_one_that_comes_in_a_finaliser_is_not_lost(number: signal.Signals) -> None:
    class Thing:
        def __del__(self) -> None:
            os.kill(os.getpid(), number)
            # So that Python looks for signals in here.
            any(range(10))

    def work() -> None:
        Thing()
        # It is woken.
        time.sleep(300)

    with pytest.raises(KeyboardInterrupt):
        work()
