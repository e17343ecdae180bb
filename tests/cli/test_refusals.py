"""Bad input: one message, exit 2, nothing written."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import Result, environment

pytestmark = pytest.mark.slow

Run = Callable[..., Result]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--data", "nonsense=1"], "nonsense: there is no such question"),
        (["--data", "projct_name=x"], "did you mean `project_name`?"),
        (["--data", "rust_ident=x"], "rust_ident: it follows from the other answers"),
        (["--data", "versions={}"], "versions: it follows from the other answers"),
        (["--data", "_commit=v1"], "begins with `_`"),
        (["--data", "async_bridge=completion-queue"], "async_bridge: "),
        (["--data", "async_runtime=maybe"], "true or false is needed, not 'maybe'"),
        (["--data", "license=GPL-3.0"], "'GPL-3.0' is not one of MIT OR Apache-2.0"),
        (["--data", "pyo3=0.28", "--data", "wheels=abi3+abi3t"], "0.28 does not support abi3t"),
        (["--data", "wheels=abi3", "--data", "buffer_api=yes"], "no buffers"),
        (["--data", "license"], "is not of the form key=value"),
        (["--data", "ci=none", "--data", "ci=github"], "is given twice"),
        (["--preset", "leann"], "There is no preset `leann`"),
        (["--template", "nowhere"], "There is no template nowhere"),
        (["--template", "ext::sh -c id"], "is not an address of a template"),
        (["--data-file", "nowhere.yml"], "There is no data file nowhere.yml"),
    ],
)
def test_bad_answers_and_sources(refused: Run, arguments: list[str], said: str) -> None:
    assert said in refused("new", "my-lib", "--defaults", *arguments).err


@pytest.mark.parametrize(
    "name", ["class", "core", "os", "con", "pyo3", "1lib", "-lib", "lib-", "líb", "a b", "my-lib\n", ""]
)
def test_bad_names(refused: Run, name: str) -> None:
    assert "project_name: " in refused("new", "place", "--data", f"project_name={name}").err


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.yml", "license: [", "a.yml, line 1, column 11: "),
        ("a.yml", "ci: none\nci: github\n", "a.yml, line 2, column 1: duplicate key `ci`"),
        ("a.yml", "- ci\n", "its top level is not a mapping"),
        ("a.yml", "python_min: 3.10\n", "python_min: text is needed, not a number: put it in quotes"),
        ("a.yml", "stubs: [true]\n", "stubs: true or false is needed"),
        ("a.yml", "license:\n", "license: text is needed, not nothing"),
        ("a.toml", "license = \n", "a.toml, line 1, column 11: "),
        ("a.json", '{"ci": ', "a.json, line 1"),
    ],
)
def test_bad_data_files(refused: Run, tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert said in refused("new", "my-lib", "--data-file", name).err


def test_data_file_that_is_no_text(refused: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"\xff\xfe\x00")
    assert "is not UTF-8 text" in refused("new", "my-lib", "--data-file", "a.yml").err


def test_several_bad_answers_are_named_at_once(refused: Run) -> None:
    said = refused("new", "my-lib", "--data", "nonsense=1", "--data", "stubs=perhaps").err
    assert "2 answers cannot be used:" in said
    assert "\n  nonsense: " in said
    assert "\n  stubs: " in said


def test_what_is_missing_is_listed(refused: Run, tiny: Path) -> None:
    said = refused("new", "place", "--template", str(tiny)).err
    assert "An answer is needed:\n  name: The name." in said
    assert "--data name=…" in said


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("full", "full exists and is not empty"),
        ("file", "file exists and is a file"),
        ("file/below", "is a file, so no folder can be created in it"),
        ("dangling", "broken symbolic link"),
        ("circle/below", "circular chain of symbolic links"),
        ("to-full", "to-full exists and is not empty"),
        ("two\nlines", "control characters"),
        ("", "is empty"),
        ("  ", "is empty"),
    ],
)
def test_bad_targets(refused: Run, tmp_path: Path, target: str, said: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "to-full").symlink_to("full")
    assert said in refused("new", target, "--data", "project_name=my-lib").err


def test_a_place_that_cannot_be_written(refused: Run) -> None:
    assert "hint:" in refused("new", "/proc/my-lib", "--defaults").err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind the superuser")
def test_a_read_only_parent(refused: Run, tmp_path: Path) -> None:
    parent = tmp_path / "closed"
    parent.mkdir(mode=0o555)
    assert "cannot be written to" in refused("new", "closed/my-lib", "--defaults").err


def test_missing_git(refused: Run, kit: Run, tmp_path: Path) -> None:
    bare = {"PATH": str(tmp_path)}
    assert "Git is not installed" in refused("new", "my-lib", "--defaults", changes=bare).err
    assert kit("new", "my-lib", "--defaults", "--no-git", changes=bare).code == 0


def test_missing_tools_for_a_build(refused: Run, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "git").symlink_to(str(shutil.which("git")))
    found = refused("new", "my-lib", "--defaults", "--build", changes={"PATH": str(tools)})
    assert "Rust is not installed" in found.err
    assert "rustup" in found.err
    for name in ("cargo", "rustc"):
        (tools / name).write_text("#!/bin/sh\nexit 0\n")
        (tools / name).chmod(0o755)
    found = refused("new", "my-lib", "--defaults", "--build", changes={"PATH": str(tools), "CC": None})
    assert "No C compiler is installed" in found.err


@pytest.mark.parametrize("limit", [0, 5_000])
def test_a_full_disk(refused: Run, limit: int) -> None:
    """A file size limit stands for the disk: the system refuses to write more, in us or in Git."""
    found = refused(
        "new",
        "my-lib",
        "--defaults",
        changes={"PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert "No space left" in found.err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="only the superuser can mount")
def test_a_really_full_disk(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f"""
        mount -t tmpfs -o size=40k none {disk} || exit 77
        cd {disk} && {sys.executable} -m pyo3_kit new my-lib --defaults
        code=$?; ls -A {disk}; exit $code
    """
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script], env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode in (1, 77):
        pytest.skip(f"no mount here: {done.stderr.strip()}")
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "No space left" in done.stderr


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("_tasks: [touch done]\n", "runs code of its own (tasks)"),
        ("_jinja_extensions: [jinja2.ext.do]\n", "runs code of its own (jinja_extensions)"),
        ("name: [\n", "copier.yml is malformed, line 2, column 1"),
        ("_min_copier_version: '99'\n", "requires Copier version >= 99"),
        ("name: {type: strange}\n", 'Unsupported type "strange"'),
        ("name: {type: str, validator: '{{ nope('}\n", "name: "),
        ("name: {type: str, multiselect: perhaps}\n", "malformed question"),
    ],
)
def test_bad_templates(refused: Run, tiny: Path, config: str, said: str) -> None:
    (tiny / "copier.yml").write_text(config)
    assert said in refused("new", "my-lib", "--template", str(tiny), "--data", "name=x").err


def test_a_folder_that_is_no_template(refused: Run, tmp_path: Path) -> None:
    (tmp_path / "some").mkdir()
    assert "is not a Copier template" in refused("new", "my-lib", "--template", "some").err


def test_a_broken_template_file(refused: Run, tiny: Path) -> None:
    (tiny / "template" / "bad.txt.jinja").write_text("one\n{% if %}\n")
    said = refused("new", "my-lib", "--template", str(tiny), "--data", "name=x").err
    assert "template/bad.txt.jinja, line 2" in said


def test_an_unknown_ref(refused: Run, tiny: Path, as_repository: Callable[[Path], Path]) -> None:
    source = str(as_repository(tiny))
    said = refused("new", "my-lib", "--template", source, "--ref", "v9", "--data", "name=x").err
    assert "has no version v9" in said


def test_a_ref_without_a_repository(refused: Run, tiny: Path) -> None:
    assert "has no ref v1" in refused("new", "my-lib", "--template", str(tiny), "--ref", "v1").err


@pytest.mark.parametrize(
    "arguments", [["new"], ["frob"], ["new", "a", "--frob"], ["new", "a", "b"], ["presets", "nope"]]
)
def test_bad_usage(refused: Run, arguments: list[str]) -> None:
    refused(*arguments)


def test_own_defaults_that_do_not_fit(refused: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[defaults]\nlicense = "GPL"\n')
    said = refused("new", "my-lib", "--defaults", changes={"PYO3_KIT_CONFIG": str(config)}).err
    assert "license: 'GPL' is not one of" in said
    assert "from your own defaults" in said
    config.write_text("[defaults\n")
    assert "config.toml, line 1" in refused("new", "x", changes={"PYO3_KIT_CONFIG": str(config)}).err


def test_errors_as_json(kit: Run, tmp_path: Path) -> None:
    result = kit("new", "my-lib", "--data", "nonsense=1", "--json")
    assert result.code == 2
    assert result.err == ""
    assert result.object["error"].startswith("nonsense: ")
    assert result.object["hint"]
    assert result.object["exit_code"] == 2
    assert not (tmp_path / "my-lib").exists()
