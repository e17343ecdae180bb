"""Write docs/reference/precision.md: the rules' findings in published projects, and how many are correct.

With `--count`, fetch and check the projects first, and write tests/field/hits.toml. With `--check`, write nothing and
exit with 1 if the page is stale.
"""

from __future__ import annotations

import os
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from generated import options, write_or_check

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pyo3_kit.audit import registry  # noqa: E402
from pyo3_kit.audit.project import FLAG_VARIABLES  # noqa: E402
from tests.field.precision import (  # noqa: E402
    BLIND,
    COUNTS,
    STRICT,
    Judged,
    afterwards,
    blindly,
    correct,
    counted,
    counts,
    hits,
    judged,
    leniently,
    precision,
    reported,
    written,
)
from tests.field.support import published, unpacked  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "precision.md"
DATE = "2026-11-30"
"""The day of the strict reviews."""
TURNED_OFF = ("PYO031", "PYO141")
"""The rules that were on by default until the blind draw."""
DRAWS = {1: "first", 2: "second", 3: "third, blind"}
NOTE = "<!-- Written by scripts/build_precision.py from tests/field/hits.toml and tests/field/judged.toml. -->"


def main() -> int:
    """Write the page, or with `--check` compare it; see the module docstring for the exit code."""
    parser = options(__doc__)
    parser.add_argument("--count", action="store_true", help="check the projects first, and write the counts")
    arguments = parser.parse_args()
    if arguments.count:
        COUNTS.write_text(written(counted(dict(_found()))), encoding="utf-8")
    return write_or_check({PAGE: page()}, check=arguments.check)


def _found() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for name in FLAG_VARIABLES:
        os.environ.pop(name, None)
    for project in published():
        with tempfile.TemporaryDirectory() as folder:
            yield str(project), hits(unpacked(project, Path(folder)))


def page() -> str:
    """Return the page's text."""
    parts = (_head(), _blind(), _improved(), _sample(), _others(), _wrong(), _projects())
    return "\n".join(line for part in parts for line in part) + "\n"


def _head() -> Iterator[str]:
    before = _blind_judged(lambda rule: registry.rule(rule).default_on or rule in TURNED_OFF)
    after = reported(_blind_judged(lambda rule: registry.rule(rule).default_on))
    yield from ("# Precision of the rules", "", NOTE, "")
    yield _fill(
        "How many findings of `pyo3-kit check` are right: what they say is true, and the change is right and easy, so "
        "that a maintainer would take the patch. Of the third draw it was also judged whether the time that the change "
        "saves matters in that place. The verdicts and reasons are in `tests/field/judged.toml`. "
        "`python3 dev.py field` fetches the projects with pip, counts again, and fails if a number has changed."
    )
    yield ""
    yield _fill(
        f"In short: in {_drawn(BLIND)} projects that the rules had never been run on, {correct(before):.0%} of the "
        "findings of the rules that were on by default were right, and "
        f"{precision(before):.0%} were where the time matters too. Most of the others came from four rules about "
        "speed, of which two are now off by default. The kinds that were wrong were fixed: of what is still reported, "
        f"{correct(after):.0%} is right and {precision(after):.0%} worth it, but these last numbers are not blind."
    )


def _blind() -> Iterator[str]:
    numbers, verdicts = _blind_counts(), {rule: blindly(listed) for rule, listed in judged().items()}
    total = sum(sum(projects.values()) for projects in numbers.values())
    judgements = sum(map(len, verdicts.values()))
    yield from ("", "## The third draw: blind", "")
    yield _fill(
        f"On {DATE}, all rules were run on {_drawn(BLIND)} published projects that they had not been run on before "
        "(minijinja had only served to test `migrate`, in an older version). No rule was changed until all verdicts "
        f"were written down. There were {total} findings, of which {judgements} were judged by reading the code: all "
        "findings of the rules that were on by default, and ten of each of the others."
    )
    yield ""
    yield _fill(
        "For rules about speed, a finding is of little value where the code runs once, or takes far longer than the "
        "change could save. `frozen` (PYO081) counts as more than speed, because the compiler then keeps the class "
        "free of mutable borrows."
    )
    yield ""
    yield _fill(
        f"A rule with fewer than {STRICT:.0%} of right findings was fixed, if what went wrong can be recognised with "
        "certainty. Two rules about a few nanoseconds (PYO031, PYO141) were never worth it and were turned off by "
        "default. PYO021 and PYO101 stay on, although most of their findings here were of little value: what they find "
        "costs more than the call itself, a microsecond and a copy of the text, and how often code runs cannot be seen "
        "in it. Skip them (`--ignore PYO021,PYO101`) for code that runs rarely. The numbers in the table are those of "
        "the blind run, before these changes; the default is that of today."
    )
    yield ""
    yield from _table(numbers, verdicts, changes=True)
    yield from ("", "Rules that are not listed found nothing.", "")
    yield from _against(verdicts, "### Findings of little value, and false positives, in the third draw")


def _improved() -> Iterator[str]:
    numbers, verdicts = _of(1, 2), {rule: afterwards(listed) for rule, listed in judged().items()}
    total = sum(sum(projects.values()) for projects in numbers.values())
    judgements = sum(map(len, verdicts.values()))
    yield from ("", "## The first two draws: after improvements", "")
    yield _fill(
        f"Before that, the rules were run on {_drawn(1, 2)} other projects. Both draws found faults in them, which "
        f"were fixed, and then {judgements} of the {total} findings that were left were judged. So these are numbers "
        "of projects that the rules were improved with, and too optimistic. The judgement was also less strict about "
        "speed: a finding counted as worth it if the change is right and easy, wherever the code runs. The third draw "
        "shows how much that hid. It also showed that two findings of PYO122 here had been judged wrongly (gamfit and "
        "lzallright publish with another profile); they are no longer reported, and not in this table."
    )
    yield ""
    yield from _table(numbers, verdicts, changes=False)
    yield from (
        "",
        "Rules without findings in any draw are only covered by their tests and, partly, by the other projects below.",
        "",
    )
    yield from _against(verdicts, "### Findings of little value, and false positives, in the first two draws")


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
        "first, if it is not in the first draw (33). Third draw: all that were left, every third one beginning with "
        "the second (28)."
    )
    yield _item(
        "Of these 105, the newest sdist, if pip can download it without building anything, and if a crate in it "
        f"depends on pyo3: {_drawn(1)}, {_drawn(2)} and {_drawn(3)}. Ten have no such sdist (ciris-persist, "
        "jsonlogic-rs, nautilus-trader, nominal-streaming, puccinialin, pyavd-utils, pydemumble, rust-demangler, "
        "spacy-alignments, stretchable), and 14 have no such crate (cmsis-pack-manager, maturin, maturin-import-hook, "
        "prek, result, ruff, rumdl, runtimed, RUST, rust-just, tree-sitter-rust, ty, uv, whenever)."
    )
    yield ""
    yield _fill(
        f"They use PyO3 {oldest} to {newest} and have between 46 and 1.5 million lines of Rust. Of each rule, up to "
        "20 findings of the first two draws were judged, and up to 20 of the third (10 of rules that are off by "
        "default): the first of each project in alphabetical order, then the second of each, and so on; all findings "
        "if there are fewer. Of several on one line, one was judged."
    )


def _table(
    numbers: Mapping[str, Mapping[str, int]], verdicts: Mapping[str, list[Judged]], *, changes: bool
) -> Iterator[str]:
    """The verdicts by rule, all rules or only those with findings, with what was changed because of them."""
    more = (" since then |", "---|") if changes else ("", "")
    yield (
        "| rule | default | findings | projects | judged | right and worth it | little value | wrong | right "
        "| right and worth it |" + more[0]
    )
    yield "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|" + more[1]
    for rule in registry.rule_ids():
        projects, listed = numbers.get(rule, {}), verdicts.get(rule, [])
        if changes and not projects:
            continue
        shares = [f"{share(listed):.0%}" if listed else "–" for share in (correct, precision)]
        worth = sum(one.right and one.worth is True for one in listed)
        wrong = sum(not one.right for one in listed)
        yield (
            f"| [{rule}](rules/{rule}.md) | {_state(rule)} | {sum(projects.values())} | {len(projects)} "
            f"| {len(listed)} | {worth} | {len(listed) - worth - wrong} | {wrong} | {' | '.join(shares)} |"
            + (f" {_change(rule, listed)} |" if changes else "")
        )


def _change(rule: str, listed: list[Judged]) -> str:
    fixed = sum(one.fixed for one in listed)
    changes = ["turned off by default"] if rule in TURNED_OFF else []
    changes += [f"fixed: {fixed} no longer reported"] if fixed else []
    return ", ".join(changes)


def _against(verdicts: Mapping[str, list[Judged]], heading: str) -> Iterator[str]:
    yield from (heading, "")
    yield from ("| rule | project | place | verdict | reason |", "|---|---|---|---|---|")
    for rule, listed in verdicts.items():
        for one in listed:
            if not (one.right and one.worth):
                verdict = ("little value" if one.right else "wrong") + (", fixed" if one.fixed else "")
                yield f"| {rule} | {one.project} | `{one.place}` | {verdict} | {one.why} |"


def _others() -> Iterator[str]:
    numbers = _of(0)
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
    yield from ("", "## By project", "", "| project | draw | PyO3 | findings | by rule |", "|---|---|---|---:|---|")
    for project in published():
        own = {rule: projects[str(project)] for rule, projects in numbers.items() if str(project) in projects}
        rules = ", ".join(f"{rule[3:]}{f' × {number}' if number > 1 else ''}" for rule, number in own.items())
        drawn = DRAWS.get(project.drawn, "")
        yield f"| {project} | {drawn} | {project.pyo3} | {sum(own.values())} | {rules} |"
    yield ""
    yield _fill(
        "Rules are listed by their digits. orjson uses only PyO3's FFI bindings, which the rules do not cover; "
        "setuptools-rust uses PyO3 only in its examples, which are not checked."
    )


def _of(*draws: int) -> dict[str, dict[str, int]]:
    """The counts of the projects of these draws (0: of no draw) by rule; only rules with findings."""
    chosen = {str(one) for one in published() if one.drawn in draws}
    found = {
        rule: {project: number for project, number in projects.items() if project in chosen}
        for rule, projects in counts().items()
    }
    return {rule: projects for rule, projects in found.items() if projects}


def _blind_counts() -> dict[str, dict[str, int]]:
    """The counts of the blind draw, with the findings that are no longer reported."""
    found = {rule: dict(projects) for rule, projects in _of(BLIND).items()}
    for rule, listed in judged().items():
        for one in listed:
            if one.fixed:
                projects = found.setdefault(rule, {})
                projects[one.project] = projects.get(one.project, 0) + 1
    return found


def _blind_judged(wanted: Callable[[str], bool]) -> list[Judged]:
    """The verdicts of the blind draw on some rules."""
    return [one for rule, listed in judged().items() if wanted(rule) for one in blindly(listed)]


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
