"""Which templates a project may name by itself.

A project's answers file names its template, and whoever wrote the project wrote that. Rendering runs no code, but a
template that is fetched with the rights of an organisation's CI may be a private repository, whose content would be
pushed to another one. So where nobody watches, in CI and in a fleet, a template has to be ours or one that the user
listed. At a terminal the user decides by running the command, and sees what comes of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pyo3_kit.errors import Refused, without_secrets
from pyo3_kit.git.local import local_path
from pyo3_kit.git.run import repository_around
from pyo3_kit.template.location import is_ours

_SHORT = {"gh:": "https://github.com/", "gl:": "https://gitlab.com/"}


class Untrusted(Refused):
    """A project names a template that it must not name by itself."""


class Trust(NamedTuple):
    """What is trusted.

    `listed` are addresses, or their beginnings where they end with a slash; with `strict` no others are used. Below the
    folders `closed` there is no template, whatever is listed: their content comes from the projects. `hint` says
    where to list one.
    """

    listed: tuple[str, ...] = ()
    strict: bool = False
    closed: tuple[Path, ...] = ()
    hint: str = "Name it with `--trust-template`, or list it under `trust` in Copier's settings file."

    def check(self, url: str, project: Path) -> None:
        """`Untrusted` for a template that the project at `project` must not name by itself."""
        if is_ours(url):
            return
        shown = without_secrets(url)
        if (place := local_path(url)) is not None:
            place = Path(os.path.normpath(project / place))
            for top in (project, *self.closed):
                if _is_below(place, top):
                    raise self._inside(shown, top)
            around = repository_around(project)
            # A template may have a project of it as an example: its own `.git` came with no clone.
            if around is not None and _is_below(place, around) and _real(place) != _real(around):
                raise self._inside(shown, around)
            url = str(place)
        if not self.strict or any(_covers(entry, url) for entry in (*self.listed, *user_list())):
            return
        raise Untrusted(f"The project names the template {shown}, which is not among the trusted ones.", self.hint)

    @staticmethod
    def _inside(shown: str, top: Path) -> Untrusted:
        return Untrusted(
            f"The template {shown} is in {top}, among the projects that would use it.",
            "A template is a repository of its own: name that in the answers file as `_src_path`.",
        )


def default_trust(named: Iterable[str] = ()) -> Trust:
    """What holds for a single project: everything at a terminal, in CI what is listed; `named` is listed as well."""
    return Trust(listed=tuple(named), strict=in_ci())


def in_ci() -> bool:
    """Whether this runs in CI, which all CI services indicate with the variable `CI`."""
    return os.environ.get("CI", "").strip().lower() not in ("", "0", "false", "no")


def user_list() -> tuple[str, ...]:
    """The templates that the user trusts: `trust` in Copier's settings file. `Refused` when that cannot be read."""
    return _user_list(os.environ.get("COPIER_SETTINGS_PATH", ""))


@cache
def _user_list(named: str) -> tuple[str, ...]:
    from pyo3_kit.texts.checked import read_mapping

    if named:
        path = Path(named)
    else:
        from platformdirs import user_config_path

        path = user_config_path("copier", appauthor=False) / "settings.yml"
    if not path.is_file():
        return ()
    listed = read_mapping(path, "settings file of Copier").get("trust") or ()
    if not isinstance(listed, (list, tuple)) or not all(isinstance(entry, str) for entry in listed):
        raise Refused(
            f"{path}: `trust` is not a list of addresses.", "Write one address, or the beginning of one, per line."
        )
    return tuple(listed)


def _covers(entry: str, url: str) -> bool:
    """Whether an entry of a list means the template at `url`: its address, or with a slash at the end its start."""
    place = local_path(url)
    if place is not None:
        listed = local_path(entry)
        if listed is None:
            return False
        return _is_below(place, listed) if entry.endswith("/") else _real(place) == _real(listed)
    if entry == url:
        return True
    listed_as, means = _parts(entry), _parts(url)
    if listed_as is None or means is None or listed_as[:2] != means[:2]:
        return False
    if not entry.endswith("/"):
        return listed_as == means
    return means[2].startswith(f"{listed_as[2]}/" if listed_as[2] else "")


def _parts(address: str) -> tuple[bool, str, str] | None:
    """Whether nobody can change on the way what an address gives, its host and its path; the same for all spellings.

    None for what could be read in another way by Git than here.
    """
    for short, long in _SHORT.items():
        if address.startswith(short):
            address = long + address.removeprefix(short).lstrip("/")
    url = _URL.fullmatch(address)
    found = url or _SCP.fullmatch(address)
    if found is None:
        return None
    path = re.sub(r"(?:\.git)?/*$", "", found["path"])
    if any(part in ("", ".", "..") for part in path.split("/")) and path:
        return None
    host = found["host"].lower()
    if host in ("github.com", "gitlab.com"):
        path = path.lower()
    return url is None or url["scheme"].lower() in ("https", "ssh"), host, path


_URL = re.compile(
    r"(?:git\+)?(?P<scheme>https?|ssh|git)://(?:[\w.~%!$&'()*+,;=:-]*@)?(?P<host>[\w.-]+(?::\d+)?)/(?P<path>[\w.~/-]*)",
    re.IGNORECASE | re.ASCII,
)
_SCP = re.compile(r"(?:[\w.+-]+@)?(?P<host>[\w.-]+):(?P<path>[\w.~-][\w.~/-]*)", re.ASCII)


def _is_below(place: Path, top: Path) -> bool:
    """Whether a path is at or below another, as it is written or with links followed."""
    return place.is_relative_to(top) or _real(place).is_relative_to(_real(top))


def _real(place: Path) -> Path:
    return Path(os.path.realpath(place))
