"""The versions of a template: ours from the package, all others from Git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.template.location import TEMPLATE_URL, template_commit, template_root
from pyo3_kit.template.releases import releases
from pyo3_kit.template.versions import Version, template_versions


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, tag: str | None = None, **files: str) -> str:
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", tag or "work")
    if tag:
        git(folder, "tag", "--force", tag)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A template with the versions v1.0, v1.1 and v2.0rc1, and a commit after them."""
    folder = tmp_path / "template"
    folder.mkdir()
    git(folder, "init", "--quiet")
    commit(folder, "v1.0", copier__yml="{}\n", a="one\n")
    commit(folder, "v1.1", a="two\n")
    commit(folder, "v2.0rc1", a="three\n")
    commit(folder, a="four\n")
    return folder


def text(version: Version) -> str:
    return (version.root / "a").read_text()


@pytest.mark.parametrize("address", ["{}", "file://{}"])
def test_a_template_in_git(foreign: Path, tmp_path: Path, address: str) -> None:
    versions = template_versions(address.format(foreign), tmp_path / "project")
    newest = versions.newest()
    assert (newest.commit, text(newest), newest.pinned) == ("v1.1", "two\n", False)
    old = versions.at("v1.0")
    assert (old.commit, text(old)) == ("v1.0", "one\n")
    assert versions.at("v2.0rc1").commit == "v2.0rc1"
    described = versions.at("main")
    assert described.commit.startswith("v2.0rc1-1-g")
    assert (text(described), described.pinned) == ("four\n", True)
    assert versions.at(described.commit) == described
    by_hash = versions.at(git(foreign, "rev-parse", "v1.0"))
    assert text(by_hash) == "one\n"
    order = [versions.at(name).order for name in ("v1.0", "v1.1", "v2.0rc1", described.commit)]
    assert order == sorted(order)  # type: ignore[type-var]


def test_a_template_without_tags_goes_by_commits(foreign: Path, tmp_path: Path) -> None:
    for tag in ("v1.0", "v1.1", "v2.0rc1"):
        git(foreign, "tag", "--delete", tag)
    versions = template_versions(str(foreign), tmp_path / "project")
    newest = versions.newest()
    assert text(newest) == "four\n"
    assert newest.pinned
    first = versions.at(git(foreign, "rev-list", "--max-parents=0", "HEAD"))
    assert first.order is not None
    assert newest.order is not None
    assert first.order < newest.order


def test_a_remote_template_that_grew_is_fetched_again(foreign: Path, tmp_path: Path) -> None:
    address = f"file://{foreign}"
    assert template_versions(address, tmp_path / "project").newest().commit == "v1.1"
    commit(foreign, "v1.2", a="five\n")
    assert text(template_versions(address, tmp_path / "project").newest()) == "five\n"
    commit(foreign, "v1.2", a="moved\n")
    assert text(template_versions(address, tmp_path / "project").newest()) == "moved\n"
    git(foreign, "checkout", "--quiet", "-b", "next")
    commit(foreign, a="six\n")
    assert text(template_versions(address, tmp_path / "project").at("next")) == "six\n"


def test_a_remote_template_that_has_gone_is_still_read_from_the_cache(foreign: Path, tmp_path: Path) -> None:
    address = f"file://{foreign}"
    template_versions(address, tmp_path / "project").newest()
    foreign.rename(tmp_path / "moved")
    assert text(template_versions(address, tmp_path / "project").at("v1.0")) == "one\n"
    with pytest.raises(Refused) as caught:
        template_versions(address, tmp_path / "project").newest()
    assert "cannot be fetched" in caught.value.message


@pytest.mark.usefixtures("foreign")
def test_a_relative_address_starts_at_the_project(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    assert text(template_versions("../template", tmp_path / "project").newest()) == "two\n"


def test_what_git_exports_is_what_a_checkout_has(foreign: Path, tmp_path: Path) -> None:
    (foreign / ".gitattributes").write_text("b export-ignore\na export-subst\n")
    (foreign / "b").write_text("kept\n")
    (foreign / "run").write_text("#!/bin/sh\n")
    (foreign / "run").chmod(0o755)
    (foreign / "link").symlink_to("a")
    commit(foreign, "v1.3", a="$Format:%H$\n")
    root = template_versions(str(foreign), tmp_path / "project").newest().root
    assert (root / "b").read_text() == "kept\n"
    assert (root / "a").read_text() == "$Format:%H$\n"
    assert (root / "run").stat().st_mode & 0o111
    assert (root / "link").is_symlink()
    assert not (root / ".git").exists()


def test_a_submodule_on_this_machine_is_refused(foreign: Path, tmp_path: Path) -> None:
    """As Git does: what a template names must not bring a private repository of this machine into a project."""
    part = tmp_path / "part"
    part.mkdir()
    git(part, "init", "--quiet")
    commit(part, a="part\n")
    for address in (str(part), "../part", f"file://{part}"):
        git(foreign, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "--force", str(part), "part")
        git(foreign, "config", "--file", ".gitmodules", "submodule.part.url", address)
        commit(foreign, "v1.4")
        with pytest.raises(Refused, match=r"The submodule part of the template .* lies on this machine"):
            template_versions(str(foreign), tmp_path / "project").newest()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("../gone", "There is no template"),
        ("../plain", "not a Git repository"),
        ("ext::sh -c id", "not an address of a template"),
        ("--upload-pack=id", "not an address of a template"),
        ("file:///nowhere/at/all", "cannot be fetched"),
    ],
)
def test_bad_addresses(tmp_path: Path, address: str, said: str) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "copier.yml").write_text("{}\n")
    with pytest.raises(Refused) as caught:
        template_versions(address, tmp_path / "project").newest()
    assert said in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("ref", ["v9", "0123456789", "--help", "v1.0-3-g0123456", "a..b", "HEAD:a"])
def test_a_version_that_there_is_not(foreign: Path, tmp_path: Path, ref: str) -> None:
    with pytest.raises(Refused) as caught:
        template_versions(str(foreign), tmp_path / "project").at(ref)
    assert caught.value.hint


@pytest.mark.parametrize(
    "address",
    [TEMPLATE_URL, TEMPLATE_URL.removesuffix(".git"), "gh:pyo3-kit/pyo3-kit", "git@github.com:pyo3-kit/pyo3-kit.git"],
)
def test_our_own_template_needs_no_network(tmp_path: Path, address: str) -> None:
    versions = template_versions(address, tmp_path / "project")
    newest = versions.newest()
    assert (newest.commit, newest.root, newest.pinned) == (template_commit(), template_root(), True)
    assert newest.source.url == TEMPLATE_URL
    for release in releases():
        old = versions.at(release.version)
        assert old.commit == release.version
        assert (old.root / "copier.yml").is_file()
        assert old.order is not None
        assert newest.order is not None
        assert old.order <= newest.order
        assert versions.at(release.commit[:9]) == old


def test_an_unreleased_commit_of_ours_is_read_from_the_checkout(tmp_path: Path) -> None:
    first = git(template_root(), "rev-list", "--max-parents=0", "HEAD")
    version = template_versions(TEMPLATE_URL, tmp_path / "project").at(f"v0.0.1-7-g{first[:8]}")
    assert (version.root / "copier.yml").is_file()
    assert version.commit == f"v0.0.1-7-g{first[:8]}"
