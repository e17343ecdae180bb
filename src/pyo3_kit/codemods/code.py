"""Apply code migrations to a tree of files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache, partial
from pathlib import PurePosixPath
from typing import Any

from pyo3_kit.codemods import macros, syntax, tables
from pyo3_kit.codemods.loading import read_yaml, refusal
from pyo3_kit.codemods.model import Applied, Context, Migration, Migrations, ReviewItem
from pyo3_kit.codemods.requirements import Requirements
from pyo3_kit.codemods.selection import selected
from pyo3_kit.merge.lines import split
from pyo3_kit.merge.matching import changes
from pyo3_kit.merge.model import File, Tree
from pyo3_kit.rust import origins

_BOM = "\ufeff"
_COMMENTED = "the change would drop the comment in it; make it by hand"
Rule = Mapping[str, Any]
Pins = Mapping[str, Mapping[str, str]]
Noted = tuple[ReviewItem, str]
"""A place to change by hand, and the text in which it has that line."""


def code_migrations(
    migrations: Migrations, tree: Tree, before: Context, after: Context
) -> tuple[dict[str, File], list[Applied]]:
    """The tree after all migrations from `before` to `after`, and what each of them did.

    Applying them twice changes nothing. Links and files that are not UTF-8 are not changed; nor is a file that a
    migration would make unparsable, which is reported instead. Raises `Refused` if a migration's rules are malformed.
    """
    files = dict(tree)
    chosen = selected(migrations.of("code"), before, after)
    done = [_migrate(one, _rules(migrations, one), files, migrations.pins) for one in chosen]
    unread = macros.unread(chosen, files)
    reports = [
        _applied(one, paths, [_now(*noted, _text(files[noted[0].path])) for noted in review], unread.get(one.id, []))
        for one, (paths, review) in zip(chosen, done, strict=True)
    ]
    return files, [one for one in reports if one.paths or one.review]


def _migrate(migration: Migration, rules: _Rules, files: dict[str, File], pins: Pins) -> tuple[list[str], list[Noted]]:
    """Change the files in place; return the changed paths, and the places to change by hand."""
    if migration.beside is not None and not _holds(files, **migration.beside):
        return [], []
    requirements = Requirements(dict(files))
    texts = dict(_texts(migration, files, requirements))
    joined = _Joined(files)
    changed: dict[str, str] = {}
    review: list[Noted] = []
    for path, text in texts.items():
        try:
            if path.endswith(".toml"):
                new, notes = tables.edited(text, rules.edits, partial(requirements.behind, path), pins)
                places = [(ReviewItem(path, line, note), text) for line, note in notes]
            else:
                new, places = _change(path, text, rules, joined)
        except _WouldBreakError as problem:
            review.append((ReviewItem(path, 1, str(problem)), text))
            continue
        except syntax.RuleError as problem:
            raise refusal(migration.folder / "rules.yml", str(problem)) from None
        if new != text:
            changed[path] = new
        review += places
    for path, text in changed.items():
        old = files[path]
        mark = _BOM if old.content.startswith(_BOM.encode()) else ""
        files[path] = File((mark + text).encode(), old.executable)
    return sorted(changed), review


def _now(place: ReviewItem, then: str, now: str) -> ReviewItem:
    """The place in the text that later changes have left."""
    at, shift = place.line - 1, 0
    for change in changes(split(then), split(now)) if then != now else ():
        if change.start > at:
            break
        if change.end > at:
            # The line itself was changed.
            shift = change.first - change.start
            break
        shift = change.last - change.end
    return replace(place, line=at + shift + 1)


def _applied(migration: Migration, paths: list[str], review: list[ReviewItem], unread: list[ReviewItem]) -> Applied:
    return Applied(
        migration.id,
        migration.title,
        migration.why,
        migration.docs,
        migration.safe,
        paths=tuple(paths),
        review=tuple(sorted({*review, *unread}, key=lambda place: (place.path, place.line, place.note))),
    )


def _holds(files: Mapping[str, File], file: str, holds: str) -> bool:
    fits, word = matcher(file), holds.encode()
    return any(fits(path) and word in found.content for path, found in files.items() if not found.link)


def _texts(migration: Migration, files: Mapping[str, File], requirements: Requirements) -> Iterable[tuple[str, str]]:
    """The files that the migration applies to, decoded and without a byte order mark."""
    needles = [word.encode() for word in migration.mentions]
    for path in sorted(files):
        file = files[path]
        if file.link or not any(matcher(pattern)(path) for pattern in migration.files):
            continue
        if needles and not any(needle in file.content for needle in needles):
            continue
        if migration.requires is not None and requirements.behind(path, **migration.requires):
            continue
        try:
            yield path, file.content.decode().removeprefix(_BOM)
        except UnicodeDecodeError:
            continue


class _WouldBreakError(Exception):
    """A file would no longer parse."""


def _change(path: str, text: str, rules: _Rules, joined: _Joined) -> tuple[str, list[Noted]]:
    """A file's text after the rules, and the places to change by hand."""
    language = syntax.LANGUAGES.get(PurePosixPath(path).suffix)
    own = [rule for rule in rules.syntax if rule["language"].lower() == language]
    if language is None or not own:
        return text, []
    new = text
    places: list[Noted] = []
    for rule in own:
        if "fix" in rule:
            new, left = syntax.fixed(new, language, rule, joined.test(rule, new))
            places += [(ReviewItem(path, line, _COMMENTED), new) for line in left]
    if new != text and syntax.errors(new, language) > syntax.errors(text, language):
        raise _WouldBreakError("the file would no longer parse after the change; make it by hand")
    for rule in own:
        if "fix" not in rule:
            lines = syntax.places(new, language, rule, joined.test(rule, new))
            note = rule["message"]
        elif "otherwise" in (rule.get("metadata") or {}):
            lines = syntax.places(new, language, rule, joined.refused(rule, new))
            note = rule["metadata"]["otherwise"]
        else:
            continue
        places += [(ReviewItem(path, line, " ".join(note.split())), new) for line in lines]
    return new, places


class _Joined:
    """Rules that depend on other files of the project.

    `metadata.elsewhere` of a rule is a list of rules that share the metavariable `metadata.variable` with it: each of
    them must match in some file of that language with the same text for it. Like a migration,
    they can have `mentions`, words of which a file must contain one, and their own `variable`. None of those in
    `metadata.nowhere` may match: they find names defined by the project. `metadata.pyo3s` is a variable
    that must be a type of PyO3, judging by the file's imports and the project's types; other types
    are skipped. Other places that these conditions exclude are reported with `metadata.otherwise`, if it is set.
    """

    def __init__(self, files: Mapping[str, File]) -> None:
        self._files = files
        self._known: dict[int, frozenset[str]] = {}
        self._defined: dict[str, bool] = {}

    def test(self, rule: Rule, text: str) -> Callable[[Any], bool] | None:
        """A test whether the rest of the project allows a match; None for a rule without conditions."""
        metadata = rule.get("metadata") or {}
        if not metadata.keys() & {"elsewhere", "nowhere", "pyo3s"}:
            return None

        def asked(node: Any) -> bool:
            # In this order, so that expensive tests only run if the cheap ones pass.
            agreed = all(self._says(other, node, rule) for other in metadata.get("elsewhere", []))
            agreed = agreed and not any(self._says(other, node, rule) for other in metadata.get("nowhere", []))
            origin = self._origin(node, rule, text) if agreed else origins.OWN
            return origin == origins.PYO3 or ("message" in rule and origin == origins.OTHER)

        return asked

    def refused(self, rule: Rule, text: str) -> Callable[[Any], bool]:
        """A test whether a match is only excluded because of a doubt about its name."""
        nowhere = rule["metadata"].get("nowhere", [])
        return lambda node: (
            any(self._says(other, node, rule) for other in nowhere) or self._origin(node, rule, text) == origins.OTHER
        )

    def _origin(self, node: Any, rule: Rule, text: str) -> str:
        """The origin of the name in `pyo3s`; PyO3 for a rule without this condition."""
        variable = rule["metadata"].get("pyo3s")
        matched = node.get_match(variable) if variable else None
        if matched is None:
            return origins.PYO3
        head, colons, _ = matched.text().removeprefix("::").partition("::")
        found = origins.PYO3 if head == "pyo3" else origins.origin(text, head)
        if found is None:
            return origins.OTHER if not colons and self._defines(head) else origins.PYO3
        return found

    def _defines(self, name: str) -> bool:
        """Whether any file of the project defines a type of this name."""
        if name not in self._defined:
            texts = (_text(file) for path, file in self._files.items() if path.endswith(".rs") and not file.link)
            self._defined[name] = any(name in text and origins.defines(text, name) for text in texts)
        return self._defined[name]

    def _says(self, other: Rule, node: Any, rule: Rule) -> bool:
        name = other.get("variable") or rule["metadata"]["variable"]
        matched = node.get_match(name)
        return matched is not None and matched.text() in self._names(other, name, rule["language"].lower())

    def _names(self, rule: Rule, name: str, language: str) -> frozenset[str]:
        if id(rule) not in self._known:
            needles = [word.encode() for word in rule.get("mentions", [])]
            found = set()
            for path, file in self._files.items():
                if file.link or syntax.LANGUAGES.get(PurePosixPath(path).suffix) != language:
                    continue
                if not needles or any(needle in file.content for needle in needles):
                    found |= _captured(file, rule, name, language)
            self._known[id(rule)] = frozenset(found)
        return self._known[id(rule)]


def _captured(file: File, rule: Rule, name: str, language: str) -> set[str]:
    captured = [node.get_match(name) for node in syntax.matches(syntax.tree(_text(file), language), rule)]
    return {node.text() for node in captured if node is not None}


def _text(file: File) -> str:
    """A file's text without a byte order mark; None if it is not UTF-8."""
    try:
        return file.content.decode().removeprefix(_BOM)
    except UnicodeDecodeError:
        return ""


class _Rules:
    """The rules and edits in a migration's folder."""

    def __init__(self, migration: Migration) -> None:
        rules, edits = migration.folder / "rules.yml", migration.folder / "edits.yml"
        self.syntax: list[dict[str, Any]] = read_yaml(rules) if rules.is_file() else []
        self.edits: list[Mapping[str, Any]] = [e for d in read_yaml(edits) for e in d] if edits.is_file() else []
        for rule in self.syntax:
            if not isinstance(rule, dict) or "rule" not in rule or not isinstance(rule.get("language"), str):
                raise refusal(rules, "each document must contain `language` and `rule`")
            if ("fix" in rule) == ("message" in rule):
                raise refusal(rules, "a rule must have either a `fix` or a `message`")
            if rule["language"].lower() == syntax.TEXT and ("fix" in rule or rule["rule"].keys() != {"regex"}):
                raise refusal(rules, "a rule for text must have only a `regex` and a `message`")
        if not self.syntax and not self.edits:
            raise refusal(migration.folder / "migration.yml", "there is neither rules.yml nor edits.yml next to it")


def _rules(migrations: Migrations, migration: Migration) -> _Rules:
    rules = migrations.rules.get(migration.id)
    if rules is None:
        rules = migrations.rules[migration.id] = _Rules(migration)
    assert isinstance(rules, _Rules)
    return rules


@cache
def matcher(pattern: str) -> Callable[[str], bool]:
    """A matcher for paths: `*` matches within a name, `**/` any number of folders."""
    expression = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
    compiled = re.compile(expression + r"\Z")
    return lambda path: compiled.match(path) is not None
