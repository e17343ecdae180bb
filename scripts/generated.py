"""Files that are generated: written, or compared with `--check`. This is the end of every `build_*.py`."""

from __future__ import annotations

import argparse
import operator
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def options(doc: str | None) -> argparse.ArgumentParser:
    """Return a parser for the script with this docstring; it knows `--check`."""
    parser = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file is out of date")
    return parser


def find_stale(
    files: Mapping[Path, str], there: Iterable[Path] = (), same: Callable[[str, str], bool] = operator.eq
) -> list[Path]:
    """Return the files whose text is not this one, and those of `there` that are not among them, sorted."""
    wrong = [path for path, text in files.items() if not path.is_file() or not same(path.read_text("utf-8"), text)]
    return sorted([*wrong, *(path for path in there if path not in files)])


def write(files: Mapping[Path, str], paths: Iterable[Path]) -> None:
    """Write these of the files, and delete paths that are not among them."""
    for path in paths:
        if path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[path], encoding="utf-8")
        else:
            path.unlink()


def write_or_check(
    files: Mapping[Path, str],
    there: Iterable[Path] = (),
    same: Callable[[str, str], bool] = operator.eq,
    *,
    check: bool,
) -> int:
    """Write what is stale, or with `check` only name it; returns the exit code. See `find_stale` for the parameters."""
    stale = find_stale(files, there, same)
    if not check:
        write(files, stale)
    for path in stale:
        said = "out of date; run `python dev.py docs`" if check else "written"
        print(f"{path.relative_to(ROOT).as_posix()}: {said}")
    return int(check and bool(stale))
