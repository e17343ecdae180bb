"""Plain Copier, in safe mode and without the command line: copy and update."""

from __future__ import annotations

import filecmp
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml
from copier import run_copy, run_update

from pyo3_kit.presets.catalogue import load_presets
from pyo3_kit.template.releases import Release, releases
from tests.support.command import run_kit
from tests.support.history import tagged_template
from tests.support.project import tool
from tests.support.template import export

pytestmark = pytest.mark.slow

AUTHOR = {"author_name": "Ada Lovelace", "author_email": "ada@example.org"}
"""Given always: `new` would take whom Git knows."""
ANSWERS = {
    **AUTHOR,
    "async_runtime": True,
    "layout": "workspace",
    "bytes_feature": True,
}


EXAMPLES: dict[str, Mapping[str, object]] = {
    "defaults": AUTHOR,
    "workspace": ANSWERS,
    **{preset.name: {**AUTHOR, **preset.answers} for preset in load_presets().values()},
}


def git(folder: Path, *arguments: str) -> str:
    return tool("git", *arguments, cwd=folder)


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """What is in each file, and its mode."""
    paths = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode) for path in paths}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The template in a git repository with one release."""
    folder = export(tmp_path / "kit")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=First")
    git(folder, "tag", "v0.1.0")
    return folder


@pytest.mark.parametrize("answers", EXAMPLES.values(), ids=EXAMPLES)
def test_copy_and_new_give_the_same_bytes(answers: Mapping[str, object], repository: Path, tmp_path: Path) -> None:
    """From a repository as from the package, in the first run, which compiles everything, and in the next."""
    run_copy(str(repository), tmp_path / "plain" / "my-lib", data=dict(answers), defaults=True, quiet=True)
    plain = contents(tmp_path / "plain" / "my-lib")
    assert len(plain) > 20
    data = tmp_path / "answers.json"
    data.write_text(json.dumps(answers))
    changes = {"PYO3_KIT_CACHE": str(tmp_path / "cache")}
    for number in ("first", "second"):
        for template in (f"--template={repository}", ""):
            words = [
                word for word in ("new", "my-lib", "--defaults", "--no-git", f"--data-file={data}", template) if word
            ]
            folder = tmp_path / number / (template[:2] or "carried")
            folder.mkdir(parents=True)
            result = run_kit(*words, folder=folder, changes=changes)
            assert result.code == 0, result.err
            ours = contents(folder / "my-lib")
            if not template:
                # It names another address.
                ours[".copier-answers.yml"] = plain[".copier-answers.yml"]
            assert ours == plain


def test_the_template_needs_no_trust(template: Path) -> None:
    settings = [
        yaml.load(text, yaml.BaseLoader)
        for text in (template / "copier.yml").read_text().split("---")
        if "!" not in text
    ]
    keys = {key for document in settings if document for key in document}
    assert "_subdirectory" in keys
    assert not keys & {"_tasks", "_migrations", "_jinja_extensions"}


def test_update_without_edits_equals_a_fresh_copy(repository: Path, tmp_path: Path) -> None:
    project = tmp_path / "my-lib"
    run_copy(str(repository), project, data=ANSWERS, defaults=True, quiet=True)
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message=First")

    manifest = repository / "template" / "CHANGELOG.md"
    manifest.write_text(manifest.read_text() + "\nChanged by the template.\n")
    git(repository, "commit", "--quiet", "--all", "--message=Second")
    git(repository, "tag", "v0.2.0")

    run_update(project, defaults=True, overwrite=True, quiet=True)
    fresh = tmp_path / "fresh" / "my-lib"
    run_copy(str(repository), fresh, data=ANSWERS, defaults=True, quiet=True)
    assert contents(project) == contents(fresh)
    assert "_commit: v0.2.0" in (project / ".copier-answers.yml").read_text()


@pytest.mark.parametrize("release", releases(), ids=lambda release: release.version)
def test_update_from_each_release(release: Release, tmp_path: Path) -> None:
    """Copier renders the old version with the new one's exclusions, so these know of questions that it had not."""
    repository = tagged_template(tmp_path / "kit")
    shutil.copytree(export(tmp_path / "now"), repository, dirs_exist_ok=True)
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--allow-empty", "--message=Now")
    git(repository, "tag", "v99.0.0")
    project, fresh = tmp_path / "my-lib", tmp_path / "fresh" / "my-lib"
    run_copy(str(repository), project, data=ANSWERS, defaults=True, quiet=True, vcs_ref=release.version)
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message=First")
    run_update(project, defaults=True, overwrite=True, quiet=True)
    # Defaults that have changed since do not change under a project: it keeps what it recorded.
    recorded = yaml.safe_load((project / ".copier-answers.yml").read_text(encoding="utf-8"))
    kept = {name: recorded[name] for name in ("starter", "benchmarks") if name in recorded}
    run_copy(str(repository), fresh, data={**ANSWERS, **kept}, defaults=True, quiet=True)
    assert contents(project) == contents(fresh)


def test_an_answer_can_be_changed_by_an_update(repository: Path, tmp_path: Path) -> None:
    project = tmp_path / "my-lib"
    run_copy(str(repository), project, data={"stubs": True}, defaults=True, quiet=True)
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message=First")
    run_update(project, data={"async_runtime": True}, defaults=True, overwrite=True, quiet=True)
    fresh = tmp_path / "fresh" / "my-lib"
    run_copy(str(repository), fresh, data={"async_runtime": True}, defaults=True, quiet=True)
    comparison = filecmp.dircmp(project, fresh, ignore=[".git"])
    assert not comparison.left_only
    assert not comparison.right_only
    assert contents(project) == contents(fresh)


def test_paths_are_fit_for_windows(render: Callable[..., Path], template: Path) -> None:
    for root in (template / "template", render(async_runtime=True, layout="workspace", ci="gitlab", docs="sphinx")):
        for path in root.rglob("*"):
            relative = path.relative_to(root).as_posix()
            assert not set('<>:"|?*\\') & set(relative), relative
            assert len(relative) <= 120, relative
            assert not relative.endswith((".", " ")), relative
