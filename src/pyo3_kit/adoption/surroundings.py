"""Infer the answers about stubs, benchmarks, profile-guided builds, hooks, CI and documentation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from posixpath import dirname, join

from pyo3_kit.adoption.facts import Facts, at
from pyo3_kit.adoption.model import Inferred, Sure
from pyo3_kit.audit.crates import Manifests
from pyo3_kit.system.reading import read_text

_TIMERS = ("criterion", "divan", "codspeed-criterion-compat", "codspeed-divan-compat", "iai-callgrind")
_PYTEST_TIMERS = ("pytest-benchmark", "pytest-codspeed", "pytest_benchmark", "pytest_codspeed")
_PROFILE_GUIDED = re.compile(r"--pgo\b|\bcargo[- ]pgo\b|-Cprofile-use\b")


def infer_surroundings(facts: Facts) -> dict[str, Inferred]:
    """The answers from the files around the code."""
    return {
        "stubs": _stubs(facts),
        "benchmarks": _benchmarks(facts),
        "pgo": _pgo(facts),
        "hooks": _hooks(facts),
        "ci": _ci(facts),
        "docs": _docs(facts),
        "updates": _updates(facts),
        **_cadence(facts),
    }


def _stubs(facts: Facts) -> Inferred:
    found = facts.has_own("*.pyi", "py.typed")
    return Inferred(found is not None, found or "no stubs")


def _hooks(facts: Facts) -> Inferred:
    found = facts.has("/.pre-commit-config.yaml")
    return Inferred(found is not None, found or "no pre-commit hooks")


def _benchmarks(facts: Facts) -> Inferred:
    manifests = Manifests(facts.project.manifests)
    for manifest in facts.local_crates:
        _, others = manifests.dependencies_of(manifest)
        # Benchmarks of a crate that the binding depends on are not certain to be the package's.
        sure = Sure.CERTAIN if manifest is facts.crate.manifest else Sure.LIKELY
        for name in _TIMERS:
            if found := others.get(name):
                return Inferred(True, at(manifest, *found.at), sure)
        if manifest.get("bench") is not None:
            return Inferred(True, at(manifest, "bench"), sure)
        if path := facts.has(f"/{join(dirname(manifest.path), 'benches/*.rs')}"):
            return Inferred(True, path, sure)
    if path := facts.has_own("benchmarks/*.py", "bench/*.py", "benches/*.py"):
        return Inferred(True, path)
    file = facts.pyproject
    for place in (("dependency-groups",), ("project", "optional-dependencies")):
        groups = file.get(*place) if file else None
        for name, listed in groups.items() if isinstance(groups, Mapping) else ():
            if file and any(
                str(one).startswith(_PYTEST_TIMERS) for one in (listed if isinstance(listed, list) else ())
            ):
                return Inferred(True, at(file, *place, name), Sure.LIKELY)
    return Inferred(False, "no benchmarks")


def _pgo(facts: Facts) -> Inferred:
    file = facts.pyproject
    if file and file.get("tool", "maturin", "pgo-command") is not None:
        return Inferred(True, at(file, "tool", "maturin", "pgo-command"))
    for workflow in facts.project.workflows:
        if found := _PROFILE_GUIDED.search(workflow.text):
            where = f"{workflow.path}:{workflow.text.count(chr(10), 0, found.start()) + 1}"
            # It may be another product that is built so.
            return Inferred(True, where, Sure.LIKELY if facts.monorepo else Sure.CERTAIN)
    return Inferred(False, "no profile-guided build")


def _ci(facts: Facts) -> Inferred:
    if facts.nested:
        return Inferred("none", "GitHub and GitLab only read the CI at the root of the repository", Sure.DEFAULT)
    if found := facts.has("/.github/workflows/*.yml", "/.github/workflows/*.yaml"):
        return Inferred("github", found)
    if ".gitlab-ci.yml" in facts.tracked:
        return Inferred("gitlab", ".gitlab-ci.yml")
    return Inferred("none", "no GitHub workflow or GitLab pipeline")


def _docs(facts: Facts) -> Inferred:
    folders = [join(facts.folder, name) for name in ("docs", "doc")]
    folders += [name for name in ("docs", "doc") if facts.folder]
    for folder in folders:
        if found := facts.has(*(f"/{join(folder, inner, 'conf.py')}" for inner in ("", "source", "src"))):
            # Above the package's folder it may be another product that is documented.
            own = facts.is_own(found) or folder.startswith(f"{facts.folder}/")
            return Inferred("sphinx", found, Sure.CERTAIN if own else Sure.LIKELY)
    if found := own_docs(facts):
        return Inferred("none", f"{found}: documentation, but no conf.py of Sphinx", Sure.DEFAULT)
    return Inferred("none", "no conf.py of Sphinx")


def own_docs(facts: Facts) -> str | None:
    """A file of the project's own documentation; None without one."""
    folders = {"docs", "doc", join(facts.folder, "docs"), join(facts.folder, "doc")}
    found = (path for path in sorted(facts.tracked) if any(path.startswith(f"{one}/") for one in folders))
    return next(found, None) or facts.has("/mkdocs.yml", "/mkdocs.yaml", "/book.toml", "/.readthedocs.y*ml")


def _updates(facts: Facts) -> Inferred:
    if found := facts.has("/renovate.json", "/renovate.json5", "/.github/renovate.json", "/.github/renovate.json5"):
        return Inferred("renovate", found)
    return Inferred("none", "nothing is scheduled unless you ask for it", Sure.DEFAULT)


def _cadence(facts: Facts) -> dict[str, Inferred]:
    for name in (".github/dependabot.yml", ".github/dependabot.yaml"):
        if name not in facts.tracked:
            continue
        try:
            text = read_text(facts.root / name, errors="replace")
        except OSError:
            continue
        if found := re.search(r"""^\s*interval:\s*["']?(weekly|monthly|quarterly)\b""", text, re.MULTILINE):
            where = f"{name}:{text.count(chr(10), 0, found.start(1)) + 1}"
            return {"update_cadence": Inferred(found[1], where)}
    return {}
