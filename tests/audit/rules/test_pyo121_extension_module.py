from __future__ import annotations

import pytest

from pyo3_kit.audit.model import Safety
from tests.audit.support import check, fixed, spots

PACKAGE = '[package]\nname = "sample"\n\n'
PLAIN = PACKAGE + '[dependencies]\npyo3 = "0.28"\n'
LISTED = PACKAGE + '[dependencies]\npyo3 = { version = "0.28", features = ["extension-module"] }\n'
RENAMED = PACKAGE + '[dependencies]\npython = { package = "pyo3", version = "0.28", optional = true }\n'
MODULE = '[[tool.setuptools-rust.ext-modules]]\ntarget = "a"\n'
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


def test_the_feature_of_a_renamed_dependency_is_found() -> None:
    features = '[features]\nmodule = ["python/extension-module"]\nother = ["pyo3/extension-module"]\n'
    assert spots("PYO121", {"Cargo.toml": RENAMED + features}) == ['module = ["python/extension-module"]']


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ({"pyproject.toml": '[tool.maturin]\nfeatures = ["pyo3/extension-module"] # é\n'}, "features = "),
        ({"pyproject.toml": '[tool]\nmaturin = { features = ["a", "pyo3/extension-module"] }\n'}, '["a", '),
        ({"pyproject.toml": f'{MODULE}features = ["pyo3/extension-module", "extra"]\n'}, "features = "),
        (
            {
                "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\n',
                "a/Cargo.toml": PLAIN,
                "b/Cargo.toml": PLAIN,
                "pyproject.toml": '[tool.maturin]\nmanifest-path = "b/Cargo.toml"\n'
                'features = ["pyo3/extension-module"]\n',
            },
            "features = ",
        ),
        (
            {
                "Cargo.toml": RENAMED,
                "pyproject.toml": '[tool.maturin]\nfeatures = ["python/extension-module"]\n',
            },
            "features = ",
        ),
    ],
)
def test_the_feature_that_the_build_asks_for_is_found(texts: dict[str, str], found: str) -> None:
    assert [spot.startswith(found) for spot in spots("PYO121", {"Cargo.toml": PLAIN, **texts})] == [True]


@pytest.mark.parametrize(
    "pyproject",
    [
        '[tool.maturin]\nfeatures = ["pyo3/abi3"]\n',
        '[tool.maturin]\nfeatures = ["extension-module"]\n',
        '[tool.maturin]\nfeatures = "pyo3/extension-module"\n',
        '[tool.maturin]\nmanifest-path = "other/Cargo.toml"\nfeatures = ["pyo3/extension-module"]\n',
        f'{MODULE}path = "other/Cargo.toml"\nfeatures = ["pyo3/extension-module"]\n',
        "[tool.setuptools-rust]\next-modules = [1]\n",
    ],
)
def test_nothing_is_said_of_other_features_of_the_build(pyproject: str) -> None:
    assert check("PYO121", {"Cargo.toml": PLAIN, "pyproject.toml": pyproject}) == []


@pytest.mark.parametrize(
    ("pyproject", "way_out", "note"),
    [
        ('requires = ["maturin>=1.9.4"]\n', "maturin>=1.9.4 replaces it", ""),
        (
            'requires = ["maturin"]\n',
            "maturin>=1.9.4 replaces it (require it in pyproject.toml)",
            "A maturin before 1.9.4",
        ),
        (
            'requires = ["setuptools>=61", "setuptools-rust>=1.5,<2"]\n' + MODULE,
            "setuptools-rust>=1.12 replaces it (require it in pyproject.toml)",
            "A setuptools-rust before 1.12, or setuptools-rust with a binding other than `PyO3`",
        ),
        ('requires = ["setuptools_rust>=1.12"]\n' + MODULE, "setuptools-rust>=1.12 replaces it", ""),
        (
            'requires = ["setuptools-rust>=1.12"]\n',
            "setuptools-rust>=1.12 replaces it",
            "A setuptools-rust before 1.12, or setuptools-rust with a binding other than `PyO3`",
        ),
        (
            f'requires = ["setuptools-rust>=1.12"]\n{MODULE}binding = "NoBinding"\n',
            "setuptools-rust>=1.12 replaces it",
            "A setuptools-rust before 1.12, or setuptools-rust with a binding other than `PyO3`",
        ),
    ],
)
def test_the_way_out_and_the_note_are_of_what_builds_the_project(pyproject: str, way_out: str, note: str) -> None:
    texts = {"Cargo.toml": LISTED, "pyproject.toml": f"[build-system]\n{pyproject}"}
    (finding,) = check("PYO121", texts)
    assert finding.fix is not None
    assert finding.help == f"remove it; {way_out}"
    assert finding.fix.note == (f"{note} then links the module to libpython." if note else "")
    assert (finding.fix.safety is Safety.SAFE) == (not note)


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
