"""The corpus's cases given to other programs: `copier update`, and `git merge` with any merge driver."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path, PurePosixPath

from pyo3_kit.merge.model import Tree
from pyo3_kit.merge.text import encoding_of, is_binary
from tests.merge.cases import Case
from tests.merge.judging import Made
from tests.support.forks import Forks

SETTINGS = "_subdirectory: template\n_preserve_symlinks: true\n"
ANSWERS = "{{ _copier_answers|to_nice_yaml }}"
MARKERS = re.compile(rb"^(<{7}|>{7}) ", re.MULTILINE)


def by_copier(cases: Sequence[Case], place: Path) -> dict[str, Made]:
    """What `copier update` makes of each case."""
    made: dict[str, Made] = {}
    with Forks() as forks:
        for number, batch in enumerate(_batches(cases)):
            made |= _updated(forks, batch, place / str(number))
    return made


def by_git(cases: Sequence[Case], place: Path, driver: str | None = None) -> dict[str, Made]:
    """What `git merge` makes of each case, with a driver for all files if one is given."""
    made: dict[str, Made] = {}
    for number, batch in enumerate(_batches(cases)):
        made |= _merged(batch, place / str(number), driver)
    return made


def _batches(cases: Sequence[Case]) -> Iterable[Sequence[Case]]:
    """Cases that can share a project, each in its folder: all of a kind, but for what could trip the others up."""
    together = [case for case in cases if _is_plain(case)]
    yield from ([*batch] for _, batch in groupby(together, key=lambda case: case.kind))
    yield from ([case] for case in cases if case not in together)


def _is_plain(case: Case) -> bool:
    files = [file for tree in (case.base, case.ours, case.theirs) for file in tree.values()]
    paths = {*case.base, *case.ours, *case.theirs}
    folders = {parent.as_posix() for path in paths for parent in PurePosixPath(path).parents}
    contents = [file.content for file in files]
    odd = any(map(is_binary, contents)) or encoding_of(contents) != "utf-8" or any(file.link for file in files)
    return not odd and not paths & folders


def _updated(forks: Forks, batch: Sequence[Case], place: Path) -> dict[str, Made]:
    """What `copier update` makes of the cases, in one project; in one each where it gives up."""
    template, project = place / "template-repository", place / "project"
    for version, side in (("v1", "base"), ("v2", "theirs")):
        shutil.rmtree(template / "template", ignore_errors=True)
        _write(template, "copier.yml", SETTINGS)
        _write(template / "template", "{{ _copier_conf.answers_file }}.jinja", ANSWERS)
        for case in batch:
            _put(template / "template" / case.name, getattr(case, side))
        _commit(template, version)
    words = ("copy", "--quiet", "--defaults", "--vcs-ref=v1", str(template), str(project))
    forks.run(*words, folder=place, module="copier")
    for case in batch:
        shutil.rmtree(project / case.name, ignore_errors=True)
        _put(project / case.name, case.ours)
    _commit(project, "edited")
    code = forks.run("update", "--quiet", "--defaults", folder=project, module="copier").code
    if code and len(batch) > 1:
        made: dict[str, Made] = {}
        for number, case in enumerate(batch):
            made |= _updated(forks, [case], place / str(number))
        return made
    return {case.name: _made(project / case.name, code) for case in batch}


def _merged(batch: Sequence[Case], project: Path, driver: str | None) -> dict[str, Made]:
    """What `git merge` makes of the cases, in one repository."""
    project.mkdir(parents=True)
    if driver is not None:
        _write(project, ".gitattributes", "* merge=driver\n")
    for side in ("base", "theirs", "ours"):
        if side == "ours":
            _run("git", "checkout", "--quiet", "-b", "project", "base", cwd=project)
        for case in batch:
            shutil.rmtree(project / case.name, ignore_errors=True)
            _put(project / case.name, getattr(case, side))
        _commit(project, side)
    settings = [] if driver is None else ["-c", f"merge.driver.driver={driver}"]
    _run("git", *settings, "-c", "merge.conflictStyle=diff3", "merge", "--quiet", "--no-edit", "theirs", cwd=project)
    listed = subprocess.run(["git", "ls-files", "-u", "-z"], cwd=project, capture_output=True, check=True).stdout
    unmerged = [entry.partition(b"\t")[2].decode() for entry in listed.split(b"\0") if entry]
    made = {}
    for case in batch:
        conflict = any(path.startswith(f"{case.name}/") for path in unmerged)
        made[case.name] = _made(project / case.name, int(conflict))
    return made


def _made(folder: Path, code: int) -> Made:
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            files[name] = os.fsencode(path.readlink())
        elif path.is_file():
            files[name] = path.read_bytes()
    marked = any(name.endswith(".rej") or MARKERS.search(content) for name, content in files.items())
    return Made(files, conflict=marked or code != 0, told=code != 0)


def _put(folder: Path, tree: Tree) -> None:
    for name, file in tree.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if file.link:
            path.symlink_to(os.fsdecode(file.content))
        else:
            path.write_bytes(file.content)
            path.chmod(0o755 if file.executable else 0o644)


def _write(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


def _commit(repository: Path, tag: str) -> None:
    if not (repository / ".git").is_dir():
        _run("git", "init", "--quiet", cwd=repository)
    # What a case's own ignore file names belongs to the case.
    _run("git", "add", "--all", "--force", cwd=repository)
    assert _run("git", "commit", "--quiet", "--allow-empty", "--message", tag, cwd=repository) == 0
    assert _run("git", "tag", tag, cwd=repository) == 0


def _run(*command: str, cwd: Path | None = None) -> int:
    return subprocess.run(command, cwd=cwd, capture_output=True, check=False).returncode
