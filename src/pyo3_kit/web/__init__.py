"""The questionnaire in a browser, with the project in view: `pyo3-kit serve`, and `pyo3_kit.web:app` for ASGI servers.

Processes of its own (`session.py`) hold the template open, evaluate questions and render; the web server has none of
Copier in it. Nothing about users is kept: a page's address holds the answers. Needs the extra `web`.
"""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    """Make `app` when a server first asks for it: it is set up from the environment, and needs the extra."""
    if name != "app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pyo3_kit.web.app import make_app
    from pyo3_kit.web.renderers import Renderers
    from pyo3_kit.web.setup import setup_from_environment

    app = globals()["app"] = make_app(Renderers(setup_from_environment()))
    return app
