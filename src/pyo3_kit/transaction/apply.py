"""Write an update's files into a project: all of them, or none; after a kill, finish or undo it.

`apply` does it; `state` says whether something is unfinished; `resume` and `abort` continue from there; `finish` ends
an update that left conflicts to resolve.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from stat import S_ISREG
from typing import Any

from pyo3_kit.errors import Failed, KitError, Refused, from_os_error
from pyo3_kit.merge.model import FileMerge, Labels
from pyo3_kit.system.signals import note_written, undisturbed
from pyo3_kit.system.writing import Linked, Root
from pyo3_kit.transaction import journal as journals
from pyo3_kit.transaction.conflicts import marker_lines
from pyo3_kit.transaction.journal import Place, State, parents, state, sync
from pyo3_kit.transaction.lock import lock_project
from pyo3_kit.transaction.prepare import prepare
from pyo3_kit.transaction.record import Journal
from pyo3_kit.transaction.steps import Foreign, Move, clear

__all__ = [
    "Aborted",
    "Applied",
    "Place",
    "State",
    "abort",
    "apply",
    "finish",
    "resume",
    "state",
    "sweep",
    "unresolved_paths",
]


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done: the paths `written` and `removed`, those that hold `conflicts`, and the `sidecars` about them."""

    meta: Mapping[str, Any]
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    sidecars: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aborted:
    """What was undone. `beside`: the paths to which later edits of the user were moved."""

    meta: Mapping[str, Any]
    beside: tuple[str, ...] = ()


def apply(
    place: Place, merges: Sequence[FileMerge], *, last: str, meta: Mapping[str, Any], labels: Labels | None = None
) -> Applied:
    """Make every file of the project what `merges` says, the answers file `last`, or leave the project as it was.

    `meta` (plain JSON) is what `state` says while the update is unfinished; `labels` name the sides in what is written
    for people. With conflicts the state `conflicts` stays: texts with markers are unmerged in Git's index, for the
    others `.pyo3-kit/conflicts/<path>.md` says what there is to decide.

    Raises:
        Refused: a file is not what `merges` took it for, cannot be written, or is behind a link; the disk is full;
            another update is running or unfinished. The project is as it was.
        Failed: Git failed, and the project is as it was; or neither forward nor back was possible, which the message
            says: then the state is `interrupted`.
    """
    if not any(merge.writes or merge.conflicts or merge.stages for merge in merges):
        return Applied(meta)
    with lock_project(place) as folder:
        if (pending := state(place)) is not None:
            raise Refused(*_PENDING[pending.kind])
        temporary = f"{journals.PREPARING}{os.getpid()}"
        try:
            folder.make_folder(temporary)
            with folder.inside(temporary) as inner:
                journal = prepare(place, merges, last, meta, labels or Labels(), inner)
            with undisturbed():
                folder.move(temporary, journals.JOURNAL)
                return _forward(place, folder, journal)
        except OSError as error:
            raise from_os_error(error, "preparing the update") from error
        finally:
            with undisturbed(), suppress(OSError):
                folder.remove_tree(temporary)


_PENDING = {
    "interrupted": (
        "An update of this project was interrupted.",
        "Run `pyo3-kit update --continue` to finish it, or `pyo3-kit update --abort` to undo it.",
    ),
    "conflicts": (
        "The last update left conflicts to resolve.",
        "Resolve them, then run `pyo3-kit update --continue`; or undo the update with `pyo3-kit update --abort`.",
    ),
}


def resume(place: Place) -> Applied:
    """Finish an interrupted update. `Refused` by name when a file was changed since, or when there is none.

    When it cannot be finished now (a full disk, Git), the error says so and the state stays `interrupted`.
    """
    with lock_project(place) as folder, undisturbed():
        kept = place.folder / journals.JOURNAL
        journal = journals.load(kept)
        if journal is None:
            raise Refused("No update of this project was interrupted.", "There is nothing to continue.")
        try:
            with Root(place.root) as root:
                clear(root, journal)
                Move(place, root, kept, journal, back=False, foreign=Foreign.REFUSE).run()
            return _done(folder, journal)
        except OSError as error:
            raise from_os_error(error, "finishing the update") from error


def abort(place: Place) -> Aborted:
    """Undo an unfinished update: contents, modes, folders and Git's index are as before.

    A file that the user changed is refused by name in an interrupted update, and nothing is done. After an update with
    conflicts such files are expected: the user's version is kept as `NAME.orig`.

    Raises:
        Refused: a file was changed, the system refused, or there is nothing to abort.
        Failed: Git failed. The state stays, and `abort` can be run again.
    """
    with lock_project(place) as folder, undisturbed():
        for name, foreign in ((journals.JOURNAL, Foreign.REFUSE), (journals.CONFLICTS, Foreign.KEEP_BESIDE)):
            if (journal := journals.load(place.folder / name)) is not None:
                try:
                    with Root(place.root) as root:
                        clear(root, journal)
                        move = Move(place, root, place.folder / name, journal, back=True, foreign=foreign)
                        move.run()
                    _discard(folder, name)
                    note_written()
                except OSError as error:
                    raise from_os_error(error, "undoing the update") from error
                return Aborted(journal.meta, tuple(move.beside))
    raise Refused("This project has no unfinished update.", "There is nothing to abort.")


def unresolved_paths(place: Place) -> list[str]:
    """The files of an update with conflicts that still hold markers. Writes nothing."""
    journal = journals.load(place.folder / journals.CONFLICTS)
    return [] if journal is None else _marked(place, journal)


def finish(place: Place) -> Applied:
    """End an update whose conflicts are resolved: remove its sidecars and its state, keep Git's index.

    `Refused` when files still hold markers (`paths` in the details), or when there is no such update.
    """
    with lock_project(place) as folder, undisturbed():
        journal = journals.load(place.folder / journals.CONFLICTS)
        if journal is None:
            raise Refused("The last update left no conflicts.", "There is nothing to continue.")
        if marked := _marked(place, journal):
            raise Refused(
                f"Conflict markers are left in {', '.join(marked)}.",
                "Resolve these conflicts, then run `pyo3-kit update --continue` again.",
                paths=marked,
            )
        try:
            with Root(place.root) as root:
                for sidecar in journal.sidecars:
                    with suppress(FileNotFoundError):
                        root.remove(sidecar)
                    for above in reversed(list(parents(sidecar))):
                        # As soon as one holds something else, the ones above it do.
                        with suppress(OSError):
                            root.remove_folder(above)
            _discard(folder, journals.CONFLICTS)
            note_written()
        except OSError as error:
            raise from_os_error(error, "removing the conflict notes") from error
        return _applied(journal)


def sweep(place: Place) -> None:
    """Remove what dead runs left in the Git directory, as every function above does that writes."""
    if place.folder.exists():
        with lock_project(place):
            pass


def _forward(place: Place, folder: Root, journal: Journal) -> Applied:
    with Root(place.root) as root:
        return _forward_or_back(place, root, folder, journal)


def _forward_or_back(place: Place, root: Root, folder: Root, journal: Journal) -> Applied:
    kept = place.folder / journals.JOURNAL
    move = Move(place, root, kept, journal, back=False, foreign=Foreign.REFUSE)
    try:
        sync([kept.parent])
        move.run()
        return _done(folder, journal)
    except BaseException as error:
        if not kept.exists():
            raise
        try:
            Move(place, root, kept, journal, back=True, foreign=Foreign.LEAVE).run(index=move.index_touched)
            _discard(folder, journals.JOURNAL)
        except (OSError, KitError) as worse:
            raise Failed(
                f"The update stopped half-way ({error}), and undoing it stopped as well ({worse}).",
                "Nothing is lost. Fix the cause, then run `pyo3-kit update --continue` or `pyo3-kit update --abort`.",
            ) from error
        if isinstance(error, OSError):
            raise from_os_error(error, "writing the project, which is as it was") from error
        raise


def _done(folder: Root, journal: Journal) -> Applied:
    if journal.conflicts:
        _rename(folder, journals.JOURNAL, journals.CONFLICTS)
    else:
        _discard(folder, journals.JOURNAL)
    note_written()
    return _applied(journal)


def _discard(folder: Root, name: str) -> None:
    done = f"{journals.DONE}{os.getpid()}"
    _rename(folder, name, done)
    folder.remove_tree(done)


def _rename(folder: Root, one: str, other: str) -> None:
    folder.move(one, other)
    # The project is what it should be either way; at worst a crash of the machine brings the old name back.
    with suppress(OSError):
        sync([folder.folder])


def _applied(journal: Journal) -> Applied:
    files = [step for step in journal.steps if step.path and step.path not in journal.sidecars]
    return Applied(
        meta=journal.meta,
        written=tuple(sorted(step.path for step in files if step.after is not None)),
        removed=tuple(sorted(step.path for step in files if step.after is None)),
        conflicts=journal.conflicts,
        sidecars=journal.sidecars,
    )


def _marked(place: Place, journal: Journal) -> list[str]:
    found = []
    with Root(place.root) as root:
        for path, own in journal.marked.items():
            # What became something else than a file holds no markers.
            with suppress(FileNotFoundError, Linked):
                there = root.status(path)
                if there is not None and S_ISREG(there.st_mode) and marker_lines(root.read(path)) - set(own):
                    found.append(path)
    return found
