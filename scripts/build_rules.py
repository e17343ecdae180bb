"""Write docs/reference/rules.md, a page for each rule and practice, and the list that `explain` prints.

With `--check`, write nothing and exit with 1 if a page is stale.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from build_charts import link

from pyo3_kit.audit import registry
from pyo3_kit.audit.practices import LISTING, listing, practice_markdown, practices, rule_markdown, rules_of
from pyo3_kit.audit.texts import explain, versions

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
FOLDERS = ("practices", "rules")
NOTE = "<!-- Written by scripts/build_rules.py: change the docstring in src/pyo3_kit/audit/rules/ instead. -->"


def main() -> int:
    """Write the pages, or with `--check` compare them; see the module docstring for the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is stale")
    arguments = parser.parse_args()
    changed = stale(pages())
    if changed and not arguments.check:
        write(pages(), changed)
    if changed:
        print(f"{', '.join(changed)}: {'out of date; run `python dev.py docs`' if arguments.check else 'written'}")
    return 1 if changed and arguments.check else 0


def pages() -> dict[str, str]:
    """Return every page by its path in docs/reference, and the list in the package by its name."""
    made = {"rules.md": "\n".join(overview()) + "\n", LISTING.name: listing()}
    for name, rule in registry.rules().items():
        title, _, rest = rule_markdown(name).partition("\n")
        linked = rest.replace(
            f"- Practice: {rule.practice}", f"- Practice: [{rule.practice}](../practices.md#{rule.practice.lower()})"
        )
        made[f"rules/{name}.md"] = f"{title}\n\n{NOTE}\n{with_chart(rule.practice, linked)}"
    for name, record in practices().items():
        title, _, rest = practice_markdown(name, record).partition("\n")
        linked = re.sub(r"^- (PYO\d{3}):", r"- [\1](../rules/\1.md):", rest, flags=re.MULTILINE)
        made[f"practices/{name}.md"] = f"{title}\n\n{NOTE}\n{with_chart(name, linked)}"
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


def stale(made: dict[str, str]) -> list[str]:
    """Return the names of stale pages, including those of removed rules."""
    wrong = [name for name, text in made.items() if not _same(_place(name), text)]
    there = (f"{folder}/{path.name}" for folder in FOLDERS for path in (REFERENCE / folder).glob("*.md"))
    return sorted([*wrong, *(name for name in there if name not in made)])


def write(made: dict[str, str], names: list[str]) -> None:
    """Write these pages; delete those of removed rules."""
    for folder in FOLDERS:
        (REFERENCE / folder).mkdir(exist_ok=True)
    for name in names:
        path = _place(name)
        if name in made:
            path.write_text(made[name], encoding="utf-8")
        else:
            path.unlink()


def _place(name: str) -> Path:
    return LISTING if name == LISTING.name else REFERENCE / name


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
