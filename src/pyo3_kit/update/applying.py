"""Apply the plan of an update to its project."""

from __future__ import annotations

from pyo3_kit.transaction.apply import Applied, apply
from pyo3_kit.update.model import Plan


def apply_plan(plan: Plan) -> Applied:
    """Write what the plan says: all files, or none; raises what `transaction.apply` does."""
    return apply(
        plan.project.place,
        plan.files,
        last=plan.project.answers_file,
        meta={"from": plan.before, "to": plan.after},
        labels=plan.labels,
    )
