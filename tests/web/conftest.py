"""What the tests of the page share: open sessions without processes, which are fast."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from pyo3_kit.web.session import Session
from pyo3_kit.web.setup import Setup, make_offer
from tests.web.foreign import write_foreign


@pytest.fixture(scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_foreign(tmp_path_factory.mktemp("foreign") / "site-template")


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with ExitStack() as stack:
        yield Session(make_offer(Setup()), tmp_path_factory.mktemp("renders"), stack)


@pytest.fixture(scope="session")
def site(foreign: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A session with the foreign template."""
    with ExitStack() as stack:
        yield Session(make_offer(Setup(str(foreign))), tmp_path_factory.mktemp("renders"), stack)
