"""Write docs/reference/practices.md from the catalogue's practices and the measured gains.

With `--check`, write nothing and exit with 1 if the page is stale.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml
from build_charts import FIGURES, Figure, gain
from generated import options, write_or_check

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "catalogue" / "practices.yml"
PAGE = ROOT / "docs" / "reference" / "practices.md"
WITH_SPREAD = (
    "Figures with a spread are medians of rounds in which both sides alternate; the spread is that of their ratios.",
    "The machine was shared: if the spread includes 1, the difference is noise. Measure if it matters to you.",
)
WITHOUT_SPREAD = ("The machine was shared: treat differences below 50 % as noise, and measure if it matters to you.",)
KINDS = {"Question": "questions", "Files": "files", "Tests": "tests", "Benchmark": "benchmarks"}


def main() -> int:
    """Write the page, or with `--check` compare it; see the module docstring for the exit code."""
    return write_or_check({PAGE: written()}, check=options(__doc__).parse_args().check)


def written() -> str:
    """Return the page: each practice's record and figures."""
    practices = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    data = json.loads(FIGURES.read_text(encoding="utf-8"))
    lines = [
        "# Practices",
        "",
        "<!-- Written by scripts/build_practices.py: change catalogue/practices.yml instead. -->",
        "",
        "What the template does for each practice, where to find it in a project, and what it gains.",
        "Where the guide is wrong, see [what the template does instead](../explanation/where-the-guide-is-wrong.md).",
        "",
        f"Measured on: {data['machine']}; PyO3 0.30 and the release profile unless said otherwise.",
        *(f"{', '.join(names)} on: {other}." for other, names in other_machines(data["figures"]).items()),
        *(WITH_SPREAD if any("spread" in one for one in data["figures"]) else WITHOUT_SPREAD),
        "To measure your own project: `maturin develop --release --features comparisons`, `pytest benchmarks`.",
        "",
        "![Chart of all measured gains; the tables below have the same numbers](../images/gains.svg)",
    ]
    for name, record in practices.items():
        guide = f"Section {record['guide']} of the guide." if record["guide"] else "Beyond the guide."
        lines += ["", f"## {name}", "", f"**{record['title']}.** {record['summary']}", "", guide]
        for title, key in KINDS.items():
            if record[key]:
                lines.append(f"{title}: {', '.join(shown(key, entry) for entry in record[key])}.")
        rows = [row(one) for one in data["figures"] if one["practice"] == name]
        if rows:
            lines += ["", "| measured | without | with | ratio |", "|---|---:|---:|---:|", *rows]
    return "\n".join(lines) + "\n"


def other_machines(figures: list[Figure]) -> dict[str, list[str]]:
    """Return the practices that were measured on another machine than most, by machine."""
    found: dict[str, list[str]] = {}
    for one in figures:
        if "machine" in one and one["practice"] not in found.setdefault(one["machine"], []):
            found[one["machine"]].append(one["practice"])
    return found


def row(one: Figure) -> str:
    """Return a figure as a row of its practice's table."""
    unit = one["unit"]
    return f"| {one['what']} | {one['without']:,g} {unit} | {one['with']:,g} {unit} | {gain(one)} |"


def shown(key: str, entry: str) -> str:
    """Return a question as a link, or a file's path as in a single-crate project."""
    if key == "questions":
        return f"[`{entry}`](questions.md#{entry})"
    plain = entry.replace("{{ crate_dir }}/", "").replace("{{ workspace_dir }}/", "")
    return f"`{plain}`"


if __name__ == "__main__":
    sys.exit(main())
