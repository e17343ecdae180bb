"""Small overlays with a history."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.update.templates import ANSWERS, FIRST, SECOND, Template

FRAGMENT = "template/.pyo3-kit/overlays/acme/config.fragment.toml"
QUESTIONS = """\
_subdirectory: template
_answers_file: .copier-answers.acme.yml
_external_data:
  below: .copier-answers.yml
team:
  type: str
  default: platform
name:
  type: str
  default: "{{ _external_data.below.name }}"
"""

_CONFIG = 'name = "{{ name }}"\none = 1\ntwo = 2\nthree = 3\ncolour = "{{ colour }}"\nfour = 4\nfive = 5\nsix = 6\n'

# What changes stands apart from what the overlay changes, so that Copier, which merges by lines, gets along with it.
BELOW_FIRST = {**FIRST, "template/config.toml.jinja": f"[tool]\nsize = 1\n{_CONFIG}"}
BELOW_SECOND = {**SECOND, "template/config.toml.jinja": f"[extra]\na = 1\n\n[tool]\nsize = 2\n{_CONFIG}"}

OVERLAY_FIRST: Mapping[str, str | bytes | None] = {
    "copier.yml": QUESTIONS,
    f"template/{ANSWERS}": "# Written by Copier.\n{{ _copier_answers | to_nice_yaml }}",
    "template/CODEOWNERS.jinja": "* @acme/{{ team }}\n",
    "template/policy.txt.jinja": "one\ntwo\nthree\nPolicy of {{ name }}.\nfive\nsix\nseven\n",
    FRAGMENT: '[tool]\ncolour = "blue"\nteam = "acme"\n',
}

OVERLAY_SECOND: Mapping[str, str | bytes | None] = {
    "template/policy.txt.jinja": "ONE\ntwo\nthree\nPolicy of {{ name }}.\nfive\nsix\nseven\n",
    "template/extra.txt": "extra\n",
    FRAGMENT: '[tool]\ncolour = "violet"\n\n[index]\nurl = "https://pypi.acme.example/simple"\n',
}


def first_overlay(root: Path, name: str = "acme") -> Template:
    """The overlay at its first version, in a repository of its own; with another name another one that is like it."""
    files = {
        path.replace("overlays/acme/", f"overlays/{name}/"): content.replace(".acme.", f".{name}.")
        for path, content in OVERLAY_FIRST.items()
        if isinstance(content, str)
    }
    if name != "acme":
        files["template/CODEOWNERS.jinja"], files["template/policy.txt.jinja"] = "", ""
        files = {path: content for path, content in files.items() if content}
    return Template(root).release("v1.0.0", files)
