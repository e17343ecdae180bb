"""Infer the answers about stubs, benchmarks, profile-guided builds, hooks, CI and documentation."""

from __future__ import annotations

import re

from pyo3_kit.adoption.facts import Facts, at
from pyo3_kit.adoption.model import Inferred, Sure
from pyo3_kit.system.reading import read_text

_TIMERS = ("criterion", "divan", "codspeed-criterion-compat", "codspeed-divan-compat", "iai-callgrind")


def infer_surroundings(facts: Facts) -> dict[str, Inferred]:
    """The answers from the files around the code."""
    return {
        "stubs": _by_file(facts, "stubs", "*.pyi", "py.typed"),
        "benchmarks": _benchmarks(facts),
        "pgo": _pgo(facts),
        "hooks": _by_file(facts, "pre-commit hooks", "/.pre-commit-config.yaml"),
        "ci": _ci(facts),
        "docs": _docs(facts),
        "updates": _updates(facts),
        **_cadence(facts),
    }


def _by_file(facts: Facts, what: str, *patterns: str) -> Inferred:
    found = facts.has(*patterns)
    return Inferred(found is not None, found or f"no {what}")


def _benchmarks(facts: Facts) -> Inferred:
    for name in _TIMERS:
        if found := facts.crate.other_dependencies.get(name):
            return Inferred(True, at(facts.crate.manifest, *found.at))
    found_file = facts.has("benches/*.rs", "benchmarks/*.py", "bench/*.py")
    return Inferred(found_file is not None, found_file or "no benchmarks")


def _pgo(facts: Facts) -> Inferred:
    file = facts.pyproject
    if file and file.get("tool", "maturin", "pgo-command") is not None:
        return Inferred(True, at(file, "tool", "maturin", "pgo-command"))
    for workflow in facts.project.workflows:
        if found := re.search(r"--pgo\b|\bcargo[- ]pgo\b|-Cprofile-use\b", workflow.text):
            return Inferred(True, f"{workflow.path}:{workflow.text.count(chr(10), 0, found.start()) + 1}")
    return Inferred(False, "no profile-guided build")


def _ci(facts: Facts) -> Inferred:
    if found := facts.has("/.github/workflows/*.yml", "/.github/workflows/*.yaml"):
        return Inferred("github", found)
    if ".gitlab-ci.yml" in facts.tracked:
        return Inferred("gitlab", ".gitlab-ci.yml")
    return Inferred("none", "no GitHub workflow or GitLab pipeline")


def _docs(facts: Facts) -> Inferred:
    if found := facts.has("/docs/conf.py", "/docs/source/conf.py", "/doc/conf.py"):
        return Inferred("sphinx", found)
    return Inferred("none", "no conf.py of Sphinx")


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
