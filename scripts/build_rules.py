"""Write docs/reference/rules.md, a page for each rule and practice, and the list that `explain` prints.

With `--check`, write nothing and exit with 1 if a page is stale.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from build_charts import link
from generated import options, write_or_check

from pyo3_kit.audit import registry
from pyo3_kit.audit.practices import LISTING, listing, practice_markdown, practices, rule_markdown, rules_of
from pyo3_kit.audit.texts import explain, versions

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
FOLDERS = ("practices", "rules")
NOTE = "<!-- Written by scripts/build_rules.py: change the docstring in src/pyo3_kit/audit/rules/ instead. -->"


def main() -> int:
    """Write the pages, or with `--check` compare them; see the module docstring for the exit code."""
    check = options(__doc__).parse_args().check
    there = [path for folder in FOLDERS for path in (REFERENCE / folder).glob("*.md")]
    return write_or_check(pages(), there, check=check)


def pages() -> dict[Path, str]:
    """Return every page, and the list in the package, by its path."""
    made = {REFERENCE / "rules.md": "\n".join(overview()) + "\n", LISTING: listing()}
    for name, rule in registry.rules().items():
        title, _, rest = rule_markdown(name).partition("\n")
        linked = rest.replace(
            f"- Practice: {rule.practice}", f"- Practice: [{rule.practice}](../practices.md#{rule.practice.lower()})"
        )
        made[REFERENCE / f"rules/{name}.md"] = f"{title}\n\n{NOTE}\n{with_chart(rule.practice, linked)}"
    for name, record in practices().items():
        title, _, rest = practice_markdown(name, record).partition("\n")
        linked = re.sub(r"^- (PYO\d{3}):", r"- [\1](../rules/\1.md):", rest, flags=re.MULTILINE)
        made[REFERENCE / f"practices/{name}.md"] = f"{title}\n\n{NOTE}\n{with_chart(name, linked)}"
    return made


def with_chart(practice: str, text: str) -> str:
    """Return the text with the chart of the practice before its figures."""
    head, heading, figures = text.partition("\n## Measured\n")
    return f"{head}{heading}\n{link(practice, '../../images')}\n{figures}" if heading else text


def overview() -> Iterator[str]:
    """Yield the page of all rules, with a heading for each."""
    yield from ("# Rules", "", NOTE, "")
    yield "The rules of `pyo3-kit check`, by practice. `pyo3-kit explain ID` shows the same text in the terminal."
    yield "A safe fix does not change the program's behaviour; an unsafe fix says what changes."
    for practice, record in practices().items():
        own = rules_of(practice)
        if not own:
            continue
        yield from (
            "",
            f"## {practice}: {record['title']}",
            "",
            f"[The practice, its gains and costs](practices/{practice}.md)",
        )
        for name in own:
            rule = registry.rule(name)
            fix = f"{rule.fix.value} fix" if rule.fix else "no fix"
            facts = [rule.severity.value, f"{rule.confidence.value} confidence", versions(rule), fix]
            yield from ("", f"### {name}", "", f"[{explain(rule).summary}](rules/{name}.md)", "")
            yield f"{', '.join(facts)}{'' if rule.default_on else ', off by default'}"


if __name__ == "__main__":
    sys.exit(main())
