"""Parts of a fleet: which repositories a shard has, and the list of shards that a matrix of CI jobs is made from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from pyo3_kit.errors import Refused

MOST = 1000
"""Shards that a plan can have: no CI has as many jobs."""


class Named(Protocol):
    """What has a name and a wave: an entry, or a row."""

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
        """Whether the repository of this name is in the part. It stays there whatever else comes to the fleet."""
        return int(sha256(name.encode()).hexdigest(), 16) % self.of == self.number - 1


def parse_shard(text: str) -> Shard:
    """`2/4` as a shard; `Refused` for anything else."""
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise Refused(f"`--shard {text}` is no part of a whole.", "Write it as in `--shard 2/4`.")
    return Shard(int(found[1]), int(found[2]))


def matrix(repositories: Sequence[Named], number: int) -> dict[str, Any]:
    """A matrix for CI: `include` holds one object for each of `number` shards that has repositories."""
    include = []
    for shard in (Shard(one, number) for one in range(1, number + 1)):
        names = sorted(one.name for one in repositories if shard.has(one.name))
        if names:
            include.append({"shard": str(shard), "count": len(names), "repositories": names})
    return {"include": include}


def shards_of(value: Any, where: str) -> list[Shard]:
    """The shards that a matrix has, which was read from `where`; `Refused` for what is none."""
    try:
        return [parse_shard(one["shard"]) for one in value["include"]]
    except (KeyError, TypeError, Refused) as error:
        raise Refused(f"{where} is no plan of a fleet.", "Name what `pyo3-kit fleet plan --json` printed.") from error
