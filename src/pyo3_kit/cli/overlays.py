"""The command `overlay` with its own commands: `add`, `apply`, `list`, `remove`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_Path = Annotated[
    Path | None,
    typer.Argument(metavar="PATH", help="The project's folder; by default the current one or the nearest above it."),
]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what becomes of each file and why, and write nothing.")]
_Diff = Annotated[bool, typer.Option("--diff", help="Show the unified diff as well.")]
_Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
_CONFLICTS = "ask, inline (markers, to be decided later), ours or theirs; in a terminal it asks, elsewhere inline."
_Conflicts = Annotated[str | None, typer.Option(metavar="HOW", help=_CONFLICTS)]

_EPILOG = """\b
Examples:
  pyo3-kit overlay add gh:acme/overlay@v1.2.0
  pyo3-kit overlay list
  pyo3-kit overlay apply                   after `copier update -a .copier-answers.acme.yml`
  pyo3-kit overlay remove acme

\b
Exit codes:
  0    done and clean, or nothing to do
  1    done, and conflicts are left for a person
  2    refused: nothing was written
  3    failed inside: the project is as it was
  130  interrupted"""


def add_commands(app: typer.Typer) -> None:
    """Put the command to the program."""
    overlays = typer.Typer(
        name="overlay",
        rich_markup_mode=None,
        help="Put an organisation's template on top of a project, and keep what it changes in the project's files.",
        epilog=_EPILOG,
    )
    overlays.command("add")(_add)
    overlays.command("apply")(_apply)
    overlays.command("list")(_list)
    overlays.command("remove")(_remove)
    app.add_typer(overlays)


def _add(
    source: Annotated[
        str, typer.Argument(metavar="SRC[@REF]", help="The overlay's template: folder, Git address, gh:owner/name.")
    ],
    path: _Path = None,
    data: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Answer a question; may be repeated.")
    ] = None,
    data_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Take answers from a YAML, JSON or TOML file.")
    ] = None,
    dry_run: _DryRun = False,
    diff: _Diff = False,
    conflicts: _Conflicts = None,
    as_json: _Json = False,
) -> int:
    """Put an overlay on a project that is there."""
    from pyo3_kit.cli.update import update_project
    from pyo3_kit.given_answers import parse_assignments
    from pyo3_kit.overlays import overlay_source
    from pyo3_kit.update.planning import UpdateRequest

    answers = parse_assignments(data or ())
    request = UpdateRequest(path=path, data=answers, data_file=data_file, add=overlay_source(source))
    return update_project(request, dry_run=dry_run, diff=diff, conflicts=conflicts, verify=False, as_json=as_json)


def _apply(
    path: _Path = None,
    dry_run: _DryRun = False,
    diff: _Diff = False,
    conflicts: _Conflicts = None,
    as_json: _Json = False,
) -> int:
    """Merge the overlays' fragments as they lie in the project into its files; no template goes on."""
    from pyo3_kit.cli.update import update_project
    from pyo3_kit.update.planning import UpdateRequest

    request = UpdateRequest(path=path, stay=True)
    return update_project(request, dry_run=dry_run, diff=diff, conflicts=conflicts, verify=False, as_json=as_json)


def _list(path: _Path = None, as_json: _Json = False) -> None:
    """List the overlays of a project, each with its template and version."""
    from pyo3_kit.cli.output import print_json, put
    from pyo3_kit.errors import without_secrets
    from pyo3_kit.project.answers_file import read_answers
    from pyo3_kit.project.location import find_project
    from pyo3_kit.update.stack import stack_of

    stack = stack_of(find_project(path, None))
    found = {name: read_answers(project.root / project.answers_file) for name, project in stack.overlays.items()}
    if as_json:
        rows = [
            {"name": name, "template": without_secrets(one.source), "version": one.commit}
            for name, one in found.items()
        ]
        print_json({"overlays": rows})
        return
    width = max(map(len, found), default=0)
    for name, one in found.items():
        put(f"{name:<{width}}  {without_secrets(one.source)} at {one.commit}")


def _remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The overlay's name.")],
    path: _Path = None,
    dry_run: _DryRun = False,
    diff: _Diff = False,
    conflicts: _Conflicts = None,
    as_json: _Json = False,
) -> int:
    """Take an overlay off a project: its files, and what it changed in others."""
    from pyo3_kit.cli.update import update_project
    from pyo3_kit.update.planning import UpdateRequest

    request = UpdateRequest(path=path, remove=name)
    return update_project(request, dry_run=dry_run, diff=diff, conflicts=conflicts, verify=False, as_json=as_json)
