"""The modes of the async bridge, put into a rendered project: a Rust module for them, and the tests that use it."""

from __future__ import annotations

import shutil
from pathlib import Path

PROJECT = Path(__file__).parent / "project"


def add_modes(project: Path) -> None:
    """Add `_core.testing` and `tests/test_async_modes.py` to a project of the package `my_lib` with one crate."""
    source = project / "src"
    shutil.copy2(PROJECT / "testing.rs", source / "testing.rs")
    library = source / "lib.rs"
    text = library.read_text(encoding="utf-8")
    assert text.count("mod text;\n") == text.count("    #[pymodule_init]\n") == 1
    text = text.replace("mod text;\n", "mod testing;\nmod text;\n")
    export = "    #[pymodule_export]\n    use super::testing::testing;\n\n"
    library.write_text(text.replace("    #[pymodule_init]\n", export + "    #[pymodule_init]\n"), encoding="utf-8")
    shutil.copytree(PROJECT / "async_modes", project / "tests" / "async_modes")
    shutil.copy2(PROJECT / "run_modes.py", project / "tests" / "test_async_modes.py")
