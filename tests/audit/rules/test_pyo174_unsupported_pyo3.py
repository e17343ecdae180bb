from __future__ import annotations

import pytest

from tests.audit.support import check, manifest, spots


@pytest.mark.parametrize("version", ["0.15", "0.21.2", "0.27", "=0.27.2", "~0.26.0"])
def test_an_old_line_is_found(version: str) -> None:
    assert spots("PYO174", {}, pyo3=version) == [f'pyo3 = "{version}"']


def test_what_is_locked_counts() -> None:
    texts = {"Cargo.toml": manifest(">=0.25"), "Cargo.lock": '[[package]]\nname = "pyo3"\nversion = "0.26.0"\n'}
    assert spots("PYO174", texts) == ['pyo3 = ">=0.25"']
    newer = {**texts, "Cargo.lock": texts["Cargo.lock"].replace("0.26.0", "0.30.1")}
    assert check("PYO174", newer) == []


@pytest.mark.parametrize("version", ["0.28", "0.28.3", "0.29", "0.30.1", ">=0.25", ">=0.25, <0.31", "*"])
def test_nothing_is_said_of_newer_ones_and_of_spans(version: str) -> None:
    assert check("PYO174", {}, pyo3=version) == []


def test_only_the_old_one_of_two_crates_is_told() -> None:
    texts = {"a/Cargo.toml": manifest("0.30"), "b/Cargo.toml": manifest("0.25"), "Cargo.toml": "[workspace]\n"}
    assert [one.path for one in check("PYO174", texts)] == ["b/Cargo.toml"]
