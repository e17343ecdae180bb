"""Write docs/reference/migrations.md from the migrations' metadata and fixtures.

With `--check` nothing is written: the exit code is 1 when the page is not what would be written.
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from pyo3_kit.codemods import Migration, load  # noqa: E402
from pyo3_kit.codemods.selection import order  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "migrations.md"
# Above this an example tells no more.
MANY = 14
HEAD = """\
# Migrations

<!-- Written by scripts/build_migrations_page.py from migrations/: change that instead. -->

What `pyo3-kit update` changes in a project's code, beside what the template changed, and what `pyo3-kit migrate`
changes in any other PyO3 project: the steps that lie between the version, or the answer, that the project has and the
one that it gets. `--dry-run --diff` shows them first. They are data (rules of
[ast-grep](https://ast-grep.github.io/reference/yaml.html), and keys of TOML), no code, and how to write one stands in
[decision 6](../decisions/0006-code-migrations.md).

- Texts and comments stay as they are, and no comment is lost. A file that a migration would make unparsable stays,
  and is named.
- A step stands where the old form is gone. Where the new one works earlier, and the old one is deprecated, it says
  *since* when, and is taken by who gets at least there.
- Doing it twice changes nothing. A migration works on what the file says and knows no types: build the project, and
  read the diff.
- What is marked *look at it* changes what the code does, or how it is to be judged. Places that only a person can
  decide are named with their line.
- The code is changed, not formatted: run `cargo fmt` afterwards.

What the compiler says better is left to it: a closure of `PyCFunction::new_closure` that is not `Sync`, the classes
that `PyClassGuardMap` was split into, the `Option` in `with_critical_section_mutex2`.
"""


def main() -> int:
    """Write the page, or with `--check` compare it; see the module's text for the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is stale")
    arguments = parser.parse_args()
    text = HEAD + "\n" + "\n".join(sections()) + "\n"
    if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
        return 0
    if not arguments.check:
        PAGE.write_text(text, encoding="utf-8")
    print(f"{PAGE.name}: {'stale; run scripts/build_migrations_page.py' if arguments.check else 'written'}")
    return int(arguments.check)


def sections() -> Iterator[str]:
    """The page after its head, paragraph by paragraph."""
    migrations = sorted(load(ROOT).all, key=lambda m: (m.when.answer or "", order(m.when.after) or ((), 0), m.id))
    for step, group in groupby(migrations, key=step_of):
        yield f"## {step}\n"
        for migration in group:
            yield from section(migration)


def step_of(migration: Migration) -> str:
    """The heading of the step that a migration belongs to."""
    when = migration.when
    return f"`{when.answer}` from {when.before} to {when.after}" if when.answer else f"Template version {when.after}"


def section(migration: Migration) -> Iterator[str]:
    """One migration: why, what it looks at, and an example."""
    yield f"### {migration.id}\n"
    mark = "" if migration.safe else " *Look at it.*"
    yield f"**{migration.title}.**{mark} {migration.why}\n"
    if migration.when.since is not None:
        yield f"The new form works since {migration.when.since}.\n"
    if migration.files:
        yield f"Files: {', '.join(f'`{pattern}`' for pattern in migration.files)}. [What changed]({migration.docs}).\n"
    else:
        yield f"[What changed]({migration.docs}).\n"
    lines = example(migration)
    if lines:
        yield "\n".join(["```diff", *lines, "```\n"])


def example(migration: Migration) -> list[str]:
    """The first changes of the first fixture that changes."""
    for before in sorted((migration.folder / "before").rglob("*")):
        after = migration.folder / "after" / before.relative_to(migration.folder / "before")
        if before.is_file() and before.read_bytes() != after.read_bytes():
            old, new = (path.read_text(encoding="utf-8").splitlines() for path in (before, after))
            diff = list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]
            return [line for line in diff if not line.startswith("@@")][:MANY]
    return []


if __name__ == "__main__":
    sys.exit(main())
