"""Pinned versions that both sides raised: the newer one is taken, as for requirements in TOML.

A pin is an action (`owner/name@ref`, with the version in the comment where `ref` is a hash), a hook's `rev`, a
container image (`name:tag`, with a digest or without), an exact requirement (`name==1.2`), or a range of a
package.json (`^1.2`).
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

Side = Literal["ours", "theirs"]

_HASH = re.compile(r"[0-9a-f]{40,64}")
_VERSION = re.compile(r"(?P<before>\D*?)(?P<numbers>\d+(?:\.\d+)*)(?P<after>.*)", re.DOTALL)
_ACTION = re.compile(r"(?P<name>[^\s@:]+/[^\s@:]+)@(?P<ref>[^\s@]+)")
_IMAGE = re.compile(
    r"(?P<name>(?:docker://)?(?:[\w.-]+(?::\d+)?(?:/[\w.-]+)*|[\w./-]+)):(?P<ref>[\w.-]+)(?P<digest>@sha256:[0-9a-f]{64})?"
)
_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)\s*==\s*(?P<ref>[\w.!+-]+)")
_STATED = re.compile(
    r"#\s*(?:renovate:\s*)?(?:(?:tag|pin|frozen|ratchet)\b[\s:=@]*)?(?:[\w./-]+@)?(?P<ref>\w*\d[\w.+-]*)"
)
_IN_LINE = re.compile(
    r"""(?: (?<=[\w\]])(?:===?|[>~]=)                                    # ruff==0.12.0, anywhere
          | ^\s*[A-Za-z][\w.-]*(?:\[[^\]]*\])?\s+(?:===?|[>~]=)\s*      # attrs >= 23.1, on a line of its own
          | (?:[A-Za-z]+[_-](?i:version)|(?<=\s)Version(?==["']))["']?\s*[=:]+\s*["']?v?
        )(?P<ref>\d+(?:\.\d+)+)(?![\w.])""",
    re.VERBOSE,
)
_REVISIONS = {"rev", "ref", "tag"}
_RANGE = re.compile(r"(?P<name>\^|~|>=|)(?P<ref>\d+(?:\.\d+)*(?:-[\w.]+)?)")
_FROM = re.compile(r"(?P<before>\s*FROM\s+(?:--\S+\s+)*)(?P<image>\S+)(?P<after>.*\n?)", re.IGNORECASE)
_IMAGES = {"image", "container", "name"}


class Pin(NamedTuple):
    """What is pinned, the numbers of its version, and what the version has before and behind its numbers.

    `exact` distinguishes different contents of one version: a commit's hash or an image's digest.
    """

    name: str
    numbers: tuple[int, ...]
    around: tuple[str, str]
    exact: str


def read_pin(key: str, value: str, comment: str = "") -> Pin | None:
    """The pin that `value` is under `key`, with the comment behind it; None when it is not one."""
    if match := _ACTION.fullmatch(value):
        ref = match["ref"]
        return _pin(match["name"], _stated(comment) if _HASH.fullmatch(ref) else ref, ref)
    if key in _REVISIONS:
        return _pin("", _stated(comment) if _HASH.fullmatch(value) else value, value)
    if (key in _IMAGES or value.startswith("docker://")) and (match := _IMAGE.fullmatch(value)):
        return _pin(match["name"], match["ref"], match["digest"] or match["ref"])
    if key.endswith("ependencies") and (match := _RANGE.fullmatch(value)):
        return _pin(match["name"], match["ref"], match["ref"])
    if match := _REQUIREMENT.fullmatch(value):
        return _pin(match["name"], match["ref"], match["ref"])
    return None


def newer(base: Pin | None, ours: Pin | None, theirs: Pin | None) -> Side | None:
    """Which side raised the pin further; None when that is unknown, or when a side lowered it."""
    if base is None or ours is None or theirs is None or not base.name == ours.name == theirs.name:
        return None
    if ours.around != theirs.around or min(ours.numbers, theirs.numbers) < base.numbers:
        return None
    one, other = ours.numbers, theirs.numbers
    shared = min(len(one), len(other))
    if one[:shared] == other[:shared]:
        # `v4` may be what `v4.2` is, or more; and one version has one content.
        return "ours" if ours.exact == theirs.exact else None
    return "ours" if one > other else "theirs"


def newer_line(base: str, ours: str, theirs: str) -> Side | None:
    """The same for three lines of any text that differ in one version alone, where the line says that it is one.

    That is an image of a Dockerfile, a requirement, or what is assigned to a name such as `PYTHON_VERSION`.
    """
    return newer(*(_line_pin(line) for line in (base, ours, theirs)))


def _line_pin(line: str) -> Pin | None:
    if image := _FROM.fullmatch(line):
        pin = read_pin("image", image["image"])
        return pin and pin._replace(name=f"{image['before']}{pin.name}{image['after']}")
    found = list(_IN_LINE.finditer(line))
    if len(found) != 1:
        return None
    (match,) = found
    return _pin(f"{line[: match.start('ref')]} {line[match.end('ref') :]}", match["ref"], match["ref"])


def _stated(comment: str) -> str:
    """The version that a comment behind a hash begins with, as bots write it: `# v4`, `# tag=v4`, `# frozen: v4`."""
    match = _STATED.match(comment)
    return match["ref"] if match else ""


def _pin(name: str, version: str, exact: str) -> Pin | None:
    match = _VERSION.fullmatch(version)
    if match is None:
        return None
    numbers = tuple(int(part[:18]) for part in match["numbers"].split("."))
    return Pin(name, numbers, (match["before"], match["after"]), exact)
