"""`pyo3-kit questions`."""

from __future__ import annotations

from argparse import Namespace

from pyo3_kit.cli.options import add_json, add_template
from pyo3_kit.cli.parser import Parser
from pyo3_kit.cli.terminal import print_json, put_block
from pyo3_kit.errors import DONE


def set_up(parser: Parser) -> None:
    """Add the options."""
    add_template(parser)
    add_json(parser)


def run(options: Namespace) -> int:
    """Print the questions; returns the exit code."""
    from pathlib import Path

    from pyo3_kit.render import find_source, open_template
    from pyo3_kit.render.question_list import describe_question, question_text

    with open_template(find_source(options.template, options.ref), Path("my-lib").absolute()) as opened:
        interview = opened.interview({})
        evaluation = interview.evaluate({})
        listed = [
            describe_question(item, interview.questions[item.name]) for item in evaluation.items if not item.computed
        ]
        title = opened.source.shown
    if options.json:
        print_json({"template": title, "questions": listed})
    else:
        put_block("\n\n".join(question_text(question, evaluation) for question in listed))
    return DONE
