"""The versions of a template: which there are, which is the newest, and one of them as a folder to render from.

Our own template's released versions are carried by the package, so that a project made by an older release updates
without a network. Every other template comes from its Git repository, which is copied into the user's cache folder.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple, Protocol

from pyo3_kit.errors import Refused, without_secrets
from pyo3_kit.git.local import local_path, open_local
from pyo3_kit.git.remotes import Remote, is_remote, refuse_bad_address
from pyo3_kit.git.repository import Repository, described
from pyo3_kit.system.addresses import refuse_version
from pyo3_kit.system.caches import fill_once
from pyo3_kit.template.location import TEMPLATE_URL, is_ours, template_commit, template_root
from pyo3_kit.template.releases import find_release, release_root, releases
from pyo3_kit.template.source import Source, find_source
from pyo3_kit.template.submodules import add_submodules
from pyo3_kit.template.trust import Trust, default_trust


class Version(NamedTuple):
    """One version of a template, ready to be rendered from.

    `commit` is what a project records as `_commit`. `source` opens it with `render.open_template`. `pinned` means that
    the name cannot come to mean something else (a released version of ours, or a name that holds a hash). `order` sorts
    the versions of one template, oldest first: None if that is unknown.
    """

    commit: str
    source: Source
    root: Path
    pinned: bool
    order: tuple[int, int] | None


class TemplateVersions(Protocol):
    """The versions of the template at one address; made by `template_versions`."""

    url: str
    """The address, without credentials."""

    def newest(self) -> Version:
        """The newest released version, else the newest commit."""
        ...

    def at(self, ref: str) -> Version:
        """The version that a tag, a branch, a hash or a recorded name means; `Refused` when there is none."""
        ...

    def released(self) -> tuple[str, ...]:
        """The names of all released versions, oldest first."""
        ...


def template_versions(url: str, project: Path, trust: Trust | None = None) -> TemplateVersions:
    """The versions of the template at `url`, as a project at `project` records it in `_src_path`.

    A relative path is looked up from the project. `trust` says which templates a project may name, by default those of
    a single project. `Refused` for one that it may not, for an address that is none, for a folder that has gone, and
    for a template outside Git, which has no versions.
    """
    if is_ours(url):
        return _Own()
    refuse_bad_address(url, "a template")
    (default_trust() if trust is None else trust).check(url, project)
    if not is_remote(url) and not url.startswith("-") and not Path(url).expanduser().is_absolute():
        url = os.path.normpath(project / url)
    source = find_source(url, None)
    return _InGit(source.url)


def newest_name(url: str) -> str | None:
    """The name of the newest version where that is known without a process, as for our own template; else None."""
    return template_commit() if is_ours(url) else None


class _Own:
    """Our own template: the version that the package carries, and all that were released before it."""

    url = TEMPLATE_URL

    def newest(self) -> Version:
        commit = template_commit()
        if commit is None:
            raise Refused(
                "This checkout of pyo3-kit does not know the version of its template.",
                "Use an installed pyo3-kit, or a clone with its Git history.",
            )
        release = find_release(commit)
        # What is not released comes after everything that is.
        order = _rank(release.version) if release else (len(releases()), 1)
        return self._version(commit, template_root(), order)

    def at(self, ref: str) -> Version:
        newest = self.newest()
        if ref == newest.commit:
            return newest
        if release := find_release(ref):
            return self._version(release.version, release_root(release), _rank(release.version))
        said = described(ref)
        own = Repository(template_root() / ".git")
        if said.hash and own.git_dir.exists() and (commit := own.commit_of(said.hash)):
            return self._version(ref, _exported("own", own, commit, TEMPLATE_URL), None)
        return _InGit(TEMPLATE_URL).at(ref)

    def released(self) -> tuple[str, ...]:
        return tuple(release.version for release in releases())

    def _version(self, commit: str, root: Path, order: tuple[int, int] | None) -> Version:
        return Version(commit, Source(TEMPLATE_URL, None, (root, commit)), root, True, order)


def _rank(version: str) -> tuple[int, int]:
    return ([release.version for release in releases()].index(version) + 1, 0)


def found(source: Source) -> Source:
    """The source with its files at hand, for a template that the user names: its newest version without a `ref`.

    What is not committed in a folder counts where HEAD is meant, as Copier has it. `Refused` as `TemplateVersions` has
    it.
    """
    if source.carried is not None:
        return source
    folder = local_path(source.url)
    if folder is not None and source.ref is None and not is_remote(source.url) and open_local(folder) is None:
        return Source(source.url, None, (folder, None))
    return _InGit(source.url).chosen(source.ref)


class _InGit:
    """A template in a Git repository, copied into the cache."""

    def __init__(self, address: str) -> None:
        self.url = without_secrets(address)
        self._address = address
        self._remote = Remote(address)

    def newest(self) -> Version:
        repository = self._remote.open(fresh=True)
        ref = repository.newest_tag or "HEAD"
        commit = repository.commit_of(ref)
        if commit is None:
            raise Refused(f"The template {self.url} has no commit yet.", "Use another template, or commit to it.")
        return self._version(repository, repository.name_of(commit), commit)

    def at(self, ref: str) -> Version:
        refuse_version(ref, "The version")
        if ref.startswith("-"):
            raise Refused(f"`{ref}` is not the name of a version.", "Name a tag, a branch or a commit.")
        said = described(ref)
        for fresh in (False, True):
            repository = self._remote.open(fresh=fresh)
            commit = repository.commit_of(ref) or (repository.commit_of(said.hash) if said.hash else None)
            # What a branch means has to be looked up where it is made.
            if commit is not None and (fresh or said.hash or ref in repository.tags):
                # A branch is recorded by the commit that it means now; what a project has recorded stays as it is.
                name = ref if ref in repository.tags or said.hash else repository.name_of(commit)
                return self._version(repository, name, commit)
        raise Refused(
            f"The template {self.url} has no version {ref}.",
            "Name a tag, a branch or a commit of it. If the project records this version and it no longer exists, "
            "name the one to compare with: `pyo3-kit update --rebase-on REF`.",
        )

    def chosen(self, ref: str | None) -> Source:
        """What `found` gives for a ref."""
        repository = self._remote.open(fresh=True)
        if (ref or repository.newest_tag or "HEAD") == "HEAD" and (draft := self._remote.draft()) is not None:
            return self._version(repository, repository.name_of(draft), draft).source
        version = self.newest() if ref is None else self.at(ref)
        if described(version.commit).hash is None:
            return version.source
        # Copier records what Git calls the commit, whatever it was asked for by.
        commit = version.source.commit or version.commit
        return self._version(repository, repository.name_of(commit), commit).source

    def released(self) -> tuple[str, ...]:
        ranks = self._remote.open(fresh=False).ranks
        return tuple(sorted(ranks, key=lambda tag: ranks[tag]))

    def _version(self, repository: Repository, name: str, commit: str) -> Version:
        pinned = described(name).hash is not None
        order = repository.order_of(name)
        root = _exported(repository.git_dir.name, repository, commit, self._address)
        return Version(name, Source(self._address, None, (root, name), commit), root, pinned, order)


def _exported(key: str, repository: Repository, commit: str, address: str) -> Path:
    """The files of a commit as a folder of the cache; a commit never changes, so it is made once.

    `key` represents the address: no repository fills the cache for another.
    """

    def fill(folder: Path) -> None:
        repository.export(commit, folder)
        add_submodules(repository, commit, folder, address)

    return fill_once(f"trees/{key}-{commit}", fill)


__all__ = ["TemplateVersions", "Version", "found", "is_ours", "is_remote", "newest_name", "template_versions"]
