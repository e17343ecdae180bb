"""Which template to use: the one that the package carries, a folder, or a Git repository."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pyo3_kit.errors import Refused, Unreachable, without_secrets
from pyo3_kit.git.remotes import is_remote
from pyo3_kit.git.run import has_git
from pyo3_kit.system.addresses import refuse_address, refuse_version
from pyo3_kit.template.location import TEMPLATE_URL, is_ours, template_commit, template_root


class Source(NamedTuple):
    """A template's address and ref.

    `carried` are the folder that holds its files and the version that these are, once they are at hand; `commit` is
    that version's commit.
    """

    url: str
    ref: str | None
    carried: tuple[Path, str | None] | None
    commit: str | None = None

    @property
    def shown(self) -> str:
        """The address without credentials."""
        return without_secrets(self.url)


def find_source(template: str | None, ref: str | None) -> Source:
    """The source for what `--template` and `--ref` say.

    `Refused` for a folder that is not a template and for what cannot be an address.
    """
    if template is None:
        commit = template_commit()
        if ref is None or ref == commit:
            return Source(TEMPLATE_URL, None, (template_root(), commit))
    if ref is not None and (template is None or is_ours(template)):
        from pyo3_kit.template.releases import find_release, release_root

        if release := find_release(ref):
            # The package carries it: no network is needed.
            return Source(TEMPLATE_URL, None, (release_root(release), release.version))
    if template is None:
        _need_git(TEMPLATE_URL)
        return Source(TEMPLATE_URL, ref, None)
    refuse_address(template, "The template")
    if ref is not None:
        refuse_version(ref, "The version")
    if template.startswith("-") or "::" in template:
        raise Refused(
            f"`{template}` is not an address of a template.", "Give a folder, a Git address, or gh:owner/name."
        )
    if is_remote(template):
        _need_git(template)
        return Source(template, ref, None)
    path = Path(template).expanduser()
    if not path.exists():
        raise Unreachable(f"There is no template {template}.", "Give a folder, a Git address, or gh:owner/name.")
    if path.is_dir():
        if not any((path / name).is_file() for name in ("copier.yml", "copier.yaml")) and not _is_bare(path):
            raise Refused(
                f"{template} is not a Copier template: it contains no copier.yml.",
                "Give the folder that contains copier.yml.",
            )
        if ref is not None and not (path / ".git").exists() and not _is_bare(path):
            raise Refused(f"{template} is not a Git repository, so it has no ref {ref}.", "Leave out `--ref`.")
    # An update from another folder has to find it again.
    return Source(str(path.absolute()), ref, None)


def _is_bare(path: Path) -> bool:
    return (path / "HEAD").is_file() and (path / "objects").is_dir()


def _need_git(address: str) -> None:
    if not has_git():
        raise Refused(
            f"Git is needed to fetch {address}, and is not installed.", "Install Git, or give a local folder."
        )
