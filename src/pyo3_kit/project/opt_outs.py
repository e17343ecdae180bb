"""`[tool.pyo3-kit.template]` in pyproject.toml: what a project does without, and what it keeps its own way.

`without` are patterns, as in a `.gitignore`, of files of the template that the project never takes. `own` are patterns
of files that it shares with the template and writes its own way: what is new in the template is merged into them, and
where both have a value, the project's wins.

Without a pyproject.toml at the root, the table is in that of a workspace's member or of a folder.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from pyo3_kit.errors import Refused, from_os_error
from pyo3_kit.merge.model import File, FileMerge, Outcome, Tree
from pyo3_kit.project.location import USUAL
from pyo3_kit.system.reading import TEXT, read_bytes
from pyo3_kit.texts.toml import parse_toml

FILE = "pyproject.toml"
KEYS = ("own", "without")
_WHERE = f"`[tool.pyo3-kit.template]` in {FILE}"


@dataclass(frozen=True, slots=True)
class Shares:
    """What the table says, as questions about a path."""

    without: Callable[[str], bool]
    own: Callable[[str], bool]

    def of(self, tree: Tree, others: Container[str]) -> dict[str, File]:
        """The files of a tree that the project takes part in; `others` are those of overlays, which it asked for."""
        return {path: file for path, file in tree.items() if path in others or not self.without(path)}

    def kept(self, merge: FileMerge) -> FileMerge:
        """A merge of a file of its own: what would be a conflict is the project's."""
        if not merge.conflicts or not self.own(merge.path):
            return merge
        # Only a text with markers holds more than the project's side.
        marked = any(conflict.line is not None for conflict in merge.conflicts)
        result = merge.ours if marked else merge.result
        outcome = Outcome.KEPT if result == merge.ours else Outcome.MERGED
        reason = f"{merge.reason}: yours is kept"
        return replace(merge, outcome=outcome, reason=reason, result=result, conflicts=(), stages=None)


def read_shares(root: Path) -> Shares:
    """What the project at `root` says; `Refused` for a table that cannot be understood.

    An invalid pyproject.toml is ignored here: the merge reports it.
    """
    return make_shares(next(filter(None, (_table(root / place) for place in places(root))), {}))


def shares_of(content: bytes) -> Shares:
    """What the pyproject.toml of this content says; `Refused` for a table that cannot be understood."""
    return make_shares(_table_of(_parse(content)))


def places(root: Path) -> Iterator[str]:
    """The files that can have the table: pyproject.toml at the root, or else those of the workspace's members.

    After these, others one or two folders deep, except in other projects with an answers file. Paths are
    relative to `root`, with slashes.
    """
    if (root / FILE).exists():
        yield FILE
    else:
        yield from dict.fromkeys(_below(root))


def _below(root: Path) -> Iterator[str]:
    workspace = _parsed(root / "Cargo.toml").get("workspace")
    members = workspace.get("members") if isinstance(workspace, Mapping) else None
    for member in members if isinstance(members, list) else ():
        parts = PurePosixPath(str(member)).parts
        if {"..", "**"} & set(parts):
            # Outside of the project, or everywhere in it, nothing is looked for.
            continue
        try:
            found = sorted(path.relative_to(root).as_posix() for path in root.glob("/".join((*parts, FILE))))
        except (NotImplementedError, OSError, ValueError):
            # Cargo takes no such member either.
            continue
        yield from found
    for pattern in (f"*/{FILE}", f"*/*/{FILE}"):
        try:
            found = sorted(path.relative_to(root).as_posix() for path in root.glob(pattern) if _may_have(root, path))
        except OSError:
            continue
        yield from found


def _may_have(root: Path, path: Path) -> bool:
    """Whether a pyproject.toml below the root can be this project's: not hidden, outside of it or another project's."""
    hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
    return (
        not hidden
        and path.resolve().is_relative_to(root.resolve())
        and not any((path.parent / name).exists() for name in USUAL)
    )


def make_shares(table: Mapping[str, Any]) -> Shares:
    """The same from the table's data."""
    for key in table:
        if key not in KEYS:
            raise Refused(f"{_WHERE} has the unknown key `{key}`.", "There are `own` and `without`.")
    return Shares(_matcher("without", table.get("without", [])), _matcher("own", table.get("own", [])))


def _table(path: Path) -> Mapping[str, Any]:
    return _table_of(_parsed(path))


def _table_of(data: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = data
    for key in ("tool", "pyo3-kit", "template"):
        found = found.get(key, {}) if isinstance(found, Mapping) else {}
    if not isinstance(found, Mapping):
        raise Refused(f"{_WHERE} is not a table.", "Write a table with `own` and `without`.")
    return found


def _parsed(path: Path) -> Mapping[str, Any]:
    """The data of a file; empty if it does not exist or is not valid TOML."""
    try:
        text = read_bytes(path, TEXT)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return {}
    except OSError as error:
        raise from_os_error(error, f"reading {path.name}") from error
    # Parsing costs more than looking whether it can say anything.
    return {} if path.name == FILE and b"pyo3-kit" not in text else _parse(text)


def _parse(text: bytes) -> Mapping[str, Any]:
    try:
        return parse_toml(text.decode("utf-8-sig"))
    except ValueError:
        return {}


def _matcher(key: str, patterns: Any) -> Callable[[str], bool]:
    if not isinstance(patterns, list) or not all(isinstance(one, str) for one in patterns):
        raise Refused(f"`{key}` of {_WHERE} is not a list of strings.", f'Write e.g. `{key} = ["/README.md"]`.')
    if not patterns:
        return lambda _path: False
    from pathspec import GitIgnoreSpec

    try:
        spec = GitIgnoreSpec.from_lines(patterns)
    except ValueError as error:
        raise Refused(f"`{key}` of {_WHERE}: {error}", "The patterns are those of a .gitignore.") from error
    return spec.match_file
