"""Fixtures that all tests share: a private environment, the template as a folder, cached renders."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_copie.plugin import Copie

from tests.support.forks import Forks
from tests.support.ids import name_case
from tests.support.space import Space, exported
from tests.support.warm_copier import warm

# A shell's job in the background ignores one, `nohup` the other, and so would all that the tests start.
for name, handler in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
    if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is signal.SIG_IGN:
        signal.signal(getattr(signal, name), handler)

GIT_CONFIG = """\
[user]
\tname = Test Author
\temail = test@example.org
[init]
\tdefaultBranch = main
"""


LONGEST = (
    "queue/test_modes.py",
    "trace/test_adding.py",
    "queue/test_crate.py",
    "fleet/test_rollout.py",
    "migrations/test_fixtures_compile.py",
    "render/test_every_combination.py",
    "rendered/test_reference_pool_flag.py",
    "merge/test_comparison.py",
    "migrations/test_move_between_lines.py",
    "security/test_faults.py",
)
"""Files whose slow tests take longest; every other one waits for cargo, which builds one thing at a time."""


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with slow tests, the longest files first, so that at the end no process is left alone with some."""
    tests = Path(__file__).parent
    ranks = {tests / name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: (not item.get_closest_marker("slow"), ranks.get(item.path, len(ranks))))
    for item in items:
        # Slow tests of a file share what they build or render; all others run wherever there is time.
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.xdist_group(item.path.relative_to(tests).with_suffix("").as_posix()))


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name the cases of a parametrised test by their values."""
    return name_case(val)


@pytest.fixture(scope="session", autouse=True)
def private_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the settings of whoever runs the tests out of them: git's, Copier's, ours and cargo's flags."""
    home = tmp_path_factory.mktemp("home")
    (home / "gitconfig").write_text(GIT_CONFIG)
    (home / "settings.yml").write_text("{}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.setenv("COPIER_SETTINGS_PATH", str(home / "settings.yml"))
        # Its mirror of our address would be that of whatever a test had there last.
        patch.setenv("COPIER_CACHE_DIR", str(home / "mirrors"))
        patch.setenv("XDG_CONFIG_HOME", str(home / "config"))
        patch.setenv("PYO3_KIT_CACHE", str(home / "cache"))
        # What a run leaves aside is looked for there, so other runs must not put theirs beside it.
        patch.setenv("TMPDIR", str(tmp_path_factory.mktemp("aside")))
        for name in (
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "VIRTUAL_ENV",
            "PYO3_KIT_CONFIG",
            # There only listed templates are used; tests of that set it.
            "CI",
            "NO_COLOR",
            "FORCE_COLOR",
            # Each of thousands of processes would compile all that it imports.
            "PYTHONDONTWRITEBYTECODE",
        ):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def template(space: Space) -> Path:
    """The template's folder, as a wheel carries it."""
    return space.root


@pytest.fixture(scope="session")
def space() -> Space:
    """The questionnaire and the template's files, for tests that go through all combinations."""
    return exported()


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """Runs `pyo3-kit` in processes that need not import anything."""
    with Forks() as started:
        yield started


@pytest.fixture(scope="session")
def render(template: Path, space: Space, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Render a project through pytest-copie, once for each set of answers; unknown answers are refused here."""
    done: dict[str, Path] = {}
    folder = tmp_path_factory.mktemp("rendered")
    copie = Copie(default_template_dir=template, test_dir=folder, config_file=folder / "unused")

    def run(**answers: Any) -> Path:
        unknown = answers.keys() - space.questions.keys()
        assert not unknown, f"no such question: {unknown}"
        answers = {"project_name": "my-lib", **answers}
        key = json.dumps(answers, sort_keys=True)
        if key not in done:
            with warm():
                result = copie.copy(extra_answers=answers)
            if result.exception is not None:
                raise result.exception
            assert result.project_dir is not None
            recorded = {name: result.answers.get(name, answers[name]) for name in answers}
            assert recorded == answers, "Copier took other answers than the test gave"
            done[key] = result.project_dir
        return done[key]

    return run
