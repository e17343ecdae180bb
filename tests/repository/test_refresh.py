"""The scheduled workflow that refreshes the pins: its scripts run for real, from outdated pins to a branch."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

from tests.rendered.test_template_updates import GH, Platform
from tests.support.command import ROOT
from tests.support.history import commit_all, git

BRANCH = "refs/heads/pyo3-kit/refresh"
# In the place of scripts/refresh_versions.py, which asks registries and has tests of its own.
SCRIPT = """\
import sys
from pathlib import Path
assert sys.argv[-1] == "--write", sys.argv
name = "actions" if "--actions" in sys.argv else "versions"
pins, newest = Path(f"{name}.yml"), Path(f"{name}.newest")
if pins.read_text() != newest.read_text():
    print(f"-{pins.read_text()}+{newest.read_text()}", end="")
pins.write_text(newest.read_text())
"""


@pytest.fixture
def platform(tmp_path: Path) -> Platform:
    """A repository with two outdated pins on a bare remote, a client that notes what it is asked, and the jobs."""
    files = {
        "scripts/refresh_versions.py": SCRIPT,
        **{f"{name}.{kind}": f"{kind}\n" for name in ("versions", "actions") for kind in ("yml", "newest")},
    }
    for path, text in files.items():
        (tmp_path / "project" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / path).write_text(text, encoding="utf-8")
    commit_all(tmp_path / "project")
    git(tmp_path, "clone", "--quiet", "--bare", str(tmp_path / "project"), str(tmp_path / "remote.git"))
    client = tmp_path / "bin" / "gh"
    client.parent.mkdir()
    client.write_text(GH.format(python=sys.executable, folder=str(tmp_path)), encoding="utf-8")
    client.chmod(0o755)
    jobs = yaml.safe_load((ROOT / ".github/workflows/refresh.yml").read_text(encoding="utf-8"))["jobs"]
    make, propose = (
        next(step["run"] for step in reversed(jobs[name]["steps"]) if "run" in step) for name in ("make", "propose")
    )
    variables = {
        "GITHUB_SERVER_URL": f"file://{tmp_path}",
        "GITHUB_REPOSITORY": "remote",
        "BASE": "main",
        "RUNNER_TEMP": str(tmp_path),
    }
    return Platform(tmp_path, (make, propose), variables)


@pytest.mark.slow
def test_outdated_pins_become_a_pull_request(platform: Platform) -> None:
    platform.run()
    head = git(platform.remote, "rev-parse", BRANCH)
    assert git(platform.remote, "log", "--format=%s", f"main..{BRANCH}") == "Refresh the pins"
    changed = git(platform.remote, "diff", "--name-only", "main", BRANCH).splitlines()
    assert changed == ["actions.yml", "versions.yml"]
    request = platform.request()
    assert "'create'" in request
    assert "Refresh the pins (" in request
    assert "-yml\n+newest\n" in request

    # Again: the same commit, and the open request is refreshed.
    title = (platform.folder / "job-1" / "update" / "title").read_text(encoding="utf-8")
    (platform.folder / "list").write_text(f"OPEN 7 {title}", encoding="utf-8")
    platform.run()
    assert git(platform.remote, "rev-parse", BRANCH) == head
    assert "'edit', '7'" in platform.request()

    # A request that was closed stays so.
    (platform.folder / "asked").unlink()
    (platform.folder / "list").write_text(f"CLOSED 7 {title}", encoding="utf-8")
    assert "was closed, and stays so" in platform.run()
    assert not (platform.folder / "asked").exists()

    # Merged: there is nothing to do.
    git(platform.remote, "update-ref", "refs/heads/main", head)
    assert not platform.make().exists()
