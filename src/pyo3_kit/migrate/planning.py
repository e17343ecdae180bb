"""Plan the migration of a project, without writing anything."""

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
    """The project to migrate and the target line; `before` is its current line, if the user specifies it."""

    path: Path
    to: str
    before: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The result: `files` are those that change, by path, before and after.

    `applied` are the migrations that found something, `places` other places to change by hand, and `left` files that
    could not be read, are not changed, and do not seem to use PyO3.
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
        """Every place to change by hand, sorted by file and line."""
        own = [place for migration in self.applied for place in migration.review]
        return tuple(sorted({*own, *self.places}, key=lambda place: (place.path, place.line, place.note)))


def plan(request: MigrateRequest) -> Plan:
    """Read the project and apply all migrations up to the target, in memory.

    Raises `Refused` if it is not a PyO3 project, is older than the oldest migration, or newer than the target.
    """
    if request.to not in LINES:
        raise Refused(
            f"`--to {request.to}` is not supported; the targets are {', '.join(LINES)}.", "Choose one of them."
        )
    found = read(request.path)
    line, target = line_of(found.crates, request.before), parse(request.to, "--to")
    if line < OLDEST:
        raise Refused(
            f"The project is on PyO3 {shown(line)}, but `migrate` supports {shown(OLDEST)} and later.",
            "Migrate it to 0.21 first, see https://pyo3.rs/v0.21.0/migration.html.",
        )
    if line > target:
        raise Refused(
            f"The project is already on PyO3 {shown(line)}.", f"`migrate` cannot go backwards (to {request.to})."
        )
    before, after = Context(None, {"pyo3": shown(line)}), Context(None, {"pyo3": request.to})
    moved, applied = code_migrations(load(template_root()), found.files, before, after)
    files = {path: (found.files[path], moved[path]) for path in moved if moved[path] != found.files[path]}
    heavy = [one for one in found.notices if line < target and weighty(found, one)]
    places = [*_unread(moved), *_unmoved(moved, target)] if line < target else []
    places += [ReviewItem(one.path, one.line or 1, one.text) for one in heavy]
    left = tuple(str(notice) for notice in found.notices if notice not in heavy)
    return Plan(found, shown(line), request.to, files, tuple(_lasting(applied, files)), tuple(places), left)


def _lasting(applied: list[Applied], files: Mapping[str, tuple[File, File]]) -> Iterator[Applied]:
    """Without migrations whose changes a later one reverted."""
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
                note = "a syntax error, or unsupported syntax: the code around it was not migrated"
                yield ReviewItem(path, error.range().start.line + 1, note)


def _unmoved(files: Mapping[str, File], target: tuple[int, ...]) -> Iterator[ReviewItem]:
    """The requirements of pyo3 that no migration could change because of their form."""
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
        entry = manifest.get(*at)
        if isinstance(entry, Mapping) and "git" in entry:
            note = f"`pyo3` comes from Git; use a revision of PyO3 {shown(target)}"
        else:
            asked = f"`{crate.pyo3.requirement}`" if crate.pyo3.requirement else "no version"
            note = f"requires {asked} of pyo3, which was not changed; set it to {shown(target)}"
        yield ReviewItem(manifest.path, line, note)
