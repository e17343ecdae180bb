"""Known problems of PyO3 versions: RustSec advisories and yanked versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename

from pyo3_kit.audit.manifests import Crate, TomlFile
from pyo3_kit.audit.model import Version
from pyo3_kit.audit.project import Project
from pyo3_kit.texts.edits import Span


@dataclass(frozen=True)
class Advisory:
    """An advisory that affects versions from `since` to before `fixed`."""

    name: str
    since: Version
    fixed: Version
    what: str


ADVISORIES = (
    Advisory("RUSTSEC-2020-0074", (0, 12), (0, 12, 4), "a missing reference count in `From<Py<T>>`"),
    Advisory("RUSTSEC-2024-0378", (0, 22), (0, 22, 4), "use after free in borrowed reads of weak references"),
    Advisory("RUSTSEC-2024-0409", (0, 23), (0, 23, 3), "wheels built for the wrong Python"),
    Advisory("RUSTSEC-2025-0020", (0,), (0, 24, 1), "a buffer overflow in `PyString::from_object`"),
    Advisory("RUSTSEC-2026-0013", (0, 28), (0, 28, 2), "type confusion in subclasses of native types under abi3"),
    Advisory("RUSTSEC-2026-0176", (0, 24), (0, 29), "out-of-bounds reads in `nth` of list and tuple iterators"),
    Advisory("RUSTSEC-2026-0177", (0, 15), (0, 29), "`PyCFunction::new_closure` accepts closures that are not `Sync`"),
)

SUPPORTED: Version = (0, 28)
"""The first line that still receives fixes."""

YANKED = frozenset(
    {
        (0, 5, 1),
        (0, 10, 0),
        *((0, 12, patch) for patch in range(4)),
        *((0, 22, patch) for patch in range(4)),
        *((0, 23, patch) for patch in range(3)),
        (0, 28, 0),
        (0, 28, 1),
    }
)


def used_version(crate: Crate) -> Version | None:
    """The version that a build uses, if it can be determined.

    The locked version; without a lock file, the newest of the required line, represented by a very
    high last number. None if the requirement spans several lines.
    """
    if crate.locked is not None:
        return crate.locked
    requirement = (crate.pyo3.requirement or "").strip()
    lowest = crate.pyo3.lowest
    if lowest is None or len(lowest) < 2 or "," in requirement or requirement.startswith((">", "<", "*")):
        return None
    exact = requirement.startswith("=") and len(lowest) == 3
    return lowest if exact else (*lowest[:2], 9999)


def accepted_advisories(project: Project) -> str:
    """The texts of the project's `deny.toml` files, which list what is accepted."""
    return "\n".join(text for path, text in project.others.items() if basename(path) == "deny.toml")


def known_advisories(version: Version, project: Project) -> list[Advisory]:
    """The advisories against a version that the project does not accept."""
    accepted = accepted_advisories(project)
    return [one for one in ADVISORIES if one.since <= version < one.fixed and one.name not in accepted]


def upgrade_help(version: Version, project: Project) -> str:
    """What to do about an old version: the first supported one without an advisory."""
    target = max([SUPPORTED, *(one.fixed for one in known_advisories(version, project))])
    return f"upgrade to {shown(target)} or newer, e.g. with `pyo3-kit migrate`"


def shown(version: Version) -> str:
    """A version as text: `0.28.3`, or `0.28` if only the line is known."""
    return ".".join(map(str, version if version[-1] != 9999 else version[:-1]))


def required_at(project: Project) -> Iterator[tuple[Crate, TomlFile, Span]]:
    """Each crate with the place where its PyO3 is required; an inherited requirement is listed once."""
    seen = set()
    for crate in project.crates:
        manifest, at = crate.manifest, crate.pyo3.at
        if crate.pyo3.inherited and crate.workspace is not None:
            manifest, at = crate.workspace, ("workspace", "dependencies", at[-1])
        place = manifest.place(*at)
        if (manifest.path, place) not in seen:
            seen.add((manifest.path, place))
            yield crate, manifest, place
