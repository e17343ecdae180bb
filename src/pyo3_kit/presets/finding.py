"""Find presets by name, or by address and name."""

from __future__ import annotations

from pathlib import Path

from pyo3_kit.errors import Failed, Refused
from pyo3_kit.git.remotes import Remote, is_remote, refuse_bad_address, split_ref
from pyo3_kit.given_answers import config_path
from pyo3_kit.presets.catalogue import Preset, load_presets, unknown
from pyo3_kit.presets.reading import PresetFile, Written, read_presets
from pyo3_kit.presets.resolving import resolve
from pyo3_kit.texts.checked import read_text

PRESETS = "presets.toml"
"""The presets file in a folder or in a repository."""


def find_preset(text: str) -> Preset:
    """The preset for `NAME` or `SRC#NAME`.

    A name alone is one of ours, or one in the user's configuration file. `SRC` is a TOML file, a folder with
    `presets.toml`, or a Git repository with it, optionally with `@REF`. Raises `Refused` if it does not exist or is
    malformed.
    """
    source, separator, name = text.rpartition("#")
    if separator and source:
        file = _file(source)
        if name in file.presets:
            return resolve(file.presets[name])
        raise unknown(name, file.presets)
    ours = load_presets()
    if name in ours:
        return ours[name]
    if not separator and Path(text).suffix == ".toml" and Path(text).is_file():
        names = ", ".join(f"`{text}#{other}`" for other in _file(text).presets) or "it contains none"
        raise Refused(f"`{text}` is a presets file.", f"Choose one: {names}.")
    # Only the requested one is resolved: errors in others do not matter here.
    own = _own()
    if not separator and name in own:
        return resolve(own[name])
    raise unknown(name if not separator else text, [*ours, *own])


def list_presets(source: str | None = None) -> tuple[dict[str, Preset], dict[str, Refused]]:
    """All presets that can be used by name, ours first; with `source`, those of that file, folder or repository.

    Also returns unusable presets by name, each with the reason, so that they do not affect the others.
    """
    presets = load_presets() if source is None else {}
    unusable = {}
    for name, written in (_own() if source is None else _file(source).presets).items():
        try:
            presets[name] = resolve(written)
        except Refused as reason:
            unusable[name] = reason
    return presets, unusable


def _own() -> dict[str, Written]:
    """The presets in the user's configuration file."""
    path = config_path()
    return _read(path).presets if path.is_file() else {}


def _file(source: str) -> PresetFile:
    refuse_bad_address(source, "presets")
    address, ref = split_ref(source)
    if is_remote(address) or ref is not None:
        return _in_repository(address, ref)
    path = Path(source).expanduser()
    if not path.is_dir():
        return _read(path)
    if (path / PRESETS).is_file():
        return _read(path / PRESETS)
    return _in_repository(str(path), None)


def _read(path: Path) -> PresetFile:
    return read_presets(str(path), read_text(path, "presets file"), str(path.absolute().parent))


def _in_repository(address: str, ref: str | None) -> PresetFile:
    remote = Remote(address if is_remote(address) else str(Path(address).expanduser()), "presets' repository")
    if not is_remote(address) and not Path(address).expanduser().is_dir():
        raise Refused(f"The presets file {address} does not exist.", "Pass a file, a folder or a Git repository.")
    repository = remote.open(fresh=True)
    commit = repository.commit_of(ref or repository.newest_tag or "HEAD")
    if commit is None:
        what = f"no version {ref}" if ref else "no commit yet"
        raise Refused(f"The repository {remote.shown} has {what}.", "Use one of its tags, branches or commits.")
    shown = f"{remote.shown}@{ref}" if ref else remote.shown
    try:
        content = next(
            (content for path, _, _, content in repository.files(commit, [PRESETS]) if path == PRESETS), None
        )
    except (Failed, ValueError):
        content = None
    if content is None:
        raise Refused(
            f"The repository {shown} does not contain {PRESETS}.", f"Commit the presets as {PRESETS} at its root."
        )
    try:
        return read_presets(f"{shown}, {PRESETS}", content.decode("utf-8-sig"), remote.url, ref)
    except UnicodeDecodeError:
        raise Refused(f"{shown}, {PRESETS} is not UTF-8 text.", "Save it as UTF-8.") from None
