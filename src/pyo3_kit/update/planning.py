"""What an update would do: computed from the project as it is, with nothing written in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyo3_kit.data import read_data_file
from pyo3_kit.errors import Refused
from pyo3_kit.merge.model import Conflict, File, FileMerge, Labels, Outcome, Tree
from pyo3_kit.tree import Entry
from pyo3_kit.update.answers import Ask, base_answers, target_answers
from pyo3_kit.update.answers_file import Recorded, read_answers
from pyo3_kit.update.journal import state
from pyo3_kit.update.merging import Sides, merge_sides
from pyo3_kit.update.ownership import seed_matcher
from pyo3_kit.update.pin import make_pin, read_pin, write_pin
from pyo3_kit.update.project import Project, find_project, refuse_unmerged
from pyo3_kit.update.renders import Rendered, Renders
from pyo3_kit.update.sources import TemplateVersions, Version, template_versions
from pyo3_kit.update.worktree import read_ours, refuse_untouchable

if TYPE_CHECKING:
    from pyo3_kit.migrations import Applied
    from pyo3_kit.render.interview import Evaluation


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """What is to be updated, and to what.

    `path` is the project's folder (None: the current one, or the nearest above it); `to` a version, the newest without;
    `rebase_on` the version to compare the project with instead of the recorded one. `again` asks all questions anew.
    """

    path: Path | None = None
    answers_file: str | None = None
    to: str | None = None
    rebase_on: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    data_file: Path | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What an update does.

    `before` and `after` are the names of the versions, `files` what becomes of each file, by path. `left` are files
    that the template no longer has and that stay because they were edited. `base` and `theirs` are what the template
    renders before and now. A plan without files has nothing to do.
    """

    project: Project
    template: str
    before: str
    after: str
    answers_before: Mapping[str, Any]
    answers_after: Mapping[str, Any]
    files: tuple[FileMerge, ...] = ()
    migrations: tuple[Applied, ...] = ()
    warnings: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    base: Tree = field(default_factory=dict, repr=False)
    theirs: Tree = field(default_factory=dict, repr=False)
    labels: Labels = field(default_factory=Labels)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """All places that a person has to decide."""
        return tuple(conflict for merge in self.files for conflict in merge.conflicts)

    @property
    def answers_changed(self) -> dict[str, tuple[Any, Any]]:
        """The answers that change, each with what it was and what it becomes (None: not there)."""
        names = sorted({*self.answers_before, *self.answers_after})
        pairs = {name: (self.answers_before.get(name), self.answers_after.get(name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def plan(request: UpdateRequest, ask: Ask | None = None, renders: Renders | None = None) -> Plan:
    """What the update would do; `ask` completes the answers, without it defaults are taken.

    Projects of a fleet share `renders`. `Refused` for whatever stands against the update, with nothing written.
    """
    project = find_project(request.path, request.answers_file)
    recorded = read_answers(project.root / project.answers_file)
    refuse_pending(project)
    refuse_unmerged(project)
    explicit = {**(read_data_file(request.data_file) if request.data_file else {}), **request.data}
    versions = template_versions(recorded.source, project.root)
    base = versions.at(request.rebase_on or recorded.commit)
    target = _target(versions, base, request.to)
    if base.commit == target.commit and not explicit and not request.again and request.rebase_on is None:
        return _nothing(project, versions.url, base, recorded)
    if renders is not None:
        return _Planning(request, project, recorded, explicit, base, target, renders, ask).plan()
    with Renders() as own:
        return _Planning(request, project, recorded, explicit, base, target, own, ask).plan()


def refuse_pending(project: Project) -> None:
    """`Refused` while an earlier update of the project is not over."""
    if (pending := state(project.place)) is None:
        return
    way = "Go on with `pyo3-kit update --continue`, or undo it with `pyo3-kit update --abort`."
    if pending.kind == "interrupted":
        raise Refused("An update of this project was interrupted half-way.", way, state=pending.kind)
    left = ", ".join(pending.files)
    raise Refused(f"The last update left conflicts to decide: {left}.", way, state=pending.kind)


def _target(versions: TemplateVersions, base: Version, to: str | None) -> Version:
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


def _nothing(project: Project, template: str, version: Version, recorded: Recorded) -> Plan:
    return Plan(project, template, version.commit, version.commit, recorded.answers, recorded.answers)


class _Planning:
    def __init__(
        self,
        request: UpdateRequest,
        project: Project,
        recorded: Recorded,
        explicit: Mapping[str, Any],
        base: Version,
        target: Version,
        renders: Renders,
        ask: Ask | None,
    ) -> None:
        self.request, self.project, self.recorded, self.explicit = request, project, recorded, explicit
        self.base, self.target, self.renders, self.ask = base, target, renders, ask
        self.warnings: list[str] = []

    def plan(self) -> Plan:
        project, base, target = self.project, self.base, self.target
        place, name = project.root, project.answers_file
        from pyo3_kit.migrations import Context, answer_migrations, load

        migrations = load(target.root)
        moved, applied = answer_migrations(migrations, self.recorded.answers, base.commit, target.commit)
        settled = target_answers(
            self.renders.open(target, place, name),
            moved,
            self.explicit,
            place,
            self._preview,
            self.ask,
            again=self.request.again,
        )
        self.warnings += settled.warnings
        before = base_answers(self.renders.open(base, place, name), self.recorded.answers, self.explicit)
        after = settled.evaluation.recorded
        if base.commit == target.commit and after == self.recorded.answers and self.request.rebase_on is None:
            return replace(_nothing(project, target.source.url, base, self.recorded), warnings=tuple(self.warnings))
        rendered_before = self._rendered(base, before)
        rendered_after = self._rendered(target, settled.evaluation)
        self._check_base(rendered_before.tree)
        sides = Sides(
            project=project,
            base=_without(rendered_before.tree, name),
            theirs=_without(rendered_after.tree, name),
            leaves_alone=rendered_after.leaves_alone,
            seed=seed_matcher(target.root, self.renders.open(target, place, name)),
            labels=self._labels(),
        )
        merged = merge_sides(
            sides, migrations, Context(base.commit, self.recorded.answers), Context(target.commit, after)
        )
        files = [*merged.files, *self._records(rendered_after.tree, after)]
        refuse_untouchable(project, files, rendered_before.tree)
        if runs := self.renders.open(target, place, name).runs_code:
            self.warnings.append(f"The template declares {' and '.join(runs)}, which pyo3-kit does not run.")
        return Plan(
            project=project,
            template=target.source.url,
            before=base.commit,
            after=target.commit,
            answers_before=self.recorded.answers,
            answers_after=after,
            files=tuple(sorted(files, key=lambda merge: merge.path)),
            migrations=(*applied, *merged.migrations),
            warnings=tuple(self.warnings),
            left=merged.left,
            base=sides.base,
            theirs=sides.theirs,
            labels=sides.labels,
        )

    def _rendered(self, version: Version, evaluation: Evaluation) -> Rendered:
        rendered = self.renders.render(version, evaluation, self.project.root, self.project.answers_file)
        if version is self.target and self.project.answers_file not in rendered.tree:
            raise Refused(
                f"Version {version.commit} of the template writes no {self.project.answers_file}.",
                "The project could not be updated ever after: tell the template's maintainers.",
            )
        return rendered

    def _preview(self, evaluation: Evaluation) -> list[Entry]:
        tree = self._rendered(self.target, evaluation).tree
        return [Entry(path, len(file.content)) for path, file in sorted(tree.items())]

    def _check_base(self, tree: Tree) -> None:
        """`Refused` when the recorded version renders something else than it did when the project was brought to it."""
        noted = read_pin(self.project.root / self.project.lock_file, self.recorded)
        if noted is None or self.request.rebase_on is not None:
            return
        found = make_pin(self.recorded, _without(tree, self.project.answers_file))
        if found.render != noted.render:
            raise Refused(
                f"Version {self.recorded.commit} of the template renders other files than it did when this project was "
                "brought to it: was the tag moved?",
                "Name the version that the project was really made from, `--rebase-on REF`; "
                f"`--rebase-on {self.recorded.commit}` takes what the name means now.",
            )

    def _labels(self) -> Labels:
        if self.base.commit == self.target.commit:
            return Labels("yours", f"template {self.base.commit} before", f"template {self.target.commit} now")
        return Labels("yours", f"template {self.base.commit}", f"template {self.target.commit}")

    def _records(self, theirs: Tree, answers: Mapping[str, Any]) -> list[FileMerge]:
        """The answers file, which is the template's alone, and the note beside it."""
        name, note = self.project.answers_file, self.project.lock_file
        ours = read_ours(self.project, [name, note])
        records = [_written(name, ours.get(name), theirs[name], "it records the version and the answers")]
        if not self.target.pinned:
            recorded = Recorded(self.target.source.url, self.target.commit, answers)
            pin = make_pin(recorded, _without(theirs, name))
            reason = "it notes what the version rendered"
            records.append(_written(note, ours.get(note), File(write_pin(pin)), reason))
        elif note in ours:
            reason = "the version's name cannot change its meaning"
            records.append(FileMerge(note, Outcome.REMOVED, reason, ours[note], None))
        return records


def _written(path: str, ours: File | None, theirs: File, reason: str) -> FileMerge:
    outcome = Outcome.ADDED if ours is None else Outcome.UNCHANGED if ours == theirs else Outcome.UPDATED
    return FileMerge(path, outcome, reason, ours, theirs)


def _without(tree: Tree, path: str) -> dict[str, File]:
    return {name: file for name, file in tree.items() if name != path}


__all__ = ["Ask", "Plan", "UpdateRequest", "plan"]
