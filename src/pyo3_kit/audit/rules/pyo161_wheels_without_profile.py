"""PYO161."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.model import Confidence, Finding, Severity
from pyo3_kit.audit.project import Project, Workflow
from pyo3_kit.audit.rule import WorkflowRule
from pyo3_kit.audit.rules._wheels import wheel_workflows

_PROFILED = re.compile(r"\bpgo\b|profile-(?:use|generate)", re.IGNORECASE)


class PYO161(WorkflowRule):
    """Release wheels without profile-guided optimisation.

    ## What it does

    Finds workflows that build release wheels by maturin and do not profile.

    ## Why

    With a profile the compiler knows which branches are taken and what to inline. Among the fastest PyO3 projects five
    of 57 publish such wheels. maturin does it by `--pgo`, with the command in `[tool.maturin] pgo-command`.

    ## Example

    ```yaml
    - uses: PyO3/maturin-action@v1
      with:
        args: --release --out dist
    ```

    ## Use instead

    ```yaml
    - uses: PyO3/maturin-action@v1
      with:
        args: --release --out dist --pgo
        rustup-components: llvm-tools
    ```

    ## When not

    Where no benchmark shows a gain: each wheel is built twice, and the profile is only as good as what it was trained
    on.
    """

    title = "release wheels without a profile"
    severity = Severity.INFO
    confidence = Confidence.LOW
    default_on = False

    def check(self, workflow: Workflow, project: Project) -> Iterator[Finding]:
        """The first workflow that builds wheels, when none of those profiles."""
        found = wheel_workflows(project)
        if not found or found[0][0].path != workflow.path:
            return
        if not any(_PROFILED.search(one.text) for one in project.workflows):
            yield self.finding(
                workflow.path,
                workflow.place("jobs", found[0][1]),
                "these wheels are built without a profile of what they do",
                "measure what `maturin build --pgo` gains",
            )
