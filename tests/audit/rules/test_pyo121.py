from __future__ import annotations

import pytest

from tests.audit.support import check, fixed, spots

PACKAGE = '[package]\nname = "sample"\n\n'
OLD_MATURIN = '[build-system]\nrequires = ["maturin>=1.5"]\n'


@pytest.mark.parametrize(
    ("manifest", "found"),
    [
        ('[dependencies]\npyo3 = { version = "0.28", features = ["extension-module"] }', '["extension-module"]'),
        ('[dependencies.pyo3]\nversion = "0.28"\nfeatures = ["abi3", "extension-module"]', "features = "),
        (
            '[dependencies]\npyo3 = "0.28"\n[features]\nextension-module = ["pyo3/extension-module"]',
            "extension-module = ",
        ),
        ('[dependencies]\npyo3 = "0.28"\n[features]\ndefault = ["pyo3?/extension-module"]', "default = "),
    ],
)
def test_the_feature_is_found(manifest: str, found: str) -> None:
    assert [spot.startswith(found) for spot in spots("PYO121", {"Cargo.toml": PACKAGE + manifest})] == [True]


def test_the_workspaces_feature_is_found_where_it_stands() -> None:
    texts = {
        "Cargo.toml": '[workspace]\nmembers = ["a"]\n[workspace.dependencies]\n'
        'pyo3 = { version = "0.28", features = ["extension-module"] }\n',
        "a/Cargo.toml": PACKAGE + "[dependencies]\npyo3.workspace = true\n",
    }
    (finding,) = check("PYO121", texts)
    assert finding.path == "Cargo.toml"
    assert "extension-module" not in fixed("PYO121", texts, "Cargo.toml")


@pytest.mark.parametrize(
    ("manifest", "pyo3"),
    [
        ('[dependencies]\npyo3 = "0.28"', ""),
        ('[dependencies]\npyo3 = { version = "0.28", features = ["abi3"] }', ""),
        ('[dependencies]\npyo3 = { version = "0.25", features = ["extension-module"] }', "before it was deprecated"),
        ('[dependencies]\nother = { version = "0.28", features = ["extension-module"] }', "another crate"),
    ],
)
def test_nothing_is_said_without_it(manifest: str, pyo3: str) -> None:
    assert check("PYO121", {"Cargo.toml": PACKAGE + manifest}) == [], pyo3


def test_the_fix_takes_the_feature_and_leaves_the_rest() -> None:
    before = (
        PACKAGE + '[dependencies] # ours\npyo3 = { version = "0.28", features = ["abi3", "extension-module"] } # é\n'
    )
    after = before.replace('"abi3", "extension-module"', '"abi3"')
    assert fixed("PYO121", {"Cargo.toml": before}, "Cargo.toml") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{ version = "0.28", features = ["extension-module"] } # é', '{ version = "0.28" } # é'),
        ('{ features = ["extension-module"], version = "0.28" }', '{ version = "0.28" }'),
        ('{version = "0.28", features = ["extension-module"]}', '{version = "0.28"}'),
        (
            '{ version = "0.28", features = ["extension-module"], optional = true }',
            '{ version = "0.28", optional = true }',
        ),
    ],
)
def test_the_fix_leaves_no_gap(before: str, after: str) -> None:
    head = f"{PACKAGE}[dependencies]\npyo3 = "
    assert fixed("PYO121", {"Cargo.toml": f"{head}{before}\n"}, "Cargo.toml") == f"{head}{after}\n"


def test_the_fix_is_unsafe_with_an_old_maturin() -> None:
    before = PACKAGE + '[dependencies]\npyo3 = { version = "0.28", features = ["extension-module"] }\n'
    texts = {"Cargo.toml": before, "pyproject.toml": OLD_MATURIN}
    assert fixed("PYO121", texts, "Cargo.toml") == before
    assert "extension-module" not in fixed("PYO121", texts, "Cargo.toml", unsafe=True)
