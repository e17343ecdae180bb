"""PYO086."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.manifests import table
from pyo3_kit.audit.model import Finding, Severity
from pyo3_kit.audit.project import Project, Workflow
from pyo3_kit.audit.rule import WorkflowRule
from pyo3_kit.audit.rules._wheels import EVERY_PYTHON, FREE_THREADED, wheel_workflows

_CLASSIFIER = "Programming Language :: Python :: Free Threading"


class PYO086(WorkflowRule):
    """Wheels for every Python except free-threaded Python.

    ## What it does

    Finds workflows that build wheels with maturin without free-threaded Python, if the project claims support for
    it: by its classifier, or because another workflow tests on it. `--find-interpreter` counts as all interpreters.

    ## Why

    A wheel for 3.14 does not install on 3.14t, and neither do abi3 wheels: pip then builds the sdist, which needs
    Rust on the user's machine, or fails.

    ## Example

    ```yaml
    - uses: PyO3/maturin-action@v1
      with:
        args: --release --out dist --interpreter 3.13 3.14
    ```

    ## Use instead

    ```yaml
    - uses: PyO3/maturin-action@v1
      with:
        args: --release --out dist --interpreter 3.13 3.14 3.14t
    ```

    ## When not

    If these wheels are built elsewhere.
    """

    title = "no wheel for free-threaded Python"
    severity = Severity.INFO
    since = (0, 23)

    def check(self, workflow: Workflow, project: Project) -> Iterator[Finding]:
        """Report the first workflow that builds wheels if none builds them for free-threaded Python."""
        found = wheel_workflows(project)
        if not found or found[0][0].path != workflow.path:
            return
        building = {one.path for one, _ in found}
        if any(FREE_THREADED.search(one.text) or EVERY_PYTHON.search(one.text) for one, _ in found):
            return
        if any(feature.startswith("abi3t") for crate in project.crates for feature in crate.pyo3_features):
            return
        if any(EVERY_PYTHON.search(str(table(one.data, "tool", "maturin"))) for one in project.pyprojects):
            return
        tested = any(FREE_THREADED.search(one.text) for one in project.workflows if one.path not in building)
        if tested or _claimed(project):
            yield self.finding(
                workflow.path,
                workflow.place("jobs", found[0][1]),
                "the project supports free-threaded Python, but builds no wheels for it",
                "add 3.14t to the interpreters",
            )


def _claimed(project: Project) -> bool:
    for pyproject in project.pyprojects:
        listed = pyproject.get("project", "classifiers")
        if isinstance(listed, list) and any(str(one).startswith(_CLASSIFIER) for one in listed):
            return True
    return False
