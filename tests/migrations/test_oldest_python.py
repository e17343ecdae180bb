"""Where a project says of itself which Pythons it is built and installed for."""

from __future__ import annotations

import pytest

from pyo3_kit.merge.model import File
from tests.migrations.support import FOLDERS, alone

CI = ".github/workflows/ci.yml"


@pytest.mark.parametrize("old", ["3.7", "3.8"])
@pytest.mark.parametrize(
    ("path", "code", "line"),
    [
        (CI, 'matrix:\n  python: ["%s", "3.14"]\n', 2),
        (CI, "matrix:\n  include:\n    - {py: '%s', os: x}\n", 3),
        (CI, 'matrix:\n  python-version:\n    - "3.14"\n    - "%s"\n', 4),
        (CI, "with:\n  python-version: |\n    %s\n    3.14\n", 2),
        (CI, "with:\n  args: --release -i %s 3.14\n", 2),
        (CI, "with:\n  args: --interpreter python3.14 python%s\n", 2),
        (CI, "with:\n  target: x\n  interpreter: %s 3.9\n", 3),
        (".gitlab-ci.yml", "env:\n  CIBW_BUILD: cp%s-*\n", 2),
        ("setup.py", 'setup(\n    name="x",\n    python_requires=">=%s",\n)\n', 3),
        ("setup.py", 'setup(python_requires="~=%s, <4")\n', 1),
        ("setup.cfg", "[options]\npython_requires = >=%s\n", 2),
        # Other versions, and other things that have versions.
        (CI, 'matrix:\n  python: ["3.14", "pypy%s"]\n', None),
        (CI, 'matrix:\n  python: ["3.14"]\n  ruby: ["%s"]\n', None),
        (CI, "with:\n  args: -i 3.14\n  version: %s\n", None),
        (CI, "# python: %s\nx: 1\n", None),
        ("setup.py", 'setup(python_requires=">=3.10", x="%s")\n', None),
        ("setup.cfg", "[options]\n# %s\npython_requires = >=3.10\n", None),
        ("setup.cfg", "[options]\npython_requires = >=3.9,!=%s\n", None),
    ],
)
def test_what_is_too_old_is_named(old: str, path: str, code: str, line: int | None) -> None:
    name = {"3.7": "pyo3-0.29-oldest-python", "3.8": "pyo3-0.30-oldest-python"}[old]
    (folder,) = (folder for folder in FOLDERS if folder.name == name)
    text = code % (old.replace(".", "") if "cp%s" in code else old)
    after, applied = alone(folder, {path: File(text.encode())})
    assert after[path].content.decode() == text
    assert [place.line for one in applied for place in one.review] == ([] if line is None else [line])
