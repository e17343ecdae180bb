"""PYO123."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pyo3_kit.audit.manifests import TomlFile
from pyo3_kit.audit.model import Finding, Fix, Safety
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.requirements import BuildRequirement, build_requirement
from pyo3_kit.audit.rule import PyprojectRule

_FEATURELESS = (1, 9, 4)
_REQUIREMENT = re.compile(r"\s*maturin\s*(\[[^\]]*\])?\s*([^;]*?)\s*(;.*)?", re.IGNORECASE)
_EXACT = re.compile(r"={2,3}|~=|!=|\*|@")


class PYO123(PyprojectRule):
    """A maturin requirement that is missing, too old or unbounded.

    ## What it does

    Checks the entry for maturin in `[build-system] requires`, if maturin is the build backend: it must exist, have a
    lower and an upper bound, and with PyO3 0.26 or newer the lower bound must be at least 1.9.4.

    ## Why

    pip builds an sdist with whatever this entry allows, on every user's machine, for as long as the sdist exists.
    Without an upper bound this will be maturin 2 one day, whatever it changes. A maturin older than 1.9.4 does not
    let PyO3 know that it builds an extension module: without the deprecated feature `extension-module`, the result
    links libpython.

    ## Example

    ```toml
    [build-system]
    requires = ["maturin"]
    build-backend = "maturin"
    ```

    ## Use instead

    ```toml
    [build-system]
    requires = ["maturin>=1.9.4,<2"]
    build-backend = "maturin"
    ```

    ## When not

    If a distribution builds with its own maturin and patches the entry anyway.

    ## Fix

    Adds the missing bounds and raises a lower bound that is too low. It does not change an exact version or an upper
    bound below that.
    """

    title = "maturin requirement missing, too old or unbounded"
    fix = Safety.SAFE

    def check(self, pyproject: TomlFile, project: Project) -> Iterator[Finding]:
        """Report the entry for maturin if maturin is the build backend."""
        if pyproject.get("build-system", "build-backend") != "maturin":
            return
        if not isinstance(pyproject.get("build-system", "requires"), list):
            return
        place = pyproject.place("build-system", "requires")
        required = build_requirement(pyproject, "maturin")
        floor = _FEATURELESS if project.pyo3_version >= (0, 26) else (1,)
        wanted = f"maturin>={'.'.join(map(str, floor))},<2"
        if required is None:
            if any("maturin" in str(one).lower() for one in pyproject.get("build-system", "requires")):
                return
            yield self.finding(
                pyproject.path,
                place,
                "maturin is the build backend but is not required, so nothing installs it",
                f'add "{wanted}"',
                Fix(change=_with(len(pyproject.get("build-system", "requires")), wanted)),
            )
            return
        problems = list(_problems(required, floor))
        if problems:
            yield self.finding(
                pyproject.path,
                place,
                f"`{required.text}` {' and '.join(problems)}",
                f'require "{wanted}"',
                _fix(required, floor),
            )


def _problems(required: BuildRequirement, floor: tuple[int, ...]) -> Iterator[str]:
    if "@" in required.text:
        return
    if required.lowest is None:
        yield "has no lower bound"
    elif required.lowest < floor:
        if floor == _FEATURELESS:
            yield "allows a maturin that needs the deprecated feature `extension-module`"
        else:
            yield "allows a maturin older than 1.0"
    if not required.bounded:
        yield "has no upper bound"


def _fix(required: BuildRequirement, floor: tuple[int, ...]) -> Fix | None:
    parts = _REQUIREMENT.fullmatch(required.text)
    if parts is None or _EXACT.search(parts[2]):
        return None
    lowest = max(required.lowest or (), floor)
    if any(tuple(map(int, re.findall(r"\d+", one))) <= floor for one in re.findall(r"<=?[^,]*", parts[2])):
        # Raising such a bound is an upgrade that someone has to review.
        return None
    kept = [one.strip() for one in parts[2].split(",") if one.strip() and not one.strip().startswith(">")]
    bounds = ",".join([f">={'.'.join(map(str, lowest))}", *(kept if required.bounded else ["<2"])])
    return Fix(change=_with(required.number, f"maturin{parts[1] or ''}{bounds}{parts[3] or ''}"))


def _with(number: int, text: str) -> Any:
    def change(document: Any) -> None:
        import tomlkit

        listed = document["build-system"]["requires"]
        if number < len(listed):
            # Keep a literal string literal if possible.
            literal = listed[number].as_string().startswith("'") and "'" not in text
            listed[number] = tomlkit.string(text, literal=literal)
        else:
            listed.append(text)

    return change
