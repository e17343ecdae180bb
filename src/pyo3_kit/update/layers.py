"""One template of a project in an update: its answers, what it renders before and after, and what it records.

A project has one layer, or several if it has overlays: each has its own answers file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyo3_kit.errors import Refused
from pyo3_kit.merge.model import File, FileMerge, Outcome, Tree
from pyo3_kit.project.answers_file import Recorded, read_answers
from pyo3_kit.project.location import Project
from pyo3_kit.project.lock_file import make_pin, read_pin, write_pin
from pyo3_kit.project.worktree import read_ours
from pyo3_kit.render.cache import Rendered, Renders
from pyo3_kit.template.ownership import seed_matcher
from pyo3_kit.template.versions import TemplateVersions, Version
from pyo3_kit.texts.listing import Entry
from pyo3_kit.update.answers import Ask, base_answers, target_answers

if TYPE_CHECKING:
    from pyo3_kit.codemods import Applied
    from pyo3_kit.render import OpenTemplate
    from pyo3_kit.render.interview import Evaluation


def _never(_path: str) -> bool:
    return False


@dataclass(frozen=True)
class Layer:
    """A template of the project that is updated from version `base` to version `target`.

    `base` and `recorded` are None for one that the project is to get, `target` for one that it is to lose. `name` is an
    overlay's name, and empty for the base template. `rebased` is set when `base` is not what the project records.
    """

    name: str
    project: Project
    recorded: Recorded | None
    base: Version | None
    target: Version | None
    renders: Renders
    rebased: bool = False
    warnings: tuple[str, ...] = ()
    migrations: tuple[Applied, ...] = ()

    @property
    def answers_before(self) -> Mapping[str, Any]:
        """The recorded answers."""
        return self.recorded.answers if self.recorded else {}

    @property
    def commits(self) -> tuple[str, str]:
        """The names of both versions; empty where there is none."""
        return self.base.commit if self.base else "", self.target.commit if self.target else ""

    @property
    def address(self) -> str:
        """The template's address."""
        version = self.target or self.base
        assert version is not None
        return version.source.shown

    @property
    def questions(self) -> set[str]:
        """The names of the target version's questions."""
        return set() if self.target is None else set(self._open(self.target).interview({}).questions)

    def settle(self, explicit: Mapping[str, Any], ask: Ask | None, place: Path, *, again: bool) -> SettledLayer:
        """Find the answers of the target version, where the project will look like what is at `place`.

        `Refused` for answers that cannot be used.
        """
        from pyo3_kit.codemods import answer_migrations, load

        if self.target is None:
            return SettledLayer(**vars(self), place=place)
        moved: Mapping[str, Any] = self.answers_before
        applied: list[Applied] = []
        if self.base is not None:
            moved, applied = answer_migrations(load(self.target.root), moved, *self.commits)
        template = self._open(self.target, place)
        settled = target_answers(
            template, moved, explicit, place, lambda answers: self._preview(answers, place), ask, again=again
        )
        changed = replace(
            self, warnings=tuple(settled.warnings) if self.recorded is not None else (), migrations=tuple(applied)
        )
        return SettledLayer(**vars(changed), place=place, settled=settled.evaluation)

    def rest(self) -> SettledLayer:
        """Take the recorded version and answers for the target as well."""
        assert self.base is not None
        settled = base_answers(self._open(self.base), self.answers_before, {})
        return SettledLayer(**vars(replace(self, target=self.base)), place=self.project.root, settled=settled)

    def _open(self, version: Version, place: Path | None = None) -> OpenTemplate:
        first = self.base is None
        return self.renders.open(version, place or self.project.root, self.project.answers_file, first=first)

    def _rendered(self, version: Version, evaluation: Evaluation, place: Path) -> Rendered:
        name = self.project.answers_file
        return self.renders.render(version, evaluation, place, name, first=self.base is None)

    def _preview(self, evaluation: Evaluation, place: Path) -> list[Entry]:
        assert self.target is not None
        tree = self._rendered(self.target, evaluation, place).tree
        return [Entry(path, len(file.content)) for path, file in sorted(tree.items())]


@dataclass(frozen=True)
class SettledLayer(Layer):
    """A layer with its answers; `settled` is None for one that is removed.

    The project will look like what is at `place`.
    """

    place: Path = Path()
    settled: Evaluation | None = None

    @property
    def answers_after(self) -> Mapping[str, Any]:
        """The answers that the project will record."""
        return self.settled.recorded if self.settled else {}

    @property
    def moves(self) -> bool:
        """Whether version or answers change."""
        before, after = self.commits
        return before != after or self.rebased or self.answers_after != self.answers_before

    def render(self, explicit: Mapping[str, Any]) -> RenderedLayer:
        """Render both versions. `Refused` where that cannot be done, and where the recorded one was another before."""
        name = self.project.answers_file
        layer = RenderedLayer(**vars(self))
        if self.base is not None:
            template = self._open(self.base)
            evaluation = base_answers(template, self.answers_before, explicit)
            before = self._rendered(self.base, evaluation, self.project.root)
            self._check_base(before.tree, template)
            layer = replace(
                layer,
                before=_without(before.tree, name),
                leaves_alone=before.leaves_alone,
                seed=seed_matcher(self.base.root, template.matcher),
            )
        if self.target is None or self.settled is None:
            return layer
        after = self._rendered(self.target, self.settled, self.place)
        if name not in after.tree:
            raise self._no_answers_file()
        template = self._open(self.target)
        warnings = self.warnings
        if runs := template.runs_code:
            whose = f"The overlay `{self.name}`" if self.name else "The template"
            warnings = (*warnings, f"{whose} declares {' and '.join(runs)}, which pyo3-kit does not run.")
        return replace(
            layer,
            after=_without(after.tree, name),
            leaves_alone=after.leaves_alone,
            seed=seed_matcher(self.target.root, template.matcher),
            written=after.tree[name],
            warnings=warnings,
        )

    def unrendered(self) -> RenderedLayer:
        """The layer without files, for one whose files do not change."""
        return RenderedLayer(**vars(self))

    def _no_answers_file(self) -> Refused:
        name, version = self.project.answers_file, self.commits[1]
        if self.base is None:
            return Refused(
                f"The overlay {self.address} does not write {name}.",
                "Without it the overlay cannot be updated. Add `{{ _copier_conf.answers_file }}.jinja` to it.",
            )
        return Refused(
            f"Version {version} of the template does not write {name}.",
            "Without it the project can never be updated again. Please report this to the template's maintainers.",
        )

    def _noted(self, answers: Mapping[str, Any], template: OpenTemplate, place: Path) -> Mapping[str, Any]:
        """The answers that a render depends on; of a template that reads the project's files, those of others too."""
        if not template.reads_files:
            return answers
        others = (path for path in place.glob(".copier-answers*.y*ml") if path.name != self.project.answers_file)
        return {**answers, "": {path.name: dict(read_answers(path).answers) for path in others}}

    def _check_base(self, tree: Tree, template: OpenTemplate) -> None:
        """`Refused` when the recorded version renders other files than it did when the project was updated to it."""
        assert self.recorded is not None
        answers = self._noted(self.recorded.answers, template, self.project.root)
        recorded = self.recorded._replace(answers=answers)
        noted = read_pin(self.project.root / self.project.lock_file, recorded)
        if noted is None or self.rebased:
            return
        if make_pin(recorded, _without(tree, self.project.answers_file)).render != noted.render:
            commit = self.recorded.commit
            raise Refused(
                f"Version {commit} of the template renders other files than it did when this project was "
                "updated to it: was the tag moved?",
                "Name the version that the project was rendered from with `--rebase-on REF`; "
                f"`--rebase-on {commit}` takes what the name means now.",
            )


@dataclass(frozen=True)
class RenderedLayer(SettledLayer):
    """A layer with its files before and after, and the answers file as it is `written`, if it is."""

    before: Tree = field(default_factory=dict)
    after: Tree = field(default_factory=dict)
    seed: Callable[[str], bool] = _never
    leaves_alone: Callable[[str], bool] = _never
    written: File | None = None

    def records(self) -> list[FileMerge]:
        """The answers file, which is the template's alone, and the note beside it."""
        name, note = self.project.answers_file, self.project.lock_file
        ours = read_ours(self.project, [name, note])
        if self.target is None:
            return [
                FileMerge(path, Outcome.REMOVED, "the overlay goes", ours[path], None)
                for path in (name, note)
                if path in ours
            ]
        assert self.written is not None
        records = [written(name, ours.get(name), self.written, "it records the version and the answers")]
        noted = not self.target.pinned
        if noted and (self.moves or note in ours):
            answers = self._noted(self.answers_after, self._open(self.target), self.place)
            recorded = Recorded(self.target.source.url, self.target.commit, answers)
            pin = make_pin(recorded, self.after)
            records.append(written(note, ours.get(note), File(write_pin(pin)), "it records what the version rendered"))
        elif note in ours and not noted:
            reason = "the version's name cannot change its meaning"
            records.append(FileMerge(note, Outcome.REMOVED, reason, ours[note], None))
        return records


def written(path: str, ours: File | None, theirs: File, reason: str) -> FileMerge:
    """The result for a file that only the template or this program writes."""
    outcome = Outcome.ADDED if ours is None else Outcome.UNCHANGED if ours == theirs else Outcome.UPDATED
    return FileMerge(path, outcome, reason, ours, theirs)


def _without(tree: Tree, path: str) -> dict[str, File]:
    return {name: file for name, file in tree.items() if name != path}


def choose_target(versions: TemplateVersions, base: Version, to: str | None) -> Version:
    """The version to update a template at `base` to: `to`, or the newest; `Refused` for one older than `base`."""
    target = versions.newest() if to is None else versions.at(to)
    if base.order is None or target.order is None or target.order >= base.order:
        return target
    if to is None:
        # A project made from a commit after the newest release is ahead of it, and waits for the next.
        return base
    raise Refused(
        f"The project is at {base.commit} already, which is newer than {target.commit}.",
        "An update goes forward only; to go back, undo the update's commit with Git.",
    )
