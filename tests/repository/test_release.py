"""A release from the commit of a version to the update of a project, with the workflow's scripts and a local index."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import yaml

from pyo3_kit import __version__
from pyo3_kit.template.releases import releases
from tests.support.command import ROOT, environment
from tests.support.history import commit_all, git, tagged_template
from tests.support.project import attempt, tool

pytestmark = pytest.mark.slow

NEXT = "99.0.0"
NOTES = "- A line for users."


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8"))[
        "jobs"
    ]
    return loaded


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with the files of this checkout, released as docs/how-to/release-a-version.md describes."""
    folder = tagged_template(tmp_path_factory.mktemp("release") / "checkout")
    for name in tool("git", "ls-files", "-z", cwd=ROOT).split("\0")[:-1]:
        (folder / name).unlink(missing_ok=True)
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for name in ("pyproject.toml", "src/pyo3_kit/system/version.py"):
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(f'version = "{__version__}"') + text.count(f'version__ = "{__version__}"') == 1
        (folder / name).write_text(text.replace(f'"{__version__}"', f'"{NEXT}"', 1), encoding="utf-8")
    changelog = folder / "CHANGELOG.md"
    text = changelog.read_text(encoding="utf-8")
    heading = f"## {NEXT} - 2099-01-01\n\n{NOTES}\n\n## "
    changelog.write_text(text.replace("## ", heading, 1), encoding="utf-8")
    commit_all(folder, f"Release {NEXT}")
    commands = tool(sys.executable, "scripts/release.py", cwd=folder).strip()
    tool("bash", "-ec", commands, cwd=folder)
    git(folder, "branch", "listed")
    git(folder, "checkout", "--quiet", f"v{NEXT}")
    return folder


def script(jobs: dict[str, Any], job: str) -> str:
    """The scripts of a job, without the lines that install what is here already."""
    lines = "\n".join(step["run"] for step in jobs[job]["steps"] if "run" in step).splitlines()
    return "\n".join(line for line in lines if "pip install" not in line)


@pytest.fixture(scope="module")
def dist(jobs: dict[str, Any], checkout: Path) -> Path:
    """What the workflow's first job builds."""
    tool("bash", "-eo", "pipefail", "-c", script(jobs, "build"), cwd=checkout, env={"GITHUB_REF_NAME": f"v{NEXT}"})
    return checkout / "dist"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a package index of our own, which is empty."""
    folder = tmp_path_factory.mktemp("index")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["-i", "127.0.0.1", "-p", str(port), "-a", ".", "-P", ".", "--disable-fallback", str(folder)]
    with (folder.parent / "index.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "pypiserver", "run", *options], stdout=log, stderr=subprocess.STDOUT
        )
        try:
            address = f"http://127.0.0.1:{port}/"
            wait_for(address, server)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=120)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        assert server.poll() is None, "the package index has ended"
        try:
            with urlopen(address):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the package index does not respond")


def upload(index: str, *files: Path) -> None:
    login = {"TWINE_USERNAME": "ada", "TWINE_PASSWORD": "secret"}
    tool("twine", "upload", "--disable-progress-bar", "--repository-url", index, *files, cwd=ROOT, env=login)


def test_the_release_has_its_notes_and_its_entry(dist: Path, checkout: Path) -> None:
    assert (checkout / "notes" / "notes.md").read_text(encoding="utf-8") == f"{NOTES}\n"
    listed = git(checkout, "show", "listed:catalogue/releases.yml").splitlines()
    assert listed[-3] == f"- version: v{NEXT}"
    assert listed[-2] == f"  commit: {git(checkout, 'rev-parse', 'HEAD')}"
    assert re.fullmatch(r"  digest: [0-9a-f]{64}", listed[-1])
    assert sorted(path.name for path in dist.glob("pyo3_kit*")) == [
        f"pyo3_kit-{NEXT}-py3-none-any.whl",
        f"pyo3_kit-{NEXT}.tar.gz",
    ]


def test_another_tag_is_rejected(checkout: Path) -> None:
    done = attempt(sys.executable, "scripts/release.py", "--check", "v99.0.1", cwd=checkout)
    assert (done.returncode, done.stderr) == (
        1,
        f"The tag v99.0.1 is not that of this version, which would be v{NEXT}.\n",
    )


def test_the_built_files_are_tried(jobs: dict[str, Any], dist: Path) -> None:
    assert script(jobs, "test").endswith("python scripts/try_distributions.py dist/*")
    # The wheel is installed below; pip, pipx and uvx do the same and take long.
    sdist = dist / f"pyo3_kit-{NEXT}.tar.gz"
    output = tool(sys.executable, "scripts/try_distributions.py", sdist, "--installer", "uv-tool", cwd=ROOT)
    assert output == f"{sdist.name}: works with uv-tool\n"


def test_a_project_of_the_last_release_is_updated_to_this_one(
    dist: Path, index: str, checkout: Path, tmp_path: Path
) -> None:
    last = releases()[-1]
    git(tmp_path, "clone", "--quiet", "--shared", "--branch", last.version, str(checkout), "last")
    tool("uv", "build", "--quiet", "--wheel", "--out-dir", tmp_path / "last-dist", tmp_path / "last", cwd=tmp_path)
    upload(index, *(tmp_path / "last-dist").glob("*.whl"))
    tool("uv", "venv", "--quiet", "--python", sys.executable, tmp_path / "venv", cwd=tmp_path)

    def install(*requirements: str) -> None:
        python = tmp_path / "venv" / "bin" / "python"
        options = ["--quiet", "--no-compile", "--extra-index-url", f"{index}simple/"]
        tool(sys.executable, "-m", "pip", "--python", python, "install", *options, *requirements, cwd=tmp_path)

    def kit(*words: str, folder: Path = tmp_path) -> str:
        clean = environment({"PYTHONPATH": None, "PYO3_KIT_CACHE": str(tmp_path / "cache")})
        done = subprocess.run(
            [tmp_path / "venv" / "bin" / "pyo3-kit", *words],
            cwd=folder,
            env=clean,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    install("pyo3-kit")
    assert kit("--version") == f"pyo3-kit {last.version[1:]}\n"
    kit("new", "my-lib", "--defaults")
    project = tmp_path / "my-lib"
    assert f"_commit: {last.version}\n" in (project / ".copier-answers.yml").read_text(encoding="utf-8")

    upload(index, *dist.glob("pyo3_kit*"))
    install("--upgrade", "pyo3-kit")
    assert kit("--version").startswith(f"pyo3-kit {NEXT}")
    kit("update", folder=project)
    assert f"_commit: v{NEXT}\n" in (project / ".copier-answers.yml").read_text(encoding="utf-8")
