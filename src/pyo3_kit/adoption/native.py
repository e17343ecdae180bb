"""Infer the answers about Rust: PyO3, its features, async, free-threading, wheels, allocator."""

from __future__ import annotations

import re

from pyo3_kit.adoption.facts import Facts, at
from pyo3_kit.adoption.model import Inferred, Sure
from pyo3_kit.audit.crates import Manifests, enabled_features
from pyo3_kit.audit.flags import POOL, pool_disabled
from pyo3_kit.audit.manifests import table
from pyo3_kit.rust.tokens import without_words

_GIL_USED = re.compile(r"\bgil_used\s*=\s*(true|false)\b")
_OLDEST_PYTHON, _NEWEST_PYTHON = 10, 14
_FLOOR = re.compile(r"(?P<sign>>=?|~=|===?|\^)\s*3\.(?P<minor>\d+)(?P<rest>\.\d+)?")
_OTHER_ALLOCATORS = ("jemallocator", "mimalloc-safe", "snmalloc-rs", "tcmalloc", "tikv-jemallocator")


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
        "bytes_feature": _bytes(facts),
        "disable_reference_pool": _pool(facts),
        "python_min": _python_min(facts),
        "wheels": _wheels(facts),
        "allocator": _allocator(facts),
        "layout": _layout(facts),
        "starter": Inferred("minimal", "the project keeps its own sources", Sure.DEFAULT),
        "buffer_api": Inferred(False, "the project keeps its own sources", Sure.DEFAULT),
    }


def _depends(facts: Facts, *names: str) -> tuple[str, Sure] | None:
    """The place where the crate, or one of the project that it depends on, depends on one of these; None if none does.

    It is certain unless the dependency is optional.
    """
    manifests = Manifests(facts.project.manifests)
    for manifest in facts.local_crates:
        normal, _ = manifests.dependencies_of(manifest)
        for name in names:
            if found := normal.get(name):
                return at(manifest, *found.at), Sure.LIKELY if found.optional else Sure.CERTAIN
    return None


def _async(facts: Facts) -> dict[str, Inferred]:
    for name in ("pyo3-async-runtimes", "pyo3-asyncio"):
        if found := _depends(facts, name):
            return {
                "async_runtime": Inferred(True, *found),
                "async_bridge": Inferred("pyo3-async-runtimes", *found),
            }
    if found := _depends(facts, "tokio"):
        return {"async_runtime": Inferred(False, f"{found[0]}: Tokio, but no future is passed to Python", Sure.LIKELY)}
    where = facts.crate.manifest.path
    for crate in facts.project.crates:
        # It may be built with the crate all the same, e.g. by a feature.
        if bridge := crate.dependencies.get("pyo3-async-runtimes"):
            said = f"{where} does not depend on an async runtime, but {at(crate.manifest, *bridge.at)} does"
            return {"async_runtime": Inferred(False, said, Sure.LIKELY)}
    return {"async_runtime": Inferred(False, f"{where} does not depend on an async runtime")}


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


def _bytes(facts: Facts) -> Inferred:
    return Inferred("bytes" in _features(facts), at(facts.crate.manifest, *facts.crate.pyo3.at))


def _pool(facts: Facts) -> Inferred:
    if found := pool_disabled(facts.project):
        return Inferred(True, found.origin)
    return Inferred(False, f"the flag `{POOL}` is not set")


def _python_min(facts: Facts) -> Inferred:
    """The oldest Python: what the metadata say, or the oldest with the stable ABI that wheels are built for."""
    said = _declared_min(facts)
    abi = _abi_min(facts)
    if said is None and abi is None:
        return Inferred("3.10", "the project does not declare a minimum Python", Sure.DEFAULT)
    sure = Sure.LIKELY
    if abi is None or (said is not None and said[0] >= abi[0]):
        assert said is not None
        (minor, source), sure = said, Sure.CERTAIN
    elif said is None:
        minor, source = abi
    else:
        minor, source = abi[0], f"{said[1]} says 3.{said[0]}, but wheels are built with {abi[1]}"
    clamped = min(max(minor, _OLDEST_PYTHON), _NEWEST_PYTHON)
    if clamped != minor:
        bound = "later" if minor < clamped else "earlier"
        source, sure = f"{source}: 3.{minor}, but the template supports 3.{clamped} and {bound}", Sure.LIKELY
    return Inferred(f"3.{clamped}", source, sure)


def _declared_min(facts: Facts) -> tuple[int, str] | None:
    """The minor version of `requires-python`, and its place."""
    file = facts.pyproject
    said = file.get("project", "requires-python") if file else None
    if file is None or not isinstance(said, str) or not (found := _FLOOR.search(said)):
        return None
    # Versions that are above 3.9 are 3.10 and later, but those above 3.9.1 begin with 3.9.2.
    above = found["sign"] == ">" and not found["rest"]
    return int(found["minor"]) + above, at(file, "project", "requires-python")


def _abi_min(facts: Facts) -> tuple[int, str] | None:
    """The minor version of PyO3's feature for the stable ABI, and how it is called."""
    minors = [int(found[1]) for name in _features(facts) if (found := re.fullmatch(r"abi3-py3(\d+)", name))]
    return (min(minors), f"PyO3's feature abi3-py3{min(minors)}") if minors else None


def _features(facts: Facts) -> frozenset[str]:
    """PyO3's features, with those that maturin enables."""
    crate, file = facts.crate, facts.pyproject
    named = file.get("tool", "maturin", "features") if file else None
    key = crate.pyo3.at[-1]
    listed = [str(one) for one in named] if isinstance(named, list) else []
    return crate.pyo3_features | enabled_features({**table(crate.manifest.data, "features"), "": listed}, "", key)


def _wheels(facts: Facts) -> Inferred:
    features = _features(facts)
    where = at(facts.crate.manifest, *facts.crate.pyo3.at)
    enabled = features - facts.crate.pyo3_features
    if facts.pyproject is not None and any(feature.startswith("abi3") for feature in enabled):
        where = at(facts.pyproject, "tool", "maturin", "features")
    if any(feature.startswith("abi3t") for feature in features):
        return Inferred("abi3+abi3t", where)
    if any(feature.startswith("abi3") for feature in features):
        return Inferred("abi3", where)
    for name, enables in table(facts.crate.manifest.data, "features").items():
        if any("/abi3" in str(one) for one in (enables if isinstance(enables, list) else ())):
            said = f"{at(facts.crate.manifest, 'features', name)}: the feature `{name}` is not enabled by default"
            return Inferred("version-specific", said, Sure.LIKELY)
    return Inferred("version-specific", where)


def _allocator(facts: Facts) -> Inferred:
    if found := _depends(facts, "mimalloc"):
        return Inferred("mimalloc", *found)
    if found := _depends(facts, *_OTHER_ALLOCATORS):
        return Inferred("system", f"{found[0]}: an allocator that the template does not offer", Sure.DEFAULT)
    return Inferred("system", f"{facts.crate.manifest.path} does not depend on mimalloc")


def _layout(facts: Facts) -> Inferred:
    workspace, manifest = facts.crate.workspace, facts.crate.manifest
    if not facts.crate.folder:
        # Its Cargo.toml is where the template has it for a single crate, regardless of other members.
        return Inferred("single", f"{manifest.path} is the binding crate's")
    if workspace is None:
        return Inferred("single", f"{manifest.path} is not in a workspace")
    if workspace.path == manifest.path:
        return Inferred("single", f"{at(workspace, 'workspace')}: the binding crate is a workspace of its own")
    return Inferred("workspace", at(workspace, "workspace"))
