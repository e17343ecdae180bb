"""What else runs the check: the hooks, the action, the plugin for repo-review."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pyo3_kit.repo_review import pyo3_kit_report, repo_review_checks, repo_review_families
from pyo3_kit.texts.toml import parse_toml
from tests.audit.disk import CLASS, FROZEN, lay_out

ROOT = Path(__file__).resolve().parents[2]
LIB = "src/lib.rs"
QUIET = '[tool.pyo3-kit]\nselect = ["PYO081"]\n'


def hooks() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return found


def test_hooks_are_python_and_look_at_what_the_check_reads() -> None:
    assert [hook["id"] for hook in hooks()] == ["pyo3-kit-check", "pyo3-kit-fix"]
    read = (
        "src/lib.rs",
        "Cargo.toml",
        "a/Cargo.lock",
        "pyproject.toml",
        ".cargo/config.toml",
        ".github/workflows/x.yml",
    )
    for hook in hooks():
        assert hook["language"] == "python"
        assert not hook["pass_filenames"]
        assert [path for path in read if not re.search(hook["files"], path)] == []
        assert [path for path in ("README.md", "src/x.py", ".github/x.yml") if re.search(hook["files"], path)] == []


@pytest.mark.slow
def test_the_hooks_run_for_real(tmp_path: Path) -> None:
    lay_out(tmp_path, {LIB: CLASS, "pyproject.toml": QUIET})
    # Installing the hook from its repository takes a package index; the command is the hook's own.
    local = [{**hook, "language": "system"} for hook in hooks()]
    config = {"repos": [{"repo": "local", "hooks": local}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    first = run_hook(tmp_path, "pyo3-kit-check")
    assert first.returncode == 1
    assert "src/lib.rs:2:8: warning: PYO081" in first.stdout
    assert run_hook(tmp_path, "pyo3-kit-fix").returncode == 1  # it changed a file
    assert (tmp_path / LIB).read_text(encoding="utf-8") == FROZEN
    assert run_hook(tmp_path, "pyo3-kit-check").returncode == 0


def run_hook(root: Path, name: str) -> subprocess.CompletedProcess[str]:
    command = [str(shutil.which("prek")), "run", name, "--all-files"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def test_the_action_uses_what_the_catalogue_pins() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    known = yaml.safe_load((ROOT / "catalogue/actions.yml").read_text(encoding="utf-8")).values()
    pinned = {f"{one['uses']}@{one['sha']} # {one['version']}" for one in known}
    used = re.findall(r"uses: (.+)$", text, re.MULTILINE)
    assert used
    assert set(used) <= pinned


def test_the_action_takes_no_input_into_its_scripts() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    steps = action["runs"]["steps"]
    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []
    read = {name for step in steps for name in re.findall(r"inputs\.([\w-]+)", str(step.get("env")))}
    assert read == set(action["inputs"])


def test_the_actions_scripts_are_shell(tmp_path: Path) -> None:
    for number, step in enumerate(yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"]):
        if "run" in step:
            script = tmp_path / f"{number}.sh"
            script.write_text(step["run"], encoding="utf-8")
            subprocess.run(["bash", "-n", str(script)], check=True)


def test_repo_review_gets_a_check_for_each_practice(tmp_path: Path) -> None:
    report = pyo3_kit_report(lay_out(tmp_path, {LIB: CLASS, "pyproject.toml": QUIET}))
    checks = repo_review_checks()
    assert report == {
        "PYO08": [f"- `{LIB}:2` PYO081: nothing borrows `A` mutably, but every access still counts a borrow"]
    }
    assert checks["PYO08"].check(report) == "\n".join(report["PYO08"])
    assert checks["PYO02"].check(report) == ""
    assert checks["PYO02"].__doc__ == "Cast for type checks"
    assert {check.family for check in checks.values()} == set(repo_review_families())


def test_repo_review_gets_nothing_where_there_is_no_project(tmp_path: Path) -> None:
    assert pyo3_kit_report(tmp_path) is None
    assert pyo3_kit_report("gh:owner/name") is None
    assert repo_review_checks()["PYO08"].check(None) is None


@pytest.mark.slow
def test_repo_review_runs_the_plugin_for_real(tmp_path: Path) -> None:
    points = parse_toml((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"]
    # Installed as the metadata of a package of its own: what is installed here may be older than pyproject.toml.
    installed = tmp_path / "site/pyo3_kit_plugin-0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Name: pyo3-kit-plugin\nVersion: 0\n", encoding="utf-8")
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in listed.items())
        for group, listed in points.items()
    ]
    (installed / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    project = lay_out(tmp_path / "project", {LIB: CLASS, "pyproject.toml": QUIET})
    command = [sys.executable, "-m", "repo_review", "--format", "json", "--select", "PYO", str(project)]
    path = os.pathsep.join([str(installed.parent), str(ROOT / "src")])
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": path})
    checks = json.loads(done.stdout)["checks"]
    assert checks.keys() == repo_review_checks().keys()
    assert [name for name, one in checks.items() if one["result"] is False] == ["PYO08"]
    assert "src/lib.rs:2" in checks["PYO08"]["err_msg"]
    assert checks["PYO02"]["result"] is True


def test_headings_of_the_page_are_what_checks_link_to() -> None:
    page = (ROOT / "docs/reference/rules.md").read_text(encoding="utf-8")
    anchors = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^## (.+)$", page, re.MULTILINE)
    }
    assert {check.url.partition("#")[2] for check in repo_review_checks().values()} <= anchors
