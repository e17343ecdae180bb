"""Templates and overlays of strangers write nothing into Git's folder, outside of the project, or through links."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.overlays.fragments import refuse_double
from tests.support.command import run_kit, snapshot
from tests.update.templates import ANSWERS, Project, Template, git, leftovers, refused

NAMED = f"template/{ANSWERS}"
RECORDED = "{{ _copier_answers | to_nice_yaml }}"
LINKS = "_subdirectory: template\n_preserve_symlinks: true\n"
SLOW = pytest.mark.slow
NAMES = [
    "git~1",
    ".git",
    ".GIT",
    "sub/.git",
    ".g\u200cit",
    ".git . ",
    ".git::$INDEX_ALLOCATION",
    "a/../.git",
    "CON",
    "com1.txt",
    "a\\b",
    "tail.",
    "bell\u0007",
    "ci.yml/../x\u2028y",
]


def simple(root: Path, name: str = "") -> Template:
    """A template that renders one file; as an overlay it is called `name`."""
    answers = f"_answers_file: .copier-answers.{name}.yml\n" if name else "name: {type: str, default: x}\n"
    files = {NAMED: RECORDED, f"template/{name or 'ci'}.yml": "run: make test\n"}
    return Template(root).release("v1.0.0", {"copier.yml": f"{LINKS}{answers}", **files})


def with_name(template: Template, name: str, content: str = "x\n") -> Template:
    """The template's next version, which has a file below a folder of this name."""
    question = f"\nfolder:\n  type: str\n  default: {ascii_yaml(name)}\n  when: false\n"
    settings = (template.root / "copier.yml").read_text()
    return template.release("v2.0.0", {"copier.yml": settings + question, "template/{{ folder }}/config": content})


def ascii_yaml(name: str) -> str:
    return '"' + "".join(c if c.isalnum() or c in "./~ $:" else f"\\u{ord(c):04x}" for c in name) + '"'


def refused_new(folder: Path, *arguments: str, said: str) -> None:
    before, aside = snapshot(folder), leftovers()
    made = run_kit("new", "n", "--defaults", *arguments, folder=folder)
    assert made.code == 2, (made.out, made.err)
    assert made.err.startswith("error: ")
    assert said in made.err, made.err
    assert snapshot(folder) == before
    assert leftovers() == aside


# All spellings are in the fast `test_names.py`; here it is shown that the commands ask.
@pytest.mark.parametrize("name", [*NAMES[:2], *(pytest.param(name, marks=SLOW) for name in NAMES[2:])], ids=ascii)
def test_names_in_a_new_project(tmp_path: Path, name: str) -> None:
    pwned = tmp_path / "PWNED"
    template = with_name(simple(tmp_path / "t"), name, f'[core]\n\tfsmonitor = "touch {pwned}; false"\n')
    address = f"git+file://{template.root}"
    refused_new(tmp_path, "--template", address, said=f"The template {address} writes ")
    assert not pwned.exists()


@pytest.mark.parametrize("file", [".git/config", "../evil.yml", "{outside}/evil.yml", "git~1/x", "[1]"])
def test_the_answers_file(tmp_path: Path, file: str) -> None:
    template = simple(tmp_path / "t")
    settings = f"{LINKS}_answers_file: {file.format(outside=tmp_path)}\n"
    template.release("v2.0.0", {"copier.yml": settings})
    refused_new(tmp_path, "--template", f"git+file://{template.root}", said="refused: ")


@pytest.mark.parametrize("name", ["git~1", pytest.param(".git", marks=SLOW), pytest.param("aux", marks=SLOW)])
def test_names_in_an_overlay(tmp_path: Path, name: str) -> None:
    template, overlay = simple(tmp_path / "t"), with_name(simple(tmp_path / "o", "o"), name)
    sources = ("--template", f"git+file://{template.root}", "--overlay", f"git+file://{overlay.root}")
    refused_new(tmp_path, *sources, said=" writes '")


@pytest.mark.parametrize("name", [*NAMES[:1], *(pytest.param(name, marks=SLOW) for name in NAMES[1:])], ids=ascii)
def test_names_in_an_update(tmp_path: Path, name: str) -> None:
    template = simple(tmp_path / "t")
    project = template.project(tmp_path / "p")
    with_name(template, name)
    refused(project, said=" writes ")
    refused(project, "--dry-run", said=" writes ")


@pytest.mark.parametrize(
    "name", ["git~1", *(pytest.param(name, marks=SLOW) for name in (".git", ".GIT~1/.git", "nul"))]
)
def test_names_in_an_overlay_that_is_added(tmp_path: Path, name: str) -> None:
    project = simple(tmp_path / "t").project(tmp_path / "p")
    overlay = with_name(simple(tmp_path / "o", "o"), name)
    before = project.everything()
    added = project.kit("overlay", "add", f"git+file://{overlay.root}")
    assert (added.code, project.everything()) == (2, before), added.err
    assert " writes " in added.err


@pytest.mark.slow
def test_a_base_with_such_a_name_can_still_be_updated(tmp_path: Path) -> None:
    """What another program rendered is no reason to keep a project from the version that is without it."""
    template = simple(tmp_path / "t")
    with_name(template, "con")
    template.release("v3.0.0", {"template/{{ folder }}/config": None, "template/ci.yml": "run: make all\n"})
    root = tmp_path / "p"
    root.mkdir()
    git(root, "init", "-q")
    project = Project(root)
    files = {".copier-answers.yml": f"_commit: v2.0.0\n_src_path: {template.root}\n", "con/config": "x\n"}
    project.edit({**files, "ci.yml": "run: make test\n"})
    done = project.update()
    assert done.code == 0, done.err
    assert not (root / "con").exists()
    assert project.text("ci.yml") == "run: make all\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [("README.md", "readme.md"), ("Docs/a", "docs/b"), ("stra\u00dfe", "STRASSE"), ("\u00e9", "e\u0301")],
)
def test_two_files_of_one_name(tmp_path: Path, one: str, other: str) -> None:
    template = Template(tmp_path / "t")
    files = {f"template/{one}": "1\n", f"template/{other}": "2\n", NAMED: RECORDED}
    template.release("v1.0.0", {"copier.yml": LINKS, **files})
    refused_new(tmp_path, "--template", f"git+file://{template.root}", said="is the same name")


@pytest.mark.parametrize(
    "name", [".gitmodules", *(pytest.param(n, marks=SLOW) for n in (".gitattributes", "sub/.GITMODULES"))]
)
def test_a_link_that_git_reads(tmp_path: Path, name: str) -> None:
    template = simple(tmp_path / "t")
    # Git itself refuses to commit such a link under its name.
    (template.root / "template/{{ file }}").symlink_to("/etc/passwd")
    template.release("v2.0.0", {"copier.yml": f"{LINKS}file: {{type: str, default: {name}}}\n"})
    refused_new(tmp_path, "--template", f"git+file://{template.root}", said="must not be a symbolic link")


def linking(root: Path, target: Path | str, name: str = "", at: str = "zz") -> Template:
    template = simple(root, name)
    (template.root / "template" / at).symlink_to(target)
    return template.release("v1.0.0", {})


@pytest.mark.parametrize(
    "target", ["{outside}", *(pytest.param(target, marks=SLOW) for target in ("..", ".git", "inside", "../../outside"))]
)
@pytest.mark.parametrize("way", ["overlays", "overlay on template", "one template"])
def test_through_a_link_of_a_template(tmp_path: Path, target: str, way: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "profile").write_text("precious")
    target = target.format(outside=outside)
    if way == "one template":
        template = linking(tmp_path / "t", target)
        template.release(
            "v2.0.0", {"copier.yml": f"{LINKS}z: {{type: str, default: zz}}\n", "template/{{ z }}/profile": "x"}
        )
        sources = ["--template", f"git+file://{template.root}"]
    else:
        first = "a" if way == "overlays" else ""
        one = linking(tmp_path / "one", target, first)
        below = one if not first else simple(tmp_path / "t")
        other = simple(tmp_path / "other", "b").release("v2.0.0", {"template/zz/profile": "x"})
        overlays = [one, other] if first else [other]
        sources = ["--template", f"git+file://{below.root}"]
        sources += [word for overlay in overlays for word in ("--overlay", f"git+file://{overlay.root}")]
    refused_new(tmp_path, *sources, said="link")
    assert (outside / "profile").read_text() == "precious"


def test_a_folder_of_one_and_a_file_of_another() -> None:
    for tree, owner in (("zz/x", "zz"), ("zz", "zz/x"), ("a/b/c", "a")):
        with pytest.raises(Refused, match="another template has a file or a link there"):
            refuse_double("b", {tree: None}, {owner: ""})  # type: ignore[dict-item]


@pytest.mark.parametrize("above", ["docs", "docs/deep"])
def test_force_into_a_folder_with_links(tmp_path: Path, above: str) -> None:
    template = simple(tmp_path / "t").release("v2.0.0", {"template/docs/deep/page.md": "evil\n"})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "page.md").write_text("precious")
    (outside / "deep").mkdir()
    link = tmp_path / "n" / above
    link.parent.mkdir(parents=True)
    link.symlink_to(outside)
    sources = ("--template", f"git+file://{template.root}")
    refused_new(tmp_path, "--force", *sources, said=f"{above} is a symbolic link")


def test_force_over_a_link_and_a_hard_link(tmp_path: Path) -> None:
    template = simple(tmp_path / "t").release("v2.0.0", {"template/page.md": "new\n"})
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "n").mkdir()
    (tmp_path / "n/page.md").symlink_to("../precious")
    (tmp_path / "n/ci.yml").hardlink_to(tmp_path / "precious")
    made = run_kit("new", "n", "--force", "--defaults", "--template", f"git+file://{template.root}", folder=tmp_path)
    assert made.code == 0, made.err
    assert (tmp_path / "precious").read_text() == "precious"
    assert (tmp_path / "n/page.md.orig").readlink() == Path("../precious")
    assert (tmp_path / "n/ci.yml").read_text() == "run: make test\n"


@pytest.mark.parametrize("kind", ["link", "hard link", "folder behind a link"])
def test_an_update_of_a_project_with_links(tmp_path: Path, kind: str) -> None:
    template = simple(tmp_path / "t").release("v1.0.0", {"template/docs/page.md": "one\n"})
    project = template.project(tmp_path / "p")
    template.release("v2.0.0", {"template/docs/page.md": "two\n", "template/ci.yml": "run: make all\n"})
    page, precious = project.root / "docs/page.md", tmp_path / "outside/page.md"
    precious.parent.mkdir()
    page.rename(precious)
    if kind == "hard link":
        page.hardlink_to(precious)
        assert project.update().code == 0
        assert page.read_text() == "two\n"
    elif kind == "link":
        page.symlink_to(precious)
        project.commit()
        # The project made a link of it, which is an edit.
        project.update()
    else:
        page.parent.rmdir()
        page.parent.symlink_to(precious.parent)
        project.commit()
        refused(project, said="docs is a symbolic link")
    assert precious.read_text() == "one\n"


@pytest.mark.slow
def test_a_folder_swapped_between_plan_and_apply(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever swaps a folder for a link after everything was looked at still gets nothing written there."""
    from pyo3_kit.transaction import steps

    template = simple(tmp_path / "t").release("v1.0.0", {"template/docs/page.md": "one\n"})
    project = template.project(tmp_path / "p")
    template.release("v2.0.0", {"template/docs/page.md": "two\n", "template/ci.yml": "run: make all\n"})
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "page.md").write_text("one\n")
    look, docs = steps.View.look, project.root / "docs"
    calls = 0

    def swapping(view: steps.View, path: str) -> object:
        nonlocal calls
        found = look(view, path)
        if path == "docs/page.md" and docs.is_dir() and not docs.is_symlink():
            calls += 1
            if calls == at:
                docs.rename(tmp_path / f"saved-{at}")
                docs.symlink_to(outside)
        return found

    monkeypatch.setattr(steps.View, "look", swapping)
    for at in (1, 2, 3):
        calls = 0
        done = project.update()
        assert (done.code in (2, 3) and docs.is_symlink()) or calls < at, (at, done.err)
        assert snapshot(outside) == {"page.md": b"one\n"}
        if docs.is_symlink():
            docs.unlink()
            (tmp_path / f"saved-{at}").rename(docs)
            assert project.kit("update", "--abort").code in (0, 2)
            assert project.text("ci.yml") == "run: make test\n"
            assert project.text("docs/page.md") == "one\n"
