"""No Rust file keeps `check` busy: what the parser or the rules would take minutes for is named and left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.rust.bounds import excess
from tests.security.bounded import Bounded

HEAD = "use pyo3::prelude::*;\n"
CALL = " x.extract::<u8>().is_ok();"
BODY = "#[pyfunction] fn f(x: &Bound<PyAny>) {"
HOSTILE = {
    "openings": "fn extract(" * 64_000,
    "openings of downcast": "fn downcast <" * 50_000,
    "uses": "pub use a::b " * 60_000,
    "comments": "// pyo3-kit: ignore[PYO021] x\n" * 30_000 + "fn f() {}\n",
    "comments in one line": "/* // pyo3-kit: ignore[PYO021] */" * 20_000,
    "findings in one line": BODY + CALL * 12_000 + "}\n",
    "silenced findings": BODY + f"{CALL} // pyo3-kit: ignore[PYO021]\n" * 7000 + "}\n",
    "calls in each other": BODY + " x" + ".extract::<u8>()" * 40_000 + ";}\n",
    "sum of calls": "#[pyfunction] fn f() -> usize { 1" + " + g(1)" * 100_000 + "}\n",
    "functions in each other": "#[pyfunction] fn a() { " * 20_000 + "}" * 20_000,
    "tests": "#[test] fn a() {}\n" * 40_000,
    "raw strings": 'r#"\n' * 200_000,
    "quotes": '"\n' * 300_000,
    "parameters": "#[pyfunction] fn f(" + "a: &Bound<PyAny>, " * 20_000 + ") {}\n",
    "one line": "a" * 950_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", HOSTILE)
def test_check_ends(bounded: Bounded, tmp_path: Path, kind: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "x"\n[dependencies]\npyo3 = "0.28"\n')
    (tmp_path / "src" / "lib.rs").write_text(HEAD + HOSTILE[kind])
    assert bounded("check", ".", "--statistics", folder=tmp_path).code in (0, 1)


@pytest.mark.parametrize(
    "kind", ["calls in each other", "sum of calls", "functions in each other", "findings in one line", "raw strings"]
)
def test_the_file_is_named(kind: str) -> None:
    assert excess(HEAD + HOSTILE[kind])


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"    ({number}, {number * 7}),\n" for number in range(20_000)),
        'const A: &str = "' + "x, (y) " * 20_000 + '";\n',
        "".join(f"fn f{number}(a: u8) -> u8 {{ g(a).h().i(a) }}\n" for number in range(10_000)),
    ],
    ids=["table", "long string", "functions"],
)
def test_what_a_program_or_somebody_writes_is_checked(text: str) -> None:
    assert excess(HEAD + text) is None
