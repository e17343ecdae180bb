from __future__ import annotations

import pytest

from tests.audit.support import check, spots

CONFIG = '[build]\nrustflags = ["--cfg", "pyo3_disable_reference_pool"]\n'
MATURIN = "config = [\"build.rustflags=['--cfg=pyo3_disable_reference_pool']\"]\n"
LINE = CONFIG.splitlines()[1]
GUARD = 'fn main() { if std::env::var_os("CARGO_CFG_PYO3_DISABLE_REFERENCE_POOL").is_none() { panic!() } }'


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ({".cargo/config.toml": CONFIG}, LINE),
        ({".cargo/config.toml": CONFIG, "build.rs": "fn main() {}"}, LINE),
        ({".cargo/config": "[target.'cfg(all())']\n" + LINE}, LINE),
        ({"pyproject.toml": "[tool.maturin]\n" + MATURIN}, MATURIN.strip()),
    ],
)
def test_a_flag_without_guard_is_found(texts: dict[str, str], found: str) -> None:
    assert spots("PYO053", texts) == [found]


@pytest.mark.parametrize(
    "texts",
    [
        {".cargo/config.toml": CONFIG, "build.rs": GUARD},
        {".cargo/config.toml": '[build]\nrustflags = ["-C", "lto"]\n'},
        {".cargo/config.toml": "# " + LINE},
        {"build.rs": GUARD},
        {"src/lib.rs": "#[cfg(pyo3_disable_reference_pool)] fn f() {}"},
    ],
)
def test_nothing_is_said_with_a_guard_or_without_the_flag(texts: dict[str, str]) -> None:
    assert check("PYO053", texts) == []
