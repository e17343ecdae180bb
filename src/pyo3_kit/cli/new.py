"""`pyo3-kit new`."""

from __future__ import annotations

from argparse import Namespace

from pyo3_kit.cli.options import add_data, add_json, add_template
from pyo3_kit.cli.parser import Parser
from pyo3_kit.cli.terminal import bold, can_ask, label, print_json, put, say, say_block, walk_through
from pyo3_kit.errors import DONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyo3_kit.creation import Created
    from pyo3_kit.overlays import OverlaySource


def set_up(parser: Parser) -> None:
    """Add the options."""
    parser.description = (
        "Create a project: ask questions, render the template, and commit the result to a new Git repository.\n\n"
        "In a terminal the questions are asked page by page. Elsewhere nothing is asked: questions without a default "
        "need an answer by `--data` or `--data-file`."
    )
    parser.examples = """
pyo3-kit new my-lib                      ask questions, then create my-lib/
pyo3-kit new my-lib --defaults --build   ask nothing; build and test the project
pyo3-kit new my-lib --preset lean --data license=MIT --data ci=gitlab
pyo3-kit new my-lib --data-file answers.yml --dry-run
pyo3-kit new site --template gh:owner/some-copier-template --ref v2.0.0
"""
    parser.exit_codes |= {3: "failed: nothing is left behind (after a failed build the project stays)"}
    parser.argument("path", "PATH", "The folder to create. It may exist if it is empty.")
    parser.option("--preset", "NAME", "Start from a preset: a name, FILE#name or gh:owner/repo#name.")
    parser.option("--overlay", "SRC[@REF]", "Apply an organisation's overlay. Can be repeated.", repeated=True)
    add_data(parser)
    parser.flag("--defaults", "Ask nothing: use the default for every question without an answer.")
    add_template(parser)
    parser.flag("--dry-run", "Show what would be written, with sizes; write nothing.")
    parser.flag("--build", "Then create .venv, build the Rust module into it and run the tests.")
    parser.flag("--no-git", "Do not create a Git repository.")
    parser.flag("--force", "Allow a folder that has files; replaced files are kept as NAME.orig.")
    add_json(parser)


def _overlays(sources: Sequence[str]) -> tuple[OverlaySource, ...]:
    if not sources:
        return ()
    from pyo3_kit.overlays import overlay_source

    return tuple(map(overlay_source, sources))


def run(options: Namespace) -> int:
    """Create the project; returns the exit code."""
    from pyo3_kit.creation import Request, create
    from pyo3_kit.creation_report import as_object
    from pyo3_kit.given_answers import parse_assignments

    request = Request(
        path=options.path,
        preset=options.preset,
        data=parse_assignments(options.data),
        data_file=options.data_file,
        template=options.template,
        ref=options.ref,
        overlays=_overlays(options.overlay),
        dry_run=options.dry_run,
        git=not options.no_git,
        force=options.force,
    )
    builds = options.build and not options.dry_run
    if builds:
        from pyo3_kit.build import check_tools

        check_tools()
    created = create(request, walk_through if can_ask() and not options.defaults else None)
    if builds:
        created = _build(created)
    if options.json:
        print_json(as_object(created, built=builds))
    else:
        _show(created)
    return DONE


def _build(created: Created) -> Created:
    from dataclasses import replace

    from pyo3_kit.build import build_project
    from pyo3_kit.creation import author_of
    from pyo3_kit.creation_report import as_object
    from pyo3_kit.errors import Interrupted, KitError
    from pyo3_kit.git import run as git

    try:
        tests = build_project(created.path)
    except KitError as error:
        error.details.update(as_object(created, built=False))
        raise
    except KeyboardInterrupt:
        raise Interrupted("Interrupted while building.", f"The project is complete in {created.path}.") from None
    if created.committed and (created.path / "Cargo.lock").is_file():
        # The build has just chosen the versions; a project pins them from its first commit on.
        git.add_to_first_commit(created.path, "Cargo.lock", author_of(created.answers), git.user_identity())
    folder = [command for command in created.next if command.startswith("cd ")]
    return replace(created, next=[*folder, tests])


def _show(created: Created) -> None:
    from pyo3_kit.creation_report import decided_line
    from pyo3_kit.texts.listing import draw, summary

    for overlay in created.overlays:
        for warning in overlay.warnings:
            label("warning:", warning)
    if created.preset is not None:
        say(decided_line(created))
    if created.dry_run:
        for line in draw(created.files, created.path.name):
            put(line)
        say(f"\n{summary(created.files)} would be written to {created.path}. Nothing was written.")
        return
    committed = ", committed to a new Git repository" if created.committed else ""
    label("Created", f"{created.path}: {summary(created.files)}{committed}.")
    for overlay in created.overlays:
        say(f"Applied the overlay {overlay.name} {overlay.ref} from {overlay.template}.")
    for name in created.kept:
        say(f"Your own file was kept as {name}.")
    if created.message:
        say()
        say_block(created.message)
    say("\nNext steps:")
    for command in created.next:
        say(f"  {bold(command)}")
