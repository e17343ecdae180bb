"""The practices, from the catalogue: what each is, what it gains, and where the guide is wrong about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pyo3_kit.audit import registry
from pyo3_kit.system.reading import read_text
from pyo3_kit.template.location import catalogue, template_root
from pyo3_kit.texts.bounds import load_json, load_yaml

_SECTIONS = 13
GUIDE = "docs/explanation/where-the-guide-is-wrong.md"
LISTING = Path(__file__).parent / "listing.md"
"""What `listing` says, written by `scripts/build_rules.py`: to list the rules takes no import of them."""

_ROW = re.compile(r"^\| *([0-9, ]+): *(.*?) \| (.*?) \| (.*?) \|$", re.MULTILINE)


def practices() -> Mapping[str, Any]:
    """The catalogue's records, by id."""
    import yaml

    text = read_text(catalogue() / "practices.yml")
    loaded: Mapping[str, Any] = load_yaml(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


def rules_of(practice: str) -> list[str]:
    """The ids of a practice's rules."""
    return [name for name in registry.rule_ids() if name.startswith(practice)]


def listing() -> str:
    """All practices and their rules, a line each."""
    lines = ["# Practices and their rules", ""]
    for name, record in practices().items():
        lines.append(f"- {name} {record['title']}")
        for own in rules_of(name):
            rule = registry.rule(own)
            lines.append(f"  - {own} {rule.title}{'' if rule.default_on else ' (off by default)'}")
    return "\n".join([*lines, "", "Run `pyo3-kit explain ID` for details."]) + "\n"


def practice_markdown(name: str, record: Mapping[str, Any]) -> str:
    """The explanation of a practice, with a summary of its rules."""
    lines = [f"# {name}: {record['title']}", "", " ".join(record["summary"].split())]
    if record["guide"]:
        lines += ["", f"Section {record['guide']} of the guide."]
    lines += _evidence(name)
    own = rules_of(name)
    if own:
        lines += ["", "## Rules", ""]
        lines += [f"- {one}: {registry.rule(one).title}" for one in own]
    for one in own:
        lines += ["", *_in_short(one)]
    return "\n".join(lines) + "\n"


def rule_markdown(name: str) -> str:
    """The explanation of a rule: its own text, then what was measured and found of its practice."""
    from pyo3_kit.audit.texts import explain

    rule = registry.rule(name)
    return "\n".join([explain(rule).markdown().rstrip("\n"), *_evidence(rule.practice)]) + "\n"


def _in_short(name: str) -> Iterator[str]:
    from pyo3_kit.audit.texts import explain, versions

    rule = registry.rule(name)
    sections = explain(rule).sections
    yield from (f"## {name}: {rule.title}", "", f"PyO3: {versions(rule)}.", "", sections["Why"])
    yield from ("", sections["Example"], "", "Instead:", "", sections["Use instead"])
    yield from ("", "When not:", "", sections["When not"])


def _evidence(practice: str) -> list[str]:
    """What was measured of a practice, and where the guide is wrong about it."""
    lines: list[str] = []
    for section in (list(_measured(practice)), list(_corrections(guide_section(practice)))):
        lines += ["", *section] if section else []
    return lines


def guide_section(practice: str) -> int | None:
    """The guide's section that a practice is about: the guide has thirteen, and the practices begin with them."""
    number = int(practice[3:])
    return number if number <= _SECTIONS else None


def _measured(name: str) -> Iterator[str]:
    data = load_json(read_text(catalogue() / "measurements.json"))
    figures = [one for one in data["figures"] if one["practice"] == name]
    if figures:
        yield from ("## Measured", "", f"On: {figures[0].get('machine', data['machine'])}.", "")
        for one in figures:
            unit = one["unit"]
            ratio = f"{one['ratio']:g}×"
            if "spread" in one:
                ratio += " ({:g} to {:g} in {} rounds)".format(*one["spread"], one["rounds"])
            yield f"- {one['what']}: {one['without']:,g} {unit} without, {one['with']:,g} with: {ratio}"


def _corrections(section: int | None) -> Iterator[str]:
    page = template_root() / GUIDE
    rows = _ROW.findall(read_text(page)) if section and page.is_file() else []
    own = [row for row in rows if str(section) in re.split(r"[, ]+", row[0].strip())]
    if own:
        yield from ("## Where the guide is wrong", "")
        for _, said, found, instead in own:
            yield f"- It says: {said}. Found: {found}. The template: {instead}."
