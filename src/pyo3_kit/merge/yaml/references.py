"""Jobs that name other jobs: two sides that are each right can be wrong together.

The user deletes a job, the template adds one that needs it: every line is merged as it should, and the workflow is
refused by the server.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyo3_kit.merge.yaml.nodes import Node

_NAMES = ("needs", "extends", "dependencies")


class Reference(NamedTuple):
    """Where a name is, and the name."""

    key: str
    name: str


def dangling(root: Node | None) -> set[Reference]:
    """The references in a workflow, GitHub's or GitLab's, to jobs and stages that it does not have."""
    if root is None or root.kind != "map":
        return set()
    inner = _value(root, "jobs")
    if inner is not None and inner.kind == "map":
        known = {entry.name for entry in inner.entries}
        return {ref for ref in _references(inner, "jobs.") if ref.name not in known}
    stages = _value(root, "stages")
    if stages is None:
        return set()
    known = {entry.name for entry in root.entries}
    order = set(_names(stages)) | {".pre", ".post"}
    found = {ref for ref in _references(root, "") if ref.name not in known}
    for job in root.entries:
        stage = _value(job.value, "stage")
        if stage is not None and stage.value not in order:
            found.add(Reference(f"{job.name}.stage", stage.value))
    return found


def _references(jobs: Node, prefix: str) -> Iterator[Reference]:
    for job in jobs.entries:
        for key in _NAMES:
            for name in _names(_value(job.value, key)):
                yield Reference(f"{prefix}{job.name}.{key}", name)


def _names(node: Node | None) -> Iterator[str]:
    if node is None:
        return
    if node.kind == "scalar":
        yield node.value
    elif node.kind == "list":
        for entry in node.entries:
            yield from _names(entry.value if entry.value.kind == "scalar" else _value(entry.value, "job"))


def _value(node: Node, key: str) -> Node | None:
    if node.kind != "map":
        return None
    return next((entry.value for entry in node.entries if entry.name == key), None)
