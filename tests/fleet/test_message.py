"""What the commit of an update and its row say of a template and of the overlays on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fleet.small import BRANCH, Small
from tests.overlays.templates import BELOW_FIRST, BELOW_SECOND, OVERLAY_SECOND, first_overlay
from tests.update.templates import Template, git

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("below", [False, True])
def test_an_overlay_goes_on(tmp_path: Path, below: bool) -> None:
    """By itself, or with the template below."""
    template = Template(tmp_path / "kit").release("v1.0.0", BELOW_FIRST)
    overlay = first_overlay(tmp_path / "overlay")
    small = Small(tmp_path / "small", template.project(tmp_path / "seed", overlays=[f"{overlay.root}@v1.0.0"]))
    project = small.local("a")
    overlay.release("v2.0.0", OVERLAY_SECOND)
    if below:
        template.release("v2.0.0", BELOW_SECOND)
    row = small.rows("update")["a"]
    newest = "v2.0.0" if below else "v1.0.0"
    assert row["state"] == "updated"
    assert (row["template"], row["version"], row["newest"]) == (str(template.root), "v1.0.0", newest)
    told = "overlay acme from v1.0.0 to v2.0.0"
    told = f"from v1.0.0 to v2.0.0, {told}" if below else told
    assert row["reason"] == told
    said = git(project.root, "show", "-s", "--format=%B", BRANCH).splitlines()
    assert said[0] == f"Update kit: {told}"
    assert said[2].startswith(f"{template.root}: ")


def test_an_overlay_alone(tmp_path: Path) -> None:
    """What the fleet file names by its answers file is what the row is about."""
    template = Template(tmp_path / "kit").release("v1.0.0", BELOW_FIRST)
    overlay = first_overlay(tmp_path / "overlay")
    small = Small(tmp_path / "small", template.project(tmp_path / "seed", overlays=[f"{overlay.root}@v1.0.0"]))
    project = small.local("a", 'answers-file = ".copier-answers.acme.yml"')
    overlay.release("v2.0.0", OVERLAY_SECOND)
    row = small.rows("update")["a"]
    assert (row["template"], row["version"], row["newest"]) == (str(overlay.root), "v1.0.0", "v2.0.0")
    assert git(project.root, "show", "-s", "--format=%s", BRANCH) == "Update overlay: from v1.0.0 to v2.0.0"
