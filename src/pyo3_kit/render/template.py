"""An open template: its questions, and projects rendered from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyo3_kit.errors import Refused
from pyo3_kit.system.reading import walk_files
from pyo3_kit.template.location import TEMPLATE_URL
from pyo3_kit.texts.listing import Entry

if TYPE_CHECKING:
    from pyo3_kit.render._copier import KitWorker
    from pyo3_kit.render.interview import Evaluation, Interview
    from pyo3_kit.template.source import Source


class OpenTemplate:
    """A template that is ready to ask and to render; made by `open_template`."""

    def __init__(self, worker: KitWorker, source: Source) -> None:
        self._worker = worker
        self.source = source

    @property
    def commit(self) -> str | None:
        """The version that a project records; None for a template outside Git."""
        return self._worker.template.commit

    @property
    def answers_file(self) -> str:
        """The answers file that the template itself names, or Copier's usual one."""
        return self._worker.template.answers_relpath.as_posix()

    @property
    def reads_files(self) -> bool:
        """Whether the template reads files of the project (`_external_data`), so that more than its answers count."""
        return bool(self._worker.template.external_data)

    @property
    def secret(self) -> set[str]:
        """The names of the questions whose answers are never shown or recorded."""
        return self._worker.template.secret_questions

    @property
    def runs_code(self) -> list[str]:
        """Which of tasks and migrations the template declares; an update runs neither."""
        template = self._worker.template
        found = {"tasks": template.tasks, "migrations": template._raw_config.get("_migrations")}
        return [name for name, declared in found.items() if declared]

    def interview(self, settings: Mapping[str, Any], recorded: Mapping[str, Any] | None = None) -> Interview:
        """The questions, with defaults of the user's own; `Refused` when the template is malformed.

        `recorded` are answers that a project holds: they are read by Copier's own rules, which wrote them.
        """
        from pyo3_kit.render.interview import Interview

        return Interview(self._worker, settings, self.source.shown, recorded or {})

    def render(self, folder: Path, evaluation: Evaluation) -> list[Entry]:
        """Render into `folder` and return what was written.

        `Refused` for a broken template and a full or read-only disk.
        """
        from pyo3_kit.render._copier import translated

        with translated(self.source.shown):
            self._worker.render_into(folder, evaluation.answers)
        if not folder.is_dir():
            raise Refused(
                f"The template {self.source.shown} renders no file with these answers.", "Check its `_subdirectory`."
            )
        return list_files(folder)

    def leaves_alone(self) -> Callable[[str], bool]:
        """Whether the template never touches an existing file at this path (`_skip_if_exists`).

        Its patterns may depend on the answers: those of the last render hold.
        """
        from pyo3_kit.render._copier import translated

        with translated(self.source.shown):
            matches = self._worker.skip_matcher()
        return lambda path: bool(matches(Path(path)))

    def matcher(self, patterns: Sequence[str]) -> Callable[[str], bool]:
        """Whether a path matches any of these patterns, which are read as in a `.gitignore`."""
        matches = self._worker.matcher(list(patterns))
        return lambda path: bool(matches(Path(path)))

    def compute(self, text: str) -> str:
        """Render a text of ours with the answers of the last render; `Refused` as `render` has it."""
        from pyo3_kit.render._copier import translated

        with translated(self.source.shown):
            return self._worker._render_string(text)

    def move(self, place: Path) -> None:
        """Continue for a project at another path."""
        self._worker.kit_place = place

    def message(self) -> str:
        """What a foreign template wants to say after a copy; the carried one leaves that to this program."""
        from pyo3_kit.render._copier import translated

        if self.source.url == TEMPLATE_URL:
            return ""
        with translated(self.source.shown):
            return self._worker.message_after()


@contextmanager
def open_template(
    source: Source,
    place: Path,
    *,
    update: bool = False,
    answers_file: str | None = None,
    leave_tasks: bool = False,
) -> Iterator[OpenTemplate]:
    """Open the template at `source` for a project at `place`; a clone lasts as long as the context.

    With `update` or `leave_tasks` a template may declare tasks and migrations, which are not run. `answers_file` is the
    name of the project's answers file where it is not the template's usual one.

    `Refused` when there is no such template, version or ref, or when the template wants to run code of its own.
    """
    from pyo3_kit.render._copier import KitWorker, translated

    if source.carried is None:
        from pyo3_kit.template.versions import found

        source = found(source)
    if not update:
        # What a project records is committed, and read by others.
        source = source._replace(url=source.shown)
    worker = KitWorker.open(source, place, update, answers_file, leave_tasks)
    try:
        with translated(source.shown):
            root = worker.template.local_abspath
            if not any((root / name).is_file() for name in ("copier.yml", "copier.yaml")):
                raise Refused(
                    f"{source.shown} is not a Copier template: it contains no copier.yml.",
                    "Check the address and the ref.",
                )
            worker._check_unsafe("copy")
        yield OpenTemplate(worker, source)
    finally:
        worker.close()


def list_files(folder: Path) -> list[Entry]:
    """Every file below `folder`, sorted, with its size; symbolic links count as files."""
    return sorted(Entry(path, entry.stat(follow_symlinks=False).st_size) for path, entry in walk_files(folder))
