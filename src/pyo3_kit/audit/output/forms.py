"""The forms by name. Only the module of the form that is asked for is imported."""

from __future__ import annotations

from pyo3_kit.audit.output import View
from pyo3_kit.audit.output.text import Paint


def render(view: View, form: str, paint: Paint | None, tool: str) -> str:
    """The report as `text`, `concise`, `grouped`, `json`, `sarif` or `github`.

    `paint` colours text, `tool` is our version.
    """
    if form == "json":
        from pyo3_kit.audit.output import json

        return json.render(view)
    if form == "sarif":
        from pyo3_kit.audit.output import sarif

        return sarif.render(view, tool)
    if form == "github":
        from pyo3_kit.audit.output import github

        return github.render(view)
    from pyo3_kit.audit.output import text

    renders = {"text": text.render, "concise": text.render_concise, "grouped": text.render_grouped}
    return renders[form](view, paint or text.plain)
