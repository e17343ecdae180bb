"""Run the compiler on a project, before and after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from posixpath import basename, dirname, join, normpath

from pyo3_kit.audit.manifests import table
from pyo3_kit.codemods import ReviewItem
from pyo3_kit.errors import Failed, Refused
from pyo3_kit.migrate.project import Found
from pyo3_kit.system.environments import build_environment
from pyo3_kit.system.processes import Completed, find_program, run
from pyo3_kit.system.reading import read_text
from pyo3_kit.texts.toml import parse_toml


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of `cargo check`: whether it passed, its errors, and where deprecated items are used."""

    passed: bool
    output: str
    errors: tuple[ReviewItem, ...]
    deprecated: tuple[ReviewItem, ...]


def need_cargo() -> None:
    """Raise `Refused` if cargo is not installed."""
    if find_program("cargo") is None:
        raise Refused("`--verify` needs cargo, which is not installed.", "Install Rust, or omit `--verify`.")


def check(found: Found) -> Checked:
    """Run `cargo check` for the crates that depend on pyo3. Raises `Failed` if cargo cannot be started."""
    errors: list[ReviewItem] = []
    deprecated: list[ReviewItem] = []
    output: list[str] = []
    passed = True
    for crate in found.crates:
        done = _cargo(found.root, crate.manifest.path, _features(found, crate.manifest.path))
        passed = passed and done.returncode == 0
        for line in done.stdout.decode(errors="replace").splitlines():
            place = _place(line, found.root)
            if place is None:
                continue
            level, where, rendered = place
            if level == "error":
                errors.append(where)
                output.append(rendered)
            elif level == "deprecated":
                deprecated.append(where)
        if done.returncode != 0 and not output:
            output.append(done.stderr.decode(errors="replace").strip())
    return Checked(passed, "\n".join(output), tuple(dict.fromkeys(errors)), tuple(dict.fromkeys(deprecated)))


def _features(found: Found, manifest: str) -> list[str]:
    """The options for the Cargo features that maturin builds the crate with: without them its binding may be empty."""
    for path in found.files:
        if basename(path) != "pyproject.toml":
            continue
        try:
            maturin = table(parse_toml(read_text(found.root / path)), "tool", "maturin")
        except ValueError:
            continue
        built = normpath(join(dirname(path), str(maturin.get("manifest-path", "Cargo.toml"))))
        if maturin and built == manifest:
            listed = maturin.get("features")
            names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
            flags = [f"--{name}" for name in ("all-features", "no-default-features") if maturin.get(name) is True]
            return [*flags, *(["--features", ",".join(names)] if names else [])]
    return []


def _cargo(root: Path, manifest: str, features: list[str]) -> Completed:
    command = ["cargo", "check", "--message-format=json", "--color=never", "--manifest-path", manifest, *features]
    try:
        return run(command, folder=root, environment=build_environment())
    except OSError as error:
        raise Failed(f"cargo could not be started: {error.strerror}.", "Check that `cargo --version` works.") from error


def _place(line: str, root: Path) -> tuple[str, ReviewItem, str] | None:
    """Parse a line of cargo's output about a place in the project: level, place, rendered message."""
    try:
        record = json.loads(line)
    except ValueError:
        return None
    if record.get("reason") != "compiler-message":
        return None
    message = record["message"]
    code = (message.get("code") or {}).get("code")
    level = "deprecated" if code == "deprecated" else message["level"]
    spans = [span for span in message.get("spans", []) if span.get("is_primary")]
    if not spans or level not in ("error", "deprecated"):
        return None
    name = Path(spans[0]["file_name"])
    path = name.relative_to(root).as_posix() if name.is_absolute() and name.is_relative_to(root) else name.as_posix()
    return (
        level,
        ReviewItem(path, int(spans[0]["line_start"]), str(message["message"])),
        str(message.get("rendered") or ""),
    )
