"""What an update would do: computed from the project as it is, with nothing written in it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pyo3_kit.errors import Refused, Unreachable, without_secrets
from pyo3_kit.merge.model import FileMerge, Labels, Tree
from pyo3_kit.overlays import OverlaySource
from pyo3_kit.overlays.names import check_name
from pyo3_kit.project.answers_file import Recorded, read_answers
from pyo3_kit.project.files import write_into
from pyo3_kit.project.location import Project, find_project, refuse_unfinished
from pyo3_kit.project.opt_outs import read_shares
from pyo3_kit.project.worktree import refuse_untouchable
from pyo3_kit.render.cache import Renders
from pyo3_kit.template.source import find_source
from pyo3_kit.template.trust import Trust, default_trust
from pyo3_kit.template.versions import TemplateVersions, Version, template_versions
from pyo3_kit.texts.checked import read_mapping
from pyo3_kit.transaction.journal import state
from pyo3_kit.update.answers import Ask
from pyo3_kit.update.layers import Layer, RenderedLayer, SettledLayer, choose_target
from pyo3_kit.update.merging import Sides, merge_sides
from pyo3_kit.update.model import OverlayStep, Plan, UpdateRequest
from pyo3_kit.update.new_names import refuse_new_names
from pyo3_kit.update.overlaid import collect_overlaid, compose_trees, preview_project
from pyo3_kit.update.stack import Stack, stack_of, unmerged_fragments


def plan(request: UpdateRequest, ask: Ask | None = None, renders: Renders | None = None) -> Plan:
    """What the update would do; `ask` completes the answers, without it defaults are taken.

    Projects of a fleet share `renders`. Raises `Refused` for anything that prevents the update.
    """
    project = find_project(request.path, request.answers_file)
    stack = stack_of(project)
    recorded = {"": read_answers(project.root / stack.main.answers_file)}
    recorded |= {name: read_answers(project.root / one.answers_file) for name, one in stack.overlays.items()}
    refuse_pending(project)
    refuse_unfinished(project)
    explicit = {**(read_mapping(request.data_file) if request.data_file else {}), **request.data}
    with ExitStack() as opened:
        if renders is None:
            renders = opened.enter_context(Renders(trust=default_trust(request.named_templates)))
        return _Planning(request, project, stack, recorded, explicit, renders, ask).plan()


def refuse_pending(project: Project) -> None:
    """`Refused` while an earlier update of the project is unfinished."""
    if (pending := state(project.place)) is None:
        return
    message = f"The last update left conflicts to decide: {', '.join(pending.files)}."
    if pending.kind == "interrupted":
        message = "An update of this project was interrupted half-way."
    way = "Continue with `pyo3-kit update --continue`, or undo it with `pyo3-kit update --abort`."
    raise Refused(message, way, state=pending.kind)


_AnyLayer = TypeVar("_AnyLayer", bound=Layer)


@dataclass(frozen=True)
class _Planning:
    request: UpdateRequest
    project: Project
    stack: Stack
    recorded: Mapping[str, Recorded]
    explicit: Mapping[str, Any]
    renders: Renders
    ask: Ask | None

    @property
    def root(self) -> Path:
        return self.project.root

    @property
    def chosen(self) -> str:
        """The overlay that the request is about; empty for the base template."""
        return next((name for name, one in self.stack.overlays.items() if one == self.project), "")

    def plan(self) -> Plan:
        layers = self._layers()
        if not (self._may_move(layers) or unmerged_fragments(self.stack)):
            return self._nothing(layers)
        with preview_project(self.stack) as place:
            settled, rendered = self._rendered(layers, place)
        moving = {name: layer for name, layer in settled.items() if layer.moves}
        labels = self._labels(moving)
        changes = collect_overlaid(self.stack, _overlays(rendered), labels)
        if not moving and not changes.changes:
            return self._nothing(settled)
        main = rendered.get("")
        if main is None:
            resting = settled.get("") or self._resting()
            main = resting.render({}) if changes.changes else resting.unrendered()
        trees = compose_trees(main, _overlays(rendered), changes)
        return self._merged(rendered, main, trees, labels, changes.records(self.project))

    def _rendered(
        self, layers: Mapping[str, Layer], place: Path
    ) -> tuple[dict[str, SettledLayer], dict[str, RenderedLayer]]:
        """All layers with their answers, and those whose files may change rendered.

        `place` shows overlays what the base template will record.
        """
        settled: dict[str, SettledLayer] = {}
        rendered: dict[str, RenderedLayer] = {}
        for name, layer in layers.items():
            explicit = self._explicit_of(layer, layers)
            settled[name] = layer.settle(explicit, self.ask, place if name else self.root, again=self.request.again)
            if settled[name].moves or "" in rendered:
                rendered[name] = settled[name].render(explicit)
                if (written := rendered[name].written) is not None:
                    write_into(place, layer.project.answers_file, written.content)
        return settled, rendered

    def _layers(self) -> dict[str, Layer]:
        """The templates to update, by name, in order."""
        request = self.request
        if request.stay:
            return {}
        if request.add is not None:
            added = self._added(request.add)
            return {added.name: added}
        if request.remove is not None:
            if request.remove not in self.stack.overlays:
                there = ", ".join(self.stack.overlays) or "none"
                raise Refused(f"The project has no overlay `{request.remove}`.", f"It has: {there}.")
            base = self._versions(request.remove).at(self.recorded[request.remove].commit)
            return {request.remove: self._layer(request.remove, base, None)}
        alone = request.answers_file or request.to or request.rebase_on or request.template
        names = [self.chosen] if alone else ["", *self.stack.overlays]
        found = {}
        for name in names:
            try:
                versions = self._versions(name)
                base = versions.at(request.rebase_on or self.recorded[name].commit)
                found[name] = self._layer(name, base, choose_target(versions, base, request.to))
            except Unreachable as error:
                hint = f"{error.hint} If the template moved, give its new address with `--template ADDRESS`."
                raise self._beside(name, Refused(error.message, hint)) from error
            except Refused as error:
                raise self._beside(name, error) from error
        return found

    def _layer(self, name: str, base: Version, target: Version | None) -> Layer:
        project = self.stack.overlays[name] if name else self.stack.main
        rebased = self.request.rebase_on is not None or self.request.template is not None
        return Layer(name, project, self.recorded[name], base, target, self.renders, rebased=rebased)

    def _added(self, source: OverlaySource) -> Layer:
        # Relative to the current folder, as for `new`, and recorded as an absolute path.
        address = source.address if "://" in source.address else find_source(source.address, None).url
        versions = template_versions(address, self.root, Trust())
        version = versions.newest() if source.ref is None else versions.at(source.ref)
        template = self.renders.open(version, self.root, None, first=True)
        file = template.answers_file
        name = check_name(file, version.source.shown)
        if name in self.stack.overlays:
            raise Refused(
                f"The project has an overlay `{name}` already.",
                "Update it with `pyo3-kit update`; two overlays cannot have the same name.",
            )
        return Layer(name, self.stack.main._replace(answers_file=file), None, None, version, self.renders)

    def _resting(self) -> SettledLayer:
        """The base template, which stays at its version with its answers."""
        return self._layer("", self._versions("").at(self.recorded[""].commit), None).rest()

    def _versions(self, name: str) -> TemplateVersions:
        if self.request.template is not None and name == self.chosen:
            # Like that of `new`: relative to the current folder, and recorded as an absolute path.
            return self.renders.versions(find_source(self.request.template, None).url, self.root)
        return self.renders.versions(self.recorded[name].source, self.root)

    def _beside(self, name: str, error: Refused) -> Refused:
        """The error of one of several templates, with the way to update the others."""
        if not self.stack.overlays or self.request.answers_file:
            return error
        other = self.stack.main.answers_file
        whose = f"The overlay `{name}`" if name else "The base template of the overlays"
        # Of the same kind, so that a fleet knows a template that is not trusted.
        return type(error)(
            f"{whose}: {error.message}", f"{error.hint} `--answers-file {other}` updates that template alone."
        )

    def _may_move(self, layers: Mapping[str, Layer]) -> bool:
        changed = any(layer.commits[0] != layer.commits[1] for layer in layers.values())
        request = self.request
        return bool(changed or self.explicit or request.again or request.rebase_on or request.template)

    def _explicit_of(self, layer: Layer, layers: Mapping[str, Layer]) -> dict[str, Any]:
        """The answers given now that are this template's: what it asks for, and of the first what no other one does."""
        if not self.explicit or layer.target is None:
            return {}
        first = next(iter(layers.values()))
        others = {key for one in layers.values() if one is not first for key in one.questions}
        own = layer.questions
        return {k: v for k, v in self.explicit.items() if k in own or (layer is first and k not in others)}

    def _labels(self, moving: Mapping[str, Layer]) -> Labels:
        first = self._lead(moving)
        before, after = first.commits if first else ("", "")
        before, after = before or "without it", after or "without it"
        if before == after:
            before, after = f"{before} before", f"{after} now"
        return Labels("yours", f"template {before}", f"template {after}")

    def _lead(self, layers: Mapping[str, _AnyLayer]) -> _AnyLayer | None:
        return layers.get(self.chosen) or next(iter(layers.values()), None)

    def _nothing(self, layers: Mapping[str, Layer]) -> Plan:
        recorded = self.recorded[self.chosen]
        commit = lead.commits[0] if (lead := self._lead(layers)) else recorded.commit
        warnings = tuple(warning for layer in layers.values() for warning in layer.warnings)
        source = lead.address if lead else without_secrets(recorded.source)
        return Plan(self.project, source, commit, commit, recorded.answers, recorded.answers, warnings=warnings)

    def _merged(
        self,
        layers: Mapping[str, RenderedLayer],
        main: RenderedLayer,
        trees: tuple[Tree, Tree],
        labels: Labels,
        notes: list[FileMerge],
    ) -> Plan:
        from pyo3_kit.codemods import Context, Migrations, load

        below = layers.get("")
        target = main.target
        overlays = _overlays(layers)
        owner = {path: layer for layer in overlays.values() for path in {**layer.before, **layer.after}}
        shares = read_shares(self.root)
        sides = Sides(
            project=self.project,
            base=shares.of(trees[0], owner),
            theirs=shares.of(trees[1], owner),
            leaves_alone=lambda path: owner.get(path, main).leaves_alone(path),
            seed=lambda path: owner.get(path, main).seed(path),
            labels=labels,
        )
        # Code migrations concern the base template; without it there is nothing to migrate.
        merged = merge_sides(
            sides,
            load(target.root) if below and target else Migrations(()),
            Context(main.commits[0], main.answers_before),
            Context(main.commits[1] or main.commits[0], main.answers_after),
        )
        files = [
            *map(shares.kept, merged.files),
            *notes,
            *(record for layer in layers.values() if layer.moves for record in layer.records()),
        ]
        refuse_new_names(files, trees[1], lambda path: owner.get(path, main).name)
        refuse_untouchable(self.project, files, trees[0])
        lead = self._lead(layers) or main
        return Plan(
            project=self.project,
            template=lead.address,
            before=lead.commits[0],
            after=lead.commits[1],
            answers_before=lead.answers_before,
            answers_after=lead.answers_after,
            files=tuple(sorted(files, key=lambda merge: merge.path)),
            migrations=(*(done for layer in layers.values() for done in layer.migrations), *merged.migrations),
            warnings=(*(warning for layer in layers.values() for warning in layer.warnings), *merged.warnings),
            left=merged.left,
            base=sides.base,
            theirs=sides.theirs,
            labels=sides.labels,
            overlays=tuple(_step(layer) for layer in overlays.values() if layer.moves),
        )


def _overlays(layers: Mapping[str, RenderedLayer]) -> dict[str, RenderedLayer]:
    return {name: layer for name, layer in layers.items() if name}


def _step(layer: RenderedLayer) -> OverlayStep:
    before, after = layer.commits
    return OverlayStep(layer.name, layer.address, before, after, layer.answers_before, layer.answers_after)


__all__ = ["Ask", "Plan", "UpdateRequest", "plan"]
