"""The one writer: nothing outside of its folder, nothing through a link, nothing in Git's folder, on either way."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.system.own_files import write_named_file
from pyo3_kit.system.platforms import DESCRIPTORS
from pyo3_kit.system.writing import Linked, Root
from tests.support.command import snapshot

BOTH = pytest.mark.parametrize(
    "descriptors",
    [pytest.param(True, marks=pytest.mark.skipif(not DESCRIPTORS, reason="the system lacks them")), False],
    ids=["descriptors", "looked up"],
)

CHANGES: dict[str, Callable[[Root, str], object]] = {
    "write_new": lambda root, path: root.write_new(path, b"evil"),
    "write": lambda root, path: root.write(path, b"evil"),
    "make_link": lambda root, path: root.make_link(path, "evil"),
    "make_folder": lambda root, path: root.make_folder(path),
    "make_folders": lambda root, path: root.make_folders(path),
    "set_mode": lambda root, path: root.set_mode(path, 0o777),
    "move to": lambda root, path: root.move("own", path),
    "move from": lambda root, path: root.move(path, "moved"),
    "remove": lambda root, path: root.remove(path),
    "remove_folder": lambda root, path: root.remove_folder(path),
    "remove_tree": lambda root, path: root.remove_tree(path),
    "open_lock": lambda root, path: os.close(root.open_lock(path)),
}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A folder with a file, and outside of it another one with a file, a folder, and nothing else."""
    project, outside = tmp_path / "project", tmp_path / "outside"
    (project / ".git").mkdir(parents=True)
    (project / "own").write_text("own")
    (outside / "folder").mkdir(parents=True)
    (outside / "precious").write_text("precious")
    (project / "link").symlink_to(outside)
    (project / "inside").mkdir()
    (project / "inside/link").symlink_to("../../outside")
    yield project
    assert snapshot(outside) == {"folder": None, "precious": b"precious"}
    assert stat.S_IMODE((outside / "precious").stat().st_mode) != 0o777
    assert not any((project / ".git").iterdir())


@BOTH
@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
@pytest.mark.parametrize("name", ["new", "precious", "folder"])
@pytest.mark.parametrize("above", ["link", "inside/link"])
def test_nothing_through_a_link(
    place: Path, descriptors: bool, change: Callable[[Root, str], object], name: str, above: str
) -> None:
    with Root(place, descriptors=descriptors) as root, pytest.raises(Linked, match="link is a symbolic link"):
        change(root, f"{above}/{name}")


@BOTH
@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
@pytest.mark.parametrize(
    "path",
    ["../outside/precious", "inside/../../outside/new", "/tmp/new", "", ".", "a//b", ".git/config", ".GIT/x", "x/.git"],
)
def test_nothing_elsewhere_and_nothing_in_the_folder_of_git(
    place: Path, descriptors: bool, change: Callable[[Root, str], object], path: str
) -> None:
    with Root(place, descriptors=descriptors) as root, pytest.raises(Refused, match="is not written"):
        change(root, path)


@BOTH
def test_a_link_at_the_end_is_replaced_and_never_followed(place: Path, descriptors: bool) -> None:
    (place / "report").symlink_to("../outside/precious")
    with Root(place, descriptors=descriptors) as root:
        with pytest.raises(OSError):  # noqa: PT011 (each system says it in its own way)
            root.open_lock("report")
        with pytest.raises(FileExistsError):
            root.write_new("report", b"mine")
        root.write("report", b"mine")
    assert not (place / "report").is_symlink()
    assert (place / "report").read_bytes() == b"mine"


@BOTH
def test_a_hard_link_is_left_to_whom_it_belongs(place: Path, descriptors: bool) -> None:
    (place / "hard").hardlink_to(place.parent / "outside/precious")
    with Root(place, descriptors=descriptors) as root:
        root.write("hard", b"mine")
    assert (place / "hard").read_bytes() == b"mine"


@pytest.mark.skipif(not DESCRIPTORS, reason="the system lacks them")
def test_a_folder_that_is_swapped_for_a_link_after_it_was_entered(place: Path) -> None:
    with Root(place) as root, root.inside("inside") as inner:
        (place / "inside").rename(place / "before")
        (place / "inside").symlink_to("../outside")
        inner.write_new("new", b"mine")
        with pytest.raises(Linked):
            root.write_new("inside/new", b"mine")
    assert (place / "before/new").read_bytes() == b"mine"


@BOTH
def test_what_is_written(place: Path, descriptors: bool) -> None:
    with Root(place, descriptors=descriptors) as root:
        assert root.make_folders("a/b/c") == ["a", "a/b", "a/b/c"]
        assert root.make_folders("a/b/d") == ["a/b/d"]
        root.write_new("a/b/c/x", b"1")
        root.set_mode("a/b/c/x", 0o750)
        root.write("a/b/c/x", b"2")
        root.make_link("a/y", "b/c/x")
        root.move("a/y", "a/b/z")
        with root.inside("a/b") as inner:
            assert inner.read("c/x") == b"2"
            inner.move("c/x", "moved", into=root)
        root.remove_tree("a/b/c")
        root.remove_folder("a/b/d")
        assert root.status("a/b/d") is None
        assert root.status("own/x") is None
    assert snapshot(place / "a") == {"b": None, "b/z": None}
    assert (place / "a/b/z").readlink() == Path("b/c/x")
    assert (place / "moved").read_bytes() == b"2"
    assert stat.S_IMODE((place / "moved").stat().st_mode) == 0o750


@BOTH
def test_an_error_leaves_nothing_and_names_the_path(place: Path, descriptors: bool) -> None:
    before = snapshot(place)
    with Root(place, descriptors=descriptors) as root:
        with pytest.raises(OSError, match="project/inside"):
            root.write("inside", b"a folder is there")
        with pytest.raises(OSError, match="project/missing"):
            root.write("missing/x", b"x")
    assert snapshot(place) == before


def test_a_file_that_the_user_names(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    (place / "planted").symlink_to("../outside/precious")
    for name in ("planted", "inside/page", "../page", str(place / "absolute")):
        write_named_file(Path(name), b"page")
        assert Path(name).read_bytes() == b"page"
    with pytest.raises(Linked):
        write_named_file(Path("link/precious"), b"page")
    (place.parent / "page").unlink()
