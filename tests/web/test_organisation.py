"""An organisation's own template, preset and overlay on the page."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.project.files import read_tree
from pyo3_kit.web.session import Session
from pyo3_kit.web.setup import Setup, make_offer
from pyo3_kit.web.wanted import Wanted
from tests.overlays.templates import BELOW_FIRST, first_overlay
from tests.support.command import run_kit
from tests.update.templates import Template


def test_an_overlay_asks_and_renders_as_for_new(tmp_path: Path) -> None:
    base = Template(tmp_path / "base").release("v1.0.0", BELOW_FIRST)
    overlay = first_overlay(tmp_path / "overlay")
    presets = tmp_path / "acme.toml"
    presets.write_text(
        f'[presets.house]\nsummary = "Ours."\noverlays = ["{overlay.root}"]\nfixed = {{ colour = "green" }}\n'
    )
    name = f"{presets}#house"
    made = ("new", "made", "--template", str(base.root), "--preset", name, "--data", "name=x", "--data", "team=a")
    result = run_kit(*made, "--no-git", folder=tmp_path)
    assert result.code == 0, result.err
    with ExitStack() as stack:
        offer = make_offer(Setup(str(base.root), presets=(name,)))
        assert (list(offer.presets), offer.chosen) == ([name], name)
        session = Session(offer, tmp_path / "renders", stack)
        assert session.broken_presets() == {}
        look = session.look(Wanted(name, {"name": "x", "team": "a"}), strict=True)
        assert look.files == read_tree(tmp_path / "made")
        titles = {page["title"]: [question["name"] for question in page["questions"]] for page in look.pages}
        assert titles == {"Questions": ["name", "shout"], "acme: Questions": ["team", "name"]}
        assert look.explicit == {"name": "x", "team": "a"}
        # Nothing of the overlay is asked before the base template's answers are complete.
        look = session.look(Wanted(name, {"team": "a"}))
        assert "An answer is needed" in look.message
        assert (len(look.pages), look.explicit) == (1, {"team": "a"})
        other = session.look(Wanted(name, {"name": "x", "team": "a", "colour": "red"}), strict=True)
        assert "fixes it at green" in other.message


def test_a_preset_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    presets = tmp_path / "acme.toml"
    presets.write_text('[presets.house]\nsummary = "Ours."\nanswers = { ci = "jenkins" }\n')
    name = f"{presets}#house"
    with ExitStack() as stack:
        session = Session(make_offer(Setup(presets=(name,))), tmp_path / "renders", stack)
        assert "is not one of github, gitlab, none" in session.broken_presets()[name]
    with pytest.raises(Refused, match="no preset `other`"):
        make_offer(Setup(presets=(f"{presets}#other",)))
