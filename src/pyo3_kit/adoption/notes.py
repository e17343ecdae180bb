"""What a user has to know about an adoption beside the changed files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pyo3_kit.adoption.facts import Facts
from pyo3_kit.adoption.groups import flags_obstacle
from pyo3_kit.adoption.shares import opt_outs_file
from pyo3_kit.merge.model import Tree

if TYPE_CHECKING:
    from pyo3_kit.render.interview import Evaluation

_MOST = 3


def notes(facts: Facts, evaluation: Evaluation, tree: Tree, reported: list[str]) -> Iterator[str]:
    """The notes, a sentence or two each; `reported` are the files that `pyo3-kit status` will report."""
    where = facts.crate.folder or "."
    has = "crates/python" if evaluation["layout"].value == "workspace" else "."
    if where != has:
        yield (
            f"The binding crate is in {where}, the template has it in {has}: the changes were made where they "
            "belong; later updates will not reach its Cargo.toml."
        )
    if reported:
        yield _status_note(opt_outs_file(facts), reported)
    if ".cargo/config.toml" in tree and (why := flags_obstacle(facts)):
        yield (
            f"The template's flags were not added: {why}. To add them, move all flags of the project to "
            "`[target.'cfg(all())'] rustflags` in .cargo/config.toml, and to `[tool.maturin] config`."
        )
    if not facts.maturin:
        yield "The project is not built with maturin: the template's settings for maturin were not added."


def _status_note(path: str | None, reported: list[str]) -> str:
    more = f" and {len(reported) - _MOST} more" if len(reported) > _MOST else ""
    listed = f"`pyo3-kit status` will report {', '.join(reported[:_MOST])}{more}"
    if path is None:
        return f"{listed}: there is no pyproject.toml to record in that the project does without them."
    return f"{listed}: `[tool.pyo3-kit.template]` in {path} does not list them, and it is yours. Add them there."
