"""`pyo3-kit adopt`."""

from __future__ import annotations

from argparse import Namespace

from pyo3_kit.cli.options import add_continue, add_groups, add_json, add_path, add_preview, continues, say_settled
from pyo3_kit.cli.parser import Parser
from pyo3_kit.cli.terminal import can_ask, label, print_json, say, show_plan, split_names, walk_through
from pyo3_kit.errors import DONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyo3_kit.adoption import Adoption, Inferred, Offer


def set_up(parser: Parser) -> None:
    """Add the options."""
    parser.description = (
        "Attach an existing PyO3 project to the template, so that `pyo3-kit update` keeps it up to date.\n\n"
        "Nothing of yours is overwritten, and code is not changed. Commits nothing."
    )
    parser.examples = """
pyo3-kit adopt --dry-run --diff
pyo3-kit adopt --defaults --without flags
pyo3-kit adopt bindings/python --only build,lints --data python_min=3.11
"""
    parser.exit_codes |= {0: "done, or already adopted"}
    add_path(parser, "The project's folder. Default: the current folder.")
    parser.option("--crate", "CRATE", "The crate with the Python bindings, by name or folder, if there are several.")
    parser.option("--data", "KEY=VALUE", "Answer a question. Can be repeated.", short="-d", repeated=True)
    parser.flag("--defaults", "Ask nothing: use the inferred answers and apply the recommended parts.")
    add_groups(parser)
    add_preview(parser)
    add_continue(parser, "an adoption")
    add_json(parser)


def run(options: Namespace) -> int:
    """Adopt the project, or finish or undo an interrupted adoption; returns the exit code."""
    from pyo3_kit.given_answers import parse_assignments

    if continues(options):
        return _settle(options)
    from pyo3_kit.adoption import AdoptRequest, apply, plan, report
    from pyo3_kit.update.report import diff

    request = AdoptRequest(
        options.path,
        crate=options.crate,
        data=parse_assignments(options.data),
        only=split_names(options.only),
        without=split_names(options.without),
    )
    asks = can_ask() and not (options.defaults or options.json)
    planned = plan(request, *((walk_through, _choose, _show_answers) if asks else ()))
    if not options.dry_run:
        apply(planned)
    if options.json:
        shown = report.as_object(planned, dry_run=options.dry_run)
        print_json(shown | {"diff": "\n".join(diff(planned.files))} if options.diff else shown)
    else:
        _show(planned, options, answers=not asks)
    return DONE


def _settle(options: Namespace) -> int:
    """Finish or undo an interrupted adoption; returns the exit code."""
    from pyo3_kit.project.location import locate
    from pyo3_kit.transaction.apply import abort, resume

    place = locate(options.path).place
    (abort if options.abort else resume)(place)
    return say_settled(options, place.root, "adoption")


def _choose(offers: tuple[Offer, ...]) -> frozenset[str]:
    from pyo3_kit.questionnaire.groups import choose_groups

    return choose_groups(offers)


def _show_answers(inferred: Mapping[str, Inferred]) -> None:
    from pyo3_kit.adoption.report import answer_lines

    for line in ("answers", *answer_lines(inferred), ""):
        say(line)


def _show(planned: Adoption, options: Namespace, *, answers: bool) -> None:
    from pyo3_kit.adoption import report
    from pyo3_kit.update.report import diff

    root = planned.project.root
    if planned.already:
        say(f"Nothing to do: {root} is already adopted, at {planned.version}. Run `pyo3-kit update` to update it.")
        return
    changes = diff(planned.files) if options.diff else None
    show_plan(report.lines(planned, answers=answers), changes, dry_run=options.dry_run)
    say()
    for text in planned.notes:
        label("note:", text)
    if options.dry_run:
        say("Nothing was written.")
    else:
        label("Adopted", f"{root}. Review the changes with `git diff`, then commit them.")
