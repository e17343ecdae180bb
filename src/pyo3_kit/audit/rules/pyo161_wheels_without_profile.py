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

    Finds workflows that build release wheels with maturin but without a profile.

    ## Why

    A profile tells the compiler which branches are taken and what to inline. 5 of 57 PyO3 projects publish such
    wheels. maturin supports it with `--pgo` and the command in `[tool.maturin] pgo-command`.

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

    If no benchmark shows a gain: each wheel is built twice, and the profile is only as good as the code it was
    trained on.

    ## Off by default

    It reports nearly every project that publishes wheels, and only a benchmark shows whether there is anything to gain.
    """

    title = "release wheels without profile-guided optimisation"
    severity = Severity.INFO
    confidence = Confidence.LOW
    default_on = False

    def check(self, workflow: Workflow, project: Project) -> Iterator[Finding]:
        """Report the first workflow that builds wheels if none of them uses a profile."""
        found = wheel_workflows(project)
        if not found or found[0][0].path != workflow.path:
            return
        if not any(_PROFILED.search(one.text) for one in project.workflows):
            yield self.finding(
                workflow.path,
                workflow.place("jobs", found[0][1]),
                "these wheels are built without profile-guided optimisation",
                "measure whether `maturin build --pgo` is faster",
            )
