"""Whose a file is: some are the user's to rewrite from the first day on, all others stay the template's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from pyo3_kit.errors import Refused
from pyo3_kit.texts.checked import read_mapping

FILE = Path("catalogue", "ownership.yml")


def seed_matcher(root: Path, matcher: Callable[[Sequence[str]], Callable[[str], bool]]) -> Callable[[str], bool]:
    """Whether a file is one to start from, which the user is meant to rewrite.

    The template at `root` lists them in `catalogue/ownership.yml`: `seed: [patterns]`, as in a `.gitignore`, which
    `matcher` makes a function of. A template without that file owns everything. `Refused` when the file is malformed.
    """
    path = root / FILE
    if not path.is_file():
        return lambda _path: False
    patterns = read_mapping(path, "list of owners").get("seed", [])
    if not isinstance(patterns, list) or not all(isinstance(pattern, str) for pattern in patterns):
        raise Refused(f"The template's {FILE.as_posix()} is malformed.", "`seed` has to be a list of patterns.")
    return matcher(patterns)
