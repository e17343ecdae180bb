"""A project's opt-outs, recorded in its pyproject.toml.

Without this record, `pyo3-kit status` would report every declined file as missing and every kept value as
drift, and the next change of the template to one of them would be a conflict.
"""

from __future__ import annotations

import json
from collections.abc import Collection

from pyo3_kit.adoption.blocks import Block
from pyo3_kit.adoption.groups import Addition
from pyo3_kit.merge.model import Tree

_ABOVE = "# Template files that this project opts out of (`without`) or maintains itself (`own`).\n"
_SOURCES = (".rs", ".py", ".pyi")


def opt_outs_table(path: str, rendered: Tree, ours: Tree, taken: Collection[str]) -> Addition | None:
    """The table for the pyproject.toml at `path`; None if it would be empty.

    `rendered` are the template's files, `ours` those that the project has, `taken` those that are added.
    Source folders are listed as a whole, so that files that later versions add to them are skipped too.
    """
    folders = sorted({name.split("/")[0] for name in rendered if "/" in name and name.endswith(_SOURCES)})
    others = [name for name in sorted(rendered) if name.split("/")[0] not in folders]
    own = [f"/{name}" for name in others if name in ours and (name == path or ours[name] != rendered[name])]
    without = [
        *(f"/{name}" for name in others if name not in ours and name not in taken),
        *(f"/{folder}/**" for folder in folders),
        *(f"!/{name}" for name in sorted(taken) if name.split("/")[0] in folders),
    ]
    body = "".join(f"{key} = {_listed(names)}\n" for key, names in (("own", own), ("without", without)) if names)
    return Addition(path, tables=(Block(("tool", "pyo3-kit", "template"), _ABOVE, body),)) if body else None


def _listed(patterns: Collection[str]) -> str:
    """Patterns of a .gitignore as a TOML list."""
    return "[\n" + "".join(f"  {json.dumps(pattern, ensure_ascii=False)},\n" for pattern in patterns) + "]"
