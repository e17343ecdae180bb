"""Checks a project: reads its files, runs the rules, leaves out what is silenced or known, and applies fixes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyo3_kit.audit.analysis import Found, check_rest
from pyo3_kit.audit.baseline import Entries, new_findings, read_baseline, split
from pyo3_kit.audit.fixing import applicable, fix_text
from pyo3_kit.audit.model import Finding, Notice, Severity
from pyo3_kit.audit.project import TEST_FOLDERS, CargoConfig, Project, read_project
from pyo3_kit.audit.scope import Scope, find_scope, outer_configs
from pyo3_kit.audit.selection import select_rules
from pyo3_kit.audit.settings import Settings, read_settings
from pyo3_kit.audit.walk import Files, collect
from pyo3_kit.audit.workers import check_rust
from pyo3_kit.errors import Refused

_ROUNDS = 20
"""How often fixes are applied to what fixes left; each round has to change something."""
_ONLY_TESTS = "all crates are in folders of tests or examples, which are not checked; pass such a folder to check it"


@dataclass(frozen=True)
class CheckRequest:
    """What is to be checked, and how. What is None is left to the project's settings."""

    path: Path
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    baseline: Path | None = None
    use_baseline: bool = True
    processes: int | None = None
    min_severity: Severity = Severity.INFO
    """Findings that are less severe are neither reported nor fixed."""


@dataclass
class Report:
    """What came out. Paths are relative to `root`; `texts` are those of every file that was read."""

    root: Path
    rules: tuple[str, ...]
    findings: list[Finding] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    suppressed: int = 0
    known: int = 0
    """Findings that the baseline knows."""
    gone: int = 0
    """Baseline entries without a finding."""
    less_severe: int = 0
    """Findings below the severity that was asked for."""
    texts: dict[str, str] = field(default_factory=dict)
    rust_files: int = 0
    baseline: Path | None = None

    def line(self, finding: Finding) -> int:
        """The line of a finding, from 1."""
        return self.texts[finding.path].count("\n", 0, finding.span.start) + 1


@dataclass
class Fixes:
    """What fixes changed: the new texts by path, the findings that are gone, and why others stayed."""

    texts: dict[str, str] = field(default_factory=dict)
    fixed: list[Finding] = field(default_factory=list)
    left: list[tuple[Finding, str]] = field(default_factory=list)


class Session:
    """A project that is read once, and checked, fixed and checked again in memory."""

    def __init__(self, request: CheckRequest) -> None:
        """Read the project; `Refused` when there is none or its settings cannot be understood."""
        self.request = request
        self.scope = find_scope(request.path)
        first = collect(self.scope.root)
        self.settings = _settings(self.scope, first)
        self.files = collect(self.scope.root, self.settings.exclude) if self.settings.exclude else first
        # What is excluded from the check is built all the same.
        self.files.sources = first.sources
        self.rules = tuple(
            select_rules(
                self.settings.select if request.select is None else request.select,
                (*self.settings.ignore, *request.ignore),
                {"select": "`--select`", "ignore": "`--ignore`"},
            )
        )
        self.outer: tuple[CargoConfig, ...] = tuple(outer_configs(self.scope.root))
        self.project: Project | None = None
        """The facts of the last check."""

    def check(self) -> Report:
        """Run the rules on the texts as they are now."""
        files = self.files
        project, notices = read_project(files.others, stubs=tuple(files.stubs), sources=files.sources, outer=self.outer)
        self.project = project
        if not project.crates:
            raise _nothing(self.scope, files, notices)
        found = Found(notices=[*files.notices, *notices])
        if not self._asks_for_tests and all(project.is_test_code(one.manifest.path) for one in project.crates):
            found.notices.append(Notice("", _ONLY_TESTS))
        rust = {path: text for path, text in files.rust.items() if project.crate_of(path) is not None}
        generated = {path: text for path, text in files.generated.items() if project.crate_of(path) is not None}
        found.add(check_rust(project, {**rust, **generated}, self.rules, self.request.processes))
        found.add(check_rest(project, self.rules))
        _leave_generated(found, files)
        report = Report(self.scope.root, self.rules, texts={**files.others, **files.rust}, rust_files=len(rust))
        report.suppressed = found.suppressed
        report.notices = sorted({one for one in found.notices if self.scope.holds(one.path) or not one.path}, key=_key)
        report.findings = self._kept(project, found.findings)
        self._leave_known(report)
        severe = [one for one in report.findings if one.severity.weight >= self.request.min_severity.weight]
        report.less_severe = len(report.findings) - len(severe)
        report.findings = severe
        return report

    def fix(self, report: Report, *, unsafe: bool) -> tuple[Fixes, Report]:
        """Apply fixes until none is left, in memory; the new report contains the remaining findings."""
        fixes = Fixes()
        for _ in range(_ROUNDS):
            changed = self._round(report, fixes, unsafe=unsafe)
            if not changed:
                break
            report = self.check()
        return fixes, report

    def other_entries(self, report: Report) -> Entries:
        """What the baseline has beside what this run is about, when only a part or some of the rules were asked for."""
        narrowed = self.scope.part or self.request.select is not None or self.request.ignore
        if not narrowed or report.baseline is None or not report.baseline.exists():
            return {}
        return split(read_baseline(report.baseline), self.scope.holds, self.rules)[1]

    def _round(self, report: Report, fixes: Fixes, *, unsafe: bool) -> bool:
        changed = False
        fixes.left = []
        for path in sorted({one.path for one in report.findings if applicable(one, unsafe=unsafe)}):
            if not Path(os.path.realpath(self.scope.root / path)).is_relative_to(self.scope.root):
                fixes.left += [
                    (one, "the file is a link out of the project")
                    for one in report.findings
                    if one.path == path and applicable(one, unsafe=unsafe)
                ]
                continue
            before = report.texts[path]
            outcome = fix_text(path, before, [one for one in report.findings if one.path == path], unsafe=unsafe)
            fixes.left += outcome.left
            if outcome.text == before:
                continue
            changed = True
            fixes.fixed += outcome.fixed
            fixes.texts[path] = outcome.text
            self.files.replace(path, outcome.text)
        return changed

    @property
    def _asks_for_tests(self) -> bool:
        """Whether the part that is asked about is inside a folder of tests, benchmarks or examples."""
        return not TEST_FOLDERS.isdisjoint(self.scope.part.split("/"))

    def _kept(self, project: Project, findings: Sequence[Finding]) -> list[Finding]:
        silent = self.settings.silent(one.path for one in findings)
        kept = [
            one
            for one in findings
            if self.scope.holds(one.path)
            and one.rule not in silent.get(one.path, frozenset())
            and (self._asks_for_tests or not project.is_test_code(one.path))
        ]
        # A file with several names is reported under one of them.
        places = {one.place for one in kept}
        links = self.files.links
        kept = [one for one in kept if (links.get(one.path, ""), one.span, one.rule) not in places]
        return sorted(kept, key=lambda one: one.place)

    def _leave_known(self, report: Report) -> None:
        named = self.settings.baseline
        report.baseline = self.request.baseline or (self.scope.root / named if named else None)
        if report.baseline is None or not self.request.use_baseline:
            return
        about, _ = split(read_baseline(report.baseline), self.scope.holds, self.rules)
        new, report.gone = new_findings(report.findings, report.texts, about)
        report.known = len(report.findings) - len(new)
        report.findings = new


def _leave_generated(found: Found, files: Files) -> None:
    """Drop what was found in generated files; a notice names each of them."""
    found.notices = [
        one for one in found.notices if one.path not in files.generated or one.text.startswith("is generated")
    ]
    silent = {one.path for one in found.findings if one.path in files.generated_settings}
    found.notices += [Notice(path, "is generated; findings in it are not reported") for path in silent]
    found.findings = [one for one in found.findings if one.path not in files.generated and one.path not in silent]


def _key(notice: Notice) -> tuple[str, int, str]:
    return (notice.path, notice.line or 0, notice.text)


def _settings(scope: Scope, files: Files) -> Settings:
    """Those of the pyproject.toml at the root, else of the one nearest to the part that is asked about."""
    from pyo3_kit.texts.toml import parse_toml

    folders = scope.part.split("/")[:-1]
    for depth in (0, *range(len(folders), 0, -1)):
        path = "/".join([*folders[:depth], "pyproject.toml"])
        text = files.others.get(path)
        if text is None:
            continue
        try:
            settings = read_settings(path, parse_toml(text))
        except ValueError as error:
            raise Refused(f"{path} is not valid TOML: {error}.", "Fix it first: the settings may be in it.") from None
        if settings != Settings():
            return settings
    return Settings()


def _nothing(scope: Scope, files: Files, notices: Sequence[Notice]) -> Refused:
    broken = next((str(one) for one in (*notices, *files.notices) if one.path.endswith("Cargo.toml")), "")
    if broken:
        return Refused(f"{broken}.", "Fix it, then run the command again.")
    if not any(path.endswith("Cargo.toml") for path in files.others):
        return Refused(
            f"There is no Cargo.toml in {scope.root} or its subfolders.", "Pass the folder of a PyO3 project."
        )
    if any("pyo3-ffi" in text for path, text in files.others.items() if path.endswith("Cargo.toml")):
        return Refused(
            f"No crate in {scope.root} depends on pyo3, only on pyo3-ffi.",
            "The rules are about pyo3; there is nothing to check.",
        )
    return Refused(f"No crate in {scope.root} depends on pyo3.", "Pass the folder of a PyO3 project.")
