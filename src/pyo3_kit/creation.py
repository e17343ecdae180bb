"""Making a project: from a request to a folder in its place, or to one refusal with nothing written."""

from __future__ import annotations

import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyo3_kit import vcs
from pyo3_kit.data import read_data_file, user_defaults
from pyo3_kit.presets import Preset, find_preset
from pyo3_kit.render import OpenTemplate, find_source, open_template
from pyo3_kit.target import Target, check_target, staged
from pyo3_kit.tree import Entry

if TYPE_CHECKING:
    from pyo3_kit.render.interview import Evaluation, Interview


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be made.

    The folder, where the answers come from, and the template (None: the one that the package carries).
    """

    path: str
    preset: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    data_file: Path | None = None
    template: str | None = None
    ref: str | None = None
    dry_run: bool = False
    git: bool = True
    force: bool = False


@dataclass(frozen=True, slots=True)
class Created:
    """What was made, or with `dry_run` would have been."""

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


@dataclass(frozen=True, slots=True)
class Draft:
    """What a questionnaire works on.

    The questions, the answers given so far, and a way to see what would be written.
    """

    interview: Interview
    given: Mapping[str, Any]
    preset: Preset | None
    place: Path
    preview: Callable[[Evaluation], list[Entry]]
    finish: str = "Create the project"


Ask = Callable[[Draft], Mapping[str, Any]]


def create(request: Request, ask: Ask | None = None) -> Created:
    """Make the project. `ask` completes the answers, for example by asking the user; without it defaults are taken.

    Raises `Refused` for input that cannot be used and `Failed` when a step fails inside; nothing was written then.
    """
    target = check_target(request.path, force=request.force)
    commits = request.git and not vcs.inside_work_tree(target.path)
    if commits and not request.dry_run:
        vcs.need_git()
    preset = find_preset(request.preset) if request.preset is not None else None
    explicit = {**(read_data_file(request.data_file) if request.data_file else {}), **request.data}
    source = find_source(request.template, request.ref)
    user = vcs.user_identity()
    with open_template(source, target.path) as template:
        interview = template.interview(_settings(user))
        given = _settled(interview, explicit, preset, user)
        if ask is not None:
            given = dict(
                ask(Draft(interview, given, preset, target.path, lambda found: _preview(template, target, found)))
            )
        evaluation = _usable(interview, given)
        author = author_of(evaluation.recorded)
        kept: list[str] = []
        if request.dry_run:
            files = _preview(template, target, evaluation)
        else:
            with staged(target) as staging:
                files = template.render(staging.project, evaluation)
                if commits:
                    vcs.first_commit(staging.project, author, user)
                staging.commit()
                kept = staging.kept
        return Created(
            path=target.path,
            template=source.url,
            ref=template.commit,
            preset=request.preset,
            answers=evaluation.recorded,
            files=files,
            kept=kept,
            committed=commits and not request.dry_run,
            dry_run=request.dry_run,
            next=next_commands(request.path, files),
            message=template.message(),
        )


def author_of(answers: Mapping[str, Any]) -> vcs.Identity:
    """The author that the answers name; empty where they name none."""
    return vcs.Identity(str(answers.get("author_name", "")), str(answers.get("author_email", "")))


def next_commands(path: str, files: list[Entry]) -> list[str]:
    """The two commands that a user types next: go there, and see that it works."""
    commands = [] if Path(path).resolve() == Path.cwd() else [f"cd {shlex.quote(path)}"]
    if not any(entry.path == "pyproject.toml" for entry in files):
        return [*commands, "git status"]
    if shutil.which("uv"):
        return [*commands, "uv run pytest"]
    return [*commands, f"{Path(sys.executable).stem} -m pip install ."]


def _settings(user: vcs.Identity) -> dict[str, Any]:
    from pyo3_kit.render._copier import copier_defaults

    known = {"author_name": user.name, "author_email": user.email}
    return {**{name: value for name, value in known.items() if value}, **copier_defaults(), **user_defaults()}


def _settled(
    interview: Interview, explicit: Mapping[str, Any], preset: Preset | None, user: vcs.Identity
) -> dict[str, Any]:
    """The given answers that hold: all explicit ones, and those of the preset that the explicit ones leave room for."""
    from pyo3_kit.render.strict import refuse_bad

    given = {**(preset.answers if preset else {}), **explicit}
    evaluation = interview.evaluate(given)
    for item in evaluation.asked:
        if item.origin == "setting" and item.error and item.value in (user.name, user.email):
            # What Git knows may be anything; only what the user set as a default for this question is worth a refusal.
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


def _preview(template: OpenTemplate, target: Target, evaluation: Evaluation) -> list[Entry]:
    with tempfile.TemporaryDirectory(prefix="pyo3-kit-") as folder:
        return template.render(Path(folder) / (target.path.name or "project"), evaluation)
