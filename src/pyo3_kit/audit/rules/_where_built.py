"""Which folder a step of CI builds, and whether a PyO3 crate of the project is there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath
from typing import Any

from pyo3_kit.audit.manifests import table
from pyo3_kit.audit.project import Project

_FOLDER = re.compile(
    r"(?:^|[\s;&(])cd\s+([\w./-]+)|(?:--manifest-path|(?<!\w)-m)[\s=]+([\w./-]+\.toml)|--(?:directory|project)[\s=]+([\w./-]+)"
    r"|(?<!\w)-C\s+(?!\w+=|[\w-]+=)([\w./-]*/[\w./-]*|\.\.?)(?=\s|$)",
    re.MULTILINE,
)
_PACKAGE = re.compile(r"\bcargo\s+(?:\+\S+\s+)?build\b[^\n]*?\s(?:-p|--package)[\s=]+([\w-]+)")


def builds_elsewhere(
    step: Mapping[str, Any], levels: Iterator[Mapping[str, Any]], checkouts: list[Mapping[str, Any]], project: Project
) -> bool:
    """Whether a step builds something other than the project's PyO3 crates.

    `levels` are the job and the workflow, with their defaults; `checkouts` the steps before that fetch repositories.
    """
    given = table(step, "with")
    text = f"{step.get('run') or ''}\n{given.get('args') or ''}"
    folder = step.get("working-directory") or given.get("working-directory") or given.get("package-dir")
    for level in levels:
        folder = folder or table(level, "defaults", "run").get("working-directory")
    if _is_foreign(folder if isinstance(folder, str) else "", checkouts):
        return True
    here = normpath(folder) if isinstance(folder, str) and "$" not in folder else "."
    packages = _PACKAGE.findall(text)
    if packages and not any(crate.name in packages for crate in project.crates):
        return True
    named = [next(filter(None, match)) for match in _FOLDER.findall(text)]
    folders = [dirname(one) if one.endswith(".toml") else one for one in named] or ["."]
    return all(_has_no_crate(normpath(join(here, one)).removeprefix("./"), project) for one in folders)


def _is_foreign(folder: str, checkouts: list[Mapping[str, Any]]) -> bool:
    """Whether another repository is checked out where the step works."""
    for one in checkouts:
        given = table(one, "with")
        repository = str(given.get("repository") or "")
        if not repository or "github.repository" in repository:
            continue
        path = str(given.get("path") or "").strip("/").removeprefix("./")
        inside = folder.strip("/").removeprefix("./")
        if not path or inside == path or inside.startswith(f"{path}/"):
            return True
    return False


def _has_no_crate(folder: str, project: Project) -> bool:
    """Whether no PyO3 crate is built by a build in a folder of the project."""
    if folder.startswith(("..", "/")):
        return False
    inside = "" if folder == "." else f"{folder}/"
    if any(f"{crate.folder}/".startswith(inside) for crate in project.crates):
        return False
    while folder and folder != ".":
        if f"{folder}/Cargo.toml" in project.manifests:
            return all(crate.folder != folder for crate in project.crates)
        folder = dirname(folder)
    return False
