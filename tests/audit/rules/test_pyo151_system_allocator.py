from __future__ import annotations

import pytest

from tests.audit.support import check, manifest, spots


@pytest.mark.parametrize("rest", ["", 'rayon = "1"\n', '\n[dev-dependencies]\nmimalloc = "0.1"\n'])
def test_a_module_without_an_allocator_is_found(rest: str) -> None:
    assert spots("PYO151", {"Cargo.toml": manifest() + rest}) == ["[dependencies]"]


@pytest.mark.parametrize(
    "text",
    [
        manifest() + 'mimalloc = "0.1"\n',
        manifest() + 'tikv-jemallocator = { version = "0.6", optional = true }\n',
        manifest() + 'alloc = { package = "mimalloc", version = "0.1" }\n',
        manifest() + "\n[target.'cfg(unix)'.dependencies]\nmimalloc = \"0.1\"\n",
        manifest().replace('"cdylib"', '"rlib"'),
    ],
)
def test_nothing_is_said_where_there_is_one_or_no_module(text: str) -> None:
    assert check("PYO151", {"Cargo.toml": text}) == []
