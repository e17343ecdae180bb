"""The process's output streams: a failed write is recorded and never stops the work half-way.

A result that was lost is an exit code of its own (`errors.OUTPUT_LOST`). A lost remark on stderr changes nothing.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import sys

from pyo3_kit.errors import OUTPUT_LOST
from pyo3_kit.system.escaping import ERRORS
from pyo3_kit.system.platforms import is_own_descriptor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


class _Descriptor(io.RawIOBase):
    """A file descriptor to write to. The first error is kept, and what follows it is dropped."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.error: OSError | None = None

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.number

    def isatty(self) -> bool:
        return self.error is None and os.isatty(self.number)

    def write(self, data: object) -> int:
        piece = memoryview(data)  # type: ignore[arg-type]
        if self.error is None:
            try:
                return os.write(self.number, piece)
            except BlockingIOError:
                # Another process made the pipe non-blocking; its reader is only slow.
                import select

                select.select((), (self.number,), ())
                return 0 if not piece else self.write(piece)
            except OSError as error:
                self.error = error
        return piece.nbytes


_result: _Descriptor | None = None
_prepared: list[TextIO] = []


def prepare() -> None:
    """Guard stdout and stderr of this process, whatever its parent left of them."""
    global _result
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            # Else the next file that is opened would be the output of this process and of its children.
            with contextlib.suppress(OSError):
                os.open(os.devnull, os.O_WRONLY if number == 2 else os.O_RDONLY)
    if _is_own(sys.stdout, 1):
        _result = _Descriptor(1)
        sys.stdout = _guarded(_result, sys.stdout)
    if _is_own(sys.stderr, 2):
        sys.stderr = _guarded(_Descriptor(2), sys.stderr)
    _prepared[:] = sys.stdout, sys.stderr


def restore() -> None:
    """Make the streams that `prepare` left stdout and stderr again, whoever replaced them since."""
    sys.stdout, sys.stderr = _prepared


def finish(code: int) -> int:
    """Flush the streams, and return the exit code: that of the work, or the one for lost output."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    error = _result.error if _result is not None else None
    if error is None or code not in (0, 1):
        return code
    if error.errno != errno.EPIPE:
        sys.stderr.write(
            f"error: The output could not be written: {error.strerror}.\n"
            " hint: The command itself is done. Check where its output goes.\n"
        )
    return OUTPUT_LOST


def _is_own(stream: object, number: int) -> bool:
    """Whether a stream is the one that Python opened, not a caller's, and takes bytes."""
    if stream is None:
        return True
    if stream is not (sys.__stdout__ if number == 1 else sys.__stderr__):
        return False
    return is_own_descriptor(number)


def _guarded(raw: _Descriptor, old: TextIO | None) -> io.TextIOWrapper:
    encoding = getattr(old, "encoding", None) or "utf-8"
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding, ERRORS, line_buffering=raw.number == 2 or raw.isatty(), write_through=False
    )
