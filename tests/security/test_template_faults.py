"""A template whose expressions or settings fail in any way is refused, and nothing is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import run_kit
from tests.update.templates import ANSWERS, Template

FAULTS = {
    "range": {"template/x.jinja": "{{ range(10**12) | list }}"},
    "memory": {"template/x.jinja": "{{ 'a' * 9**20 }}"},
    "width": {"template/x.jinja": "{{ '%99999999999999d' % 1 }}"},
    "brackets": {"template/x.jinja": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}"},
    "blocks": {"template/x.jinja": "{% if 1 %}" * 3000 + "{% endif %}" * 3000},
    "macro of itself": {"template/x.jinja": "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}"},
    "tag of YAML": {"template/x.jinja": "{{ '!!python/object/apply:os.system [true]' | from_yaml }}"},
    "division": {"template/x.jinja": "{{ 1 / 0 }}"},
    "settings of Jinja": {"copier.yml": "_subdirectory: template\n_envops: {block_start_string: 5}\n"},
    "loader of Jinja": {"copier.yml": "_subdirectory: template\n_envops: {loader: x}\n"},
    "default": {"copier.yml": "_subdirectory: template\nq:\n  type: str\n  default: \"{{ 'a' * 9**20 }}\"\n"},
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_template_that_fails_is_refused(tmp_path: Path, name: str) -> None:
    files = {
        "copier.yml": "_subdirectory: template\n",
        f"template/{ANSWERS}": "{{ _copier_answers | to_nice_yaml }}",
        **FAULTS[name],
    }
    template = Template(tmp_path / "template").release("v1.0.0", files)
    place = tmp_path / "place"
    place.mkdir()
    done = run_kit("new", "made", "--defaults", "--template", str(template.root), folder=place)
    assert done.code == 2, done.err
    assert done.err.startswith("error: The template "), done.err
    assert not list(place.iterdir())


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    template = Template(tmp_path / "template")
    (template.root / "template").mkdir(parents=True)
    (template.root / "template" / "loop").symlink_to("loop")
    template.release("v1.0.0", {"copier.yml": "_subdirectory: template\n"})
    done = run_kit("new", "made", "--defaults", "--template", str(template.root), folder=tmp_path)
    assert done.code == 2, done.err
    assert not (tmp_path / "made").exists()
