"""`pyo3-kit overlay`, with its commands `add`, `apply`, `list` and `remove`."""

from __future__ import annotations

from argparse import Namespace

from pyo3_kit.cli.options import add_conflicts, add_data, add_json, add_preview, add_project
from pyo3_kit.cli.parser import Parser
from pyo3_kit.cli.terminal import print_json, put
from pyo3_kit.cli.update import EXIT_CODES, update_project
from pyo3_kit.errors import DONE


def set_up(parser: Parser) -> None:
    """Add the commands."""
    parser.description = (
        "Apply an organisation's template on top of a project's own, and keep what it changes in the project's files."
    )
    parser.examples = """
pyo3-kit overlay add gh:acme/overlay@v1.2.0
pyo3-kit overlay list
pyo3-kit overlay apply      after `copier update -a .copier-answers.acme.yml`
pyo3-kit overlay remove acme
"""
    parser.exit_codes |= EXIT_CODES
    parser.add_command("Commands", "add", "Add an overlay to a project", _set_up_add, _add)
    parser.add_command("Commands", "apply", "Merge the overlays' fragments into the project", _set_up_apply, _apply)
    parser.add_command("Commands", "list", "List a project's overlays with their versions", _set_up_list, _list)
    parser.add_command(
        "Commands", "remove", "Remove an overlay and what it changed in other files", _set_up_remove, _remove
    )


def _set_up_add(parser: Parser) -> None:
    parser.argument("source", "SRC[@REF]", "The overlay's template: a folder, a Git address, or gh:owner/name.")
    add_project(parser)
    add_data(parser)
    _add_update_options(parser)


def _set_up_apply(parser: Parser) -> None:
    parser.description = (
        "Merge the fragments of the project's overlays into its files, as they are now. No template is updated."
    )
    add_project(parser)
    _add_update_options(parser)


def _set_up_list(parser: Parser) -> None:
    add_project(parser)
    add_json(parser)


def _set_up_remove(parser: Parser) -> None:
    parser.argument("name", "NAME", "The overlay's name, as `pyo3-kit overlay list` prints it.")
    add_project(parser)
    _add_update_options(parser)


def _add_update_options(parser: Parser) -> None:
    parser.exit_codes |= EXIT_CODES
    add_preview(parser)
    add_conflicts(parser)
    add_json(parser)


def _add(options: Namespace) -> int:
    from pyo3_kit.given_answers import parse_assignments
    from pyo3_kit.overlays import overlay_source
    from pyo3_kit.update.planning import UpdateRequest

    answers = parse_assignments(options.data)
    source = overlay_source(options.source)
    request = UpdateRequest(path=options.path, data=answers, data_file=options.data_file, add=source)
    return update_project(request, options)


def _apply(options: Namespace) -> int:
    from pyo3_kit.update.planning import UpdateRequest

    return update_project(UpdateRequest(path=options.path, stay=True), options)


def _list(options: Namespace) -> int:
    from pyo3_kit.errors import without_secrets
    from pyo3_kit.project.answers_file import read_answers
    from pyo3_kit.project.location import find_project
    from pyo3_kit.update.stack import stack_of

    stack = stack_of(find_project(options.path, None))
    overlays = {name: read_answers(project.root / project.answers_file) for name, project in stack.overlays.items()}
    if options.json:
        rows = [
            {"name": name, "template": without_secrets(one.source), "version": one.commit}
            for name, one in overlays.items()
        ]
        print_json({"overlays": rows})
        return DONE
    width = max(map(len, overlays), default=0)
    for name, recorded in overlays.items():
        put(f"{name:<{width}}  {without_secrets(recorded.source)} at {recorded.commit}")
    return DONE


def _remove(options: Namespace) -> int:
    from pyo3_kit.update.planning import UpdateRequest

    return update_project(UpdateRequest(path=options.path, remove=options.name), options)
