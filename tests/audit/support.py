"""Small projects made of texts, and what rules say about them."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from pyo3_kit.audit.analysis import check_texts
from pyo3_kit.audit.fixing import fix_text
from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import read_project, wanted

RUST = "src/lib.rs"
PYPROJECT = """\
[build-system]
requires = ["maturin>=1.14,<2"]
build-backend = "maturin"
"""


def manifest(pyo3: str = "0.28.3") -> str:
    """A crate's Cargo.toml that asks for this PyO3."""
    return dedent(f"""\
        [package]
        name = "sample"
        version = "0.1.0"
        edition = "2021"

        [lib]
        crate-type = ["cdylib"]

        [dependencies]
        pyo3 = "{pyo3}"
        """)


def project(texts: Mapping[str, str] | str, *, pyo3: str = "0.28.3") -> dict[str, str]:
    """The texts of a project: those given, or one Rust file, with a Cargo.toml and a pyproject.toml where they lack."""
    given = {RUST: texts} if isinstance(texts, str) else dict(texts)
    made = {"Cargo.toml": manifest(pyo3), "pyproject.toml": PYPROJECT}
    return {**made, **{path: dedent(text) for path, text in given.items()}}


def check(
    rule: str,
    texts: Mapping[str, str] | str,
    *,
    pyo3: str = "0.28.3",
    environment: Mapping[str, str] | None = None,
    notices: bool = False,
) -> list[Finding]:
    """What a rule finds in a project of these texts. Everything in it must be readable, unless `notices`."""
    files = project(texts, pyo3=pyo3)
    facts, told = read_project(
        {path: text for path, text in files.items() if wanted(path)},
        stubs=tuple(path for path in files if path.endswith(".pyi")),
        sources=[path for path in files if path.endswith(".rs")],
        environment=environment or {},
    )
    rust = {path: text for path, text in files.items() if path.endswith(".rs")}
    found = check_texts(facts, rust, [rule])
    assert notices or [*told, *found.notices] == []
    return found.findings


def spots(
    rule: str,
    texts: Mapping[str, str] | str,
    *,
    pyo3: str = "0.28.3",
    environment: Mapping[str, str] | None = None,
    notices: bool = False,
) -> list[str]:
    """The text under each finding of the rule, in order."""
    files = project(texts, pyo3=pyo3)
    findings = check(rule, texts, pyo3=pyo3, environment=environment, notices=notices)
    return [files[one.path][one.span.start : one.span.end] for one in findings]


def fixed(
    rule: str,
    texts: Mapping[str, str] | str,
    path: str = RUST,
    *,
    pyo3: str = "0.28.3",
    unsafe: bool = False,
    environment: Mapping[str, str] | None = None,
) -> str:
    """A file after the rule's fixes; running them again changes nothing more."""
    files = project(texts, pyo3=pyo3)
    findings = [one for one in check(rule, texts, pyo3=pyo3, environment=environment) if one.path == path]
    fixed = fix_text(path, files[path], findings, unsafe=unsafe)
    assert fixed.left == []
    again = {**files, path: fixed.text}
    left = [one for one in check(rule, again, pyo3=pyo3, environment=environment) if one.path == path]
    assert fix_text(path, fixed.text, left, unsafe=unsafe).text == fixed.text
    return fixed.text
