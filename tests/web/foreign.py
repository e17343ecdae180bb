"""A Copier template of somebody else, with every kind of question."""

from __future__ import annotations

from pathlib import Path

from tests.update.templates import ANSWERS, write

QUESTIONS = """\
_subdirectory: template
project_name:
  type: str
  help: The name of the *site*, with `code` and <b>markup</b>.
  validator: "{% if project_name != project_name | lower %}use lower-case letters, not {{ project_name }}{% endif %}"
  default: site
tools:
  type: str
  multiselect: true
  choices: [ruff, mypy, pytest]
  default: [ruff]
deploys:
  type: bool
  default: false
target:
  type: str
  when: "{{ deploys }}"
  choices:
    One machine: machine
    Many machines:
      value: cluster
      validator: "{% if 'pytest' not in tools %}a cluster needs pytest{% endif %}"
  default: machine
machines:
  type: int
  when: "{{ deploys and target == 'cluster' }}"
  default: 3
  validator: "{% if machines > 9 %}nine at most{% endif %}"
token:
  type: str
  secret: true
  default: none
notes:
  type: str
  multiline: true
  default: ""
extra:
  type: yaml
  default: "{a: 1}"
"""


def write_foreign(folder: Path) -> Path:
    """Write it into `folder`."""
    files: dict[str, str | bytes | None] = {
        "copier.yml": QUESTIONS,
        f"template/{ANSWERS}": "{{ _copier_answers | to_nice_yaml }}",
        "template/site.txt.jinja": "{{ project_name }}\n{{ tools | join(' ') }}\n{{ notes }}\n{{ extra.a }}\n",
        "template/secret.txt.jinja": "{{ token }}\n",
        "template/{% if deploys %}deploy.sh{% endif %}.jinja": "#!/bin/sh\necho {{ target }}{{ machines }}\n",
        "template/data.bin": bytes(range(256)),
        "template/place.txt.jinja": "{{ _copier_conf.dst_path.name }}\n",
    }
    write(folder, files)
    (folder / "template" / "{% if deploys %}deploy.sh{% endif %}.jinja").chmod(0o755)
    return folder
