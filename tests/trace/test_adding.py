"""`dev.py add` in a copy of this checkout: what it writes, and how the tests' messages lead from there to green."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.template import ROOT

pytestmark = pytest.mark.slow

RULE = '''\
"""PYO175."""

from __future__ import annotations

from collections.abc import Iterator

from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import FileRule
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.texts.edits import Span


class PYO175(FileRule):
    """A companion crate that is no longer maintained.

    ## What it does

    Finds `pyo3_old`.

    ## Why

    It receives no fixes.

    ## Example

    ```rust
    use pyo3_old::call;
    ```

    ## Use instead

    ```rust
    use pyo3::call;
    ```

    ## When not

    Never.
    """

    title = "Companion crate without a maintainer"

    def check(self, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report the first use in a file."""
        at = file.text.find("pyo3_old")
        if at >= 0:
            yield self.finding(file.path, Span(at, at + 8), "pyo3_old is not maintained", "use pyo3")
'''
TRACE = [
    f"tests/trace/test_{name}.py"
    for name in ("catalogue_schemas", "generated_pages", "ownership", "practices", "questions", "skeletons")
]
QUESTION = """\
tracing:
  type: bool
  help: Whether the project has a page about tracing.
  default: false
_exclude:
  - "{% if not tracing %}/TRACING.md{% endif %}"
"""


class Checkout:
    """A clone of this checkout with its tracked files as they are, and with its environment."""

    def __init__(self, root: Path) -> None:
        self.root = root
        # With the history: pages show output for released versions.
        subprocess.run(["git", "clone", "--quiet", "--shared", str(ROOT), str(root)], check=True)
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, root / name)
        (root / ".venv").symlink_to(sys.prefix)
        for words in (["add", "--all"], ["commit", "--quiet", "--allow-empty", "--message=Copy"]):
            subprocess.run(["git", *words], cwd=root, check=True)

    def throw_away(self) -> None:
        """Undo everything."""
        for words in (["reset", "--quiet", "--hard"], ["clean", "--quiet", "-fd"]):
            subprocess.run(["git", *words], cwd=self.root, check=True)

    def run(self, *words: str) -> tuple[int, str]:
        """The exit code and the output of a program of Python's, on the package of the copy."""
        environment = {**os.environ, "PYTHONPATH": str(self.root / "src")}
        done = subprocess.run(
            [sys.executable, *words], cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def dev(self, *words: str) -> str:
        code, output = self.run("dev.py", *words)
        assert code == 0, output
        return output

    def failures(self, *tests: str) -> str:
        """What failing tests say."""
        code, output = self.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not matrix", *tests)
        assert code == 1, output
        return output

    def green(self, *tests: str) -> None:
        """The tests pass, one of which is that of the generated pages, and so do the linters."""
        code, output = self.run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not slow", *TRACE, *tests)
        assert code == 0, output
        for words in (("ruff", "format", "--check", "."), ("ruff", "check", ".")):
            code, output = self.run("-m", *words)
            assert code == 0, output

    def edit(self, name: str, *replaced: tuple[str, str]) -> None:
        path = self.root / name
        text = path.read_text(encoding="utf-8")
        for old, new in replaced:
            assert old in text, text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, encoding="utf-8")

    def changed(self) -> set[str]:
        done = subprocess.run(
            ["git", "status", "--porcelain", "--untracked-files=all"],
            cwd=self.root,
            capture_output=True,
            text=True,
            check=True,
        )
        return {line[3:] for line in done.stdout.splitlines()}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return Checkout(tmp_path_factory.mktemp("copy") / "kit")


@pytest.fixture
def checkout(copy: Checkout) -> Iterator[Checkout]:
    yield copy
    copy.throw_away()


def test_a_rule(checkout: Checkout) -> None:
    checkout.dev("add", "rule", "PYO175", "old_companion")
    module, test = (
        "src/pyo3_kit/audit/rules/pyo175_old_companion.py",
        "tests/audit/rules/test_pyo175_old_companion.py",
    )
    assert checkout.changed() == {module, test}
    said = checkout.failures("tests/trace/test_skeletons.py", "tests/trace/test_generated_pages.py", test)
    assert "Write what these lines ask for, then run `python dev.py docs`:" in said
    assert f"{module}:14: Say in one sentence what is wrong." in said
    assert "rules/PYO175.md: out of date; run `python dev.py docs`" in said
    assert "nothing was found" in said

    skeleton = (checkout.root / test).read_text(encoding="utf-8")
    (checkout.root / test).unlink()
    assert f"Write {test}, then run `python dev.py docs`." in checkout.failures("tests/audit/test_registry.py")

    checkout.write(module, RULE)
    checkout.write(test, skeleton)
    checkout.edit(
        test,
        ("// TODO: Write code with one finding, in several forms.", "use pyo3_old::call;"),
        ("TODO: Write the code that is marked.", "pyo3_old::call"),
        ("// TODO: Write similar code without a finding.", "use pyo3::call;"),
    )
    said = checkout.failures(test)
    assert "src/lib.rs:1:5: warning: PYO175 pyo3_old is not maintained" in said
    checkout.edit(test, ('["pyo3_old::call"]', '["pyo3_old"]'))
    checkout.dev("docs")
    checkout.green(test, "tests/audit/test_registry.py")


def test_a_question(checkout: Checkout) -> None:
    checkout.dev("add", "question", "tracing")
    test = "tests/questions/test_tracing.py"
    assert checkout.changed() >= {test, "copier.yml", "catalogue/pages.yml", "catalogue/choice_help.yml"}
    (question,) = (checkout.root / "questions").glob("*_tracing.yml")
    name = question.relative_to(checkout.root).as_posix()
    said = checkout.failures("tests/trace/test_skeletons.py", "tests/trace/test_questions.py", test)
    assert f"{name}:3: Ask the question, and say what the answer changes." in said
    assert "catalogue/choice_help.yml:" in said
    assert "Run `python dev.py docs`." in said

    skeleton = (checkout.root / test).read_text(encoding="utf-8")
    (checkout.root / test).unlink()
    assert f"Write {test}." in checkout.failures("tests/trace/test_questions.py")

    question.write_text(QUESTION, encoding="utf-8")
    checkout.write(test, skeleton)
    checkout.edit(test, ("TODO: Name the files that the answer controls.", "TRACING.md"))
    checkout.edit("catalogue/choice_help.yml", ("TODO: Say what it gives and costs.", "A page."))
    checkout.write("template/TRACING.md", "# Tracing\n")
    assert "Add TRACING.md to `seed` in catalogue/ownership.yml" in checkout.failures("tests/trace/test_ownership.py")
    checkout.edit("catalogue/ownership.yml", ("seed:\n", "seed:\n  - /TRACING.md\n"))
    checkout.dev("docs")
    checkout.green(test, "tests/questions/test_computed.py")


def test_a_migration(checkout: Checkout) -> None:
    checkout.dev("add", "migration", "pyo3-0.30-new-name")
    folder = "migrations/pyo3-0.30-new-name"
    parts = ("migration.yml", "rules.yml", "before/src/lib.rs", "after/src/lib.rs")
    assert checkout.changed() == {f"{folder}/{part}" for part in parts}
    tests = ("tests/migrations/test_fixtures.py", "-k", "new-name or heading")
    said = checkout.failures("tests/trace/test_skeletons.py", "tests/migrations/test_fixtures.py")
    assert f"{folder}/migration.yml:3: Say what is replaced by what" in said
    assert "Write into pyo3-0.30-new-name/before what is changed, and into after the result." in said
    assert "Run `python dev.py docs`." in said

    checkout.edit(
        f"{folder}/migration.yml",
        ('"TODO: Say what is replaced by what"', "old_name is now new_name"),
        ('"TODO: Say why the old form has to go."', "PyO3 0.30 removed it."),
        ("# TODO: Name words that every affected file contains.\nmentions: [pyo3]", "mentions: [old_name]"),
    )
    checkout.edit(
        f"{folder}/rules.yml",
        (
            "# TODO: Write the rules, as in https://ast-grep.github.io/reference/yaml.html, or edits.yml instead.\n",
            "",
        ),
    )
    checkout.write(f"{folder}/before/src/lib.rs", "fn f(x: X) {\n    // x.old_name()\n    x.old_name();\n}\n")
    checkout.write(f"{folder}/after/src/lib.rs", "fn f(x: X) {\n    // x.old_name()\n    x.new_name();\n}\n")
    checkout.dev("docs")
    checkout.green(*tests)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("rule", "PYO081", "frozen_class"), "PYO081 exists: pyo081_frozen_class.py."),
        (("rule", "PYO995", "new"), "PYO995 belongs to the practice PYO99: add that to catalogue/practices.yml first."),
        (("rule", "pyo1", "new"), "`pyo1` is not the id of a rule"),
        (("rule", "PYO176", "Not-A-Slug"), "`Not-A-Slug` is not a slug"),
        (("question", "layout"), "The question `layout` exists."),
        (("question", "Layout"), "`Layout` is not the name of a question"),
        (("migration", "pyo3-0.30-pymutex"), "The migration `pyo3-0.30-pymutex` exists."),
        (("migration", "../new"), "`../new` does not name the version"),
        (("practice", "PYO18"), "usage: python dev.py add rule ID SLUG"),
        ((), "usage: python dev.py add rule ID SLUG"),
    ],
)
def test_what_cannot_be_added_changes_nothing(checkout: Checkout, words: tuple[str, ...], said: str) -> None:
    before = checkout.changed()
    code, output = checkout.run("dev.py", "add", *words)
    assert (code, checkout.changed()) == (2, before)
    assert said in output
