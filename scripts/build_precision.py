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
from tests.field.precision import (  # noqa: E402
    COUNTS,
    STRICT,
    counted,
    counts,
    hits,
    judged,
    leniently,
    precision,
    strictly,
    written,
)
from tests.field.support import published, unpacked  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "precision.md"
DATE = "2026-11-30"
"""The day of the strict review."""
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
        print(f"precision.md: {'out of date; run `python dev.py docs`' if arguments.check else 'written'}")
    return 1 if stale and arguments.check else 0


def _found() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for name in FLAG_VARIABLES:
        os.environ.pop(name, None)
    for project in published():
        with tempfile.TemporaryDirectory() as folder:
            yield str(project), hits(unpacked(project, Path(folder)))


def page() -> str:
    """Return the page's text."""
    parts = (_head(), _sample(), _rules(), _against(), _others(), _wrong(), _projects())
    return "\n".join(line for part in parts for line in part) + "\n"


def _head() -> Iterator[str]:
    numbers = _of(drawn=True)
    total = sum(sum(projects.values()) for projects in numbers.values())
    sample = sum(len(strictly(listed)) for listed in judged().values())
    yield from ("# Precision of the rules", "", NOTE, "")
    yield _fill(
        f"On {DATE}, all rules were run on {_drawn(1, 2)} published projects that had not been used to develop "
        f"them. They report {total} findings, of which {sample} were judged by reading the code. A finding counts "
        "only if it is right *and* worth it: a maintainer who reads it would change the code. A finding that is "
        f"right but of little value counts as a miss. Rules that do not reach {STRICT:.0%} by this measure are off "
        "by default."
    )
    yield ""
    yield _fill(
        "The table shows the rules as they are now. Both draws found faults in them, which were fixed, and the "
        "findings that were left were judged. So the numbers are those of projects that the rules were improved "
        "with: expect somewhat less on others. The verdicts and reasons are in `tests/field/judged.toml`. `python3 "
        "dev.py field` fetches the projects with pip, counts again, and fails if a number has changed."
    )


def _sample() -> Iterator[str]:
    lines = sorted(one.line for one in published() if one.drawn)
    oldest, newest = (".".join(map(str, line)) for line in (lines[0], lines[-1]))
    yield from ("", "## How the projects were drawn", "")
    yield _item(
        "Of the 15,000 most downloaded packages on PyPI, those whose name or summary contains the word `rust`, "
        "`pyo3` or `maturin`: 115. Of these, 10 were in our tests already."
    )
    yield _item(
        "First draw: of the other 105, ordered by downloads, every third one, beginning with the third (35), and "
        "those whose last release was before 2025 (9 more). Second draw: every third one, beginning with the "
        "first, if it is not in the first draw (33)."
    )
    yield _item(
        "Of these 77, the newest sdist, if pip can download it without building anything, and if a crate in it "
        f"depends on pyo3: {_drawn(1)} and {_drawn(2)}. Eight have no such sdist (ciris-persist, jsonlogic-rs, "
        "nominal-streaming, puccinialin, pyavd-utils, pydemumble, rust-demangler, stretchable), and nine have no "
        "such crate (cmsis-pack-manager, maturin-import-hook, result, ruff, runtimed, RUST, tree-sitter-rust, ty, "
        "whenever)."
    )
    yield ""
    yield _fill(
        f"They use PyO3 {oldest} to {newest} and have between 46 and 1.5 million lines of Rust. Of each rule, up to "
        "20 findings were judged (10 of rules that are off by default): the first of each project in alphabetical "
        "order, then the second of each, and so on; all findings if there are fewer. Of several on one line, one "
        "was judged."
    )


def _rules() -> Iterator[str]:
    numbers, verdicts = _of(drawn=True), judged()
    yield from (
        "",
        "## By rule",
        "",
        "| rule | default | findings | projects | judged | right and worth it | little value | wrong | precision |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    )
    for rule in registry.rule_ids():
        projects, listed = numbers.get(rule, {}), strictly(verdicts.get(rule, []))
        share = f"{precision(listed):.0%}" if listed else "–"
        worth = sum(one.right and one.worth is True for one in listed)
        wrong = sum(not one.right for one in listed)
        yield (
            f"| [{rule}](rules/{rule}.md) | {_state(rule)} | {sum(projects.values())} | {len(projects)} "
            f"| {len(listed)} | {worth} | {len(listed) - worth - wrong} | {wrong} | {share} |"
        )
    yield from (
        "",
        "Rules without findings are only covered by their own tests and, partly, by the other projects below.",
    )


def _against() -> Iterator[str]:
    yield from ("", "## Findings of little value, and false positives", "")
    yield from ("| rule | project | place | verdict | reason |", "|---|---|---|---|---|")
    for rule, listed in judged().items():
        for one in strictly(listed):
            if not (one.right and one.worth):
                verdict = "little value" if one.right else "wrong"
                yield f"| {rule} | {one.project} | `{one.place}` | {verdict} | {one.why} |"


def _others() -> Iterator[str]:
    numbers = _of(drawn=False)
    total = sum(sum(projects.values()) for projects in numbers.values())
    sample = sum(len(leniently(listed)) for listed in judged().values())
    yield from ("", "## The other projects", "")
    yield _fill(
        f"The {sum(not one.drawn for one in published())} projects that the rules were developed with have {total} "
        f"findings. Of each rule, about twenty were reviewed, {sample} in all, but only as right or wrong, as the "
        "rule's page describes it; whether they are worth a change was not judged."
    )
    yield from ("", "| rule | findings | projects | reviewed | right | share |", "|---|---:|---:|---:|---:|---:|")
    for rule, projects in numbers.items():
        listed = leniently(judged()[rule])
        right = sum(one.right for one in listed)
        yield (
            f"| [{rule}](rules/{rule}.md) | {sum(projects.values())} | {len(projects)} | {len(listed)} | {right} "
            f"| {precision(listed):.0%} |"
        )


def _wrong() -> Iterator[str]:
    yield from ("", "False positives among them:", "", "| rule | project | place | reason |", "|---|---|---|---|")
    for rule, listed in judged().items():
        for one in leniently(listed):
            if not one.right:
                yield f"| {rule} | {one.project} | `{one.place}` | {one.why} |"


def _projects() -> Iterator[str]:
    numbers = counts()
    yield from ("", "## By project", "", "| project | sample | PyO3 | findings | by rule |", "|---|---|---|---:|---|")
    for project in published():
        own = {rule: projects[str(project)] for rule, projects in numbers.items() if str(project) in projects}
        rules = ", ".join(f"{rule[3:]}{f' × {number}' if number > 1 else ''}" for rule, number in own.items())
        drawn = "yes" if project.drawn else ""
        yield f"| {project} | {drawn} | {project.pyo3} | {sum(own.values())} | {rules} |"
    yield ""
    yield _fill(
        "Rules are listed by their digits. orjson uses only PyO3's FFI bindings, which the rules do not cover; "
        "setuptools-rust uses PyO3 only in its examples, which are not checked."
    )


def _of(*, drawn: bool) -> dict[str, dict[str, int]]:
    """The counts of the projects that were drawn, or of the others, by rule; only rules with findings."""
    chosen = {str(one) for one in published() if bool(one.drawn) is drawn}
    found = {
        rule: {project: number for project, number in projects.items() if project in chosen}
        for rule, projects in counts().items()
    }
    return {rule: projects for rule, projects in found.items() if projects}


def _state(rule: str) -> str:
    return "on" if registry.rule(rule).default_on else "off"


def _drawn(*draws: int) -> int:
    return sum(one.drawn in draws for one in published())


def _item(text: str) -> str:
    wrapped = textwrap.wrap(text, width=118, break_long_words=False, break_on_hyphens=False)
    return "\n".join(("- " if number == 0 else "  ") + line for number, line in enumerate(wrapped))


def _fill(text: str) -> str:
    return textwrap.fill(text, width=120, break_long_words=False, break_on_hyphens=False)


if __name__ == "__main__":
    sys.exit(main())
