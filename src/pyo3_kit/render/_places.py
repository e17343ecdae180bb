"""Where Copier may render to.

It checks paths by assertions, which `python -O` leaves out, and it renders through links that the template has brought.
"""

from __future__ import annotations

from pathlib import Path

from pyo3_kit.errors import Refused
from pyo3_kit.system.names import escape_of

_REPORT = "Please report this to the template's maintainers."


def refuse_place(source: str, root: Path, path: Path, *, is_folder: bool) -> None:
    """Raise `Refused` when the template at `source` must not make a file, a link or a folder at `path` in `root`."""
    name = path.as_posix()
    if name != "." and (why := escape_of(name)):
        raise Refused(f"The template {source} writes {name!a}, which is refused: {why}.", _REPORT, path=name)
    folder = root
    for part in path.parts if is_folder else path.parts[:-1]:
        folder /= part
        if folder.is_symlink():
            raise Refused(
                f"The template {source} writes {name!a} through a symbolic link of its own.", _REPORT, path=name
            )
    there = root / path
    if not is_folder and there.is_dir() and not there.is_symlink():
        raise Refused(
            f"The template {source} has both a folder {name!a} and a file or a link of that name.", _REPORT, path=name
        )
