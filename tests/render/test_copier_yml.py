"""`copier.yml` is read by libyaml where it is there, with the result and the errors of Copier's own parser."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pyo3_kit.errors import Refused
from pyo3_kit.render import Source, open_template
from pyo3_kit.render._copier import KitWorker
from pyo3_kit.template.releases import Release, release_root, releases
from tests.support.template import ROOT


def read_both(root: Path) -> tuple[object, object]:
    """What our worker reads, and what Copier reads by itself."""
    from copier._template import load_template_config

    worker = KitWorker.open(Source(str(root), None, (root, "v1")), root / "none")
    return worker.template._raw_config, load_template_config(root / "copier.yml")


def test_libyaml_is_there() -> None:
    """Else the other tests compare a parser with itself."""
    assert hasattr(yaml, "CSafeLoader")


def test_our_own_template() -> None:
    ours, plain = read_both(ROOT)
    assert ours == plain
    assert repr(ours) == repr(plain)


@pytest.mark.parametrize("release", releases(), ids=lambda release: release.version)
def test_every_release(release: Release) -> None:
    ours, plain = read_both(release_root(release))
    assert repr(ours) == repr(plain)


TEXTS = {
    "types": "_a: [1, 1.5, 2020-01-01, yes, ~, 0o17, 017, 0x1f, 1_000, .inf, 12:30:45]\n",
    "binary": "_a: !!binary aGVsbG8=\n_b: !!set {x, y}\n_c: !!omap [a: 1]\n",
    "anchors": "_a: &a {x: 1}\n_b: *a\n_c: {<<: *a, y: 2}\n",
    "keys": "1: one\n2.5: two\n? x y\n: three\n",
    "blocks": '_a: |\n  one\n\n  two\n_b: >-\n  one\n  two\n_c: "\\u00e9\\n"\n',
    "documents": "_exclude: [a]\n---\n_exclude: [b]\n---\nq: 1\n",
    "unicode": "q:\n  help: Grüße 🦀\n",
    "mark": "\ufeffq: 1\n",
    "carriage returns": "q: 1\r\nr: 2\r\n",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_template_of_someone_else(text: str, tmp_path: Path) -> None:
    (tmp_path / "copier.yml").write_bytes(text.encode())
    ours, plain = read_both(tmp_path)
    assert repr(ours) == repr(plain)


MALFORMED = {"indentation": "a: b\n  c: d\n", "list": "a: [1\nb: 2\n", "alias": "a: *b\n", "tag": "a: !x y\n"}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_errors_are_those_of_the_ordinary_parser(text: str, tmp_path: Path) -> None:
    (tmp_path / "copier.yml").write_text(text)
    with pytest.raises(Refused) as refused, open_template(Source(str(tmp_path), None, None), tmp_path / "none"):
        pass
    with pytest.raises(yaml.MarkedYAMLError) as plain:
        yaml.safe_load(text)
    mark = plain.value.problem_mark
    assert mark is not None
    assert f"line {mark.line + 1}, column {mark.column + 1}: {plain.value.problem}" in refused.value.message
