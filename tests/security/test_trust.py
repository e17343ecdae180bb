"""Which templates a project may name by itself, where nobody watches."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.template.location import TEMPLATE_URL
from pyo3_kit.template.trust import Trust, Untrusted
from tests.fleet.small import BRANCH, Small, tip
from tests.security.test_repositories import pointed
from tests.support.command import run_kit
from tests.update.templates import Project, Template, git

HOST = "https://git.example.org/acme"


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        (f"{HOST}/kit.git", f"{HOST}/kit"),
        (f"{HOST}/kit", f"git+{HOST}/kit.git"),
        (f"{HOST}/kit", "git@git.example.org:acme/kit.git"),
        (f"{HOST}/kit", "ssh://git@GIT.example.org/acme/kit/"),
        (f"{HOST}/kit", "https://user:word@git.example.org/acme/kit"),
        (f"{HOST}/", f"{HOST}/kit.git"),
        (f"{HOST}/", f"{HOST}/team/kit"),
        ("gh:acme/kit", "https://github.com/Acme/Kit.git"),
        ("gh:acme/", "git@github.com:acme/kit"),
        ("http://intranet/kit", "http://intranet/kit"),
        ("/srv/kit", "file:///srv/kit"),
        ("/srv/", "/srv/kit"),
        ("file:///srv/kit", "/srv/../srv/kit/"),
    ],
)
def test_what_an_entry_covers(tmp_path: Path, entry: str, url: str) -> None:
    Trust((entry,), strict=True).check(url, tmp_path / "project")


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        (f"{HOST}/kit", f"{HOST}/kit2"),
        (f"{HOST}/kit", f"{HOST}/kit/../other"),
        (f"{HOST}/", "https://git.example.org/acme-evil/kit"),
        (f"{HOST}/", f"{HOST}/../evil/kit"),
        (f"{HOST}/", f"{HOST}/%2e%2e/evil/kit"),
        (f"{HOST}/", f"{HOST}//../../evil/kit"),
        (f"{HOST}/", "https://git.example.org.evil/acme/kit"),
        (f"{HOST}/", "https://git.example.org@evil/acme/kit"),
        (f"{HOST}/", "https://evil?@git.example.org/acme/kit"),
        (f"{HOST}/", "https://evil#@git.example.org/acme/kit"),
        (f"{HOST}/", "https://evil\\@git.example.org/acme/kit"),
        (f"{HOST}/", "evil:x@git.example.org/acme/kit"),
        (f"{HOST}/", "https://git.example.org:8443/acme/kit"),
        (f"{HOST}/", "http://git.example.org/acme/kit"),
        (f"{HOST}/", "git://git.example.org/acme/kit"),
        (f"{HOST}/", "acme/kit"),
        (f"{HOST}/", "file:///git.example.org/acme/kit"),
        ("https://", f"{HOST}/kit"),
        ("/srv/", "/srv/../home/kit"),
        ("/srv/", "../../srv2/kit"),
        ("/srv/kit", "file:///srv/kit/deep"),
        ("", f"{HOST}/kit"),
        ("/", f"{HOST}/kit"),
    ],
)
def test_what_an_entry_does_not_cover(tmp_path: Path, entry: str, url: str) -> None:
    with pytest.raises(Untrusted):
        Trust((entry,), strict=True).check(url, tmp_path / "project")


@pytest.mark.parametrize("url", [TEMPLATE_URL, "gh:pyo3-kit/pyo3-kit", "git@github.com:pyo3-kit/pyo3-kit.git"])
def test_ours_is_always_trusted(tmp_path: Path, url: str) -> None:
    Trust(strict=True).check(url, tmp_path)


def test_a_fleet_uses_only_listed_templates(made: Project, shop: Template, tmp_path: Path) -> None:
    root = tmp_path / "fleet"
    root.mkdir()
    made.copy(root / "a")
    repository = '[[repository]]\npath = "a"\n'
    listed = {
        "": False,
        f'templates = ["{shop.root}"]\n': True,
        f'templates = ["{shop.root.parent}/"]\n': True,
        f'templates = ["{shop.root.parent}"]\n': False,
        f'templates = ["{shop.root}-other", "gh:acme/"]\n': False,
    }
    for text, used in listed.items():
        (root / "fleet.toml").write_text(text + repository)
        for words in (("status",), ("update", "--dry-run")):
            (row,) = run_kit("fleet", *words, "--json", "-j", "1", folder=root).object["rows"]
            assert (row["state"] == "refused") is not used, row
            if not used:
                assert f"names the template {shop.root}, which is not among the trusted ones" in row["reason"]
                assert "Add it to `templates` in the fleet file" in row["hint"]
                assert "--trust-template" in row["hint"]
    named = ("--trust-template", str(shop.root))
    (row,) = run_kit("fleet", "status", "--json", "-j", "1", *named, folder=root).object["rows"]
    assert row["state"] == "behind"


def test_a_wrong_list_in_the_fleet_file(tmp_path: Path) -> None:
    (tmp_path / "fleet.toml").write_text('templates = "gh:acme/kit"\n[[repository]]\npath = "a"\n')
    result = run_kit("fleet", "status", folder=tmp_path)
    assert result.code == 2
    assert "line 1, column 1" in result.err


def private(tmp_path: Path) -> Template:
    template = Template(tmp_path / "private-seed")
    files: dict[str, str | bytes | None] = {
        "copier.yml": "_subdirectory: template\n",
        "template/{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers | to_nice_yaml }}",
        ".copier-answers.yml": "_commit: v1.0.0\n_src_path: gh:x/y\n",
    }
    template.release("v1.0.0", files)
    return template.release("v2.0.0", {"template/private.txt": "PRIVATE\n"})


@pytest.mark.slow
@pytest.mark.parametrize(
    "address", ["../b", "{workspace}/repositories/b", "file://{root}/b.git", "{root}/c", "../../../c"]
)
@pytest.mark.parametrize("listed", [False, True])
def test_no_repository_of_a_fleet_is_anothers_template(
    made: Project, tmp_path: Path, address: str, listed: bool
) -> None:
    """A private one would be pushed to a public one; of those in the fleet not even when the list covers them."""
    small = Small(tmp_path / "small", made)
    seed = private(tmp_path)
    git(tmp_path, "clone", "-q", "--bare", str(seed.root), str(small.root / "b.git"))
    git(tmp_path, "clone", "-q", str(seed.root), str(small.root / "c"))
    small.text = f'[[repository]]\nurl = "file://{small.root}/b.git"\nname = "b"\n[[repository]]\npath = "c"\n'
    place = small.remote("a")
    work = small.work(place)
    pointed(work, address.format(workspace=small.workspace, root=small.root))
    git(work.root, "push", "-q", "origin", "HEAD")
    (small.root / "fleet.toml").write_text((f'templates = ["{tmp_path}/"]\n' if listed else "") + small.text)
    for _ in range(2):
        rows = run_kit("fleet", "update", "--json", "-j", "1", folder=small.root).object["rows"]
        (row,) = (row for row in rows if row["name"] == "a")
        assert row["state"] in ("refused", "broken"), row
    assert tip(place, BRANCH) == ""


@pytest.mark.parametrize("value", ["true", "1", "yes"])
def test_in_ci_a_project_names_only_trusted_templates(
    made: Project, shop: Template, tmp_path: Path, value: str
) -> None:
    project = made.copy(tmp_path / "project")
    settings = tmp_path / "settings.yml"
    settings.write_text(f"trust:\n  - {shop.root}\n")
    changes = {"CI": value, "COPIER_SETTINGS_PATH": str(tmp_path / "none.yml")}
    for words in (["status"], ["status", "--quick"], ["update", "--dry-run"], ["update"]):
        result = project.kit(*words, changes=changes)
        assert result.code == 2, result.err
        assert "--trust-template" in result.err
        assert "`trust` in Copier's settings file" in result.err
    for more in ({"COPIER_SETTINGS_PATH": str(settings)}, {"CI": "false"}, {"CI": ""}):
        assert project.kit("status", "--quick", changes={**changes, **more}).code == 1
    for words in (["status", "--quick"], ["status"], ["update", "--dry-run"]):
        result = project.kit(*words, "--trust-template", str(shop.root), changes=changes)
        assert result.code in (0, 1), result.err
    # What the user names on the command line needs no list.
    new = run_kit("new", "n", "--template", str(shop.root), "--data", "name=x", folder=tmp_path, changes=changes)
    assert new.code == 0, new.err
