"""Write docs/reference/questions.md and presets.md from the questionnaire and the catalogue.

The files that an answer adds are determined with the template's own conditions. With `--check`, write nothing and exit
with 1 if a page is stale.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from generated import options, write_or_check

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.space import TEXT, Answers, File, Space, exported  # noqa: E402

NOTE = "<!-- Written by scripts/build_reference.py: change questions/ or catalogue/ instead. -->"
PAGES = ROOT / "docs" / "reference"
NAME = {"project_name": "my-lib"}
# Longer lists of files are not useful.
MANY = 12


def main() -> int:
    """Write the pages, or with `--check` compare them; see the module docstring for the exit code."""
    check = options(__doc__).parse_args().check
    reference = Reference(exported())
    pages = {"questions.md": reference.questions(), "presets.md": reference.presets()}
    return write_or_check({PAGES / name: "\n".join(lines) + "\n" for name, lines in pages.items()}, check=check)


class Reference:
    """The pages, line by line."""

    def __init__(self, space: Space) -> None:
        self.space = space
        root = space.root / "template"
        self.files = [
            File(path.relative_to(root).as_posix(), frozenset(), space.gates)
            for path in sorted(root.rglob("*"))
            if path.is_file()
        ]
        self.catalogue = {name: self._load(name) for name in ("pages", "presets", "choice_help")}
        self.reads = {file.path: self._reads(file) for file in self.files}

    def questions(self) -> Iterator[str]:
        """Yield one heading per question, in the order in which they are asked."""
        yield from ("# Questions", "", NOTE, "")
        yield "The questions of `pyo3-kit new` and `copier copy`, in order. Every answer can be passed with `--data`."
        yield "Pages that are not marked as asked keep their defaults unless you open them from the last page."
        for page in self.catalogue["pages"].values():
            for name in page["questions"]:
                yield from self._question(name, page)

    def presets(self) -> Iterator[str]:
        """Yield one heading per preset."""
        yield from ("# Presets", "", NOTE, "")
        yield "Named sets of answers for `pyo3-kit new PATH --preset NAME`. Other questions keep their defaults,"
        yield "and `--data` overrides the preset."
        for name, preset in self.catalogue["presets"].items():
            yield from ("", f"## {name}", "", preset["summary"], "", "| question | answer |", "|---|---|")
            for question, answer in preset["answers"].items():
                yield f"| [`{question}`](questions.md#{question}) | `{shown(answer)}` |"

    def _question(self, name: str, page: Answers) -> Iterator[str]:
        details = self.space.questions[name]
        yield from ("", f"## {name}", "", " ".join(details["help"].split()), "")
        kind = {"bool": "yes or no", "str": "a choice" if "choices" in details else "text"}[details["type"]]
        yield f"- Page: {page['title']}{', asked' if page['short'] else ''}"
        yield f"- Type: {kind}"
        yield f"- Default: {self._default(name)}"
        if "when" in details:
            yield f"- Asked when: `{expression(details['when'])}`"
        readers = self._readers(name)
        yield f"- Affects: {listed(readers) if len(readers) <= MANY else f'{len(readers)} files'}"
        if name in TEXT:
            return
        base, brought = self._brought(name)
        meaning = self.catalogue["choice_help"].get(name, {})
        yield from ("", "| answer | meaning | adds |", "|---|---|---|")
        for value in self.space.choices(name):
            yield f"| `{shown(value)}` | {meaning.get(value, '')} | {listed(brought.get(value, []))} |".replace(
                "  ", " "
            )
        if base:
            yield from ("", f"With {listed([f'{key}={shown(answer)}' for key, answer in base.items()])}.")
        for value, reason in self._refusals(name):
            yield from ("", f"`{shown(value)}` is rejected: {reason}")

    def _default(self, name: str) -> str:
        default = self.space.questions[name]["default"]
        if name == "project_name":
            return "the name of the folder"
        if isinstance(default, str) and "{" in default:
            return f"computed, `{expression(default)}`"
        return f"`{shown(default)}`" if default != "" else "empty"

    def _readers(self, name: str) -> list[str]:
        """Return the files that use the answer, directly or through a computed one, with their paths in a project."""
        values = self._values({})
        found = []
        for file in self.files:
            if name in self.reads[file.path]:
                parts = [self.space.render(part, values) for part in file.path.removesuffix(".jinja").split("/")]
                found.append("/".join(part for part in parts if part not in ("", ".")))
        return sorted(set(found))

    def _reads(self, file: File) -> frozenset[str]:
        source = (self.space.root / "template" / file.path).read_text(encoding="utf-8") if file.is_template else ""
        names = self.space.variables(source)
        for hidden in [name for name in names if name in self.space.questions and self.space.hidden(name)]:
            default = self.space.questions[hidden]["default"]
            names |= self.space.variables(default) if isinstance(default, str) else frozenset()
        return names

    def _brought(self, name: str) -> tuple[Answers, dict[Any, list[str]]]:
        """Return the files that only one value adds, by value, and the other answers used to find them."""
        base = self._base(name)
        present = {}
        for value in self.space.choices(name):
            values = self.space.resolve({**NAME, **base, name: value})
            if values is not None:
                present[value] = {t for file in self.files if (t := self.space.target(file, values)) is not None}
        return base, {
            value: folded(files - set().union(*(other for key, other in present.items() if key != value)), present)
            for value, files in present.items()
        }

    def _base(self, name: str) -> Answers:
        """Return the answers that allow the most values of `name` with the fewest changes to the defaults."""
        defaults = self._values({})
        conditions = [other for other in self.space.structural if other in self.space.conditions(name)]
        best: tuple[tuple[int, int], Answers] = ((-1, 0), {})
        for picks in itertools.product(*(self.space.choices(other) for other in conditions)):
            given = {o: pick for o, pick in zip(conditions, picks, strict=True) if pick != defaults[o]}
            accepted = [v for v in self.space.choices(name) if self.space.resolve({**NAME, **given, name: v})]
            best = max(best, ((len(accepted), -len(given)), given), key=lambda entry: entry[0])
        return best[1]

    def _refusals(self, name: str) -> list[tuple[Any, str]]:
        """Return each value that other answers can rule out, with the reason."""
        details = self.space.questions[name]
        conditions = [other for other in self.space.structural if other in self.space.conditions(name)]
        found: dict[tuple[Any, str], None] = {}
        for picks in itertools.product(*(self.space.choices(other) for other in conditions)):
            values = {**self._values({}), **dict(zip(conditions, picks, strict=True))}
            for value in self.space.choices(name):
                if reason := self.space.refused(name, details, {**values, name: value}):
                    found[value, " ".join(reason.split()).rstrip(".") + "."] = None
        return list(found)

    def _values(self, answers: Answers) -> Answers:
        values = self.space.resolve({**NAME, **answers})
        assert values is not None
        return values

    def _load(self, name: str) -> Any:
        return yaml.safe_load((ROOT / "catalogue" / f"{name}.yml").read_text(encoding="utf-8"))


def folded(files: set[str], present: dict[Any, set[str]]) -> list[str]:
    """Return the files, replacing those in a folder that only this value has with the folder."""
    others = {path for paths in present.values() for path in paths} - files
    result = set()
    for path in files:
        parents = [parent.as_posix() for parent in reversed(Path(path).parents) if parent.as_posix() != "."]
        own = [parent for parent in parents if not any(other.startswith(f"{parent}/") for other in others)]
        result.add(f"{own[0]}/" if own else path)
    return sorted(result)


def expression(source: str) -> str:
    """Return Jinja on one line, without the braces around a single expression."""
    text = " ".join(str(source).split())
    return text[2:-2].strip() if text.startswith("{{") and text.count("{{") == 1 and text.endswith("}}") else text


def shown(answer: Any) -> str:
    """Return an answer as passed to `--data`."""
    return {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else str(answer)


def listed(items: list[str]) -> str:
    """Return the items as inline code, separated by commas."""
    return ", ".join(f"`{item}`" for item in items)


if __name__ == "__main__":
    sys.exit(main())
