from __future__ import annotations

import pytest

from tests.audit.support import PYPROJECT, check, spots

RELEASE = ".github/workflows/release.yml"
TESTS = ".github/workflows/ci.yml"
CLAIM = (
    PYPROJECT
    + '[project]\nname = "x"\nclassifiers = ["Programming Language :: Python :: Free Threading :: 2 - Beta"]\n'
)


def release(args: str, *, uses: str = "PyO3/maturin-action@v1", rest: str = "") -> str:
    return f"""\
jobs:
  wheels:
    steps:
      - uses: actions/checkout@v4
      - uses: {uses}
        with:
          args: {args}
{rest}"""


NAMED = release("--release --out dist --interpreter 3.13 3.14")


@pytest.mark.parametrize(
    "texts",
    [
        {RELEASE: NAMED, "pyproject.toml": CLAIM},
        {RELEASE: release("--release --out dist"), "pyproject.toml": CLAIM},
        {RELEASE: NAMED, TESTS: 'jobs: {test: {strategy: {matrix: {python: ["3.14", "3.14t"]}}}}'},
        {
            RELEASE: "jobs:\n  wheels:\n    steps:\n      - run: maturin build --release -i 3.13\n",
            "pyproject.toml": CLAIM,
        },
        {RELEASE: NAMED, ".github/workflows/z.yml": NAMED, "pyproject.toml": CLAIM},
    ],
)
def test_missing_wheels_are_found(texts: dict[str, str]) -> None:
    assert spots("PYO086", texts) == ["wheels:"]


@pytest.mark.parametrize(
    "texts",
    [
        {RELEASE: NAMED},
        {RELEASE: NAMED, TESTS: 'jobs: {test: {strategy: {matrix: {python: ["3.13", "3.14"]}}}}'},
        {RELEASE: release("--release --out dist -i 3.14 3.14t"), "pyproject.toml": CLAIM},
        {RELEASE: release("--release --out dist --find-interpreter"), "pyproject.toml": CLAIM},
        {RELEASE: NAMED, ".github/workflows/t.yml": release("--release -i 3.14t"), "pyproject.toml": CLAIM},
        {RELEASE: release("--out dist"), "pyproject.toml": CLAIM},
        {RELEASE: release("--release", uses="other/action@v1"), "pyproject.toml": CLAIM},
        {RELEASE: release("--release", rest="          command: sdist\n"), "pyproject.toml": CLAIM},
        {RELEASE: "jobs: {wheels: {steps: [{uses: pypa/cibuildwheel@v3}]}}", "pyproject.toml": CLAIM},
        {TESTS: "jobs: {test: {steps: [{run: maturin develop --release}]}}", "pyproject.toml": CLAIM},
        {"pyproject.toml": CLAIM},
    ],
)
def test_nothing_is_said_where_they_are_built_or_not_promised(texts: dict[str, str]) -> None:
    assert check("PYO086", texts) == []
