"""Shards of a fleet: the repositories of a shard, and the matrix of CI jobs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol, TypedDict

from pyo3_kit.errors import Refused

MOST = 1000
"""The maximum number of shards: no CI runs that many jobs."""


class Named(Protocol):
    """Something with a name and a wave: an entry, or a row."""

    @property
    def name(self) -> str:
        """The repository's name."""
        ...

    @property
    def wave(self) -> int:
        """Its wave."""
        ...


@dataclass(frozen=True, slots=True)
class Shard:
    """The part `number` (from 1) of `of`."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def has(self, name: str) -> bool:
        """Whether the repository of this name is in the shard, independent of the other repositories."""
        return int(sha256(name.encode()).hexdigest(), 16) % self.of == self.number - 1


def parse_shard(text: str) -> Shard:
    """Parse a shard such as `2/4`; raises `Refused` for anything else."""
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise Refused(f"`--shard {text}` is not a valid shard.", "Use e.g. `--shard 2/4`.")
    return Shard(int(found[1]), int(found[2]))


class ShardJob(TypedDict):
    """The job of a shard."""

    shard: str
    """E.g. `2/4`."""
    count: int
    repositories: list[str]


class MatrixOutput(TypedDict):
    """What `fleet plan` prints: a matrix for GitHub, which allows no other keys."""

    include: list[ShardJob]


def matrix(repositories: Sequence[Named], number: int) -> MatrixOutput:
    """A matrix for CI: `include` holds one object for each of `number` shards that has repositories."""
    include: list[ShardJob] = []
    for shard in (Shard(one, number) for one in range(1, number + 1)):
        names = sorted(one.name for one in repositories if shard.has(one.name))
        if names:
            include.append({"shard": str(shard), "count": len(names), "repositories": names})
    return {"include": include}


def shards_of(value: Any, where: str) -> list[Shard]:
    """The shards in a matrix, which was read from `where`; raises `Refused` if it is not one."""
    try:
        return [parse_shard(one["shard"]) for one in value["include"]]
    except (KeyError, TypeError, Refused) as error:
        raise Refused(f"{where} is not a fleet plan.", "Pass the output of `pyo3-kit fleet plan --json`.") from error
