"""Write docs/reference/precision.md: the rules' findings in published projects, and how many are correct.

With `--count`, fetch and check the projects first, and write tests/field/hits.toml. With `--check`, write nothing and
exit with 1 if the page is stale.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pyo3_kit.audit import registry  # noqa: E402
from pyo3_kit.audit.project import FLAG_VARIABLES  # noqa: E402
from tests.field.precision import COUNTS, LEAST, Judged, counted, counts, hits, judged, precision, written  # noqa: E402
from tests.field.support import published, unpacked  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "precision.md"
NOTE = "<!-- Written by scripts/build_precision.py from tests/field/hits.toml and tests/field/judged.toml. -->"


def main() -> int:
    """Write the page, or with `--check` compare it; see the module docstring for the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", action="store_true", help="check the projects first, and write the counts")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is stale")
    arguments = parser.parse_args()
    if arguments.count:
        COUNTS.write_text(written(counted(dict(_found()))), encoding="utf-8")
    text = page()
    stale = not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text
    if stale and not arguments.check:
        PAGE.write_text(text, encoding="utf-8")
    if stale:
        print(f"precision.md: {'stale; run scripts/build_precision.py' if arguments.check else 'written'}")
    return 1 if stale and arguments.check else 0


def _found() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for name in FLAG_VARIABLES:
        os.environ.pop(name, None)
    for project in published():
        with tempfile.TemporaryDirectory() as folder:
            yield str(project), hits(unpacked(project, Path(folder)))


def page() -> str:
    """Return the page's text."""
    return "\n".join([*_head(), *_rules(), *_wrong(), *_projects()]) + "\n"


def _head() -> Iterator[str]:
    sample = sum(map(len, judged().values()))
    total = sum(sum(projects.values()) for projects in counts().values())
    yield from ("# Precision of the rules", "", NOTE, "")
    yield textwrap.fill(
        f"The rules report {total} findings in {len(published())} published projects. For each rule, about twenty "
        f"findings from as many projects as possible (or all, if there are fewer) were reviewed by hand, {sample} in "
        f"total: is the finding correct for this code, as the rule's page describes it? Rules with a precision below "
        f"{LEAST:.0%} are off by default. The verdicts and reasons are in `tests/field/judged.toml`. "
        "`python3 dev.py field` fetches the projects with pip, counts again, and fails if a number has changed.",
        width=120,
    )


def _rules() -> Iterator[str]:
    numbers, verdicts = counts(), judged()
    yield from (
        "",
        "## By rule",
        "",
        "| rule | findings | projects | reviewed | correct | precision |",
        "|---|---:|---:|---:|---:|---:|",
    )
    for rule in registry.rule_ids():
        projects, listed = numbers.get(rule, {}), verdicts.get(rule, [])
        off = "" if registry.rule(rule).default_on else ", off by default"
        share = f"{precision(listed):.0%}" if listed else "–"
        right = sum(one.right for one in listed)
        yield (
            f"| [{rule}](rules/{rule}.md){off} | {sum(projects.values())} | {len(projects)} "
            f"| {len(listed)} | {right} | {share} |"
        )
    yield from ("", "Rules without findings are only covered by their own tests.")


def _wrong() -> Iterator[str]:
    wrong: list[tuple[str, Judged]] = [
        (rule, one) for rule, listed in judged().items() for one in listed if not one.right
    ]
    yield from ("", "## False positives", "", "| rule | project | place | reason |", "|---|---|---|---|")
    for rule, one in wrong:
        yield f"| {rule} | {one.project} | `{one.place}` | {one.why} |"


def _projects() -> Iterator[str]:
    numbers = counts()
    yield from ("", "## By project", "", "| project | PyO3 | findings | by rule |", "|---|---|---:|---|")
    for project in published():
        own = {rule: projects[str(project)] for rule, projects in numbers.items() if str(project) in projects}
        rules = ", ".join(f"{rule[3:]}{f' × {number}' if number > 1 else ''}" for rule, number in own.items())
        yield f"| {project} | {project.pyo3} | {sum(own.values())} | {rules} |"
    yield from (
        "",
        "Rules are listed by their digits. orjson uses only PyO3's FFI bindings, which the rules do not cover.",
    )


if __name__ == "__main__":
    sys.exit(main())
