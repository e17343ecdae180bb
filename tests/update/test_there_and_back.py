"""Any update that can be thought of, done and undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pyo3_kit.merge.model import Conflict, File, FileMerge
from pyo3_kit.transaction.apply import abort, apply, state
from tests.update import disk
from tests.update.disk import ANSWERS, META, merge

# Names of files and of folders, so that they get into each other's way.
NAMES = ["a", "b", "A", "sub", "é", "sub dir", "-x", ".h"]
PATHS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map("/".join)
FILES = st.one_of(
    st.builds(File, st.binary(max_size=12), st.booleans()),
    st.builds(lambda target: File(target, link=True), st.sampled_from([b"a", b"sub", b"nowhere"])),
)
TREES = st.dictionaries(PATHS, FILES, max_size=8)


def possible(tree: dict[str, File]) -> dict[str, File]:
    """The tree without what could not stand there together."""
    return {path: file for path, file in tree.items() if not any(other.startswith(path + "/") for other in tree)}


def merges_of(before: dict[str, File], after: dict[str, File]) -> Iterator[FileMerge]:
    for number, path in enumerate(sorted(before.keys() | after.keys())):
        ours, result = before.get(path), after.get(path)
        conflict: dict[str, object] = {}
        if result is not None and not result.link and number % 3 == 0:
            conflict = {"conflicts": (Conflict(path, None, 1, None, None, None),), "stages": (None, ours, result)}
        elif result is not None and number % 3 == 1:
            conflict = {"conflicts": (Conflict(path, "k", None, "```", None, "\n"),)}
        yield merge(path, ours, result, **conflict)


def there_and_back(folder: Path, first: dict[str, File], second: dict[str, File]) -> None:
    before, after = possible(first), possible(second)
    place = disk.repository(folder, {**before, "untouched": File(b""), ANSWERS: File(b"1")})
    snapshot, index = disk.snapshot(place.root), disk.index(place)
    merges = [merge(ANSWERS, File(b"1"), File(b"2")), *merges_of(before, after)]
    applied = apply(place, merges, last=ANSWERS, meta=META)
    assert disk.files_of(disk.snapshot(place.root)) == {**after, "untouched": File(b""), ANSWERS: File(b"2")}
    assert (state(place) is not None) == bool(applied.conflicts)
    unmerged = disk.git(folder, "diff", "--name-only", "--diff-filter=U", "-z").split("\0")[:-1]
    assert sorted(unmerged) == sorted(one.path for one in merges if one.stages is not None)
    if applied.conflicts:
        abort(place)
        assert disk.snapshot(place.root) == snapshot
        assert disk.index(place) == index
    assert disk.kept(place) == []


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@example(first={"a": File(b"1")}, second={"a/b/A": File(b"2"), "b": File(b"3")})
@example(first={"a/b/A": File(b"2"), "a/b/b": File(b"3")}, second={"a": File(b"1"), "b": File(b"a", link=True)})
@example(
    first={"a/a": File(b"a", link=True), "a/b/a": File(b"a", link=True), "b": File(b"a", link=True)},
    second={"b/b/a": File(b"")},
)
@given(first=TREES, second=TREES)
def test_there_and_back(
    tmp_path_factory: pytest.TempPathFactory, first: dict[str, File], second: dict[str, File]
) -> None:
    there_and_back(tmp_path_factory.mktemp("tree"), first, second)


@pytest.mark.slow
@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(first=TREES, second=TREES)
def test_there_and_back_often(
    tmp_path_factory: pytest.TempPathFactory, first: dict[str, File], second: dict[str, File]
) -> None:
    there_and_back(tmp_path_factory.mktemp("tree"), first, second)
