"""Run the rules: on Rust files in batches, possibly in several processes, and on everything else at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyo3_kit.audit import registry
from pyo3_kit.audit.items import FileItems, Items
from pyo3_kit.audit.limits import SECONDS, TooSlow, timer
from pyo3_kit.audit.model import Finding, Notice
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.reading import read_rust
from pyo3_kit.audit.rule import (
    ClassRule,
    CrateRule,
    FileRule,
    FunctionRule,
    NodeRule,
    ProjectRule,
    PyprojectRule,
    Rule,
    WorkflowRule,
)
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.audit.suppression import Suppressions, read_suppressions

_SLOW = f"takes longer than {SECONDS:.0f} seconds; what is left of it is not checked"
_LOUD = "PYO3_KIT_TRACEBACK"
"""The variable with which an error that is ours shows where it came from."""


@dataclass
class Found:
    """What a part of the run found; `suppressed` counts what comments silenced."""

    findings: list[Finding] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    suppressed: int = 0

    def add(self, other: Found) -> None:
        """Put the other's to this one's."""
        self.findings += other.findings
        self.notices += other.notices
        self.suppressed += other.suppressed


class Batch:
    """Some Rust files: first all are read, then, with what all batches know, all are checked."""

    def __init__(self, project: Project, names: Sequence[str]) -> None:
        self.project = project
        self.rules = [registry.rule(name) for name in names]
        self.files: list[RustFile] = []
        self.notices: list[Notice] = []
        self.node_rules = [rule for rule in self.rules if isinstance(rule, NodeRule)]
        self.others = [rule for rule in self.rules if not isinstance(rule, NodeRule)]
        self.walked_for: dict[str, dict[str, list[NodeRule]]] = {}
        """For each file, by kind of node the rules that look at it."""

    def read(self, path: str, text: str) -> FileItems | None:
        """Parse a file and collect facts for other files; None if its crate does not depend on pyo3."""
        crate = self.project.crate_of(path)
        if crate is None:
            return None
        by_kind: dict[str, list[NodeRule]] = {}
        for rule in self.node_rules:
            if rule.holds_for(crate.pyo3_version) and any(word in text for word in rule.words):
                for kind in rule.kinds:
                    by_kind.setdefault(kind, []).append(rule)
        self.walked_for[path] = by_kind
        try:
            with timer.running():
                file, notices = read_rust(path, text, crate, by_kind)
        except TooSlow:
            self.notices.append(Notice(path, _SLOW))
            return None
        except RecursionError:
            self.notices.append(Notice(path, "is nested too deeply; not checked"))
            return None
        except Exception as error:
            if os.environ.get(_LOUD):
                raise
            self.notices.append(Notice(path, f"could not be read: {type(error).__name__}: {error}; not checked"))
            return None
        self.files.append(file)
        self.notices += notices
        return file.own.shared()

    def check(self, items: Items) -> Found:
        """What the rules find in the files that were read."""
        found = Found(notices=self.notices)
        for file in self.files:
            file.items = items
            file.is_test_file = file.is_test_file or items.is_test_file(file.path)
            run = _Run()
            try:
                with timer.running():
                    self._check(file, run)
            except TooSlow:
                run.failures.append(_SLOW)
            findings = [one for one in run.findings if registry.rule(one.rule).in_tests or not file.in_tests(one.span)]
            found.notices += [Notice(file.path, text) for text in run.failures]
            found.add(silenced(file.path, read_suppressions(file.path, file.text), findings, self.rules))
        return found

    def _check(self, file: RustFile, run: _Run) -> None:
        project = self.project
        by_kind = self.walked_for[file.path]
        for kind, node in file.nodes if by_kind else ():
            for rule in by_kind.get(kind, ()):
                run(rule, rule.check, node, file, project)
        for one in self.others:
            if not one.holds_for(file.version):
                continue
            if isinstance(one, FunctionRule):
                for function in file.own.functions:
                    if function.exposed:
                        run(one, one.check, function, file, project)
            elif isinstance(one, ClassRule):
                for item in file.own.classes:
                    run(one, one.check, item, file, project)
            elif isinstance(one, FileRule):
                run(one, one.check, file, project)


def check_rest(project: Project, names: Sequence[str]) -> Found:
    """What the rules find beside the Rust code."""
    run = _Run()
    for name in names:
        rule = registry.rule(name)
        if isinstance(rule, CrateRule):
            for crate in project.crates:
                if rule.holds_for(crate.pyo3_version):
                    run(rule, rule.check, crate, project)
        elif not isinstance(rule, PyprojectRule | WorkflowRule | ProjectRule) or not (
            project.crates and rule.holds_for(project.pyo3_version)
        ):
            continue
        elif isinstance(rule, PyprojectRule):
            for pyproject in project.pyprojects:
                run(rule, rule.check, pyproject, project)
        elif isinstance(rule, WorkflowRule):
            for workflow in project.workflows:
                run(rule, rule.check, workflow, project)
        else:
            run(rule, rule.check, project)
    found = Found(notices=[Notice("", text) for text in run.failures])
    texts = {**project.others, **{path: one.text for path, one in project.manifests.items()}}
    by_path: dict[str, list[Finding]] = {path: [] for path in texts}
    for finding in run.findings:
        by_path.setdefault(finding.path, []).append(finding)
    rules = [registry.rule(name) for name in names]
    for path, findings in by_path.items():
        text = texts.get(path, "")
        found.add(silenced(path, read_suppressions(path, text), findings, rules))
    return found


def silenced(path: str, suppressions: Suppressions, findings: Iterable[Finding], rules: Iterable[Rule]) -> Found:
    """The findings that no comment silences; comments that silence nothing become notices."""
    found = Found()
    for finding in findings:
        if suppressions and suppressions.covers(finding.rule, finding.span):
            found.suppressed += 1
        else:
            found.findings.append(finding)
    ran = {rule.id for rule in rules}
    found.notices += [Notice(path, reason, line) for line, reason in suppressions.unused(ran)]
    return found


class _Run:
    """Calls rules; one that fails is reported and does not end the run."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.failures: list[str] = []

    def __call__(self, rule: Rule, check: Callable[..., Iterator[Finding]], *facts: object) -> None:
        timer.check()
        # If a rule fails, the others continue.
        try:
            self.findings += check(*facts)
        except TooSlow:
            raise
        except Exception as error:
            if os.environ.get(_LOUD):
                raise
            self.failures.append(f"{rule.id} could not be checked here: {type(error).__name__}: {error}")


def check_texts(project: Project, rust: Mapping[str, str], names: Sequence[str]) -> Found:
    """Check everything in this process."""
    batch = Batch(project, names)
    items = [own for path, text in sorted(rust.items()) if (own := batch.read(path, text)) is not None]
    found = batch.check(Items(tuple(items)))
    found.add(check_rest(project, names))
    found.findings.sort(key=lambda finding: finding.place)
    found.notices.sort()
    return found
