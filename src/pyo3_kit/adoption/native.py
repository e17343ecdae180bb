"""Infer the answers about Rust: PyO3, its features, async, free-threading, wheels, allocator."""

from __future__ import annotations

import re

from pyo3_kit.adoption.facts import Facts, at
from pyo3_kit.adoption.model import Inferred, Sure
from pyo3_kit.audit.flags import POOL, pool_disabled
from pyo3_kit.rust.tokens import without_words

_GIL_USED = re.compile(r"\bgil_used\s*=\s*(true|false)\b")
_OLDEST_PYTHON, _NEWEST_PYTHON = 10, 14
_FLOOR = re.compile(r">=?\s*3\.(\d+)")


def infer_native(facts: Facts) -> dict[str, Inferred]:
    """The answers from the crate, its dependencies and its code."""
    crate = facts.crate
    line = ".".join(map(str, crate.pyo3_version[:2]))
    where = "Cargo.lock" if crate.locked else at(crate.manifest, *crate.pyo3.at)
    # A requirement with `>` may allow later lines than the lowest.
    is_certain = crate.locked or (crate.pyo3.lowest and ">" not in (crate.pyo3.requirement or ""))
    return {
        "pyo3": Inferred(line, where, Sure.CERTAIN if is_certain else Sure.LIKELY),
        **_async(facts),
        "free_threaded": _free_threaded(facts),
        "bytes_feature": _feature(facts, "bytes"),
        "disable_reference_pool": _pool(facts),
        "python_min": _python_min(facts),
        "wheels": _wheels(facts),
        "allocator": _allocator(facts),
        "layout": _layout(facts),
        "starter": Inferred("minimal", "the project keeps its own sources", Sure.DEFAULT),
        "buffer_api": Inferred(False, "the project keeps its own sources", Sure.DEFAULT),
    }


def _depends(facts: Facts, *names: str) -> str | None:
    """The place where the crate depends on one of these; None if it does not."""
    for name in names:
        if found := facts.crate.dependencies.get(name):
            return at(facts.crate.manifest, *found.at)
    return None


def _async(facts: Facts) -> dict[str, Inferred]:
    for name in ("pyo3-async-runtimes", "pyo3-asyncio"):
        if where := _depends(facts, name):
            return {
                "async_runtime": Inferred(True, where),
                "async_bridge": Inferred("pyo3-async-runtimes", where),
            }
    if where := _depends(facts, "tokio"):
        return {"async_runtime": Inferred(False, f"{where}: Tokio, but no future is passed to Python", Sure.LIKELY)}
    return {"async_runtime": Inferred(False, f"{facts.crate.manifest.path} does not depend on an async runtime")}


def _free_threaded(facts: Facts) -> Inferred:
    for path, text in sorted(facts.rust.items()):
        if not _GIL_USED.search(text):
            continue
        # A comment may mention things that do not exist.
        code = without_words(text)
        if found := _GIL_USED.search(code):
            where = f"{path}:{code.count(chr(10), 0, found.start()) + 1}"
            return Inferred(found[1] == "false", where)
    file = facts.pyproject
    classifiers = file.get("project", "classifiers") if file else None
    if file and any("Free Threading" in str(one) for one in (classifiers if isinstance(classifiers, list) else ())):
        return Inferred(True, at(file, "project", "classifiers"))
    for workflow in facts.project.workflows:
        if re.search(r"\b3\.1\dt\b", workflow.text):
            return Inferred(True, workflow.path, Sure.LIKELY)
    return Inferred(True, "PyO3 0.28 or later, and the module does not set `gil_used = true`", Sure.LIKELY)


def _feature(facts: Facts, name: str) -> Inferred:
    where = at(facts.crate.manifest, *facts.crate.pyo3.at)
    return Inferred(name in facts.crate.pyo3_features, where)


def _pool(facts: Facts) -> Inferred:
    if found := pool_disabled(facts.project):
        return Inferred(True, found.origin)
    return Inferred(False, f"the flag `{POOL}` is not set")


def _python_min(facts: Facts) -> Inferred:
    file = facts.pyproject
    said = file.get("project", "requires-python") if file else None
    if file and isinstance(said, str) and (found := _FLOOR.search(said)):
        minor = int(found[1]) + (1 if re.match(r">\s*3", found[0]) else 0)
        where = at(file, "project", "requires-python")
        clamped = min(max(minor, _OLDEST_PYTHON), _NEWEST_PYTHON)
        if clamped != minor:
            return Inferred(
                f"3.{clamped}", f"{where} says 3.{minor}, the template supports 3.{clamped} and later", Sure.LIKELY
            )
        return Inferred(f"3.{minor}", where)
    for feature in sorted(facts.crate.pyo3_features):
        if (abi := re.fullmatch(r"abi3-py3(\d+)", feature)) and int(abi[1]) >= _OLDEST_PYTHON:
            return Inferred(f"3.{min(int(abi[1]), _NEWEST_PYTHON)}", f"PyO3's feature {feature}", Sure.LIKELY)
    return Inferred("3.10", "the project does not declare a minimum Python", Sure.DEFAULT)


def _wheels(facts: Facts) -> Inferred:
    features = facts.crate.pyo3_features
    where = at(facts.crate.manifest, *facts.crate.pyo3.at)
    if any(feature.startswith("abi3t") for feature in features):
        return Inferred("abi3+abi3t", where)
    if any(feature.startswith("abi3") for feature in features):
        return Inferred("abi3", where)
    return Inferred("version-specific", where)


def _allocator(facts: Facts) -> Inferred:
    if where := _depends(facts, "mimalloc"):
        return Inferred("mimalloc", where)
    return Inferred("system", f"{facts.crate.manifest.path} does not depend on mimalloc")


def _layout(facts: Facts) -> Inferred:
    workspace = facts.crate.workspace
    if not facts.crate.folder:
        # Its Cargo.toml is where the template has it for a single crate, regardless of other members.
        return Inferred("single", f"{facts.crate.manifest.path} is the binding crate's")
    if workspace is None:
        return Inferred("single", f"{facts.crate.manifest.path} is not in a workspace")
    return Inferred("workspace", at(workspace, "workspace"))
