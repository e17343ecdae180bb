"""What a choice of answers costs and gives in a build: crates, compile time, the wheel's size, and the wheels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyo3_kit.merge.model import File
from pyo3_kit.system.reading import read_text
from pyo3_kit.template.location import catalogue
from pyo3_kit.texts.bounds import load_json
from pyo3_kit.texts.toml import TomlError, parse_toml

WHEELS = (
    '{% from "extensions/ci.jinja" import model, pythons, free_threaded_pythons with context %}'
    "{{ {'kind': wheels, 'pythons': pythons, 'free_threaded': free_threaded_pythons,"
    " 'platforms': model.wheels | map(attribute='name') | list if ci != 'none' else []} | to_json }}"
)
"""A text for Jinja: the wheels of our template with its answers, as JSON. The template's own files decide."""


@dataclass(frozen=True, slots=True)
class Wheels:
    """The wheels as a table: a row per platform, a column per Python; `cells` say which wheel serves that Python."""

    pythons: list[str]
    platforms: list[str]
    cells: list[str]
    each: int
    """How many wheels a platform has."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The direct dependencies, and roughly what a build comes to; None where nothing was measured."""

    dependencies: list[str]
    crates: int | None = None
    seconds: int | None = None
    wheel_kib: int | None = None
    machine: str = ""
    wheels: Wheels | None = None


def find_facts(files: Mapping[str, File], recorded: Mapping[str, Any], wheels: Mapping[str, Any] | None) -> Facts:
    """The facts of a rendered project; `wheels` is the JSON of `WHEELS`, or None for a foreign template."""
    dependencies = sorted(_dependencies(files))
    if wheels is None:
        return Facts(dependencies)
    figures = _estimate(recorded)
    return Facts(dependencies, **figures, wheels=_table(wheels))


def _dependencies(files: Mapping[str, File]) -> set[str]:
    """The names of crates in `[dependencies]` that come from a registry."""
    found: set[str] = set()
    for path, file in files.items():
        if path.rpartition("/")[2] != "Cargo.toml" or file.link:
            continue
        try:
            manifest = parse_toml(file.content.decode())
        except (TomlError, UnicodeDecodeError):
            continue
        tables = [manifest.get("dependencies"), manifest.get("workspace", {}).get("dependencies")]
        for table in tables:
            for name, needed in table.items() if isinstance(table, dict) else ():
                if not (isinstance(needed, dict) and ("path" in needed or needed.get("workspace"))):
                    found.add(str(name))
    return found


@cache
def _measured() -> Mapping[str, Any]:
    path = catalogue() / "builds.json"
    loaded: Mapping[str, Any] = load_json(read_text(path)) if path.is_file() else {}
    return loaded


def _estimate(recorded: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of the starter, with what other answers were measured to add."""
    data = _measured()

    def fits(build: Mapping[str, Any]) -> bool:
        return all(recorded.get(name) == value for name, value in build["answers"].items())

    start = next((build for build in data.get("starters", ()) if fits(build)), None)
    if start is None:
        return {}
    added = [build for build in data["additions"] if fits(build)]
    names = ("crates", "seconds", "wheel_kib")
    return {"machine": data["machine"], **{name: start[name] + sum(build[name] for build in added) for name in names}}


def _table(wheels: Mapping[str, Any]) -> Wheels | None:
    pythons, threaded, kind = list(wheels["pythons"]), list(wheels["free_threaded"]), wheels["kind"]
    if not wheels["platforms"]:
        return None
    cells = ["own" if kind == "version-specific" else "abi3" for _ in pythons]
    # abi3t starts with the second free-threaded Python.
    cells += ["abi3t" if kind == "abi3+abi3t" and at else "own" for at, _ in enumerate(threaded)]
    each = cells.count("own") + len({"abi3", "abi3t"} & set(cells))
    return Wheels([*pythons, *threaded], list(wheels["platforms"]), cells, each)
