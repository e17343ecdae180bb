"""`pyo3-kit serve`."""

from __future__ import annotations

from argparse import Namespace

from pyo3_kit.cli.options import add_template
from pyo3_kit.cli.parser import Parser
from pyo3_kit.errors import DONE, Refused

_LAST_PORT = 65535


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _LAST_PORT:
        raise Refused(f"`--port {text}` is not a port.", f"Give a number from 0 to {_LAST_PORT}.")
    return int(text)


def set_up(parser: Parser) -> None:
    """Add the options."""
    parser.description = (
        "Open the questionnaire in a browser, with the project in view: each answer shows what it changes, and the "
        "result is downloaded or created by a command to copy.\n\nNeeds `pip install 'pyo3-kit[web]'`. Other computers "
        "can reach it only with `--host`; for more than one user see docs/how-to/serve-it-for-your-organisation.md."
    )
    parser.examples = """
pyo3-kit serve --open
pyo3-kit serve --preset gh:acme/kit#service --host 0.0.0.0 --port 8000
pyo3-kit serve --template gh:owner/some-copier-template
"""
    parser.option("--host", "ADDRESS", "The address to listen at.", default="127.0.0.1")
    parser.option("--port", "PORT", "The port to listen at; 0 picks a free one.", type=_port, default=0)
    parser.option("--root-path", "PATH", "The path that a proxy puts before the server's own, e.g. /kit.", default="")
    parser.flag("--open", "Open the page in your browser.")
    add_template(parser)
    text = "Offer this preset first, and select it: a name, FILE#name or gh:owner/repo#name. Can be repeated."
    parser.option("--preset", "NAME", text, repeated=True)


def run(options: Namespace) -> int:
    """Serve until it is interrupted; returns the exit code."""
    from pyo3_kit.cli.terminal import label
    from pyo3_kit.web.serving import serve
    from pyo3_kit.web.setup import Setup

    def ready(url: str) -> None:
        label("Serving", f"{url} (Ctrl+C ends it)")

    setup = Setup(options.template, options.ref, tuple(options.preset))
    serve(setup, options.host, options.port, options.root_path, ready, browse=options.open)
    return DONE
