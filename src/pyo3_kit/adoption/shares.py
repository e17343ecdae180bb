"""A project's opt-outs, recorded in its pyproject.toml.

Without this record, `pyo3-kit status` would report every declined file as missing and every kept value as
drift, and the next change of the template to one of them would be a conflict.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from pyo3_kit.adoption.blocks import Block
from pyo3_kit.adoption.facts import Facts
from pyo3_kit.adoption.groups import Addition
from pyo3_kit.merge.model import Tree
from pyo3_kit.project.opt_outs import places

_ABOVE = "# Template files that this project opts out of (`without`) or maintains itself (`own`).\n"
_SOURCES = (".rs", ".py", ".pyi")


def opt_outs_file(facts: Facts) -> str | None:
    """The pyproject.toml that an update reads opt-outs from: the crate's, or else the first that can have them."""
    known = {one.path for one in facts.project.pyprojects} & facts.tracked
    listed = [path for path in places(facts.root) if path in known]
    own = facts.pyproject
    return own.path if own is not None and own.path in listed else next(iter(listed), None)


def opt_outs_table(path: str, rendered: Tree, ours: Tree, taken: Collection[str]) -> Addition | None:
    """The table for the pyproject.toml at `path`; None if it would be empty.

    `rendered` are the template's files, `ours` those that the project has, `taken` those that are added.
    Source folders are listed as a whole, so that files that later versions add to them are skipped too, and so are
    other folders with several files of which the project has none.
    """
    folders = sorted({name.split("/")[0] for name in rendered if "/" in name and name.endswith(_SOURCES)})
    others = [name for name in sorted(rendered) if name.split("/")[0] not in folders]
    own = [f"/{name}" for name in others if name in ours and (name == path or ours[name] != rendered[name])]
    missing = [name for name in others if name not in ours and name not in taken]
    without = [
        *_by_folder(missing, [name for name in others if name not in missing]),
        *(f"/{folder}/**" for folder in folders),
        *(f"!/{name}" for name in sorted(taken) if name.split("/")[0] in folders),
    ]
    body = "".join(f"{key} = {_listed(names)}\n" for key, names in (("own", own), ("without", without)) if names)
    return Addition(path, tables=(Block(("tool", "pyo3-kit", "template"), _ABOVE, body),)) if body else None


def _by_folder(missing: Collection[str], others: Collection[str]) -> list[str]:
    """Patterns for the missing files: one for a folder that has several of them and none of the others."""
    folders = {name.split("/")[0] for name in missing if "/" in name} - {name.split("/")[0] for name in others}
    whole = {one for one in folders if sum(name.startswith(f"{one}/") for name in missing) > 1}
    return sorted({f"/{name.split('/')[0]}/" if name.split("/")[0] in whole else f"/{name}" for name in missing})


def _listed(patterns: Collection[str]) -> str:
    """Patterns of a .gitignore as a TOML list."""
    return "[\n" + "".join(f"  {json.dumps(pattern, ensure_ascii=False)},\n" for pattern in patterns) + "]"
