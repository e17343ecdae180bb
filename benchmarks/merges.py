"""Give the corpus of merges to other programs, and write the table of docs/reference/updates.md.

    python benchmarks/merges.py [--driver NAME=COMMAND]

Each driver is a merge driver of Git, with its placeholders, e.g. `weave="weave-driver %O %A %B %L %P"`.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.merge.cases import all_cases  # noqa: E402
from tests.merge.engines import by_copier, by_git  # noqa: E402
from tests.merge.judging import Verdict, counts, judge, of_ours  # noqa: E402

PAGE = ROOT / "docs" / "reference" / "updates.md"
BEGIN, END = "<!-- Written by benchmarks/merges.py. -->\n", "<!-- End of what benchmarks/merges.py writes. -->\n"


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--driver", action="append", default=[], metavar="NAME=COMMAND", help="may be repeated")
    arguments = parser.parse_args()
    cases = all_cases()
    verdicts: dict[str, Sequence[Verdict]] = {"`pyo3-kit update`": [judge(case, of_ours(case)) for case in cases]}
    with tempfile.TemporaryDirectory() as folder:
        engines = {f"`copier update` {version('copier')}": by_copier(cases, Path(folder) / "copier")}
        engines["`git merge`"] = by_git(cases, Path(folder) / "git")
        for number, driver in enumerate(arguments.driver):
            name, _, command = driver.partition("=")
            engines[f"`git merge` with {name}"] = by_git(cases, Path(folder) / str(number), command)
    for name, made in engines.items():
        verdicts[name] = [judge(case, made[case.name]) for case in cases]
    page = PAGE.read_text(encoding="utf-8")
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    assert pattern.search(page), f"{PAGE} has no place for the table"
    PAGE.write_text(pattern.sub(lambda _: BEGIN + "\n" + table(verdicts) + "\n" + END, page), encoding="utf-8")


def table(verdicts: Mapping[str, Sequence[Verdict]]) -> str:
    """The table as Markdown, with the date."""
    columns = ("right", "needless conflict", "silently wrong", "lost lines", "unparsable", "wrong exit code")
    rows = [
        f"| {name} | " + " | ".join(str(count) for count in counts(found).values()) + " |"
        for name, found in verdicts.items()
    ]
    total = len(next(iter(verdicts.values())))
    day = datetime.now(tz=timezone.utc).date()
    head = f"| {total} cases, {day} | {' | '.join(columns)} |\n|---|{'--:|' * len(columns)}\n"
    return head + "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
