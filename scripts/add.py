"""Write what a new rule, question or migration consists of, as skeletons whose TODOs the tests ask for.

Needs nothing but Python. An existing file is never replaced.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parent.parent
SKELETONS = ROOT / "scripts" / "skeletons"
USAGE = """\
usage: python dev.py add rule ID SLUG        e.g. add rule PYO175 old_companion
       python dev.py add question NAME       e.g. add question logging
       python dev.py add migration ID        e.g. add migration pyo3-0.31-new-name, or template-0.5-new-name"""


class Unusable(Exception):  # noqa: N818 (said as it is raised)
    """What was asked for cannot be added; the message says why."""


def main(words: list[str]) -> int:
    """Add what the words name; returns 0, or 2 if they cannot be used, with nothing written."""
    try:
        match words:
            case ["rule", name, slug]:
                written = add_rule(name, slug)
            case ["question", name]:
                written = add_question(name)
            case ["migration", name]:
                written = add_migration(name)
            case _:
                print(USAGE, file=sys.stderr)
                return 2
    except Unusable as reason:
        print(f"error: {reason}", file=sys.stderr)
        return 2
    for path in written:
        print(f"wrote {path.relative_to(ROOT).as_posix()}")
    print("Next: `python dev.py docs`, then `pytest tests/trace`, whose messages say what to write.")
    return 0


def add_rule(name: str, slug: str) -> list[Path]:
    """Write the module and the test of a rule; raises `Unusable`."""
    if not re.fullmatch(r"PYO\d{3}", name):
        raise Unusable(f"`{name}` is not the id of a rule: write PYO and three digits, e.g. PYO175.")
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", slug):
        raise Unusable(f"`{slug}` is not a slug: write lower-case words with underscores, e.g. old_companion.")
    practice = name[:5]
    if not re.search(rf"^{practice}:$", _read("catalogue/practices.yml"), re.MULTILINE):
        raise Unusable(f"{name} belongs to the practice {practice}: add that to catalogue/practices.yml first.")
    rules = ROOT / "src" / "pyo3_kit" / "audit" / "rules"
    if taken := [path.name for path in rules.glob(f"{name.lower()}_*.py")]:
        raise Unusable(f"{name} exists: {taken[0]}.")
    module = f"{name.lower()}_{slug}"
    return _write(
        {
            rules / f"{module}.py": _filled("rule.py", id=name),
            ROOT / "tests" / "audit" / "rules" / f"test_{module}.py": _filled("test_rule.py", id=name),
        }
    )


def add_question(name: str) -> list[Path]:
    """Write the file and the test of a question and include it everywhere; raises `Unusable`."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        raise Unusable(f"`{name}` is not the name of a question: write lower-case words with underscores.")
    numbers = {path.stem.partition("_")[2]: int(path.stem[:2]) for path in (ROOT / "questions").glob("??_*.yml")}
    if name in numbers:
        raise Unusable(f"The question `{name}` exists.")
    # The last ones hold what follows from the answers.
    number = max(number for number in numbers.values() if number < 90) + 1
    computed = _read("copier.yml").index("!include questions/90_")
    *_, page = re.finditer(r"^  questions: \[.*(?=\]$)", _read("catalogue/pages.yml"), re.MULTILINE)
    end = len(_read("catalogue/choice_help.yml"))
    meaning = "TODO: Say what it gives and costs."
    return [
        *_write(
            {
                ROOT / "questions" / f"{number}_{name}.yml": _filled("question.yml", name=name),
                ROOT / "tests" / "questions" / f"test_{name}.py": _filled("test_question.py", name=name),
            }
        ),
        _insert("copier.yml", computed, f"!include questions/{number}_{name}.yml\n---\n"),
        _insert("catalogue/pages.yml", page.end(), f", {name}"),
        _insert("catalogue/choice_help.yml", end, f'{name}:\n  true: "{meaning}"\n  false: "{meaning}"\n'),
    ]


def add_migration(name: str) -> list[Path]:
    """Write the folder of a migration; raises `Unusable`."""
    found = re.fullmatch(r"(pyo3|template)-(\d+)\.(\d+)-[a-z0-9.-]+", name)
    if found is None:
        raise Unusable(f"`{name}` does not name the version that it belongs to: write e.g. pyo3-0.31-new-name.")
    of, major, minor = found[1], int(found[2]), int(found[3])
    if of == "pyo3":
        when = f'{{answer: pyo3, from: "{major}.{minor - 1}", to: "{major}.{minor}"}}'
    else:
        when = f'{{to: "{major}.{minor}.0"}}'
    folder = ROOT / "migrations" / name
    if folder.exists():
        raise Unusable(f"The migration `{name}` exists.")
    return _write(
        {
            folder / "migration.yml": _filled("migration.yml", id=name, when=when),
            folder / "rules.yml": _filled("rules.yml"),
            folder / "before" / "src" / "lib.rs": _filled("before.rs"),
            folder / "after" / "src" / "lib.rs": _filled("after.rs"),
        }
    )


def _insert(path: str, at: int, text: str) -> Path:
    """Insert a text into a file, before the character with this number."""
    whole = _read(path)
    (ROOT / path).write_text(whole[:at] + text + whole[at:], encoding="utf-8")
    return ROOT / path


def _read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def _filled(skeleton: str, **values: str) -> str:
    return Template((SKELETONS / f"{skeleton}.txt").read_text(encoding="utf-8")).substitute(values)


def _write(files: Mapping[Path, str]) -> list[Path]:
    if there := [path for path in files if path.exists()]:
        raise Unusable(f"{there[0].relative_to(ROOT).as_posix()} exists.")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
