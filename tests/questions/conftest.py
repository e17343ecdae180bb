"""Plain Copier, as somebody without our command line uses it: in safe mode, with answers as data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from copier import run_copy
from copier.errors import CopierError

from tests.support.warm_copier import warm


@pytest.fixture
def copy(template: Path, tmp_path: Path) -> Callable[..., Path]:
    """Render with plain Copier into a folder called `name`; nothing is allowed that would need `--trust`."""

    def run(name: str = "my-lib", **answers: Any) -> Path:
        target = tmp_path / name
        with warm():
            run_copy(str(template), target, data=answers, defaults=True, quiet=True, unsafe=False)
        return target

    return run


@pytest.fixture
def refusal(copy: Callable[..., Path], tmp_path: Path) -> Callable[..., str]:
    """What plain Copier says when it refuses these answers; it must refuse them, and write nothing."""

    def run(**answers: Any) -> str:
        with pytest.raises((ValueError, CopierError)) as caught:
            copy(**{"project_name": "my-lib", **answers})
        assert not list(tmp_path.iterdir()), "something was written before the answers were refused"
        return str(caught.value)

    return run
