"""What must not stand in a project whose answers do not choose it: one record for each answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any


@dataclass(frozen=True)
class Leftover:
    """With `question` answered by one of `values`, no path or text matches `pattern`, except in files like `beside`."""

    question: str
    values: tuple[Any, ...]
    pattern: re.Pattern[str]
    beside: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.question}={'/'.join(map(str, self.values))}"

    def looks_at(self, path: str) -> bool:
        return not any(fnmatch(path, pattern) for pattern in (*self.beside, "LICENSE*", "deny.toml*", "*answers_file*"))


def _words(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


LEFTOVERS = [
    Leftover("async_runtime", (False,), _words(r"\btokio\b", r"\basync", r"\bawait", r"uvloop", r"asyncio")),
    Leftover("async_bridge", ("completion-queue",), _words(r"pyo3.async.runtimes", r"future_into_py")),
    Leftover("async_bridge", ("pyo3-async-runtimes",), _words(r"completion.queue")),
    Leftover("free_threaded", (False,), _words(r"3\.1\dt\b", r"run.parallel", r"parallel-threads", r"Free Threading")),
    Leftover("bytes_feature", (False,), re.compile(r"bytes::Bytes|\bPayload\b|payload\.rs")),
    Leftover(
        "disable_reference_pool",
        (False,),
        _words(r"disable_reference_pool", r"reference pool"),
        # `__build__` tells which pool there is, the lint table knows the flag's name, what is safe either way says so.
        beside=(
            "*build_info*",
            "*/Cargo.toml.jinja",
            "*_core.pyi*",
            "*/src/batch.rs",
            "*/runtime/bridge/*",
            "crates/completion-queue/*",
        ),
    ),
    Leftover("pyo3", ("0.29", "0.30"), _words(r"RUSTSEC", r"new_closure")),
    Leftover("wheels", ("version-specific",), _words(r"abi3")),
    Leftover("wheels", ("abi3",), _words(r"abi3t")),
    Leftover("buffer_api", (False,), _words(r"PyBuffer", r"BufferError", r"buffers\.rs", r"test_buffers")),
    Leftover("layout", ("single",), _words(r"crates/(core|python)", r"\bworkspace\b")),
    Leftover("allocator", ("system",), _words(r"mimalloc::", r"^mimalloc")),
    Leftover("stubs", (False,), _words(r"\.pyi\b", r"stubtest", r"py\.typed", r"\bmypy\b", r"Typing ::")),
    Leftover("benchmarks", (False,), _words(r"benchmark", r"\bdivan\b", r"comparisons")),
    Leftover("pgo", (False,), _words(r"\bpgo\b", r"profile-guided")),
    Leftover("hooks", (False,), _words(r"pre-commit", r"\bprek\b", r"\btaplo\b")),
    Leftover("ci", ("gitlab", "none"), _words(r"\bactions/", r"\.github/", r"GitHub Actions", r"dependabot")),
    Leftover("ci", ("github", "none"), _words(r"gitlab-ci", r"GitLab CI")),
    Leftover("updates", ("renovate", "none"), _words(r"template.update", r"\bpyo3-kit/update\b")),
    Leftover("updates", ("workflow", "none"), _words(r"renovate")),
    # The hook that lints workflows takes Dependabot's file as well, where there is one.
    Leftover("updates", ("renovate",), _words(r"dependabot"), beside=(".pre-commit-config*",)),
    Leftover("docs", ("none",), _words(r"sphinx", r"myst", r"furo")),
    # Not in any case: a link to a file on GitHub holds `/blob/`.
    Leftover("starter", ("minimal",), re.compile(r"rayon|\bBlob\b|blob\.rs|fingerprint|PyBackedStr")),
    Leftover(
        "license",
        ("proprietary",),
        re.compile(r"\bMIT\b|Apache|pypi-publish|trusted publishing"),
        beside=("crates/completion-queue/*",),
    ),
]
