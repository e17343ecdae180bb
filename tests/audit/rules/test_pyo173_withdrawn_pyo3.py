from __future__ import annotations

import pytest

from tests.audit.support import check, manifest, spots


def texts(version: str) -> dict[str, str]:
    return {
        "Cargo.toml": manifest(version[:4]),
        "Cargo.lock": f'version = 4\n[[package]]\nname = "pyo3"\nversion = "{version}"\n',
    }


@pytest.mark.parametrize("version", ["0.22.0", "0.22.3", "0.23.0", "0.23.2", "0.28.0", "0.28.1"])
def test_a_yanked_version_is_found(version: str) -> None:
    assert spots("PYO173", texts(version)) == [f'pyo3 = "{version[:4]}"']
    assert spots("PYO173", {}, pyo3=f"={version}") == [f'pyo3 = "={version}"']


@pytest.mark.parametrize("version", ["0.22.4", "0.23.3", "0.24.2", "0.28.2", "0.28.3", "0.29.0", "0.30.1"])
def test_nothing_is_said_of_others(version: str) -> None:
    assert check("PYO173", texts(version)) == []


@pytest.mark.parametrize("requirement", ["0.28.0", "0.28", "~0.28.1", ">=0.28.1", "^0.23.0"])
def test_a_requirement_that_allows_later_ones_is_fine(requirement: str) -> None:
    assert check("PYO173", {}, pyo3=requirement) == []
