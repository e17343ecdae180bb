"""Write docs/reference/migrations.md from the migrations' metadata and fixtures.

With `--check`, write nothing and exit with 1 if the page is stale.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from generated import options, write_or_check

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from pyo3_kit.codemods import Migration, load  # noqa: E402
from pyo3_kit.codemods.selection import order  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "migrations.md"
# Longer examples are cut.
MANY = 14
HEAD = """\
# Migrations

<!-- Written by scripts/build_migrations_page.py from migrations/: change that instead. -->

The changes that `pyo3-kit update` makes in a project's code, in addition to the template's changes, and that
`pyo3-kit migrate` makes in any other PyO3 project: all steps between the project's version or answer and the new one.
`--dry-run --diff` shows them first. Migrations are data (rules of
[ast-grep](https://ast-grep.github.io/reference/yaml.html) and TOML keys), not code;
[decision 6](../decisions/0006-code-migrations.md) describes how to write one.

- Formatting and comments are preserved. A file that a migration would make unparsable is not changed, and is reported.
- A step belongs to the version in which the old form is removed. If the new form works earlier and the old one is
  deprecated, *since* names the first version with it, and everyone who moves at least that far gets the step.
- Applying a migration twice changes nothing. Migrations have no type information: build the project and read the diff.
- Migrations marked *review* change the behaviour of the code. Places that have to be changed by hand are reported with
  their line.
- The result is not formatted: run `cargo fmt` afterwards.

Some changes are left to the compiler, whose messages are better: a closure of `PyCFunction::new_closure` that is not
`Sync`, the classes that `PyClassGuardMap` was split into, the `Option` in `with_critical_section_mutex2`.
"""


def main() -> int:
    """Write the page, or with `--check` compare it; see the module docstring for the exit code."""
    check = options(__doc__).parse_args().check
    return write_or_check({PAGE: HEAD + "\n" + "\n".join(sections()) + "\n"}, check=check)


def sections() -> Iterator[str]:
    """Yield the page after its head, paragraph by paragraph."""
    migrations = sorted(load(ROOT).all, key=lambda m: (m.when.answer or "", order(m.when.after) or ((), 0), m.id))
    for step, group in groupby(migrations, key=step_of):
        yield f"## {step}\n"
        for migration in group:
            yield from section(migration)


def step_of(migration: Migration) -> str:
    """Return the heading of the step that a migration belongs to."""
    when = migration.when
    return f"`{when.answer}` from {when.before} to {when.after}" if when.answer else f"Template version {when.after}"


def section(migration: Migration) -> Iterator[str]:
    """Yield one migration: the reason, its files, and an example."""
    yield f"### {migration.id}\n"
    mark = "" if migration.safe else " *Review.*"
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
    """Return the first changes of the first fixture that changes."""
    for before in sorted((migration.folder / "before").rglob("*")):
        after = migration.folder / "after" / before.relative_to(migration.folder / "before")
        if before.is_file() and before.read_bytes() != after.read_bytes():
            old, new = (path.read_text(encoding="utf-8").splitlines() for path in (before, after))
            diff = list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]
            return [line for line in diff if not line.startswith("@@")][:MANY]
    return []


if __name__ == "__main__":
    sys.exit(main())
