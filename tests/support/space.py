"""The space of structural answers, and which part of it each template file depends on.

A rendered file is a function of the answers that its source, its path and its gates read. So all combinations of the
whole questionnaire are covered when each file is rendered for every combination of *its own* answers.
"""

from __future__ import annotations

import atexit
import itertools
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pathspec
import yaml
from copier._main import Worker
from jinja2 import Template, meta

from tests.support.template import export

Answers = dict[str, Any]

# Free text has two structural values: there, and not there. Names are there always.
TEXT: dict[str, tuple[str, ...]] = {
    "project_name": ("my-lib",),
    "python_package": ("my_lib",),
    "crate_name": ("my-lib",),
    "project_description": ("A Python library written in Rust.",),
    "author_name": ("", "Ada Lovelace"),
    "author_email": ("", "ada@example.org"),
    "repository_url": ("", "https://github.com/ada/my-lib"),
}


@dataclass(frozen=True)
class File:
    """A file of the template: its path below `template/`, and the answers that decide what becomes of it."""

    path: str
    answers: frozenset[str]

    @property
    def is_template(self) -> bool:
        return self.path.endswith(".jinja")


@cache
def exported() -> Space:
    """A space over a copy of the template, for what has to be known while tests are collected."""
    folder = tempfile.TemporaryDirectory()
    atexit.register(folder.cleanup)
    return Space(export(Path(folder.name, "template")))


class Space:
    """Evaluates the questionnaire with Copier's own Jinja environment, fast enough for all combinations."""

    def __init__(self, template: Path) -> None:
        self.root = template
        self.worker = Worker(src_path=str(template), dst_path=Path("my-lib"), defaults=True, quiet=True)
        self.env = self.worker.jinja_env
        self.questions: dict[str, dict[str, Any]] = dict(self.worker.template.questions_data)
        self._answers = {"_commit": "v0.1.0", "_src_path": "https://github.com/pyo3-kit/pyo3-kit.git"}
        self._compiled: dict[str, tuple[Template, tuple[str, ...]]] = {}
        self._rendered: dict[tuple[Any, ...], str] = {}

    # The questionnaire ------------------------------------------------------------------------------------------

    def hidden(self, name: str) -> bool:
        """Whether the name is no question but data or a computed answer."""
        return self.questions[name].get("when") is False

    def choices(self, name: str) -> tuple[Any, ...]:
        """All values that the question `name` can take."""
        details = self.questions[name]
        if name in TEXT:
            return TEXT[name]
        if "choices" not in details:
            assert details["type"] == "bool", f"{name} is neither a choice nor yes/no: give it values in TEXT"
            return (False, True)
        choices = details["choices"]
        values = choices.values() if isinstance(choices, dict) else choices
        return tuple(value["value"] if isinstance(value, dict) else value for value in values)

    @cached_property
    def structural(self) -> list[str]:
        """The questions whose answers decide what the project is made of, in the order of the questionnaire."""
        return [name for name in self.questions if not self.hidden(name) and name not in TEXT]

    def resolve(self, answers: Mapping[str, Any]) -> Answers | None:
        """All values for the given answers, the rest at its defaults; None when an answer is refused or not asked."""
        values: Answers = {"_copier_conf": self._conf, "_copier_answers": self._answers}
        for name, details in self.questions.items():
            asked = self._truth(details.get("when", True), values)
            if name in answers:
                if not asked:
                    return None
                values[name] = answers[name]
                if self.refused(name, details, values):
                    return None
            else:
                values[name] = self._cast(details, details.get("default"), values)
        return values

    def unasked(self, name: str, values: Answers) -> bool:
        """Whether the question `name` is hidden by these values."""
        return not self._truth(self.questions[name].get("when", True), values)

    @cache  # noqa: B019 — a space lives as long as the test session
    def conditions(self, name: str) -> frozenset[str]:
        """The questions whose answers decide whether `name` is asked and which of its values are accepted."""
        return frozenset(self._asked({name}) - {name})

    def combinations(self, names: Iterable[str]) -> Iterator[Answers]:
        """Every combination of the questions `names` that the questionnaire accepts, as values of all questions."""
        chosen = [name for name in self.questions if name in set(names)]
        seen = set()
        for picks in itertools.product(*(self.choices(name) for name in chosen)):
            given = dict(zip(chosen, picks, strict=True))
            # A question that is not asked has one value only: leave it out rather than count it twice.
            for name in chosen:
                when = self.questions[name].get("when", True)
                if isinstance(when, str) and not self._truth(when, {**self._all_defaults, **given}):
                    given.pop(name, None)
            key = tuple(sorted(given.items()))
            if key not in seen:
                seen.add(key)
                if (values := self.resolve(given)) is not None:
                    yield values

    @cached_property
    def _all_defaults(self) -> Answers:
        values = self.resolve({})
        assert values is not None
        return values

    @cached_property
    def _conf(self) -> Answers:
        return {"answers_file": ".copier-answers.yml", "dst_path": Path("my-lib"), "sep": "/"}

    def refused(self, name: str, details: Mapping[str, Any], values: Answers) -> str:
        choices = details.get("choices")
        if isinstance(choices, dict):
            for choice in choices.values():
                if isinstance(choice, dict) and choice["value"] == values[name]:
                    reason = self.render(choice.get("validator", ""), values).strip()
                    if reason:
                        return reason
        return self.render(details.get("validator", ""), values).strip()

    def _truth(self, expression: Any, values: Answers) -> bool:
        return (
            bool(yaml.safe_load(self.render(expression, values))) if isinstance(expression, str) else bool(expression)
        )

    def _cast(self, details: Mapping[str, Any], default: Any, values: Answers) -> Any:
        value = self.render(default, values) if isinstance(default, str) else default
        return yaml.safe_load(value) if details["type"] == "bool" and isinstance(value, str) else value

    def render(self, source: str, values: Mapping[str, Any]) -> str:
        """Render a string of the questionnaire or a file's source: once for the same values of what it reads."""
        if source not in self._compiled:
            self._compiled[source] = (self.env.from_string(source), tuple(sorted(self.variables(source))))
        template, names = self._compiled[source]
        # A list or a mapping is data of the catalogue: there is one of it.
        key = (source, *(id(v) if isinstance(v := values.get(name), (list, dict)) else v for name in names))
        if key not in self._rendered:
            self._rendered[key] = template.render(values)
        return self._rendered[key]

    # The files --------------------------------------------------------------------------------------------------

    @cached_property
    def files(self) -> list[File]:
        """Every file below `template/`."""
        root = self.root / "template"
        paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
        return [File(path, self._answers_of(path)) for path in paths]

    def target(self, file: File, values: Answers) -> str | None:
        """Where the file goes for these answers, or None when it is left out."""
        parts = [self.render(part, values) for part in file.path.removesuffix(".jinja").split("/")]
        if not all(parts):
            return None
        target = Path(*parts).as_posix()
        return None if self._gates(values).match_file(target) else target

    def content(self, file: File, values: Answers) -> str:
        """What the file holds for these answers."""
        return self.render(self._source(file.path), values) if file.is_template else self._source(file.path)

    @cache  # noqa: B019 — a space lives as long as the test session
    def _source(self, path: str) -> str:
        return (self.root / "template" / path).read_text(encoding="utf-8")

    def _gates(self, values: Answers) -> pathspec.PathSpec[Any]:
        lines = "\n".join(self.render(gate, values) for gate in self.worker.template.exclude)
        if lines not in self._specs:
            self._specs[lines] = pathspec.PathSpec.from_lines("gitignore", lines.splitlines())
        return self._specs[lines]

    @cached_property
    def _specs(self) -> dict[str, pathspec.PathSpec[Any]]:
        return {}

    def _answers_of(self, path: str) -> frozenset[str]:
        source = (self.root / "template" / path).read_text(encoding="utf-8") if path.endswith(".jinja") else ""
        names = self.variables(source) | self.variables(path)
        targets = {self.render(path.removesuffix(".jinja"), values) for values in self.combinations(["layout"])}
        for gate in self.worker.template.exclude:
            variables = self.variables(gate)
            for values in self.combinations(self._asked(variables)):
                lines = self.render(gate, values).splitlines()
                if any(pathspec.PathSpec.from_lines("gitignore", lines).match_file(target) for target in targets):
                    names |= variables
        return frozenset(self._asked(names))

    def variables(self, source: str) -> set[str]:
        tree = self.env.parse(source)
        names = set(meta.find_undeclared_variables(tree))
        for imported in meta.find_referenced_templates(tree):
            assert imported is not None
            assert self.env.loader is not None
            names |= self.variables(self.env.loader.get_source(self.env, imported)[0])
        return {name for name in names if not name.startswith("_") and name != "UNSET"}

    def _asked(self, names: Iterable[str]) -> set[str]:
        """The questions behind `names`: a computed answer stands for those that it is computed from."""
        result: set[str] = set()
        todo = list(names)
        while todo:
            name = todo.pop()
            details = self.questions.get(name)
            if details is None or name in result:
                continue
            if not self.hidden(name):
                result.add(name)
            sources = [details.get("when"), details.get("default"), details.get("validator")]
            choices = details.get("choices")
            if isinstance(choices, dict):
                sources += [choice.get("validator") for choice in choices.values() if isinstance(choice, dict)]
            if name not in TEXT:
                todo += [v for s in sources if isinstance(s, str) for v in self.variables(s) if v not in result]
        return result
