"""Every shipped migration: its metadata, what it makes of its fixtures, and what it leaves alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from pyo3_kit.codemods import Migrations, answer_migrations, syntax
from pyo3_kit.codemods.selection import order
from pyo3_kit.merge.model import File
from pyo3_kit.rust.tree import parse
from tests.migrations.support import BY_NAME, CODE, FOLDERS, alone, contents, tree
from tests.support.space import Space
from tests.support.template import ROOT

# Lines that no project of the template was ever on, but those of others are.
OLDER = [f"0.{minor}" for minor in range(21, 28)]
SCHEMA = json.loads((ROOT / "migrations" / "schema.json").read_text(encoding="utf-8"))
PAGE = ROOT / "docs" / "reference" / "migrations.md"


def by_version(line: str) -> tuple[tuple[int, ...], int]:
    known = order(line)
    assert known is not None
    return known


each = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
each_of_code = pytest.mark.parametrize("folder", CODE, ids=lambda folder: folder.name)
each_of_answers = pytest.mark.parametrize(
    "folder", [folder for folder in FOLDERS if BY_NAME[folder.name].kind == "answers"], ids=lambda folder: folder.name
)


def test_every_folder_is_a_migration() -> None:
    folders = {path for path in (ROOT / "migrations").iterdir() if path.is_dir()}
    assert folders == set(FOLDERS), "Write a migration.yml into each of these folders, or delete it."


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@each
def test_metadata(folder: Path, space: Space) -> None:
    data = yaml.safe_load((folder / "migration.yml").read_text(encoding="utf-8"))
    assert not [f"{error.json_path}: {error.message}" for error in Draft202012Validator(SCHEMA).iter_errors(data)]
    assert data["id"] == folder.name
    if "answer" in data["when"]:
        lines = sorted([*OLDER, *space.choices(data["when"]["answer"])], key=by_version)
        assert lines.index(data["when"]["from"]) < lines.index(data["when"]["to"])
        assert lines.index(data["when"].get("since", data["when"]["to"])) <= lines.index(data["when"]["to"])


@each
def test_files_beside_the_metadata(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} <= {"migration.yml", "rules.yml", "edits.yml", "before", "after"}
    before, after = tree(folder / "before"), tree(folder / "after")
    assert before.keys() == after.keys(), f"Write the same files into {folder.name}/before and {folder.name}/after."
    rules, edits = folder / "rules.yml", folder / "edits.yml"
    if edits.is_file() or not rules.is_file() or "\nfix:" in rules.read_text(encoding="utf-8"):
        assert before != after, f"Write into {folder.name}/before what is changed, and into after the result."
    else:
        assert before == after, f"{folder.name} only reports places: write the same into before and after."


@each_of_code
def test_before_becomes_after(folder: Path) -> None:
    moved, applied = alone(folder, tree(folder / "before"))
    before, after = tree(folder / "before"), tree(folder / "after")
    assert contents(moved) == contents(after)
    assert [migration.id for migration in applied] == [folder.name], (
        f"{folder.name}/rules.yml or edits.yml changes nothing."
    )
    assert set(applied[0].paths) == {path for path in before if before[path] != after[path]}


@each_of_code
def test_after_stays(folder: Path) -> None:
    moved, applied = alone(folder, tree(folder / "after"))
    assert contents(moved) == contents(tree(folder / "after"))
    assert not [path for migration in applied for path in migration.paths]


@each_of_answers
def test_answers_before_become_answers_after(folder: Path) -> None:
    migration = BY_NAME[folder.name]
    before, after = (
        yaml.safe_load((folder / side / "answers.yml").read_text(encoding="utf-8")) for side in ("before", "after")
    )
    migrations = Migrations((migration,))
    moved, applied = answer_migrations(migrations, before, "v0.1.0", f"v{migration.when.after}")
    assert moved == after
    assert [record.id for record in applied] == [folder.name]
    assert answer_migrations(migrations, after, "v0.1.0", f"v{migration.when.after}") == (after, [])


@each_of_code
def test_line_endings_and_byte_order_marks_stay(folder: Path) -> None:
    def foreign(path: Path) -> dict[str, File]:
        return {name: File(b"\xef\xbb\xbf" + file.content.replace(b"\n", b"\r\n")) for name, file in tree(path).items()}

    moved, _ = alone(folder, foreign(folder / "before"))
    assert contents(moved) == contents(foreign(folder / "after"))


@each_of_code
def test_comments_and_texts_stay(folder: Path) -> None:
    """The fixtures name what changes in comments and texts too; none of that may be touched."""
    before, after = tree(folder / "before"), tree(folder / "after")
    for path in before:
        language = syntax.LANGUAGES.get(Path(path).suffix)
        if language == "rust":
            kept = prose(before[path].content.decode())
            made = prose(after[path].content.decode())
            # What a rule adds is its own; nothing of the user's is lost or changed.
            assert not kept - made - excuses(before[path].content.decode()), path


def prose(text: str) -> set[str]:
    kinds = ("line_comment", "block_comment", "string_literal", "raw_string_literal")
    # What is run becomes a C string, of the same text.
    return {node.text().removeprefix("c") for kind in kinds for node in parse(text, "rust").find_all(kind=kind)}


def excuses(text: str) -> set[str]:
    """The reasons in attributes, which go with an attribute."""
    return set(re.findall(r'reason = ("[^"]*")', text))


@each
def test_what_comes_out_parses(folder: Path) -> None:
    for path, file in tree(folder / "after").items():
        language = syntax.LANGUAGES.get(Path(path).suffix)
        if language is not None:
            assert syntax.errors(file.content.decode(), language) == 0, path


def test_every_migration_has_a_heading_and_every_heading_a_migration() -> None:
    headings = re.findall(r"^### (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(headings) == [folder.name for folder in FOLDERS], "Run `python dev.py docs`."
