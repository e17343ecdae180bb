"""PYO052."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import dirname
from typing import Any

from pyo3_kit.audit.flags import POOL, Flags, flags, missing
from pyo3_kit.audit.manifests import table
from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project, Workflow
from pyo3_kit.audit.rule import ProjectRule
from pyo3_kit.audit.rules._where_built import builds_elsewhere

_BUILDS = re.compile(
    r"\bmaturin\s+(?:build|develop|publish)|\bcibuildwheel\b|\bcargo\s+build\b|python\d?\s+-m\s+build\b|\buv\s+(?:sync|build|run)\b|"
    r"\bpip\s+(?:install\s+(?:[^\n]*\s)?(?:-e\s|\.)|wheel\b)"
)
_ACTIONS = ("PyO3/maturin-action@", "pypa/cibuildwheel@")
_TOOLCHAIN = "actions-rust-lang/setup-rust-toolchain@"
_INLINE = re.compile(r"(?<![\w-])RUSTFLAGS=(?:\"([^\"\n]*)\"|'([^'\n]*)'|([^\s\"']*))")

Place = tuple[str | int, ...]


class PYO052(ProjectRule):
    """Flags that another setting overrides.

    ## What it does

    Finds settings that make cargo ignore the `rustflags` of `.cargo/config.toml` or `[tool.maturin] config` that are
    meant for every target: `RUSTFLAGS` in the environment of a CI job that builds the module (an action may set it
    too), `RUSTFLAGS` in the current environment, or a `[target.…] rustflags` next to `[build] rustflags`. Steps that
    build another crate, workspace or repository are not reported.

    ## Why

    Cargo takes flags from only one source: `CARGO_ENCODED_RUSTFLAGS`, else `RUSTFLAGS` (even if empty), else
    `[target.…]`, else `[build]`. The others are ignored silently. A wheel then differs from what its source says: it
    is built with the reference pool that was disabled, or for another processor.

    ## Example

    ```yaml
    # next to `[build] rustflags` in .cargo/config.toml
    env:
      RUSTFLAGS: -D warnings
    ```

    ## Use instead

    ```toml
    # Cargo.toml: lints need no flags
    [lints.rust]
    warnings = "deny"
    ```

    and `[target.'cfg(all())'] rustflags` for `[build] rustflags`: these join those of a triple.

    ## When not

    If the job is meant to build without the project's flags.
    """

    title = "overridden `rustflags`"
    severity = Severity.ERROR

    def check(self, project: Project) -> Iterator[Finding]:
        """Report what overrides flags: a stronger table, this process's environment, CI."""
        ours = [one for one in flags(project) if one.file is not None and _matters(one, project)]
        general = [one for one in ours if one.everywhere or any(POOL in word for word in one.words)]
        yield from self._tables(ours)
        yield from self._environment(general, project)
        for flag in general[:1]:
            for workflow in project.workflows:
                yield from self._workflow(flag, workflow, project)

    def _tables(self, ours: list[Flags]) -> Iterator[Finding]:
        build = [one for one in ours if not one.target]
        everywhere = tuple(word for one in ours if one.target and one.everywhere for word in one.words)
        for one in ours:
            if not one.target or "wasm" in one.target:
                continue
            given = " ".join((*one.words, *everywhere))
            hidden = next((other for other in build if missing(other.words, given)), None)
            if hidden is not None and one.file is not None:
                yield self.finding(
                    one.file.path,
                    one.span,
                    f"cargo ignores `[build] rustflags` of {hidden.origin} wherever `{one.target}` matches",
                    "move the flags of `[build]` to `[target.'cfg(all())']`",
                )

    def _environment(self, general: list[Flags], project: Project) -> Iterator[Finding]:
        for name, value in sorted(project.environment.items()):
            for one in general:
                hides = name in ("RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS") or (
                    name.startswith("CARGO_TARGET_") and not one.target
                )
                if hides and one.file is not None and missing(one.words, value):
                    message = f"`{name}` is set in this environment, so cargo ignores these flags"
                    yield self.finding(one.file.path, one.span, message, f"unset `{name}`")
                    return

    def _workflow(self, flag: Flags, workflow: Workflow, project: Project) -> Iterator[Finding]:
        for place, what in sorted(_hiding(flag, workflow, project).items(), key=lambda item: str(item[0])):
            yield self.finding(
                workflow.path,
                workflow.place(*place),
                f"{what}, so cargo ignores the flags of {flag.origin}",
                f"remove it, or repeat `{' '.join(flag.words)}` in it",
            )


def _matters(one: Flags, project: Project) -> bool:
    """Whether a configuration applies to a crate of the project: it is in the crate's folder or above."""
    if not one.origin.endswith((".cargo/config.toml", ".cargo/config")):
        return True
    folder = dirname(dirname(one.origin))
    return not folder or any(f"{crate.folder}/".startswith(f"{folder}/") for crate in project.crates)


def _hiding(flag: Flags, workflow: Workflow, project: Project) -> dict[Place, str]:
    """Where a workflow sets `RUSTFLAGS` for a step that builds the module, and how."""
    found: dict[Place, str] = {}
    data = table(workflow.data)
    for job, number, step, levels in _steps(workflow, data):
        run = str(step.get("run") or "")
        if not (_BUILDS.search(run) or str(step.get("uses") or "").startswith(_ACTIONS)):
            continue
        owner = table(data, "jobs", job)
        before = [one for one in _list(owner.get("steps"))[:number] if isinstance(one, Mapping)]
        checkouts = [one for one in before if str(one.get("uses")).startswith("actions/checkout@")]
        if builds_elsewhere(step, iter((owner, data)), checkouts, project):
            continue
        for place, value in levels:
            if "$" not in value and missing(flag.words, value):
                found[place] = "`RUSTFLAGS` is set"
        if levels:
            continue
        inline = _INLINE.search(run)
        if inline and "$" not in inline[0] and "GITHUB_ENV" not in run and missing(flag.words, inline[0][10:]):
            found["jobs", job, "steps", number, "run"] = "`RUSTFLAGS` is set"
        for earlier, other in enumerate(_list(table(data, "jobs", job).get("steps"))[:number]):
            if isinstance(other, Mapping) and str(other.get("uses")).startswith(_TOOLCHAIN):
                given = table(other, "with").get("rustflags")
                if given is None:
                    found["jobs", job, "steps", earlier, "uses"] = "this action sets `RUSTFLAGS` to `-D warnings`"
    return found


def _steps(
    workflow: Workflow, data: Mapping[str, Any]
) -> Iterator[tuple[str, int, Mapping[str, Any], list[tuple[Place, str]]]]:
    """The steps, each with its effective `RUSTFLAGS`, if any; a GitLab job is one step."""
    if isinstance(data.get("jobs"), Mapping):
        for job, number, step in workflow.steps():
            inside: Place = ("jobs", job, "steps", number)
            levels = (
                (table(step), (*inside, "env")),
                (table(data, "jobs", job), ("jobs", job, "env")),
                (data, ("env",)),
            )
            yield job, number, step, _nearest((table(owner, "env"), at) for owner, at in levels)
        return
    for name, job in data.items():
        script = job.get("script") if isinstance(job, Mapping) else None
        if script:
            run = "\n".join(map(str, _list(script))) or str(script)
            own: list[tuple[Mapping[str, Any], Place]] = [
                (table(job, "variables"), (name, "variables")),
                (table(data, "variables"), ("variables",)),
            ]
            yield name, 0, {"run": run}, _nearest(iter(own))


def _nearest(levels: Iterator[tuple[Mapping[str, Any], Place]]) -> list[tuple[Place, str]]:
    for variables, at in levels:
        value = variables.get("RUSTFLAGS")
        if isinstance(value, str):
            return [((*at, "RUSTFLAGS"), value)]
        for name, text in variables.items():
            inline = _INLINE.search(text) if name.startswith("CIBW_ENVIRONMENT") and isinstance(text, str) else None
            if inline:
                return [((*at, name), next((part for part in inline.groups() if part), ""))]
    return []


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
