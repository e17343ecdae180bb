"""The project that is to be migrated: its files, its crates, and the line of PyO3 that they are on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyo3_kit.audit.manifests import Crate
from pyo3_kit.audit.model import Notice
from pyo3_kit.audit.place import find_place
from pyo3_kit.audit.project import Project, read_project
from pyo3_kit.audit.walk import collect
from pyo3_kit.errors import Refused
from pyo3_kit.merge.model import File
from pyo3_kit.system.reading import read_bytes, read_text
from pyo3_kit.texts.bounds import load_yaml

OLDEST = (0, 21)
LINES = ("0.28", "0.29", "0.30")
"""The lines that a project can be moved to."""

_SPOKEN = re.compile(rb"\bpyo3\b|\bPy[A-Z]")
_ALSO = (".py", ".pyi", ".gitlab-ci.yml", "setup.cfg")


@dataclass(frozen=True, slots=True)
class Found:
    """A project as it stands: `files` are those that migrations may look at, by path relative to `root`."""

    root: Path
    crates: tuple[Crate, ...]
    files: Mapping[str, File]
    notices: tuple[Notice, ...]


def read(path: Path) -> Found:
    """Read the project around `path`. `Refused` when there is none, or none that depends on pyo3."""
    root = find_place(path).root
    found = collect(root, also=_ALSO)
    project, notices = read_project(found.others)
    said = [_as_migration(one) for one in (*found.notices, *notices) if not one.path.endswith(".lock")]
    if not project.crates:
        raise _no_crate(root, found.others, said)
    _refuse_template(root)
    manifests = {one.path for crate in project.crates for one in (crate.manifest, crate.workspace) if one is not None}
    own = {path for path in found.rust if project.crate_of(path) is not None}
    own |= {path for path, text in found.others.items() if path in manifests or not _is_foreign(path, text)}
    files = {}
    for name in sorted(own):
        place = root / name
        if _leads_out(place, root):
            said.append(Notice(name, "is behind a link; not migrated"))
            continue
        files[name] = File(read_bytes(place))
    return Found(root, project.crates, files, tuple(sorted(said, key=lambda one: (one.path, one.line or 0))))


def weighty(found: Found, notice: Notice) -> bool:
    """Whether what stays as it is may name what is gone: a manifest, or Rust in which PyO3 is spoken of."""
    if notice.path.rpartition("/")[2] in ("Cargo.toml", "pyproject.toml"):
        return True
    place = found.root / notice.path
    if not notice.path.endswith(".rs") or not place.is_file():
        return False
    try:
        return _SPOKEN.search(read_bytes(place)) is not None
    except OSError:
        return True


def line_of(crates: Iterable[Crate], given: str | None = None) -> tuple[int, ...]:
    """The line that a project is on, the oldest of its crates; `given` is what the user says.

    The requirement counts, and where it allows several lines, what Cargo.lock has. `Refused` when neither tells it.
    """
    if given is not None:
        return parse(given, "--from")
    lines = [line for crate in crates if (line := _line(crate)) is not None]
    if not lines:
        raise Refused(
            "Neither Cargo.toml nor Cargo.lock tells which PyO3 this project is on.",
            "Name it, for example `--from 0.24`.",
        )
    return min(lines)


def parse(line: str, option: str) -> tuple[int, ...]:
    """A line such as `0.24` as numbers. `Refused` when it is none."""
    parts = line.split(".")
    if len(parts) < 2 or not all(part.isdigit() for part in parts):
        raise Refused(f"`{option} {line}` is no line of PyO3.", "A line looks like `0.24`.")
    return tuple(int(part) for part in parts[:2])


def shown(line: tuple[int, ...]) -> str:
    """A line as people write it."""
    return ".".join(map(str, line))


def _as_migration(notice: Notice) -> Notice:
    return Notice(notice.path, notice.text.replace("; not checked", "; not migrated"), notice.line)


def _line(crate: Crate) -> tuple[int, ...] | None:
    lowest, locked = crate.pyo3.lowest, crate.locked
    if lowest is None:
        return locked[:2] if locked else None
    # An open requirement is on what was locked; one for a line is on that, whatever an old lock says.
    if locked and locked[:2] > lowest[:2] and any(mark in (crate.pyo3.requirement or "") for mark in ("<", ">", "*")):
        return locked[:2]
    return lowest[:2] if len(lowest) > 1 else None


def _is_foreign(path: str, text: str) -> bool:
    """Whether this is the manifest of a crate that has nothing to do with PyO3, which may stay on an older Rust."""
    return path.rpartition("/")[2] == "Cargo.toml" and not any(name in text for name in ("pyo3", "numpy", "pythonize"))


def _no_crate(root: Path, texts: Mapping[str, str], notices: Iterable[Notice]) -> Refused:
    broken = next((str(one) for one in notices if one.path.endswith("Cargo.toml")), "")
    if broken:
        return Refused(f"A manifest cannot be read: {broken}.", "Mend it, then run the command again.")
    if not any(path.rpartition("/")[2] == "Cargo.toml" for path in texts):
        return Refused(f"There is no Cargo.toml in {root} or below it.", "Name the folder of a Rust project.")
    return Refused(f"No crate in {root} depends on pyo3.", "Name the folder of a PyO3 project.")


def _refuse_template(root: Path) -> None:
    """`Refused` for a project of our own template, which an update moves as a whole."""
    import yaml

    for name in (".copier-answers.yml", ".copier-answers.yaml"):
        try:
            answers: Any = load_yaml(read_text(root / name), yaml.SafeLoader)
        except (OSError, ValueError, yaml.YAMLError):
            continue
        if isinstance(answers, dict) and "pyo3-kit" in str(answers.get("_src_path")) and "pyo3" in answers:
            raise Refused(
                f"{root} is a project of pyo3-kit's template, which has to change with the code.",
                "Run `pyo3-kit update --data pyo3=0.30` (or another line): it applies the same migrations.",
            )


def _leads_out(place: Path, root: Path) -> bool:
    return place.is_symlink() or any(above.is_symlink() for above in place.parents if above.is_relative_to(root))


__all__ = ["LINES", "OLDEST", "Found", "Project", "line_of", "parse", "read", "shown", "weighty"]
