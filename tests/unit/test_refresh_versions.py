from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.history import git
from tests.support.template import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import refresh_versions

PINS = """\
# A comment stays.
pyo3:
  "0.30":
    pyo3: 0.30.0  # so does this one's line
    python_max: "3.15"
  "0.29":
    pyo3: 0.29.0
crates:
  pyo3: 1.0.0
  tokio: 1.2.3
tools:
  ruff: 0.1.0
"""


def test_replace_sets_one_scalar_and_nothing_else() -> None:
    changed = refresh_versions._replace(PINS, ("pyo3", '"0.29"', "pyo3"), "0.29.9")
    assert changed == PINS.replace("0.29.0", "0.29.9")
    changed = refresh_versions._replace(PINS, ("crates", "pyo3"), "1.0.1")
    assert changed == PINS.replace("1.0.0", "1.0.1")


def test_replace_takes_what_follows_on_the_line_away() -> None:
    # The catalogue keeps its comments on lines of their own, so nothing is lost.
    changed = refresh_versions._replace(PINS, ("pyo3", '"0.30"', "pyo3"), "0.30.1")
    assert "    pyo3: 0.30.1\n" in changed


@pytest.mark.parametrize("keys", [("rust",), ("pyo3", '"0.31"', "pyo3"), ("tools", "mypy")])
def test_replace_knows_when_there_is_nothing(keys: tuple[str, ...]) -> None:
    with pytest.raises(LookupError, match=r"is not in versions\.yml"):
        refresh_versions._replace(PINS, keys, "1.0")


@pytest.mark.parametrize(
    ("pin", "requirement"), [("1.54.1", "1"), ("0.1.52", "0.1"), ("0.30.1", "0.30"), ("12.0", "12")]
)
def test_a_pin_keeps_to_its_line(pin: str, requirement: str) -> None:
    assert refresh_versions._compatible(pin) == requirement


@pytest.mark.parametrize(
    ("newest", "bound"),
    [
        ("9.19.3", "9.20"),
        ("9.18.0", "9.20"),
        ("9.20.0", "9.21"),
        ("9.20.0a1", "9.21"),
        ("9.31.2", "9.32"),
        ("10.0.1", "10.1"),
    ],
)
def test_the_bound_of_copier_allows_the_newest_line(newest: str, bound: str) -> None:
    text = 'dependencies = [\n  "copier>=9.18,<9.20",\n  "jinja2>=3",\n]\n'
    assert refresh_versions.lifted(text, newest) == text.replace("<9.20", f"<{bound}")


def test_the_bound_of_copier_is_where_the_script_looks_for_it() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert refresh_versions.lifted(text, "99.0.0") != text
    with pytest.raises(LookupError):
        refresh_versions.lifted("", "9.20.0")


@pytest.mark.parametrize(
    ("listed", "newest"),
    [
        ("a refs/tags/v1.9.0;b refs/tags/v1.10.0;c refs/tags/v1", ("v1.10.0", "b")),
        # An annotated tag has an object of its own, in either order.
        ("a refs/tags/v2.0.0;b refs/tags/v2.0.0^{}", ("v2.0.0", "b")),
        ("b refs/tags/v2.0.0^{};a refs/tags/v2.0.0", ("v2.0.0", "b")),
        ("a refs/tags/v1.0.0;b refs/tags/v2.0.0-rc.1;c refs/tags/codeql-bundle-v2.1.0", ("v1.0.0", "a")),
    ],
)
def test_the_newest_release_of_an_action(listed: str, newest: tuple[str, str]) -> None:
    lines = "\n".join(line.replace(" ", "\t") for line in listed.split(";"))
    assert refresh_versions.newest_release(lines) == newest


def test_an_action_without_releases_is_reported() -> None:
    with pytest.raises(LookupError, match="no tag like"):
        refresh_versions.newest_release("a\trefs/tags/main\n")


def test_the_pin_of_an_action_changes_wherever_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    upstream = tmp_path / "upstream" / "ada" / "setup.git"
    upstream.mkdir(parents=True)
    git(upstream, "init", "--quiet")
    old, new = (git_commit(upstream, version) for version in ("v1.0.0", "v1.1.0"))
    settings = tmp_path / "gitconfig"
    settings.write_text(
        f'[user]\nname = Ada\nemail = ada@example.org\n[url "{upstream.parents[1]}/"]\n'
        "insteadOf = https://github.com/\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    other = f"  - uses: eve/setup@{old} # v1.0.0\n"
    files = {
        "catalogue/actions.yml": f"# Stays.\nsetup:\n  uses: ada/setup\n  version: v1.0.0\n  sha: {old}\n",
        ".github/workflows/ci.yml": f"  - uses: ada/setup@{old}  # v1.0.0\n{other}",
        "action.yml": f"  - uses: ada/setup@{old} # v1.0.0\n{other}",
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.setattr(refresh_versions, "ROOT", tmp_path)
    monkeypatch.setattr(refresh_versions, "ACTIONS", tmp_path / "catalogue" / "actions.yml")

    def run(*options: str) -> int:
        monkeypatch.setattr(sys, "argv", ["refresh_versions.py", "--actions", *options])
        return refresh_versions.main()

    assert run() == 1
    assert f"-  sha: {old}\n+  version: v1.1.0\n+  sha: {new}" in capsys.readouterr().out
    assert {path: (tmp_path / path).read_text() for path in files} == files

    assert run("--write") == 0
    for path, text in files.items():
        head, kept, tail = text.partition(other)
        expected = head.replace(old, new).replace("v1.0.0", "v1.1.0") + kept + tail
        assert (tmp_path / path).read_text() == expected
    assert run() == 0


def git_commit(folder: Path, tag: str) -> str:
    """Make a commit with an annotated tag; returns the commit."""
    git(folder, "commit", "--quiet", "--allow-empty", "--message", tag)
    git(folder, "tag", "--annotate", "--message", tag, tag)
    return git(folder, "rev-parse", "HEAD")


@pytest.mark.slow
def test_pins_that_fell_behind_are_raised_and_only_those(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    current = (ROOT / "catalogue" / "versions.yml").read_text(encoding="utf-8")
    behind = current
    for keys, version in [
        (("pyo3", '"0.29"', "pyo3"), "0.29.0"),
        (("crates", "tokio"), "1.40.0"),
        (("tools", "ruff"), "0.12.0"),
    ]:
        behind = refresh_versions._replace(behind, keys, version)
    catalogue = tmp_path / "versions.yml"
    catalogue.write_text(behind, encoding="utf-8")
    monkeypatch.setattr(refresh_versions, "CATALOGUE", catalogue)
    hooks = tmp_path / "hooks.yaml"
    hooks.write_text("  additional_dependencies: [ruff==0.12.0]\n", encoding="utf-8")
    monkeypatch.setattr(refresh_versions, "HOOKS", hooks)

    monkeypatch.setattr(sys, "argv", ["refresh_versions.py"])
    code = refresh_versions.main()
    if code == 2:
        pytest.skip(f"no registry answers: {capsys.readouterr().err}")
    assert code == 1
    assert "-  tokio: 1.40.0\n+  tokio: 1." in capsys.readouterr().out
    assert catalogue.read_text(encoding="utf-8") == behind

    monkeypatch.setattr(sys, "argv", ["refresh_versions.py", "--write"])
    assert refresh_versions.main() == 0
    raised = catalogue.read_text(encoding="utf-8")
    old, new = yaml.safe_load(behind), yaml.safe_load(raised)
    for path in (("pyo3", "0.29", "pyo3"), ("crates", "tokio"), ("tools", "ruff")):
        assert numbers(new, path) > numbers(old, path)
    ruff = new["tools"]["ruff"]
    assert hooks.read_text(encoding="utf-8") == f"  additional_dependencies: [ruff=={ruff}]\n"
    # PyO3 stays on its line, and moves together with its companion.
    assert numbers(new, ("pyo3", "0.29", "pyo3"))[:2] == numbers(new, ("pyo3", "0.29", "pyo3-async-runtimes"))[:2]
    assert [line for line in raised.splitlines() if "#" in line] == [
        line for line in current.splitlines() if "#" in line
    ]


def numbers(pins: object, path: tuple[str, ...]) -> tuple[int, ...]:
    for key in path:
        assert isinstance(pins, dict)
        pins = pins[key]
    return tuple(int(part) for part in str(pins).split("."))


def test_the_script_says_when_a_program_fails(tmp_path: Path) -> None:
    # Without cargo on the PATH nothing can be compared, and a traceback would help nobody.
    (tmp_path / "cargo").write_text("#!/bin/sh\necho no network >&2\nexit 1\n")
    (tmp_path / "cargo").chmod(0o755)
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "refresh_versions.py"],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "generate-lockfile" in done.stderr
    assert "no network" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_script_names_a_missing_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "refresh_versions.py"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (2, "cargo is not installed.\n")
