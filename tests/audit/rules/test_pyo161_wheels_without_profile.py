from __future__ import annotations

import pytest

from tests.audit.support import check, spots

RELEASE = ".github/workflows/release.yml"


def release(args: str) -> dict[str, str]:
    return {
        RELEASE: f"jobs:\n  wheels:\n    steps:\n      - uses: PyO3/maturin-action@v1\n        with: {{args: {args}}}\n"
    }


@pytest.mark.parametrize(
    "texts",
    [
        release("--release --out dist"),
        {RELEASE: "jobs:\n  wheels:\n    steps:\n      - run: maturin build --release\n"},
        {RELEASE: "jobs:\n  wheels:\n    steps:\n      - run: maturin publish\n"},
    ],
)
def test_wheels_without_a_profile_are_found(texts: dict[str, str]) -> None:
    assert spots("PYO161", texts) == ["wheels:"]


@pytest.mark.parametrize(
    "texts",
    [
        release("--release --pgo"),
        release('"--release ${{ matrix.pgo }}"'),
        {RELEASE: "jobs: {a: {steps: [{run: maturin build --release}], env: {RUSTFLAGS: -Cprofile-use=x}}}"},
        {RELEASE: "jobs: {a: {steps: [{run: maturin develop --release}]}}"},
        {RELEASE: "jobs: {a: {steps: [{run: cargo build --release}]}}"},
        {},
    ],
)
def test_nothing_is_said_where_they_profile_or_build_none(texts: dict[str, str]) -> None:
    assert check("PYO161", texts) == []
