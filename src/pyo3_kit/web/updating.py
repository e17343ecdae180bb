"""What an update would change in a fresh render, for the answers file of an existing project."""

from __future__ import annotations

from typing import Any

from pyo3_kit.codemods import answer_migrations, load
from pyo3_kit.errors import KitError, Refused
from pyo3_kit.render.cache import Renders
from pyo3_kit.template.location import TEMPLATE_URL, is_ours
from pyo3_kit.template.versions import template_versions
from pyo3_kit.texts.checked import checked
from pyo3_kit.update.answers import base_answers, target_answers
from pyo3_kit.web.looks import Update
from pyo3_kit.web.session import NOWHERE, session
from pyo3_kit.web.wanted import folder_name

_KEPT = 4


def read_project(text: str) -> Update:
    """Read an answers file, move its answers to the version that is served, and render the recorded version.

    `Refused` for a text that is not an answers file. Only the template that is served is used, whatever the file names.
    """
    data = checked("the answers file", text, "yaml")
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise Refused("This is not an answers file.", "Paste the content of `.copier-answers.yml`.")
    recorded = {name: value for name, value in data.items() if not name.startswith("_")}
    source, commit = str(data.get("_src_path", "")), str(data.get("_commit", ""))
    served = session().template
    url = served.source.url
    notes = []
    if not (source == url or (url == TEMPLATE_URL and is_ours(source))):
        notes.append("The file names another template than the one that is served here; only its answers are used.")
    elif commit and commit != served.commit:
        try:
            return _moved(url, commit, recorded)
        except KitError as error:
            notes.append(f"Version {commit} cannot be rendered here: {error.message}")
    questions = served.interview({}).questions
    notes += [f"`{name}` is not a question of this version." for name in recorded if name not in questions]
    return Update({name: value for name, value in recorded.items() if name in questions}, commit, None, notes)


def _moved(url: str, commit: str, recorded: dict[str, Any]) -> Update:
    served = session().template
    place = NOWHERE / folder_name(recorded, None)
    base = template_versions(url, NOWHERE).at(commit)
    assert served.source.carried is not None
    target_root, target_commit = served.source.carried
    with Renders(keep=_KEPT) as renders:
        opened = renders.open(base, place, served.answers_file)
        before = renders.render(base, base_answers(opened, recorded, {}), place, served.answers_file)
    served.move(place)
    answers, applied = answer_migrations(load(target_root), recorded, base.commit, target_commit or "")
    settled = target_answers(served, answers, {}, place, lambda _: [], None, again=False)
    notes = [note for migration in applied for note in migration.notes] + list(settled.warnings)
    return Update(dict(settled.evaluation.recorded), commit, dict(before.tree), notes)
