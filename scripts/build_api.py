"""Write docs/reference/api.md from the public names of `pyo3_kit`: signatures, docstrings and fields.

With `--check`, write nothing and exit with 1 if the page is stale. `tests/repository/test_api.py` runs the example.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generated import options, write_or_check

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

import pyo3_kit  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "api.md"
PUBLIC = {"updates.Plan": "UpdatePlan", "migrations.Plan": "MigrationPlan", "statuses.Status": "Status"}
HEAD = """\
# Python API

<!-- Written by scripts/build_api.py from the docstrings: change those instead. -->

The commands as functions, for programs. They print nothing, ask nothing, and raise the errors that the commands print.
All names are imported from `pyo3_kit`, which loads them when they are used; they have type hints for mypy and pyright.

| command | function | result |
|---|---|---|
| `pyo3-kit new` | [`create_project`](#create_project) | [`Created`](#created) |
| `pyo3-kit status` | [`read_status`](#read_status) | [`Status`](#status) |
| `pyo3-kit update` | [`update_project`](#update_project) | [`UpdatePlan`](#updateplan) |
| `pyo3-kit check` | [`check_project`](#check_project) | [`CheckResult`](#checkresult) |
| `pyo3-kit migrate` | [`migrate_project`](#migrate_project) | [`MigrationPlan`](#migrationplan) |
| `pyo3-kit adopt` | [`adopt_project`](#adopt_project) | [`Adoption`](#adoption) |

Names that are not on this page are internal and can change in any release. Until version 1.0 the names on it change in
minor releases only, with a line in the changelog.

## Example

Create a project, and look at what an update with another answer would change:

```python
>>> from pyo3_kit import create_project, read_status, update_project
>>> created = create_project("my-lib", answers={"license": "MIT"})
>>> created.committed, created.next[0]
(True, 'cd my-lib')
>>> read_status("my-lib").current
True
>>> plan = update_project("my-lib", answers={"hooks": False}, dry_run=True)
>>> [merge.path for merge in plan.files if merge.outcome.value == "removed"]
['.pre-commit-config.yaml', '.taplo.toml']
>>> plan.conflicts
()

```

`old-lib` is a PyO3 project of your own. Lint it, move it to a newer PyO3, and attach it to the template:

```python
>>> from pyo3_kit import adopt_project, check_project, migrate_project
>>> result = check_project("old-lib", select=["PYO021"])
>>> [(finding.rule, finding.path, result.report.line(finding)) for finding in result.report.findings]
[('PYO021', 'src/lib.rs', 5)]
>>> moved = migrate_project("old-lib", to="0.30")
>>> moved.before, moved.after, sorted(moved.files)
('0.26', '0.30', ['Cargo.toml', 'pyproject.toml'])
>>> import subprocess
>>> _ = subprocess.run(["git", "commit", "--quiet", "--all", "--message=Move to PyO3 0.30"], cwd="old-lib", check=True)
>>> adoption = adopt_project("old-lib", only=["lints"], dry_run=True)
>>> [merge.path for merge in adoption.files if merge.writes]
['Cargo.toml', 'clippy.toml', 'deny.toml', 'pyproject.toml', '.copier-answers.yml']

```

Every error is a `KitError` with a `message`, a `hint` and the `exit_code` of the command:

```python
>>> from pyo3_kit import KitError
>>> try:
...     update_project("my-lib", answers={"colour": "blue"})
... except KitError as error:
...     print(error.exit_code, error.message)
2 colour: there is no such question

```
"""


def main() -> int:
    """Write the page, or with `--check` compare it; see the module docstring for the exit code."""
    check = options(__doc__).parse_args().check
    return write_or_check({PAGE: HEAD + "\n" + "\n".join(sections())}, check=check)


def sections() -> Iterator[str]:
    """Yield the functions, then the classes, each sorted by name."""
    public = {name: getattr(pyo3_kit, name) for name in pyo3_kit.__all__ if name != "__version__"}
    for title, wanted in (("Functions", inspect.isfunction), ("Results and errors", inspect.isclass)):
        yield f"## {title}\n"
        for name, value in public.items():
            if wanted(value):
                yield f"### {name}\n"
                yield from (function(name, value) if inspect.isfunction(value) else class_(value))


def function(name: str, value: Any) -> Iterator[str]:
    """Yield a function's signature, one parameter per line, and its docstring."""
    signature = inspect.signature(value)
    yield f"```python\ndef {name}("
    keywords = False
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not keywords:
            keywords = True
            yield "    *,"
        kind = _plain(parameter.annotation)
        usual = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
        # As ruff formats it.
        yield f"    {parameter.name}: {kind}{usual},".replace("'", '"')
    yield f") -> {_plain(signature.return_annotation)}: ...\n```\n"
    yield f"{inspect.getdoc(value)}\n"


def class_(value: type) -> Iterator[str]:
    """Yield a class's docstring, and its fields with their types."""
    yield f"{inspect.getdoc(value)}\n"
    own = dataclasses.is_dataclass(value)
    fields = [field.name for field in dataclasses.fields(value)] if own else list(getattr(value, "_fields", ()))
    if fields:
        # Those of a NamedTuple are references.
        types = {name: getattr(kind, "__forward_arg__", kind) for name, kind in inspect.get_annotations(value).items()}
        yield "| field | type |\n|---|---|"
        yield "\n".join(
            f"| `{field}` | `{_plain(types[field])}` |".replace(" | None`", " \\| None`") for field in fields
        )
        yield ""
    properties = {key: one for key, one in vars(value).items() if isinstance(one, property)}
    for key, one in properties.items():
        yield f"`{key}`: {inspect.getdoc(one)}\n"


def _plain(annotation: Any) -> str:
    """An annotation as it is written, with the public names of classes."""
    text = str(annotation)
    for internal, name in PUBLIC.items():
        text = text.replace(internal, name)
    return text


if __name__ == "__main__":
    sys.exit(main())
