"""The small commands: version, help, questions, presets, completion."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyo3_kit import __version__
from tests.support.command import ROOT, Result, environment

Run = Callable[..., Result]


def test_version(kit: Run) -> None:
    result = kit("--version")
    assert (result.code, result.out) == (0, f"pyo3-kit {__version__}\n")
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["-h"], [], ["new", "--help"], ["questions", "-h"], ["presets", "--help"]]
)
def test_help(kit: Run, arguments: list[str]) -> None:
    result = kit(*arguments)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("Usage: pyo3-kit")


def test_help_names_examples_and_exit_codes(kit: Run) -> None:
    text = kit("new", "--help").out
    assert "Examples:" in text
    assert re.search(r"\b130\b +interrupted", text)


def test_nothing_heavy_is_imported_without_need(tmp_path: Path) -> None:
    """`new` without questions takes neither questionary nor rich, and help takes no library but argparse."""
    script = "import sys; from pyo3_kit.cli import main; main({!r}); print(*sorted(sys.modules), file=sys.stderr)"
    heavy = {"questionary", "prompt_toolkit", "pygments", "rich"}
    for arguments, unwanted in (
        (["--help"], {*heavy, "copier", "yaml", "pathlib", "typing", "pyo3_kit.cli.new", "pyo3_kit.creation"}),
        (["new", "my-lib", "--dry-run"], heavy),
    ):
        done = subprocess.run(
            [sys.executable, "-c", script.format(arguments)],
            cwd=tmp_path,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
        assert not unwanted & set(done.stderr.split())


def test_questions(kit: Run) -> None:
    listed = {question["name"]: question for question in kit("questions", "--json").object["questions"]}
    assert listed["async_runtime"]["type"] == "bool"
    assert listed["async_bridge"]["when"] == "{{ async_runtime }}"
    assert {choice["value"] for choice in listed["async_bridge"]["choices"]} == {
        "pyo3-async-runtimes",
        "completion-queue",
    }
    assert "versions" not in listed
    assert all(question["help"] for question in listed.values())
    text = kit("questions").out
    assert "\nlicense (str)\n" in text
    assert "asked if: async_runtime" in text


def test_questions_of_another_template(kit: Run, tiny: Path) -> None:
    listed = kit("questions", "--template", str(tiny), "--json").object["questions"]
    assert [question["name"] for question in listed] == ["name", "shout", "colour", "depth"]


def test_presets(kit: Run) -> None:
    listed = {preset["name"]: preset for preset in kit("presets", "--json").object["presets"]}
    assert list(listed) == ["lean", "async-client", "data-parallel", "max-performance", "guide-0.28"]
    assert kit("presets", "lean", "--json").object == {"schema_version": 1, **listed["lean"]}
    assert kit("presets").out.startswith("lean ")
    assert 'pyo3: "0.28"' in kit("presets", "guide-0.28").out


@pytest.mark.parametrize("name", ["lean", "async-client", "data-parallel", "max-performance", "guide-0.28"])
def test_every_preset_gives_a_project(kit: Run, name: str) -> None:
    answers = kit("presets", name, "--json").object["answers"]
    made = kit("new", "my-lib", "--preset", name, "--dry-run", "--json").object
    assert answers.items() <= made["answers"].items()
