"""What a migration of a project does, computed without writing anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyo3_kit.audit.crates import Manifests
from pyo3_kit.audit.manifests import TomlFile
from pyo3_kit.codemods import Applied, Context, ReviewItem, code_migrations, load, syntax
from pyo3_kit.errors import Refused
from pyo3_kit.merge.model import File
from pyo3_kit.migrate.project import LINES, OLDEST, Found, line_of, parse, read, shown, weighty
from pyo3_kit.template.location import template_root
from pyo3_kit.texts.toml import parse_toml


@dataclass(frozen=True, slots=True)
class MigrateRequest:
    """Which project is to be moved to which line; `before` is the line it is on, where the user says it."""

    path: Path
    to: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What came out: `files` are those that change, by path, before and after.

    `applied` are the migrations that found something, `places` what else a person has to look at, and `left` what could
    not be read, stays as it is, and does not seem to be PyO3's.
    """

    found: Found
    before: str
    after: str
    files: Mapping[str, tuple[File, File]]
    applied: tuple[Applied, ...]
    places: tuple[ReviewItem, ...]
    left: tuple[str, ...]

    @property
    def review(self) -> tuple[ReviewItem, ...]:
        """Every place that a person has to look at, by file and line."""
        own = [place for migration in self.applied for place in migration.review]
        return tuple(sorted({*own, *self.places}, key=lambda place: (place.path, place.line, place.note)))


def plan(request: MigrateRequest) -> Plan:
    """Read the project and apply every migration on its way, in memory.

    `Refused` for what is no PyO3 project, is older than what there are migrations for, or newer than where it is to go.
    """
    if request.to not in LINES:
        raise Refused(f"`--to {request.to}` is none of {', '.join(LINES)}.", "Name one of these.")
    found = read(request.path)
    line, target = line_of(found.crates, request.before), parse(request.to, "--to")
    if line < OLDEST:
        raise Refused(
            f"The project is on PyO3 {shown(line)}, and there are migrations from {shown(OLDEST)} on.",
            "Move it to 0.21 first, by PyO3's own guide: https://pyo3.rs/v0.21.0/migration.html.",
        )
    if line > target:
        raise Refused(f"The project is on PyO3 {shown(line)} already.", f"A line before that, {request.to}, is no way.")
    before, after = Context(None, {"pyo3": shown(line)}), Context(None, {"pyo3": request.to})
    moved, applied = code_migrations(load(template_root()), found.files, before, after)
    files = {path: (found.files[path], moved[path]) for path in moved if moved[path] != found.files[path]}
    heavy = [one for one in found.notices if line < target and weighty(found, one)]
    places = [*_unread(moved), *_unmoved(moved, target)] if line < target else []
    places += [ReviewItem(one.path, one.line or 1, one.text) for one in heavy]
    left = tuple(str(notice) for notice in found.notices if notice not in heavy)
    return Plan(found, shown(line), request.to, files, tuple(_lasting(applied, files)), tuple(places), left)


def _lasting(applied: list[Applied], files: Mapping[str, tuple[File, File]]) -> Iterator[Applied]:
    """Without those of which a later one took everything back."""
    for migration in applied:
        if migration.review or any(path in files for path in migration.paths):
            yield migration


def _unread(files: Mapping[str, File]) -> Iterator[ReviewItem]:
    for path, file in files.items():
        if not path.endswith(".rs"):
            continue
        text = file.content.decode().removeprefix("\ufeff")
        if b"pyo3" in file.content or b"Py" in file.content:
            error = syntax.tree(text, "rust").find(kind="ERROR")
            if error is not None:
                note = "a syntax error, or syntax that is not understood: nothing around it was migrated"
                yield ReviewItem(path, error.range().start.line + 1, note)


def _unmoved(files: Mapping[str, File], target: tuple[int, ...]) -> Iterator[ReviewItem]:
    """The requirements of pyo3 that no migration could move, because they are no plain ones."""
    tomls = {}
    for path, file in files.items():
        if path.rpartition("/")[2] == "Cargo.toml":
            text = file.content.decode().removeprefix("\ufeff")
            try:
                tomls[path] = TomlFile(path, text, parse_toml(text))
            except ValueError:
                continue
    for crate in Manifests(tomls).crates():
        lowest = crate.pyo3.lowest
        if lowest is not None and lowest[:2] >= target:
            continue
        manifest = crate.workspace if crate.pyo3.inherited and crate.workspace is not None else crate.manifest
        at = ("workspace", "dependencies", "pyo3") if crate.pyo3.inherited else crate.pyo3.at
        line = manifest.text.count("\n", 0, manifest.place(*at).start) + 1
        asked = f"`{crate.pyo3.requirement}`" if crate.pyo3.requirement else "no version"
        yield ReviewItem(
            manifest.path, line, f"asks for {asked} of pyo3, which was not moved; it has to be {shown(target)}"
        )
