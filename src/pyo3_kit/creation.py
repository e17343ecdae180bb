"""Create a project: from a request to a complete folder, or to an error with nothing written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyo3_kit.git import run as vcs
from pyo3_kit.given_answers import user_defaults
from pyo3_kit.render import OpenTemplate, find_source, open_template
from pyo3_kit.render.template import list_files
from pyo3_kit.system.names import refuse_names
from pyo3_kit.system.own_files import temporary_folder
from pyo3_kit.system.platforms import join_command
from pyo3_kit.system.processes import find_program
from pyo3_kit.texts.checked import read_mapping
from pyo3_kit.texts.listing import Entry
from pyo3_kit.transaction.new_folder import check_target, open_staging

if TYPE_CHECKING:
    from pyo3_kit.overlays import OverlaySource
    from pyo3_kit.overlays.laying import Laid, Overlay
    from pyo3_kit.presets.applying import Decided
    from pyo3_kit.presets.catalogue import Preset
    from pyo3_kit.render.interview import Evaluation, Interview


@dataclass(frozen=True, slots=True)
class Request:
    """The project to create.

    The folder, the sources of the answers, the template (None: the one in the package), and the overlays to
    apply in addition to the preset's.
    """

    path: str
    preset: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    data_file: Path | None = None
    template: str | None = None
    ref: str | None = None
    overlays: Sequence[OverlaySource] = ()
    dry_run: bool = False
    git: bool = True
    force: bool = False


@dataclass(frozen=True, slots=True)
class Created:
    """The created project; with `dry_run`, the one that would have been created."""

    path: Path
    template: str
    ref: str | None
    preset: str | None
    answers: Mapping[str, Any]
    files: list[Entry]
    kept: list[str]
    committed: bool
    dry_run: bool
    next: list[str]
    message: str
    overlays: tuple[Laid, ...] = ()
    decided: tuple[Decided, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """The data of a questionnaire.

    The questions, the answers so far, and a preview of the files.
    """

    interview: Interview
    given: Mapping[str, Any]
    preset: Preset | None
    place: Path
    preview: Callable[[Evaluation], list[Entry]]
    finish: str = "Create the project"
    locked: frozenset[str] = frozenset()


Ask = Callable[[Draft], Mapping[str, Any]]


def create(request: Request, ask: Ask | None = None) -> Created:
    """Create the project. `ask` completes the answers, e.g. by asking the user; without it, defaults are used.

    Raises `Refused` for invalid input and `Failed` if a step fails; nothing is written in either case.
    """
    target = check_target(request.path, force=request.force)
    commits = request.git and not vcs.inside_work_tree(target.path)
    if commits and not request.dry_run:
        vcs.need_git()
    preset = _find_preset(request.preset)
    explicit = {**(read_mapping(request.data_file) if request.data_file else {}), **request.data}
    source = find_source(request.template, request.ref)
    user = vcs.user_identity()
    with open_template(source, target.path) as template, _overlays(request, preset, target.path) as overlays:
        maker = Maker(template, overlays, explicit, preset, user, target.path, _settings(user), ask)
        evaluation = maker.answer()
        if request.dry_run:
            with temporary_folder() as folder:
                files, laid = maker.render(folder / (target.path.name or "project"), evaluation)
            kept: list[str] = []
        else:
            with open_staging(target) as staging:
                files, laid = maker.render(staging.project, evaluation)
                if commits:
                    vcs.first_commit(staging.project, author_of(evaluation.recorded), user)
                staging.commit()
                kept = staging.kept
        return Created(
            path=target.path,
            template=source.shown,
            ref=template.commit,
            preset=request.preset,
            answers=evaluation.recorded,
            files=files,
            kept=kept,
            committed=commits and not request.dry_run,
            dry_run=request.dry_run,
            next=next_commands(request.path, files),
            message=template.message(),
            overlays=tuple(laid),
            decided=_decided(preset, evaluation),
        )


# Presets and overlays are imported by the runs that have some: to import both takes as long as half a render.


def _find_preset(name: str | None) -> Preset | None:
    if name is None:
        return None
    from pyo3_kit.presets import find_preset

    return find_preset(name)


def _overlays(request: Request, preset: Preset | None, place: Path) -> AbstractContextManager[Sequence[Overlay]]:
    from_preset = preset.overlays if preset else ()
    if not request.overlays and not from_preset:
        return nullcontext(())
    from pyo3_kit.overlays import overlay_source
    from pyo3_kit.overlays.laying import open_overlays

    return open_overlays([*request.overlays, *map(overlay_source, from_preset)], place)


def _decided(preset: Preset | None, evaluation: Evaluation) -> tuple[Decided, ...]:
    if preset is None:
        return ()
    from pyo3_kit.presets.applying import list_decided

    return tuple(list_decided(preset, evaluation))


def author_of(answers: Mapping[str, Any]) -> vcs.Identity:
    """The author in the answers; empty if there is none."""
    return vcs.Identity(str(answers.get("author_name", "")), str(answers.get("author_email", "")))


def next_commands(path: str, files: list[Entry]) -> list[str]:
    """The two commands to run next: enter the folder, and check that the project works."""
    commands = [] if Path(path).resolve() == Path.cwd() else [join_command(["cd", path])]
    if not any(entry.path == "pyproject.toml" for entry in files):
        return [*commands, "git status"]
    if find_program("uv"):
        return [*commands, "uv run pytest"]
    return [*commands, f"{Path(sys.executable).stem} -m pip install ."]


def _settings(user: vcs.Identity) -> dict[str, Any]:
    from pyo3_kit.render import copier_defaults

    known = {"author_name": user.name, "author_email": user.email}
    return {**{name: value for name, value in known.items() if value}, **copier_defaults(), **user_defaults()}


@dataclass(frozen=True)
class Maker:
    """One project: its answers, those of the overlays, and what they render.

    `place` is where templates see it. `settings` are defaults of the user's own; those that come from Git, `user`, may
    be invalid. `watch` sees the answers of each overlay before they are checked.
    """

    template: OpenTemplate
    overlays: Sequence[Overlay]
    given: Mapping[str, Any]
    preset: Preset | None
    user: vcs.Identity
    place: Path
    settings: Mapping[str, Any]
    ask: Ask | None = None
    watch: Callable[[Overlay, Evaluation], None] | None = None

    @cached_property
    def interview(self) -> Interview:
        """The questions of the base template."""
        return self.template.interview({**self.settings, **(self.preset.defaults if self.preset else {})})

    @cached_property
    def explicit(self) -> dict[str, Any]:
        """The given answers that are for the base template: those that only overlays ask for are not."""
        asked = {name for overlay in self.overlays for name in overlay.template.interview({}).questions}
        own = self.interview.questions
        return {name: value for name, value in self.given.items() if name in own or name not in asked}

    def answer(self) -> Evaluation:
        """The answers of the base template; `Refused` for those that cannot be used."""
        preset = self.preset
        if preset is not None:
            from pyo3_kit.presets import check_preset
            from pyo3_kit.presets.applying import refuse_contradicting

            # The user's own defaults do not concern the preset.
            check_preset(preset, self.template.interview({}))
            refuse_contradicting(preset, self.explicit, self.interview)
        given = _settled(self.interview, self.explicit, preset, self.user)
        if self.ask is not None:
            locked = preset.locked if preset else frozenset()
            draft = Draft(self.interview, given, preset, self.place, self._preview, locked=locked)
            given = _without_unasked(self.interview, dict(self.ask(draft)), locked)
        return _usable(self.interview, given)

    def render(self, folder: Path, evaluation: Evaluation) -> tuple[list[Entry], list[Laid]]:
        """Render the base template and the overlays into the folder; `Refused` as `lay` has it."""
        files = self.template.render(folder, evaluation)
        links = {entry.path: (folder / entry.path).is_symlink() for entry in files}
        refuse_names(links, f"The template {self.template.source.url}")
        if not self.overlays:
            return files, []
        from pyo3_kit.overlays.laying import lay

        laid = lay(folder, self.overlays, self._complete)
        return list_files(folder), laid

    def _complete(self, overlay: Overlay) -> Evaluation:
        interview = overlay.template.interview(self.settings)
        explicit = {name: value for name, value in self.given.items() if name in interview.questions}
        if self.watch is not None:
            self.watch(overlay, interview.evaluate(explicit))
        given: Mapping[str, Any] = _settled(interview, explicit, None, self.user)
        if self.ask is not None and interview.evaluate(given).asked:
            finish = f"Continue with the overlay {overlay.name}"
            given = self.ask(Draft(interview, given, None, self.place, lambda _: [], finish))
        return _usable(interview, given)

    def _preview(self, evaluation: Evaluation) -> list[Entry]:
        with temporary_folder() as folder:
            return self.template.render(folder / (self.place.name or "project"), evaluation)


def _without_unasked(interview: Interview, given: dict[str, Any], locked: frozenset[str]) -> dict[str, Any]:
    """The answers without those of the preset that the other answers rule out."""
    evaluation = interview.evaluate(given)
    gone = {item.name for item in evaluation.items if item.name in locked and not item.asked}
    return {name: value for name, value in given.items() if name not in gone}


def _settled(
    interview: Interview, explicit: Mapping[str, Any], preset: Preset | None, user: vcs.Identity
) -> dict[str, Any]:
    """The effective answers: all explicit ones, and those of the preset that the explicit ones do not rule out."""
    from pyo3_kit.render.strict import refuse_bad

    given = {**({**preset.answers, **preset.fixed} if preset else {}), **explicit}
    evaluation = interview.evaluate(given)
    for item in evaluation.asked:
        if item.origin == "setting" and item.error and item.value in (user.name, user.email):
            # Git's values can be anything; only an invalid default that the user set for this question is an error.
            interview.forget_setting(item.name)
    for item in evaluation.items:
        if item.name in given and item.name not in explicit and not item.asked and not item.computed:
            del given[item.name]
    refuse_bad(interview.evaluate(given), given)
    return given


def _usable(interview: Interview, given: Mapping[str, Any]) -> Evaluation:
    from pyo3_kit.render.strict import refuse_bad, refuse_missing

    evaluation = interview.evaluate(given)
    refuse_bad(evaluation, given)
    refuse_missing(evaluation)
    return evaluation
