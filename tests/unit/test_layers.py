"""What may import what; import-linter keeps the layers, this keeps Copier in its place."""

from __future__ import annotations

import re

from tests.support.command import ROOT

PACKAGE = ROOT / "src" / "pyo3_kit"


def test_only_one_file_imports_copier() -> None:
    importing = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"^\s*(from|import) copier\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert sorted(importing) == ["render/_copier.py", "render/_light.py"]


def test_files_stay_small() -> None:
    long = {path.name for path in PACKAGE.rglob("*.py") if len(path.read_text(encoding="utf-8").splitlines()) >= 300}
    assert long == set()
