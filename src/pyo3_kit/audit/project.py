"""The facts of a project beside its Rust code, made from texts: crates, cargo's configuration, Python metadata, CI."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from posixpath import basename, dirname
from typing import Any

from pyo3_kit.audit.crates import Manifests
from pyo3_kit.audit.manifests import Crate, TomlFile
from pyo3_kit.audit.model import Notice
from pyo3_kit.texts.bounds import check_yaml, load_yaml
from pyo3_kit.texts.edits import Span
from pyo3_kit.texts.toml import parse_toml

FLAG_VARIABLES = ("CARGO_ENCODED_RUSTFLAGS", "RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS")
"""What of the environment decides about the flags, the strongest first."""

TEST_FOLDERS = frozenset({"tests", "benches", "examples"})
"""Folders whose crates are test code: they are built for the project's developers, never for its users."""

_CONFIG = (".cargo/config.toml", ".cargo/config")


@dataclass(frozen=True)
class Workflow:
    """A file of CI: a GitHub workflow or `.gitlab-ci.yml`. `data` is None when it does not parse."""

    path: str
    text: str

    @cached_property
    def data(self) -> Any:
        """What the YAML means, with all keys as strings (`on` too); None when it does not parse."""
        import yaml

        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        try:
            return load_yaml(self.text, loader)
        except (yaml.YAMLError, ValueError):
            return None

    def place(self, *path: str | int) -> Span:
        """The span of a key with its value (one line of it), or of the nearest parent if it is missing."""
        import yaml

        try:
            check_yaml(self.text)
            node = yaml.compose(self.text, Loader=yaml.SafeLoader)
        except (yaml.YAMLError, ValueError):
            return Span(0, len(self.text.partition("\n")[0]))
        start = 0
        for key in path:
            if isinstance(node, yaml.MappingNode):
                found = next(((k, v) for k, v in node.value if k.value == str(key)), None)
                if found is None:
                    break
                start, node = found[0].start_mark.index, found[1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
                node = node.value[key]
                start = node.start_mark.index
            else:
                break
        return Span(start, start + len(self.text[start:].partition("\n")[0].rstrip()))

    def jobs(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The jobs of a GitHub workflow, by name."""
        jobs = self.data.get("jobs") if isinstance(self.data, Mapping) else None
        for name, job in jobs.items() if isinstance(jobs, Mapping) else ():
            if isinstance(job, Mapping):
                yield str(name), job

    def steps(self) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
        """The steps: the job's name, the step's number, what it says."""
        for name, job in self.jobs():
            steps = job.get("steps")
            for number, step in enumerate(steps if isinstance(steps, list) else ()):
                if isinstance(step, Mapping):
                    yield name, number, step


@dataclass(frozen=True)
class CargoConfig:
    """A `.cargo/config.toml`. `file` is None for one above the project's root, which cannot be fixed here."""

    origin: str
    """Its path, relative to the root where it is inside."""
    data: Mapping[str, Any]
    file: TomlFile | None = None


@dataclass
class Project:
    """What rules know about a project."""

    crates: tuple[Crate, ...]
    """Those that depend on pyo3."""
    manifests: Mapping[str, TomlFile] = field(default_factory=dict)
    """Every Cargo.toml, by path."""
    cargo_configs: tuple[CargoConfig, ...] = ()
    """Of every level, the strongest (deepest) first."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Of this process, those variables that change the flags (`FLAG_VARIABLES`)."""
    pyprojects: tuple[TomlFile, ...] = ()
    workflows: tuple[Workflow, ...] = ()
    stubs: tuple[str, ...] = ()
    """Paths of `.pyi` files."""
    sources: frozenset[str] = frozenset()
    """Paths of Rust files, those too that are left out of the check."""
    others: Mapping[str, str] = field(default_factory=dict)
    """Texts of the other files that are read: `clippy.toml`, `deny.toml`, `rust-toolchain.toml`."""

    @property
    def pyo3_version(self) -> tuple[int, ...]:
        """The lowest PyO3 version of the crates."""
        return min(crate.pyo3_version for crate in self.crates)

    def crate_of(self, path: str) -> Crate | None:
        """The crate (of those that depend on pyo3) that a Rust file belongs to."""
        folder = dirname(path)
        while True:
            manifest = self.manifests.get(f"{folder}/Cargo.toml" if folder else "Cargo.toml")
            if manifest is not None and isinstance(manifest.get("package"), Mapping):
                return self._by_manifest.get(manifest.path)
            if not folder:
                return None
            folder = dirname(folder)

    def is_test_code(self, path: str) -> bool:
        """Whether a file belongs to a crate, or is beside one, in a folder of tests, benchmarks or examples."""
        crate = self.crate_of(path) if path.endswith(".rs") else None
        folder = dirname(path) if crate is None else crate.folder
        return not TEST_FOLDERS.isdisjoint(folder.split("/"))

    @cached_property
    def _by_manifest(self) -> dict[str, Crate]:
        return {crate.manifest.path: crate for crate in self.crates}


def wanted(path: str) -> bool:
    """Whether `read_project` wants the text of a file."""
    name = basename(path)
    return (
        name in ("Cargo.toml", "pyproject.toml", "Cargo.lock", "build.rs", "clippy.toml", ".clippy.toml", "deny.toml")
        or name in ("rust-toolchain.toml", "rust-toolchain", ".gitlab-ci.yml")
        or path.endswith(_CONFIG)
        or (dirname(path).endswith(".github/workflows") and name.endswith((".yml", ".yaml")))
    )


def read_project(
    texts: Mapping[str, str],
    *,
    stubs: tuple[str, ...] = (),
    sources: Iterable[str] = (),
    outer: tuple[CargoConfig, ...] = (),
    environment: Mapping[str, str] | None = None,
) -> tuple[Project, list[Notice]]:
    """The facts from the texts of the files that `wanted` names, by path.

    `stubs` and `sources` are paths of files that are there, `.pyi` and `.rs`, `outer` are cargo's configurations above
    the root, `environment` replaces the process's. A file that does not
    parse is reported in the notices and counts as empty.
    """
    notices: list[Notice] = []
    tomls: dict[str, TomlFile] = {}
    for path, text in sorted(texts.items()):
        if path.endswith((".toml", ".cargo/config", "Cargo.lock")):
            try:
                tomls[path] = TomlFile(path, text, parse_toml(text))
            except ValueError as error:
                notices.append(Notice(path, f"is not valid TOML: {error}"))
    manifests = {path: one for path, one in tomls.items() if basename(path) == "Cargo.toml"}
    locks = {dirname(path): one.data for path, one in tomls.items() if basename(path) == "Cargo.lock"}
    crates = Manifests(manifests, locks, texts).crates()
    configs = [CargoConfig(path, one.data, one) for path, one in tomls.items() if path.endswith(_CONFIG)]
    configs.sort(key=lambda config: (-config.origin.count("/"), config.origin))
    workflows = tuple(Workflow(path, text) for path, text in sorted(texts.items()) if path.endswith((".yml", ".yaml")))
    notices += [Notice(one.path, "is not valid YAML") for one in workflows if one.data is None and one.text.strip()]
    variables = os.environ if environment is None else environment
    project = Project(
        crates=crates,
        manifests=manifests,
        cargo_configs=(*configs, *outer),
        environment={
            name: value for name, value in variables.items() if name in FLAG_VARIABLES or name.endswith("_RUSTFLAGS")
        },
        pyprojects=tuple(one for path, one in tomls.items() if basename(path) == "pyproject.toml"),
        workflows=workflows,
        stubs=stubs,
        sources=frozenset(sources),
        others={path: text for path, text in texts.items() if path not in manifests and basename(path) != "Cargo.lock"},
    )
    return project, notices
