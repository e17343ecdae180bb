"""A journal that somebody made up, in the Git directory of an unpacked archive, is not acted on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from pyo3_kit.errors import KitError, Refused
from pyo3_kit.project.location import find_project
from pyo3_kit.transaction.apply import abort, apply, finish, resume, state
from pyo3_kit.transaction.journal import Place
from tests.support.command import run_kit, snapshot
from tests.update import disk
from tests.update.disk import ANSWERS, LABELS, META, clean, everything

EVIL = b"evil\n"
SIDE = {"kind": "file", "digest": sha256(EVIL).hexdigest(), "mode": 0o755, "start": 0, "length": len(EVIL)}
JOURNAL: dict[str, Any] = {
    "format": 1,
    "token": "aaaaaaaa",
    "steps": [],
    "meta": {},
    "made": [],
    "emptied": {},
    "conflicts": [],
    "marked": {},
    "sidecars": [],
    "index": None,
}


def step(path: object, **changes: Any) -> dict[str, Any]:
    return {"path": path, "before": None, "after": {**SIDE, **changes}}


def steps(*paths: object) -> dict[str, Any]:
    return {"steps": [step(path) for path in paths]}


FORGED: dict[str, dict[str, Any]] = {
    "outside": steps("../outside"),
    "outside, further in": steps("a/../../outside"),
    "absolute": steps("{outside}"),
    "a hook": steps(".git/hooks/post-checkout"),
    "a hook, in capitals": steps(".GIT/hooks/post-checkout"),
    "a hook of a nested repository": steps("sub/.git/hooks/post-checkout"),
    "a short name": steps("git~1/hooks/post-checkout"),
    "an ignorable character": steps(".g\u200cit/config"),
    "not a text": steps(1),
    "a null": steps("a\0b"),
    "one good and one bad": steps("good", "../outside"),
    "removal outside": {"steps": [{"path": "../precious", "before": SIDE, "after": None}]},
    "token": {"token": "/../../../outside/x", **steps("good")},
    "mode": {"steps": [step("good", mode=0o170755)]},
    "mode as text": {"steps": [step("good", mode="755")]},
    "kind": {"steps": [step("good", kind="fifo")]},
    "digest": {"steps": [step("good", digest=None)]},
    "start": {"steps": [step("good", start=-1)]},
    "length": {"steps": [step("good", length=1 << 70)]},
    "made": {"made": ["../outside"], **steps("good")},
    "emptied": {"emptied": {"../precious-folder": 0o777}, **steps("good")},
    "emptied, mode": {"emptied": {"good": "x"}, **steps("good/x")},
    "conflicts": {"conflicts": ["../outside"]},
    "marked": {"marked": {"../precious": []}},
    "marked, lines": {"marked": {"good": [1]}},
    "sidecar outside": {"sidecars": [".pyo3-kit/conflicts/../../../precious"]},
    "sidecar that is none": {"sidecars": ["README.md"]},
    "sidecar in the folder of Git": {"sidecars": [".git/config"]},
    "index, option": {"index": {"before": "", "after": "", "flags": {"--force-remove": ["README.md"]}}},
    "index, text": {"index": {"before": 1, "after": "", "flags": {}}},
    "index, paths": {"index": {"before": "", "after": "", "flags": {"--skip-worktree": "README.md"}}},
    "meta": {"meta": []},
}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "precious").write_bytes(EVIL)
    (tmp_path / "precious-folder").mkdir(mode=0o700)
    return disk.repository(tmp_path / "project", {"README.md": disk.BEFORE["README.md"]})


def forge(place: Place, name: str, record: dict[str, Any], contents: bytes = EVIL) -> None:
    folder = place.folder / name
    folder.mkdir(parents=True)
    (folder / "contents").write_bytes(contents)
    text = json.dumps({**JOURNAL, **record}).replace("{outside}", str(place.root.parent / "outside"))
    (folder / "journal.json").write_text(text)


DOES: dict[str, Callable[[Place], object]] = {
    "state": state,
    "resume": resume,
    "abort": abort,
    "finish": finish,
    "apply": lambda place: apply(place, clean(), last=ANSWERS, meta=META),
}


@pytest.mark.parametrize("record", FORGED.values(), ids=list(FORGED))
@pytest.mark.parametrize("name", ["journal", "conflicts"])
def test_a_forged_journal(place: Place, tmp_path: Path, name: str, record: dict[str, Any]) -> None:
    forge(place, name, record)
    before = snapshot(tmp_path)
    for do in DOES.values():
        with pytest.raises(KitError):
            do(place)
        assert {path: text for path, text in snapshot(tmp_path).items() if not path.endswith("/lock")} == before
    with pytest.raises(Refused, match="is not used"):
        state(place)


def test_what_this_program_writes_is_accepted(tmp_path: Path) -> None:
    for number, merges in enumerate((everything(), clean())):
        place = disk.repository(tmp_path / str(number), disk.BEFORE)
        apply(place, merges, last=ANSWERS, meta=META, labels=LABELS)
        if state(place) is not None:
            abort(place)
        assert disk.files_of(disk.snapshot(place.root)) == (
            disk.BEFORE if number == 0 else disk.expected(disk.BEFORE, merges)
        )


@pytest.mark.parametrize(
    "linked", ["pyo3-kit", "pyo3-kit/{digest}", "pyo3-kit/{digest}/lock", "pyo3-kit/{digest}/journal"]
)
def test_a_link_in_the_place_of_the_journal(place: Place, tmp_path: Path, linked: str) -> None:
    """Whatever is opened there is not opened behind the link."""
    outside = tmp_path / "outside"
    (outside / "preparing-1").mkdir(parents=True)
    (outside / "preparing-1/precious").write_text("precious")
    link = place.git_dir / linked.format(digest=place.folder.name)
    link.parent.mkdir(parents=True, exist_ok=True)
    target = outside if not linked.endswith("lock") else outside / "new"
    link.symlink_to(target)
    before = snapshot(outside)
    for do in DOES.values():
        with suppress(KitError):
            do(place)
        assert snapshot(outside) == before


@pytest.mark.parametrize("special", ["journal.json", "contents"])
def test_a_pipe_in_the_place_of_the_journal(place: Place, special: str) -> None:
    forge(place, "journal", steps("good"))
    path = place.folder / "journal" / special
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(KitError):
        resume(place)
    # To undo it nothing is read from it.
    with suppress(KitError):
        abort(place)
    assert not (place.root / "good").exists()


def test_through_a_link_in_the_project(place: Place, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (place.root / "docs").symlink_to(outside)
    forge(place, "journal", steps("docs/page"))
    for do in (resume, abort):
        with pytest.raises(Refused, match="symbolic link"):
            do(place)
    assert not any(outside.iterdir())
    assert list(place.root.rglob(".pyo3-kit-*")) == []


@pytest.mark.parametrize("command", ["update", "migrate"])
def test_the_command_says_so(tmp_path: Path, command: str) -> None:
    made = run_kit("new", "p", "--defaults", folder=tmp_path)
    assert made.code == 0, made.err
    root = tmp_path / "p"
    place = find_project(root, None).place
    if command == "migrate":
        place = Place(root, root / ".git", "migrations/")
    forge(place, "journal", steps("../outside", ".git/hooks/post-checkout"))
    before = snapshot(tmp_path)
    for word in ("--continue", "--abort"):
        done = run_kit(command, word, folder=root)
        assert done.code == 2, done.err
        assert "'../outside': it leads out of the folder" in done.err
        assert "pyo3-kit did not write it" in done.err
        assert snapshot(tmp_path) == before
