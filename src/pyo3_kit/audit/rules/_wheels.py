"""Workflows that build wheels, and for which Pythons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pyo3_kit.audit.project import Project, Workflow

FREE_THREADED = re.compile(r"\b(?:python|pypy|cp)?3\.?1[3-9]t\b|free-?thread|abi3t", re.IGNORECASE)
EVERY_PYTHON = re.compile(r"--find-interpreter|(?<![\w-])-f\b|cibuildwheel", re.IGNORECASE)
_NO_WHEEL = frozenset({"sdist", "develop", "upload", "generate-ci", "list-python", "new", "init"})


def wheel_workflows(project: Project) -> list[tuple[Workflow, str]]:
    """The workflows with a job that builds wheels with maturin, each with the name of the first such job."""
    found = []
    for workflow in project.workflows:
        job = next((name for name, _, step in workflow.steps() if _builds(step)), None)
        if job is not None:
            found.append((workflow, job))
    return found


def _builds(step: Mapping[str, Any]) -> bool:
    """Whether a step builds release wheels, rather than only checking or developing."""
    uses, run = str(step.get("uses") or ""), str(step.get("run") or "")
    given = step.get("with")
    options = given if isinstance(given, Mapping) else {}
    if uses.lower().startswith("pyo3/maturin-action@"):
        release = "--release" in str(options.get("args")) or "publish" in str(options.get("command"))
        return release and str(options.get("command") or "build") not in _NO_WHEEL
    return bool(re.search(r"\bmaturin\s+(?:build|publish)\b[^\n]*--release|\bmaturin\s+publish\b", run))
