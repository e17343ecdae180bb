"""What each command starts and writes in a hostile project, as the system saw it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import environment
from tests.support.hostile import HostileProject, Traps
from tests.update.templates import ANSWERS, Template, git

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed: apt-get install strace"),
]

STARTED = re.compile(r'execve\("(?P<path>[^"]+)", \[(?P<words>.*?)\]?, ')
OPENED = re.compile(
    r'(?:openat|open|creat)\((?:AT_FDCWD, )?"(?P<path>[^"]+)", [^)]*(?:O_WRONLY|O_RDWR|O_CREAT)[^)]*\) = \d'
)
ALLOWED = {"git", "sh", "true"}
"""Git, the shell by which it starts its other half, what stands in for a hostile option there, and what Python asks."""

STRACE = ["strace", "-f", "-s", "4096", "-e", "trace=execve,open,openat,creat", "-o"]

COMMANDS: dict[str, list[str]] = {
    "check": ["check", "."],
    "check --fix": ["check", ".", "--fix"],
    "status": ["status"],
    "status --quick": ["status", "--quick"],
    "update --dry-run": ["update", "--dry-run", "--diff"],
    "update": ["update", "--conflicts", "inline"],
    "adopt": ["adopt", "."],
    "migrate": ["migrate", "--to", "0.30", "--dry-run"],
    "new --template": ["new", "../fresh", "--template", "{template}", "--data", "name=x"],
    "new": ["new", "../fresh", "--defaults"],
    "overlay add": ["overlay", "add", "{overlay}"],
    "fleet status": ["fleet", "status", "../fleet.toml", "-j", "2"],
    "fleet update": ["fleet", "update", "../fleet.toml", "-j", "1"],
}


class Seen:
    """What strace wrote down."""

    def __init__(self, log: Path) -> None:
        text = log.read_text(errors="replace")
        self.programs = {
            found["path"] for line in text.splitlines() if " = 0" in line and (found := STARTED.search(line))
        }
        self.written = {Path(found["path"]) for found in OPENED.finditer(text)}


@pytest.fixture
def run(hostile: HostileProject, tmp_path: Path, shop: Template) -> Callable[[str], tuple[Seen, str]]:
    overlay = Template(tmp_path / "overlay").release(
        "v1.0.0",
        {
            "copier.yml": "_subdirectory: template\n_answers_file: .copier-answers.over.yml\n",
            f"template/{ANSWERS}": "{{ _copier_answers | to_nice_yaml }}",
            "template/over.txt": "over\n",
        },
    )
    # Enough Rust for a second process, and a crate for `check`, `adopt` and `migrate`.
    (hostile.root / "src").mkdir()
    (hostile.root / "Cargo.toml").write_text(
        '[package]\nname = "x"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\npyo3 = "0.28"\n'
    )
    body = "".join(f"pub fn f{n}(x: i64) -> i64 {{ x + {n} }} // {'x' * 60}\n" for n in range(8000))
    for name in ("lib", "other"):
        (hostile.root / "src" / f"{name}.rs").write_text(f"use pyo3::prelude::*;\n{body}")
    hostile.commit()
    copy = tmp_path / "copy"
    git(tmp_path, "clone", "-q", str(hostile.root), str(copy))
    (tmp_path / "fleet.toml").write_text(
        f'templates = ["{shop.root}"]\n[[repository]]\npath = "hostile"\n[[repository]]\npath = "copy"\n'
    )

    hostile.arm()

    def started(name: str) -> tuple[Seen, str]:
        log = tmp_path / "strace.log"
        words = [word.format(template=shop.root, overlay=overlay.root) for word in COMMANDS[name]]
        # By its path, as the entry point is: the PATH belongs to the attack.
        program = Path(sysconfig.get_path("scripts")) / "pyo3-kit"
        done = subprocess.run(
            [*STRACE, str(log), sys.executable, str(program), *words],
            cwd=hostile.root,
            env={**environment(hostile.environment()), "PYTHONPATH": ""},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        said = done.stdout + done.stderr
        assert done.returncode in (0, 1, 2), said
        assert "Traceback" not in said
        return Seen(log), said

    return started


@pytest.mark.parametrize("name", COMMANDS)
def test_only_git_and_our_own_python(
    run: Callable[[str], tuple[Seen, str]], hostile: HostileProject, tmp_path: Path, traps: Traps, name: str
) -> None:
    seen, said = run(name)
    assert traps.sprung == set(), said
    odd = {path for path in seen.programs if not _expected(path)}
    assert odd == set(), said
    inside = {path for path in seen.programs if Path(path).is_relative_to(hostile.root)}
    assert inside == set(), said
    own = [hostile.root, tmp_path / "fresh", tmp_path / ".pyo3-kit-fleet", tmp_path / "copy"]
    aside = [Path(os.environ["PYO3_KIT_CACHE"]), Path(os.environ["TMPDIR"]), Path("/dev"), Path("/proc")]
    outside = {
        path
        for path in seen.written
        if path.is_absolute()
        and "__pycache__" not in path.parts
        and not any(path.is_relative_to(folder) for folder in (*own, *aside))
        # What `new` is made in lies beside its place until it is whole.
        and not path.is_relative_to(tmp_path / ".fresh")
    }
    assert {
        path for path in outside if not path.name.startswith(".pyo3-kit-") and ".pyo3-kit" not in str(path)
    } == set()


def _expected(path: str) -> bool:
    if Path(path).resolve() == Path(sys.executable).resolve():
        return True
    return Path(path).name in ALLOWED or Path(path).name.startswith("git-")


def test_the_trap_itself_springs(hostile: HostileProject, traps: Traps) -> None:
    """What is asserted above would not hold for a Python that starts in the project."""
    subprocess.run([sys.executable, "-c", "import json"], cwd=hostile.root, check=False, capture_output=True)
    assert traps.sprung == {"hostile-json.py"}
