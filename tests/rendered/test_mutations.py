"""For each practice: the rendered project's own check fails when the practice is taken out."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.queue.overlay import add_modes
from tests.support.project import TARGET, Project, Venv, attempt, interpreter

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
MUTATIONS: list[dict[str, str]] = tomllib.loads((HERE / "mutations.toml").read_text(encoding="utf-8"))["mutation"]

# The projects that the records name.
BASES: dict[str, dict[str, Any]] = {
    "kept": {"starter": "showcase", "async_runtime": True},
    "disabled": {
        "starter": "showcase",
        "async_runtime": True,
        "async_bridge": "completion-queue",
        "bytes_feature": True,
        "disable_reference_pool": True,
    },
}
USUAL = "3.11"


class Base:
    """A rendered project, its environment, and the module as it was built last."""

    def __init__(self, rendered: Path, folder: Path, python: Path) -> None:
        self.project = Project(rendered, folder, python)
        add_modes(self.project.path)
        self.venv: Venv = self.project.venv("--group", f"{self.project.path}/pyproject.toml:test")
        # As `maturin develop` has it, without the wheel in between: the package's folder, with the module in it.
        self.package = self.project.path / "python"
        # A folder of its own: other tests that run meanwhile build modules of the same name.
        self.target = TARGET / "mutations"
        self.env = {
            **self.project.env,
            "PYO3_BUILD_EXTENSION_MODULE": "1",
            "CARGO_TARGET_DIR": str(self.target),
        }

    def builds(self) -> str:
        """Build the module; returns cargo's complaint, or nothing when it is built and in place."""
        done = attempt("cargo", "build", "--quiet", cwd=self.project.path, env=self.env)
        if done.returncode == 0:
            shutil.copy2(self.target / "debug" / "lib_core.so", self.package / "my_lib" / "_core.abi3.so")
        return done.stderr if done.returncode else ""

    def pytest(self, arguments: str) -> tuple[int, str]:
        """Run the project's tests; returns the exit code and the output."""
        done = attempt(
            self.venv.path / "bin" / "pytest",
            "-p",
            "no:cacheprovider",
            *shlex.split(arguments),
            cwd=self.project.path,
            env={**self.venv.env, "PYTHONPATH": str(self.package)},
        )
        return done.returncode, done.stdout + done.stderr

    def clippy(self) -> tuple[int, str]:
        """Clippy as the project's CI runs it; returns the exit code and the output."""
        words = ["cargo", "clippy", "--quiet", "--all-targets", "--all-features", "--", "-D", "warnings"]
        done = attempt(*words, cwd=self.project.path, env=self.env)
        return done.returncode, done.stderr

    def passes(self, check: str) -> tuple[bool, str]:
        """Whether the project passes one of its checks, and what was printed."""
        if check == "clippy":
            code, output = self.clippy()
            assert code in (0, 101), output
        elif complaint := self.builds():
            assert check == "build", f"it does not even compile:\n{complaint}"
            return False, complaint
        elif check == "build":
            return True, ""
        else:
            code, output = self.pytest(check)
            # 5 is a test that there is not; without the mutation all of them pass.
            assert code != 5, output
        return code == 0, output


@pytest.fixture(scope="module")
def base(render: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Base]:
    """A base by its name and interpreter: made once, and passing all the checks that its records name."""

    @cache
    def make(name: str, version: str) -> Base:
        python = interpreter(version)
        if python is None:
            pytest.skip(f"no CPython {version} on this machine")
        made = Base(render(**BASES[name]), tmp_path_factory.mktemp(name), python)
        checks = [m["check"] for m in MUTATIONS if (m["project"], m.get("python", USUAL)) == (name, version)]
        for check in {check for check in checks if check in ("build", "clippy")} | {"build"}:
            passes, output = made.passes(check)
            assert passes, output
        nodes = {check for check in checks if check.startswith("tests/") and " -k " not in check}
        for check in {check for check in checks if " -k " in check} | {
            shlex.join(sorted(nodes | {"tests/test_text.py"}))
        }:
            passes, output = made.passes(check)
            assert passes, output
        return made

    return make


@pytest.fixture
def mutated(base: Callable[[str, str], Base], request: pytest.FixtureRequest) -> Iterator[Base]:
    """The base with the practice taken out; put back afterwards."""
    mutation: dict[str, str] = request.param
    made = base(mutation["project"], mutation.get("python", USUAL))
    path = made.project.path / mutation["file"]
    before = path.read_text(encoding="utf-8")
    assert before.count(mutation["find"]) == 1, f"{mutation['file']} has this {before.count(mutation['find'])} times"
    path.write_text(before.replace(mutation["find"], mutation["replace"]), encoding="utf-8")
    yield made
    path.write_text(before, encoding="utf-8")


def parameters() -> list[object]:
    """All records belong to the matrix, and the first one of each practice to the part of it that CI runs."""
    seen: set[str] = set()
    found: list[object] = []
    for record in MUTATIONS:
        first = record["practice"] not in seen
        seen.add(record["practice"])
        marks = [pytest.mark.matrix, *([pytest.mark.part] if first else [])]
        found.append(pytest.param(record, record["check"], marks=marks, id=f"{record['practice']}: {record['name']}"))
    return found


@pytest.mark.parametrize(("mutated", "check"), parameters(), indirect=["mutated"])
def test_a_practice_taken_out_is_noticed(mutated: Base, check: str) -> None:
    passes, output = mutated.passes(check)
    assert not passes, f"nothing fails without it:\n{output}"


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: f"{mutation['practice']}: {mutation['name']}")
def test_a_mutation_finds_its_place(mutation: dict[str, str], render: Callable[..., Path]) -> None:
    """At once, and not only where the matrix is built."""
    path = render(**BASES[mutation["project"]]) / mutation["file"]
    assert path.read_text(encoding="utf-8").count(mutation["find"]) == 1


def test_every_practice_has_a_mutation() -> None:
    assert {m["practice"] for m in MUTATIONS} == {f"PYO{number:02}" for number in range(1, 14) if number != 9} | {
        "PYO09"
    }
