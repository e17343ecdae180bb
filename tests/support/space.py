"""The space of structural answers, and which part of it each template file depends on.

A rendered file is a function of the answers that its source, its path and its gates read. So all combinations of the
whole questionnaire are covered when each file is rendered for every combination of *its own* answers.
"""

from __future__ import annotations

import atexit
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
from pathspec.pattern import Pattern
from pathspec.util import lookup_pattern

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
    """A file of the template: its path below `template/`, the answers that decide what becomes of it, and its gates."""

    path: str
    answers: frozenset[str]
    gates: tuple[str, ...]

    @property
    def is_template(self) -> bool:
        return self.path.endswith(".jinja")


@cache
def _as_bool(text: str) -> bool:
    return bool(yaml.safe_load(text))


@cache
def _pattern(line: str) -> Pattern:
    """A line of a gate, compiled once: gates are put together from few lines in many ways."""
    return lookup_pattern("gitignore")(line)


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
        self._left_out: dict[tuple[str, str], bool] = {}

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
        """Every combination of the questions `names` that the questionnaire accepts, as values of all questions.

        Goes down the questionnaire like a tree, so that combinations share the work for what they begin with alike.
        """
        chosen = set(names)
        questions = list(self.questions.items())

        def walk(position: int, values: Answers) -> Iterator[Answers]:
            for index in range(position, len(questions)):
                name, details = questions[index]
                if name in chosen and self._truth(details.get("when", True), values):
                    for choice in self.choices(name):
                        branch = {**values, name: choice}
                        if not self.refused(name, details, branch):
                            yield from walk(index + 1, branch)
                    return
                values[name] = self._cast(details, details.get("default"), values)
            yield values

        yield from walk(0, {"_copier_conf": self._conf, "_copier_answers": self._answers})

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
        return _as_bool(self.render(expression, values)) if isinstance(expression, str) else bool(expression)

    def _cast(self, details: Mapping[str, Any], default: Any, values: Answers) -> Any:
        value = self.render(default, values) if isinstance(default, str) else default
        return _as_bool(value) if details["type"] == "bool" and isinstance(value, str) else value

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
    def gates(self) -> tuple[str, ...]:
        """All `_exclude` entries of the template."""
        return tuple(self.worker.template.exclude)

    @cached_property
    def files(self) -> list[File]:
        """Every file below `template/`."""
        root = self.root / "template"
        paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
        return [self._file(path) for path in paths]

    def target(self, file: File, values: Answers) -> str | None:
        """Where the file goes for these answers, or None when it is left out."""
        parts = [self.render(part, values) for part in file.path.removesuffix(".jinja").split("/")]
        if not all(parts):
            return None
        target = "/".join(part for part in parts if part != ".")
        lines = "\n".join(self.render(gate, values) for gate in file.gates)
        if (lines, target) not in self._left_out:
            spec = pathspec.PathSpec.from_lines(_pattern, lines.splitlines())
            self._left_out[lines, target] = spec.match_file(target)
        return None if self._left_out[lines, target] else target

    def content(self, file: File, values: Answers) -> str:
        """What the file holds for these answers."""
        return self.render(self._source(file.path), values) if file.is_template else self._source(file.path)

    @cache  # noqa: B019 — a space lives as long as the test session
    def _source(self, path: str) -> str:
        return (self.root / "template" / path).read_text(encoding="utf-8")

    def _file(self, path: str) -> File:
        source = self._source(path) if path.endswith(".jinja") else ""
        names = self.variables(source) | self.variables(path)
        targets = {self.render(path.removesuffix(".jinja"), values) for values in self.combinations(["layout"])}
        gates = [gate for gate in self.gates if self._can_match(gate, targets)]
        for gate in gates:
            names |= self.variables(gate)
        return File(path, frozenset(self._asked(names)), tuple(gates))

    def _can_match(self, gate: str, targets: Iterable[str]) -> bool:
        """Whether the gate leaves out one of the targets for some answers."""
        return any(spec.match_file(target) for spec in self._specs(gate) for target in targets)

    @cache  # noqa: B019 — a space lives as long as the test session
    def _specs(self, gate: str) -> list[pathspec.PathSpec[Any]]:
        """What the gate leaves out, for all answers."""
        values = self.combinations(self._asked(self.variables(gate)))
        texts = dict.fromkeys(self.render(gate, answers) for answers in values)
        return [pathspec.PathSpec.from_lines(_pattern, text.splitlines()) for text in texts if text.strip()]

    @cache  # noqa: B019 — a space lives as long as the test session
    def variables(self, source: str) -> frozenset[str]:
        """The questions that a text of the template reads, also through the macros that it imports."""
        tree = self.env.parse(source)
        names = set(meta.find_undeclared_variables(tree))
        for imported in meta.find_referenced_templates(tree):
            assert imported is not None
            assert self.env.loader is not None
            names |= self.variables(self.env.loader.get_source(self.env, imported)[0])
        return frozenset(name for name in names if not name.startswith("_") and name != "UNSET")

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
