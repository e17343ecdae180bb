"""Compare the pins in catalogue/versions.yml with the registries, and update them with `--write`.

Cargo resolves the crates, one PyO3 line at a time and all crates of a line together, so that PyO3 and its companions
are updated as a set and yanked versions are never used; uv resolves the Python tools. Needs cargo and uv.

With `--actions`, compare the pins in catalogue/actions.yml with the newest release tags of the actions instead;
`--write` also updates the workflows and actions of this repository, which use the same pins. Needs git.

With `--copier`, compare the newest Copier with the upper bound in pyproject.toml instead; `--write` raises the bound
if the tests that compare this package with `copier copy`, byte for byte, pass with that version. `--pre` includes
pre-releases.

Exit codes: 0 if the pins are up to date or were written, 1 if they are outdated, 2 if a registry does not respond or
a program is missing.
"""

from __future__ import annotations

import argparse
import difflib
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "catalogue" / "versions.yml"
ACTIONS = ROOT / "catalogue" / "actions.yml"
HOOKS = ROOT / ".pre-commit-config.yaml"
PYPROJECT = ROOT / "pyproject.toml"
COMPANIONS = ("pyo3", "pyo3-async-runtimes")


def main() -> int:
    """Print the difference between the pins and the newest versions; see the module docstring for the exit codes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the new pins to the catalogue")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--actions", action="store_true", help="check the pins of GitHub's actions instead")
    other.add_argument("--copier", action="store_true", help="check the upper bound of Copier instead")
    parser.add_argument("--pre", action="store_true", help="with --copier: include pre-releases")
    arguments = parser.parse_args()
    try:
        if arguments.copier:
            return lift_copier(write=arguments.write, pre=arguments.pre)
        if arguments.actions:
            return refresh_actions(write=arguments.write)
        return refresh_pins(write=arguments.write)
    except subprocess.CalledProcessError as error:
        print(f"{' '.join(error.cmd)} failed:\n{error.stderr.strip()}", file=sys.stderr)
    except FileNotFoundError as error:
        print(f"{error.filename} is not installed.", file=sys.stderr)
    return 2


def refresh_pins(*, write: bool) -> int:
    """Compare crates and tools with their newest versions, and update the hooks of this repository too."""
    old = CATALOGUE.read_text(encoding="utf-8")
    new = refreshed(old)
    if write:
        hooks = HOOKS.read_text(encoding="utf-8")
        tools, newest = yaml.safe_load(old)["tools"], yaml.safe_load(new)["tools"]
        for name in tools:
            hooks = hooks.replace(f"[{name}=={tools[name]}]", f"[{name}=={newest[name]}]")
        HOOKS.write_text(hooks, encoding="utf-8")
    return _update(CATALOGUE, new, write=write)


def _update(path: Path, new: str, *, write: bool) -> int:
    """Print how the file differs from its new text, and write that text if asked to; return the exit code."""
    old = path.read_text(encoding="utf-8")
    lines = old.splitlines(True), new.splitlines(True)
    sys.stdout.writelines(difflib.unified_diff(*lines, f"{path.name} (pinned)", f"{path.name} (newest)"))
    if write:
        path.write_text(new, encoding="utf-8")
    return 0 if new == old or write else 1


def refresh_actions(*, write: bool) -> int:
    """Compare the actions with their newest releases, and update every place that uses one; return the exit code."""
    old = ACTIONS.read_text(encoding="utf-8")
    new, replaced = old, {}
    for name, pin in yaml.safe_load(old).items():
        version, sha = newest_release(_run("git", "ls-remote", "--tags", f"https://github.com/{pin['uses']}.git"))
        new = _replace(_replace(new, (name, "version"), version), (name, "sha"), sha)
        replaced[f"{pin['uses']}@{pin['sha']}", pin["version"]] = f"{pin['uses']}@{sha}", version
    code = _update(ACTIONS, new, write=write)
    if write:
        for path in (ROOT / "action.yml", *sorted((ROOT / ".github" / "workflows").glob("*.yml"))):
            text = path.read_text(encoding="utf-8")
            for (use, version), (new_use, new_version) in replaced.items():
                text = re.sub(
                    rf"{re.escape(use)}(\s+# ){re.escape(version)}$", rf"{new_use}\1{new_version}", text, flags=re.M
                )
            path.write_text(text, encoding="utf-8")
    return code


def newest_release(listed: str) -> tuple[str, str]:
    """Return tag and commit of the newest release in the output of `git ls-remote --tags`, without pre-releases.

    An annotated tag is listed twice: as itself, and with `^{}` and its commit.
    """
    found: dict[tuple[int, ...], tuple[str, str]] = {}
    for line in listed.splitlines():
        sha, _, ref = line.partition("\t")
        tag, _, peeled = ref.removeprefix("refs/tags/").partition("^")
        if match := re.fullmatch(r"v(\d+)\.(\d+)\.(\d+)", tag):
            number = tuple(map(int, match.groups()))
            if peeled or number not in found:
                found[number] = (tag, sha)
    if not found:
        raise LookupError("the repository has no tag like v1.2.3")
    return found[max(found)]


def lift_copier(*, write: bool, pre: bool) -> int:
    """Compare Copier's upper bound with its newest version, and raise it if the tests pass; return the exit code."""
    old = PYPROJECT.read_text(encoding="utf-8")
    newest = _uv(["copier"], *(["--prerelease", "allow"] if pre else []))["copier"]
    new = lifted(old, newest)
    print(f"Copier {newest} is {'allowed' if new == old else 'not allowed yet'}.")
    if new == old or not write:
        return 0 if new == old else 1
    PYPROJECT.write_text(new, encoding="utf-8")
    tests = ["tests/render/test_plain_copier.py", "tests/render/test_every_combination.py", "tests/questions"]
    command = ["uv", "run", "--isolated", "--no-project", "--with-editable", ".[test]", "--with", f"copier=={newest}"]
    passed = subprocess.run([*command, "pytest", "-q", *tests], cwd=ROOT, check=False).returncode == 0
    if not passed:
        PYPROJECT.write_text(old, encoding="utf-8")
        print(f"The tests fail with Copier {newest}: the upper bound was not changed.", file=sys.stderr)
    return 0 if passed else 1


def lifted(text: str, newest: str) -> str:
    """Return the text of pyproject.toml with an upper bound that allows `newest` and its bug-fix releases."""
    major, minor = map(int, newest.split(".")[:2])
    found = re.search(r'"copier>=[\d.]+,<(\d+)\.(\d+)"', text)
    if found is None:
        raise LookupError("the requirement of Copier is not in pyproject.toml")
    if (major, minor) < (int(found[1]), int(found[2])):
        return text
    return f"{text[: found.start(1)]}{major}.{minor + 1}{text[found.end(2) :]}"


def refreshed(text: str) -> str:
    """Return the catalogue's text with every pin at the newest compatible version; comments and layout are kept."""
    pins: dict[str, Any] = yaml.safe_load(text)
    for line in pins["pyo3"]:
        wanted = dict.fromkeys(COMPANIONS, line) | {name: _compatible(pin) for name, pin in pins["crates"].items()}
        locked = _cargo(wanted, rust=pins["rust"])
        for name in COMPANIONS:
            text = _replace(text, ("pyo3", f'"{line}"', name), locked[name])
    for name in pins["crates"]:
        text = _replace(text, ("crates", name), locked[name])
    tools = _uv(pins["tools"])
    for name in pins["tools"]:
        text = _replace(text, ("tools", name), tools[name])
    newest = _cargo({"pyo3": "*"}, rust=None)["pyo3"]
    if newest.rpartition(".")[0] not in pins["pyo3"]:
        print(f"PyO3 {newest} has been released, but its line is not in the catalogue yet.", file=sys.stderr)
    return text


def _compatible(pin: str) -> str:
    """Return the requirement for the pin's release line: `0.1.52` → `0.1`, `1.54.1` → `1`."""
    major, minor, *_ = pin.split(".")
    return major if major != "0" else f"{major}.{minor}"


def _cargo(wanted: dict[str, str], rust: str | None) -> dict[str, str]:
    """Return the versions that cargo locks for these requirements, none yanked; `rust` is the minimum compiler."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "src").mkdir()
        Path(folder, "src", "lib.rs").touch()
        lines = ["[package]", 'name = "pins"', 'edition = "2024"', *([f'rust-version = "{rust}"'] if rust else [])]
        lines += ["[dependencies]", *(f'{name} = "{requirement}"' for name, requirement in wanted.items())]
        Path(folder, "Cargo.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
        _run("cargo", "generate-lockfile", "--quiet", "--manifest-path", f"{folder}/Cargo.toml")
        lock = Path(folder, "Cargo.lock").read_text(encoding="utf-8")
    packages = re.findall(r'\[\[package\]\]\nname = "([^"]+)"\nversion = "([^"]+)"', lock)
    return {name: version for name, version in packages if name in wanted}


def _uv(names: list[str], *options: str) -> dict[str, str]:
    """Return the newest unyanked version of each Python package, each resolved alone, as hooks install them."""
    command = ("uv", "pip", "compile", "--quiet", "--no-deps", "--no-header", *options, "-")
    output = "".join(_run(*command, text=name) for name in names)
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)$", output, re.MULTILINE))


def _run(*command: str, text: str = "") -> str:
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


def _replace(text: str, keys: tuple[str, ...], version: str) -> str:
    """Set the scalar at the path `keys` in block-style YAML without changing anything else."""
    start = 0
    for depth, key in enumerate(keys):
        match = re.compile(rf"^{' ' * 2 * depth}{re.escape(key)}:", re.MULTILINE).search(text, start)
        if match is None:
            raise LookupError(f"{'.'.join(keys)} is not in {CATALOGUE.name}")
        start = match.end()
    return text[:start] + re.sub(r"[^\n]*", f" {version}", text[start:], count=1)


if __name__ == "__main__":
    sys.exit(main())
