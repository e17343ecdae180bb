"""`pyo3-kit completion`: bash completes with it for real; the other shells' scripts name what there is."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pyo3_kit.cli.commands import COMMANDS
from tests.support.command import Result

Run = Callable[..., Result]

ASK = """
source {script}
COMP_WORDS=({words} "{last}")
COMP_CWORD={count}
COMP_LINE="{words} {last}"
COMP_POINT=${{#COMP_LINE}}
completion=$(complete -p pyo3-kit)
function=${{completion#*-F }}
${{function%% *}} pyo3-kit "{last}"
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.fixture
def complete(kit: Run, tmp_path: Path) -> Callable[[str], set[str]]:
    """What bash offers for a line; its last word, which may be empty, is the one to complete."""
    script = tmp_path / "pyo3-kit.bash"
    script.write_text(kit("completion", "bash").out, encoding="utf-8")

    def ask(line: str) -> set[str]:
        *words, last = line.split(" ")
        program = ASK.format(script=script, words=" ".join(words), last=last, count=len(words))
        done = subprocess.run(
            ["bash", "--norc", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
        return {word.rstrip("/ ") for word in done.stdout.splitlines() if word}

    return ask


def test_bash_completes_commands(complete: Callable[[str], set[str]]) -> None:
    assert complete("pyo3-kit ") == {name for commands in COMMANDS.values() for name in commands}
    assert complete("pyo3-kit pre") == {"presets"}
    assert complete("pyo3-kit fleet ") == {"status", "update", "check", "adopt", "plan", "report"}
    assert complete("pyo3-kit overlay re") == {"remove"}


def test_bash_completes_options(complete: Callable[[str], set[str]]) -> None:
    assert complete("pyo3-kit --") == {"--version", "--help"}
    assert complete("pyo3-kit new --da") == {"--data", "--data-file"}
    assert complete("pyo3-kit fleet update --no") == {"--no-push"}


def test_bash_completes_values_and_files(complete: Callable[[str], set[str]], tmp_path: Path) -> None:
    assert complete("pyo3-kit check --format s") == {"sarif"}
    assert complete("pyo3-kit update --conflicts ") == {"ask", "inline", "ours", "theirs"}
    (tmp_path / "answers.yml").write_text("")
    (tmp_path / "my-lib").mkdir()
    assert complete("pyo3-kit new --data-file ans") == {"answers.yml"}
    assert complete("pyo3-kit update my") == {"my-lib"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_every_shell_gets_all_commands(kit: Run, shell: str) -> None:
    result = kit("completion", shell)
    assert (result.code, result.err) == (0, "")
    for name in ("new", "fleet", "completion", "conflicts", "rebase-on", "push-conflicts"):
        assert name in result.out


@pytest.mark.parametrize(("shell", "check"), [("bash", ["-n"]), ("zsh", ["-n"]), ("fish", ["--no-execute"])])
def test_the_script_is_valid(kit: Run, tmp_path: Path, shell: str, check: list[str]) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    script = tmp_path / "script"
    script.write_text(kit("completion", shell).out, encoding="utf-8")
    done = subprocess.run([shell, *check, str(script)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_shell_is_refused(refused: Run) -> None:
    assert "`completion tcsh` is not one of bash, zsh, fish, powershell" in refused("completion", "tcsh").err
