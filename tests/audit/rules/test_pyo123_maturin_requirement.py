from __future__ import annotations

import pytest

from tests.audit.support import check, fixed

PATH = "pyproject.toml"


def pyproject(requires: str, backend: str = "maturin") -> dict[str, str]:
    return {PATH: f'[build-system]\nrequires = {requires} # é\nbuild-backend = "{backend}"\n'}


@pytest.mark.parametrize(
    ("requires", "said"),
    [
        ("[]", "nothing installs it"),
        ('["setuptools"]', "nothing installs it"),
        ('["maturin"]', "`maturin` has no lower bound and has no upper bound"),
        ('["maturin>=1.9.4"]', "has no upper bound"),
        ('["maturin<2"]', "has no lower bound"),
        ('["maturin>=1,<2"]', "needs the deprecated feature"),
        ('["maturin>=1.7,<2.0"]', "needs the deprecated feature"),
        ('["wheel", "Maturin [zig] >= 1.9.3, < 2"]', "needs the deprecated feature"),
        ('["maturin==1.5.1"]', "needs the deprecated feature"),
    ],
)
def test_a_wrong_requirement_is_found(requires: str, said: str) -> None:
    (finding,) = check("PYO123", pyproject(requires))
    assert said in finding.message


def test_older_lines_need_no_newer_maturin() -> None:
    assert check("PYO123", pyproject('["maturin>=1,<2"]'), pyo3="0.25") == []
    assert "older than 1.0" in check("PYO123", pyproject('["maturin>=0.14,<2"]'), pyo3="0.25")[0].message


@pytest.mark.parametrize(
    ("requires", "backend"),
    [
        ('["maturin>=1.9.4,<2"]', "maturin"),
        ('["maturin>=1.14,<2"]', "maturin"),
        ('["maturin~=1.10"]', "maturin"),
        ('["maturin==1.14.0"]', "maturin"),
        ('["maturin[zig]>=1.10,<2.0"]', "maturin"),
        ('["maturin @ https://example.org/maturin.tar.gz"]', "maturin"),
        ('["setuptools", "setuptools-rust"]', "setuptools.build_meta"),
        ('["maturin"]', "own_backend"),
        ('"maturin"', "maturin"),
    ],
)
def test_nothing_is_said_of_a_bounded_one_and_of_other_backends(requires: str, backend: str) -> None:
    assert check("PYO123", pyproject(requires, backend)) == []


def test_nothing_is_said_without_a_build_system() -> None:
    assert check("PYO123", {PATH: "[tool.ruff]\nline-length = 100\n"}) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('["maturin"]', '["maturin>=1.9.4,<2"]'),
        ('["maturin>=1.12"]', '["maturin>=1.12,<2"]'),
        ('["maturin>=1.5,<2.0"]', '["maturin>=1.9.4,<2.0"]'),
        ('["wheel", "maturin[zig]>=1,<2; python_version > \'3.8\'"]', None),
        ('["setuptools"]', '["setuptools", "maturin>=1.9.4,<2"]'),
        ("['maturin>=1.5'] # é", "['maturin>=1.9.4,<2'] # é"),
    ],
)
def test_the_fix_writes_the_bounds(before: str, after: str | None) -> None:
    after = after or '["wheel", "maturin[zig]>=1.9.4,<2; python_version > \'3.8\'"]'
    assert fixed("PYO123", pyproject(before), PATH) == pyproject(after)[PATH]


@pytest.mark.parametrize("requires", ['["maturin==1.5.1"]', '["maturin>=0.12,<0.13"]', '["maturin>=1.5,<=1.8"]'])
def test_what_is_pinned_stays(requires: str) -> None:
    texts = pyproject(requires)
    assert fixed("PYO123", texts, PATH) == texts[PATH]
