"""The scheduled jobs that update a project, run for real: from a project of the first release to a branch."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from pyo3_kit.template.location import template_commit
from pyo3_kit.template.releases import releases
from tests.support.history import commit_all, git, render_release

pytestmark = pytest.mark.slow

BRANCH = "refs/heads/pyo3-kit/update"
OLDEST = releases()[0]
TITLE = f"Update from the template, {OLDEST.version} → {template_commit()}"
# After its first release the template writes this line of this file differently.
DISPUTED, LINE = "src/comparisons.rs", "//! What the practices save:"
# What GitHub's client is asked for: `list` is what it knows, the rest is noted.
GH = """\
#!{python}
import sys
from pathlib import Path
state = Path({folder!r})
if sys.argv[1:3] == ["pr", "list"]:
    known = state / "list"
    print(known.read_text() if known.exists() else "", end="")
elif sys.argv[1:3] != ["auth", "setup-git"]:
    with (state / "asked").open("a") as file:
        file.write(repr(sys.argv[1:]) + "\\n")
"""
# What GitLab does with push options is its own; that they arrive is what there is to see.
HOOK = """\
#!/bin/sh
i=0
: > {file}
while [ $i -lt "${{GIT_PUSH_OPTION_COUNT:-0}}" ]; do
  eval "echo \\"\\$GIT_PUSH_OPTION_$i\\"" >> {file}
  i=$((i + 1))
done
"""


@dataclass
class Platform:
    """One of the two platforms: a bare remote, the scripts of its two jobs, and what its runner sets."""

    folder: Path
    jobs: tuple[str, str]
    variables: dict[str, str]

    @property
    def remote(self) -> Path:
        return self.folder / "remote.git"

    def run(self) -> str:
        """What a schedule runs: the second job when the first leaves something."""
        made = self.make()
        return self.propose(made) if made.exists() else ""

    def make(self) -> Path:
        """Run the first job in a checkout of its own, as shallow as the runner's; returns what it leaves."""
        return self._job(self.jobs[0], "--depth=1")[0] / "update"

    def propose(self, made: Path) -> str:
        """Run the second job in another checkout with what the first one left; returns what it says."""
        return self._job(self.jobs[1], made=made)[1]

    def _job(self, script: str, *options: str, made: Path | None = None) -> tuple[Path, str]:
        place = self.folder / f"job-{len(list(self.folder.glob('job-*')))}"
        git(self.folder, "clone", "--quiet", *options, f"file://{self.remote}", str(place))
        if made is not None:
            shutil.copytree(made, place / "update")
        scripts = os.pathsep.join([str(self.folder / "bin"), sysconfig.get_path("scripts")])
        variables = {**os.environ, **self.variables, "PATH": os.pathsep.join([scripts, os.environ["PATH"]])}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=place,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return place, done.stdout + done.stderr

    def head(self) -> str:
        """The commit of the branch on the remote, or nothing."""
        return git(self.remote, "for-each-ref", "--format=%(objectname)", BRANCH)

    def show(self, path: str) -> str:
        """A file as it is on the branch."""
        return git(self.remote, "show", f"{BRANCH}:{path}")

    def change(self, branch: str, path: str, text: str) -> None:
        """Have somebody change a file on the remote."""
        place = self.folder / f"somebody-{len(list(self.folder.glob('somebody-*')))}"
        git(self.folder, "clone", "--quiet", "--branch", branch, str(self.remote), str(place))
        (place / path).write_text(text, encoding="utf-8")
        commit_all(place)
        git(place, "push", "--quiet")

    def request(self) -> str:
        """What the platform was asked for last: GitHub's client, with the text, or push options."""
        if (self.folder / "options").exists():
            return (self.folder / "options").read_text(encoding="utf-8")
        asked = (self.folder / "asked").read_text(encoding="utf-8").splitlines()[-1]
        bodies = sorted(self.folder.glob("job-*/update/body.md"), key=lambda path: path.stat().st_mtime_ns)
        return asked + bodies[-1].read_text(encoding="utf-8")


def github(render: Callable[..., Path], folder: Path) -> Platform:
    """The steps of both jobs, without the one that installs, and a client that notes what it is asked."""
    jobs = yaml.safe_load((render() / ".github/workflows/update.yml").read_text(encoding="utf-8"))["jobs"]
    scripts = [
        [step["run"] for step in job["steps"] if step.get("name", "Install") != "Install"] for job in jobs.values()
    ]
    client = folder / "bin" / "gh"
    client.parent.mkdir()
    client.write_text(GH.format(python=sys.executable, folder=str(folder)), encoding="utf-8")
    client.chmod(0o755)
    variables = {"GITHUB_SERVER_URL": f"file://{folder}", "GITHUB_REPOSITORY": "remote", "BASE": "main"}
    return Platform(folder, (scripts[0][0], scripts[1][0]), variables)


def gitlab(render: Callable[..., Path], folder: Path) -> Platform:
    """The scripts of both jobs, without the lines that install, and a remote that notes push options."""
    pipeline: dict[str, Any] = yaml.safe_load((render(ci="gitlab") / ".gitlab/update.yml").read_text(encoding="utf-8"))
    lines = [
        [line for line in pipeline[job]["script"] if "pip install" not in line]
        for job in ("make-update", "propose-update")
    ]
    hook = folder / "remote.git" / "hooks" / "post-receive"
    hook.write_text(HOOK.format(file=folder / "options"), encoding="utf-8")
    hook.chmod(0o755)
    git(folder / "remote.git", "config", "receive.advertisePushOptions", "true")
    variables = {
        "TEMPLATE_UPDATE_TOKEN": "glpat-test",
        "CI_SERVER_FQDN": "gitlab.example.org",
        "CI_PROJECT_PATH": "ada/my-lib",
        "CI_DEFAULT_BRANCH": "main",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{folder}/remote.git.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://oauth2:glpat-test@gitlab.example.org/ada/my-lib.git",
    }
    return Platform(folder, ("\n".join(lines[0]), "\n".join(lines[1])), variables)


@pytest.fixture
def remote(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A project of the first release on a bare remote; returns the folder that has it."""
    project = render_release(OLDEST, tmp_path / "project", {"ci": request.param})
    commit_all(project)
    git(tmp_path, "clone", "--quiet", "--bare", str(project), str(tmp_path / "remote.git"))
    return tmp_path


@pytest.mark.parametrize("remote", ["github", "gitlab"], indirect=True)
def test_the_life_of_an_update(remote: Path, render: Callable[..., Path]) -> None:
    platform = (github if (remote / "project" / ".github").exists() else gitlab)(render, remote)

    # A clean update is one commit on the main branch, and nothing of how it got there.
    platform.run()
    first = platform.head()
    assert git(platform.remote, "log", "--format=%s", f"main..{BRANCH}") == TITLE
    assert f"_commit: {template_commit()}" in platform.show(".copier-answers.yml")
    assert "update" not in git(platform.remote, "ls-tree", "--name-only", BRANCH).splitlines()
    assert TITLE in platform.request()
    assert "updated (" in platform.request()
    assert "Conflicts" not in platform.request()

    # Again: the same commit. A conflict on the main branch: the branch follows, keeps the project's side, and says so.
    platform.run()
    assert platform.head() == first
    mine = (remote / "project" / DISPUTED).read_text(encoding="utf-8").replace(LINE, "//! Mine:")
    platform.change("main", DISPUTED, mine)
    platform.run()
    assert git(platform.remote, "rev-parse", f"{BRANCH}^") == git(platform.remote, "rev-parse", "main")
    assert platform.show(DISPUTED).startswith("//! Mine:")
    assert "**Conflicts.**" in platform.request()
    assert "conflict (1)" in platform.request()

    # Somebody else's commit on the branch is left, whatever the main branch does.
    platform.change("pyo3-kit/update", "README.md", "# Mine\n")
    theirs = platform.head()
    platform.change("main", "CHANGELOG.md", "# Changes\n")
    assert "is left as it is" in platform.run()
    assert platform.head() == theirs

    # Merged, and the branch deleted: there is nothing to do.
    git(platform.remote, "update-ref", "refs/heads/main", theirs)
    git(platform.remote, "update-ref", "-d", BRANCH)
    assert not platform.make().exists()


@pytest.mark.parametrize("remote", ["github"], indirect=True)
def test_a_request_is_opened_refreshed_and_stays_closed(remote: Path, render: Callable[..., Path]) -> None:
    platform = github(render, remote)
    made = platform.make()
    for known, verb in (("", "'create'"), (f"OPEN 7 {TITLE}\n", "'edit', '7'"), ("MERGED 7 Another\n", "'create'")):
        (remote / "list").write_text(known, encoding="utf-8")
        platform.propose(made)
        assert verb in platform.request()
    (remote / "asked").unlink()
    (remote / "list").write_text(f"CLOSED 7 {TITLE}\n", encoding="utf-8")
    assert "was closed, and stays so" in platform.propose(made)
    assert not (remote / "asked").exists()
