"""The project to migrate: its files, its crates, and their PyO3 line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import basename, dirname, join, normpath
from typing import Any

from pyo3_kit.audit.manifests import Crate, TomlFile
from pyo3_kit.audit.model import Notice
from pyo3_kit.audit.project import Project, read_project
from pyo3_kit.audit.scope import find_scope
from pyo3_kit.audit.walk import collect
from pyo3_kit.errors import Refused
from pyo3_kit.merge.model import File
from pyo3_kit.system.reading import read_bytes, read_text
from pyo3_kit.texts.bounds import load_yaml

OLDEST = (0, 21)
LINES = ("0.28", "0.29", "0.30")
"""The lines that a project can be migrated to."""

_SPOKEN = re.compile(rb"\bpyo3\b|\bPy[A-Z]")
# They apply to the crates in their folder and below.
_SETTINGS = ("pyproject.toml", "setup.py", "setup.cfg", "rust-toolchain.toml", "clippy.toml", ".clippy.toml")
_TESTS = frozenset({"fixtures", "test", "testdata", "test_data", "tests"})
_MANIFEST = re.compile(r"""["']([^"'\n]*Cargo\.toml)["']""")
_ALSO = (".py", ".pyi", ".gitlab-ci.yml", "setup.cfg")


@dataclass(frozen=True, slots=True)
class Found:
    """A project before the migration: `files` are those that migrations can read, by path relative to `root`."""

    root: Path
    crates: tuple[Crate, ...]
    files: Mapping[str, File]
    notices: tuple[Notice, ...]


def read(path: Path) -> Found:
    """Read the project around `path`. Raises `Refused` if there is none that depends on pyo3."""
    root = find_scope(path).root
    found = collect(root, also=_ALSO)
    project, notices = read_project(found.others)
    said = [_as_migration(one) for one in (*found.notices, *notices) if not one.path.endswith(".lock")]
    data = {path for path, manifest in project.manifests.items() if _is_data(manifest, found.sources)}
    crates = tuple(crate for crate in project.crates if crate.manifest.path not in data)
    if not crates:
        raise _no_crate(root, found.others, said)
    _refuse_template(root)
    manifests = {one.path for crate in crates for one in (crate.manifest, crate.workspace) if one is not None}
    own = {path for path in found.rust if project.crate_of(path) is not None}
    own |= {path for path, text in found.others.items() if path in manifests or not _is_foreign(path, text)} - data
    own = {path for path in own if _concerns_crates(path, found.others.get(path, ""), manifests)}
    files = {}
    for name in sorted(own):
        place = root / name
        if _leads_out(place, root):
            said.append(Notice(name, "is behind a symbolic link; not migrated"))
            continue
        files[name] = File(read_bytes(place))
    return Found(root, crates, files, tuple(sorted(said, key=lambda one: (one.path, one.line or 0))))


def weighty(found: Found, notice: Notice) -> bool:
    """Whether an unchanged file may use removed names: a manifest, or Rust code that mentions PyO3."""
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
    """The project's PyO3 line, the oldest of its crates; `given` is what the user specified.

    Determined by the requirement or, if it allows several lines, by Cargo.lock. Raises `Refused` if neither does.
    """
    if given is not None:
        return parse(given, "--from")
    lines = [line for crate in crates if (line := _line(crate)) is not None]
    if not lines:
        raise Refused(
            "Cannot determine the project's PyO3 version from Cargo.toml and Cargo.lock.",
            "Pass it, e.g. `--from 0.24`.",
        )
    return min(lines)


def parse(line: str, option: str) -> tuple[int, ...]:
    """Parse a line such as `0.24`. Raises `Refused` if it is invalid."""
    parts = line.split(".")
    if len(parts) < 2 or not all(part.isdigit() for part in parts):
        raise Refused(f"`{option} {line}` is not a PyO3 version.", "Use e.g. `0.24`.")
    return tuple(int(part) for part in parts[:2])


def shown(line: tuple[int, ...]) -> str:
    """A line as text."""
    return ".".join(map(str, line))


def _as_migration(notice: Notice) -> Notice:
    return Notice(notice.path, notice.text.replace("; not checked", "; not migrated"), notice.line)


def _line(crate: Crate) -> tuple[int, ...] | None:
    lowest, locked = crate.pyo3.lowest, crate.locked
    if lowest is None:
        return locked[:2] if locked else None
    # An open requirement resolves to the locked version; one for a single line ignores an old lock file.
    if locked and locked[:2] > lowest[:2] and any(mark in (crate.pyo3.requirement or "") for mark in ("<", ">", "*")):
        return locked[:2]
    return lowest[:2] if len(lowest) > 1 else None


def _is_foreign(path: str, text: str) -> bool:
    """Whether this is the manifest of a crate that does not use PyO3, which may keep an older Rust."""
    return path.rpartition("/")[2] == "Cargo.toml" and not any(name in text for name in ("pyo3", "numpy", "pythonize"))


def _is_data(manifest: TomlFile, sources: Iterable[str]) -> bool:
    """Whether a manifest is data of a test: it has no Rust code in its folder, and names none elsewhere."""
    folder = dirname(manifest.path)
    if _TESTS.isdisjoint(folder.split("/")) or any(manifest.get(target) for target in ("lib", "bin", "example")):
        return False
    return not any(path.startswith(f"{folder}/") for path in sources)


def _concerns_crates(path: str, text: str, manifests: Collection[str]) -> bool:
    """Whether a file with settings, such as pyproject.toml, is about one of the crates; True for any other file.

    Such a crate is in the file's folder or below, or the file contains the path of its manifest. Otherwise the file is
    test data, or belongs to another package.
    """
    folder, name = dirname(path), basename(path)
    if name not in _SETTINGS:
        return True
    if any(not folder or manifest.startswith(f"{folder}/") for manifest in manifests):
        return True
    return any(normpath(join(folder, found[1])) in manifests for found in _MANIFEST.finditer(text))


def _no_crate(root: Path, texts: Mapping[str, str], notices: Iterable[Notice]) -> Refused:
    broken = next((str(one) for one in notices if one.path.endswith("Cargo.toml")), "")
    if broken:
        return Refused(f"A manifest cannot be read: {broken}.", "Fix it, then run the command again.")
    if not any(path.rpartition("/")[2] == "Cargo.toml" for path in texts):
        return Refused(f"There is no Cargo.toml in {root} or its subfolders.", "Pass the folder of a Rust project.")
    return Refused(f"No crate in {root} depends on pyo3.", "Pass the folder of a PyO3 project.")


def _refuse_template(root: Path) -> None:
    """Raise `Refused` for a project of our own template, which `update` migrates as a whole."""
    import yaml

    for name in (".copier-answers.yml", ".copier-answers.yaml"):
        try:
            answers: Any = load_yaml(read_text(root / name), yaml.SafeLoader)
        except (OSError, ValueError, yaml.YAMLError):
            continue
        if isinstance(answers, dict) and "pyo3-kit" in str(answers.get("_src_path")) and "pyo3" in answers:
            raise Refused(
                f"{root} was created by pyo3-kit's template, whose files have to change too.",
                "Run `pyo3-kit update --data pyo3=0.30` (or another line), which applies the same migrations.",
            )


def _leads_out(place: Path, root: Path) -> bool:
    return place.is_symlink() or any(above.is_symlink() for above in place.parents if above.is_relative_to(root))


__all__ = ["LINES", "OLDEST", "Found", "Project", "line_of", "parse", "read", "shown", "weighty"]
