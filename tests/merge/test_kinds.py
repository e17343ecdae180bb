from __future__ import annotations

import pytest

from pyo3_kit.merge.kinds import kind_of


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("Cargo.toml", "toml"),
        ("crates/a/Cargo.lock", "lock"),
        ("uv.lock", "lock"),
        ("web/package-lock.json", "lock"),
        ("setup.cfg", "ini"),
        ("Makefile", "make"),
        (".env.example", "env"),
        (".github/workflows/ci.yml", "yaml"),
        (".pre-commit-config.yaml", "yaml"),
        ("CITATION.cff", "yaml"),
        (".vscode/settings.json", "json"),
        ("src/lib.rs", "rust"),
        ("python/pkg/_core.pyi", "python"),
        ("docs/index.md", "markdown"),
        (".gitignore", "ignore"),
        ("docs/.dockerignore", "ignore"),
        (".github/CODEOWNERS", "ignore"),
        ("LICENSE", "lines"),
        ("toml", "lines"),
        ("a.toml/readme.txt", "lines"),
    ],
)
def test_the_name_tells_the_kind(path: str, kind: str) -> None:
    assert kind_of(path) == kind
