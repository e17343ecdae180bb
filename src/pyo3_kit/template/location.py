"""Where the package's own template and catalogue are, and which version of the template that is.

In a checkout both are at the repository's root; a wheel carries them in `pyo3_kit/_template/`, with `version.json`
written at build time: `{"commit": "v1.2.0"}`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from pyo3_kit.errors import Failed, KitError

TEMPLATE_URL = "https://github.com/pyo3-kit/pyo3-kit.git"
"""What a project records as its template, so that `copier update` finds newer versions later."""

_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def template_root() -> Path:
    """The folder that holds `copier.yml`; `Failed` when the installation is damaged."""
    for root in (_PACKAGE / "_template", _PACKAGE.parents[1]):
        if (root / "copier.yml").is_file():
            return root
    raise Failed(
        "This installation of pyo3-kit lacks its template.",
        "Install it again, for example with `uv tool install --force pyo3-kit`.",
    )


def catalogue() -> Path:
    """The folder of the catalogue's data files."""
    return template_root() / "catalogue"


@cache
def template_commit() -> str | None:
    """The version of the carried template as Git describes it.

    None if it is unknown (a checkout without Git or commits).
    """
    root = template_root()
    recorded = root / "version.json"
    if recorded.is_file():
        commit = json.loads(recorded.read_text(encoding="utf-8")).get("commit")
        return str(commit) if commit else None
    from pyo3_kit.git.run import ask_git

    try:
        return ask_git(root, "describe", "--tags", "--always").strip() or None
    except KitError:
        return None


def is_ours(url: str) -> bool:
    """Whether this is an address of our own template."""

    def plain(address: str) -> str:
        address = re.sub(r"^(git\+)?(https?|ssh|git)://(git@)?|^git@|\.git/?$|/$", "", address)
        return re.sub(r"^gh:", "github.com/", address).replace("github.com:", "github.com/").lower()

    return plain(url) == plain(TEMPLATE_URL)
