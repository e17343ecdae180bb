"""Infer a project's names, description, author, repository and licence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from pyo3_kit.adoption.facts import Facts, at
from pyo3_kit.adoption.model import Inferred, Sure

_PERSON = re.compile(r"\s*([^<]*?)\s*(?:<([^>]*)>)?\s*\Z")
_LINKS = ("repository", "source", "source code", "sources", "code", "github", "gitlab", "homepage")
_LICENSES = {
    "mit or apache-2.0": "MIT OR Apache-2.0",
    "apache-2.0 or mit": "MIT OR Apache-2.0",
    "mit/apache-2.0": "MIT OR Apache-2.0",
    "apache-2.0/mit": "MIT OR Apache-2.0",
    "mit": "MIT",
    "mit license": "MIT",
    "apache-2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "bsd-3-clause": "BSD-3-Clause",
    "licenseref-proprietary": "proprietary",
}


def infer_names(facts: Facts) -> dict[str, Inferred]:
    """The answers from the metadata of a project."""
    found = {
        "project_name": _project_name(facts),
        "python_package": _python_package(facts),
        "crate_name": Inferred(facts.crate.name, at(facts.crate.manifest, "package", "name")),
        "project_description": _described(facts),
        **_author(facts),
        "repository_url": _repository(facts),
        "license": _license(facts),
    }
    return {name: inferred for name, inferred in found.items() if inferred is not None}


def _metadata(facts: Facts, key: str) -> tuple[Any, str]:
    """A value of `[project]` in pyproject.toml, and its place."""
    file = facts.pyproject
    return (None, "") if file is None else (file.get("project", key), at(file, "project", key))


def _project_name(facts: Facts) -> Inferred:
    name, where = _metadata(facts, "name")
    if isinstance(name, str):
        return Inferred(name, where)
    return Inferred(facts.crate.name, at(facts.crate.manifest, "package", "name"), Sure.LIKELY)


def _python_package(facts: Facts) -> Inferred | None:
    file = facts.pyproject
    if file is not None:
        module = file.get("tool", "maturin", "module-name")
        if isinstance(module, str):
            return Inferred(module.split(".")[0], at(file, "tool", "maturin", "module-name"))
        extensions = file.get("tool", "setuptools-rust", "ext-modules")
        for extension in extensions if isinstance(extensions, list) else ():
            target = extension.get("target") if isinstance(extension, Mapping) else None
            if isinstance(target, str):
                where = at(file, "tool", "setuptools-rust", "ext-modules")
                return Inferred(target.split(".")[0], where)
        packages = file.get("tool", "maturin", "python-packages")
        if isinstance(packages, list) and packages:
            return Inferred(str(packages[0]), at(file, "tool", "maturin", "python-packages"))
    name = re.sub(r"[-_.]+", "_", _project_name(facts).value).lower()
    if package := package_folder(facts, name):
        return Inferred(name, f"{package}/__init__.py")
    library = facts.crate.manifest.get("lib", "name")
    if isinstance(library, str):
        return Inferred(library, at(facts.crate.manifest, "lib", "name"), Sure.LIKELY)
    return Inferred(facts.crate.name.replace("-", "_"), at(facts.crate.manifest, "package", "name"), Sure.LIKELY)


def package_folder(facts: Facts, package: str) -> str | None:
    """The folder of the Python package of that name, relative to the root; None if it does not exist."""
    source = facts.pyproject.get("tool", "maturin", "python-source") if facts.pyproject else None
    sources = [source] if isinstance(source, str) else ["python", "src", "py_src", "lib", "."]
    for folder in sources:
        place = str(PurePosixPath(facts.below(folder)) / package)
        if any(f"{place}/__init__.{ending}" in facts.tracked for ending in ("py", "pyi")):
            return place
    return None


def _described(facts: Facts) -> Inferred | None:
    for value, where in (_metadata(facts, "description"), facts.package("description")):
        if isinstance(value, str) and value.strip():
            return Inferred(" ".join(value.split()), where)
    return None


def _author(facts: Facts) -> dict[str, Inferred]:
    people, where = _metadata(facts, "authors")
    sure = Sure.CERTAIN
    if not (isinstance(people, list) and people):
        people, where = facts.package("authors")
    if not (isinstance(people, list) and people):
        return {}
    first = people[0]
    if isinstance(first, str):
        matched = _PERSON.match(first)
        name, email = (matched[1], matched[2]) if matched else (first, None)
    elif isinstance(first, Mapping):
        name, email = first.get("name"), first.get("email")
    else:
        return {}
    if len(people) > 1:
        sure, where = Sure.LIKELY, f"{where}, the first of {len(people)}"
    given = {"author_name": name, "author_email": email}
    return {key: Inferred(str(value), where, sure) for key, value in given.items() if value}


def _repository(facts: Facts) -> Inferred | None:
    links, where = _metadata(facts, "urls")
    candidates: list[tuple[Any, str]] = []
    if isinstance(links, Mapping):
        by_name = {str(name).lower(): value for name, value in links.items()}
        candidates = [(by_name[name], where) for name in _LINKS if name in by_name]
    candidates += [facts.package("repository"), facts.package("homepage")]
    for value, place in candidates:
        if isinstance(value, str) and value.startswith("https://"):
            return Inferred(value.rstrip("/").removesuffix(".git"), place)
    return None


def _license(facts: Facts) -> Inferred:
    for value, where in _licenses(facts):
        known = _LICENSES.get(" ".join(value.lower().split()))
        if known:
            return Inferred(known, where)
        reason = f"{where} says {value!r}, which the template does not offer; no licence file is changed"
        return Inferred("proprietary", reason, Sure.DEFAULT)
    return Inferred("proprietary", "the project declares no licence; no licence file is changed", Sure.DEFAULT)


def _licenses(facts: Facts) -> Iterator[tuple[str, str]]:
    value, where = _metadata(facts, "license")
    text = value.get("text") if isinstance(value, Mapping) else value
    if isinstance(text, str) and len(text) < 80:
        yield text, where
    classifiers, where = _metadata(facts, "classifiers")
    for classifier in classifiers if isinstance(classifiers, list) else ():
        last = str(classifier).rpartition(" :: ")[2]
        for words, known in (("MIT License", "MIT"), ("Apache Software License", "Apache-2.0")):
            if last == words and sum("License ::" in str(one) for one in classifiers) == 1:
                yield known, where
    value, where = facts.package("license")
    if isinstance(value, str):
        yield value, where
