"""Write docs/reference/precision.md: what the rules find in published projects, and how much of it is right.

With `--count` the projects are fetched and checked first, and tests/field/hits.toml is written. With `--check` nothing
is written: the exit code is 1 when the page is not what would be written.
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
    """Write the page, or with `--check` compare it; see the module's text for the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", action="store_true", help="check the projects first, and write what is counted")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the page is stale")
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
    """The page's text."""
    return "\n".join([*_head(), *_rules(), *_wrong(), *_projects()]) + "\n"


def _head() -> Iterator[str]:
    sample = sum(map(len, judged().values()))
    total = sum(sum(projects.values()) for projects in counts().values())
    yield from ("# How often the rules are right", "", NOTE, "")
    yield textwrap.fill(
        f"All rules, over {len(published())} published projects: {total} hits. Of each rule some twenty were looked at "
        f"by hand, or all where there are fewer, from as many projects as it hits, {sample} in all: is what is found "
        f"true of this code, by what the rule's page promises? A rule that is right in less than {LEAST:.0%} is "
        "off by default. The verdicts, each with its reason, are `tests/field/judged.toml`. `python3 dev.py field` "
        "fetches the projects by pip, counts again, and fails when a number has moved.",
        width=120,
    )


def _rules() -> Iterator[str]:
    numbers, verdicts = counts(), judged()
    yield from (
        "",
        "## By rule",
        "",
        "| rule | hits | projects | judged | right | precision |",
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
    yield from ("", "A rule without hits is shown by its own tests only.")


def _wrong() -> Iterator[str]:
    wrong: list[tuple[str, Judged]] = [
        (rule, one) for rule, listed in judged().items() for one in listed if not one.right
    ]
    yield from ("", "## What was wrong", "", "| rule | project | place | why |", "|---|---|---|---|")
    for rule, one in wrong:
        yield f"| {rule} | {one.project} | `{one.place}` | {one.why} |"


def _projects() -> Iterator[str]:
    numbers = counts()
    yield from ("", "## By project", "", "| project | PyO3 | hits | by rule |", "|---|---|---:|---|")
    for project in published():
        own = {rule: projects[str(project)] for rule, projects in numbers.items() if str(project) in projects}
        rules = ", ".join(f"{rule[3:]}{f' × {number}' if number > 1 else ''}" for rule, number in own.items())
        yield f"| {project} | {project.pyo3} | {sum(own.values())} | {rules} |"
    yield from (
        "",
        "The rules are named by their digits. orjson uses PyO3's C interface alone, about which they say nothing.",
    )


if __name__ == "__main__":
    sys.exit(main())
