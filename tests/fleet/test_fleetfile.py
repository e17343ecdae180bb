"""The fleet file: what it says, and what is told about one that is wrong."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.fleet.fleetfile import Fleet, read_fleet
from pyo3_kit.fleet.listing import lister

FULL = """\
name = "platform"
workspace = "work"
root = ".."
stop-at = 12.5
verify = true

[defaults]
branch = "bot/template"
reviewers = ["ada"]
request = "gh"

[[repository]]
path = "../one"
wave = 2
to = "v0.2.0"

[[repository]]
url = "https://user:secret@example.org/team/two.git"
base = "develop"
folder = "services/parser"
answers-file = ".copier-answers.docs.yml"
reviewers = ["grace", "ada"]
request = "glab"
"""


def read(tmp_path: Path, text: str, *, trust: bool = False) -> Fleet:
    path = tmp_path / "fleet" / "fleet.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return read_fleet(path, lister(trust=trust), None)


def test_every_key(tmp_path: Path) -> None:
    fleet = read(tmp_path, FULL)
    assert (fleet.name, fleet.stop_at, fleet.verify) == ("platform", 12.5, True)
    assert fleet.workspace == tmp_path / "fleet" / "work"
    one, two = fleet.entries
    assert (one.name, one.path, one.wave, one.to) == ("one", tmp_path / "one", 2, "v0.2.0")
    assert (one.branch, one.reviewers, one.request) == ("bot/template", ("ada",), "gh")
    assert two.name == "team/two/services/parser"
    assert two.source == "https://example.org/team/two.git"
    assert two.remote == "https://user:secret@example.org/team/two.git"
    assert (two.base, two.folder, two.answers_file) == ("develop", "services/parser", ".copier-answers.docs.yml")
    assert (two.branch, two.reviewers, two.request) == ("bot/template", ("grace", "ada"), "glab")
    assert fleet.refused == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "x"\n[[repository]\n', "line 2, column"),
        ('[[repository]]\npath = "a\n', "line 2, column"),
        ('[[repository]]\npath = "a"\npath = "b"\n', "line 3, column"),
        ('[[repository]]\npath = "a"\n\n[[repository]]\n  wave = 0\n  path = "b"\n', "line 5, column 3: `wave` is 0"),
        ("[[repository]]\npath = 1\n", "line 2, column 1: `path` is 1, but must be a string"),
        ('[[repository]]\nname = "a"\n', "line 1, column 1: a repository without `path` or `url`"),
        ('stop_at = 5\n[[repository]]\npath = "a"\n', "line 1, column 1: unknown key `stop_at`"),
        ('[defaults]\nreviewer = "a"\n[[repository]]\npath = "a"\n', "line 2, column 1: unknown key `reviewer`"),
        ('[[repository]]\npath = "a"\nrequest = "curl"\n', "line 3, column 1: `request` is 'curl'"),
        ("[[list]]\nwave = 1\n", "line 1, column 1: a list without `command`"),
        ('repository = "a"\n', "line 1, column 1: `repository` is 'a'"),
        ("", "does not list any repositories"),
        ('root = "~no-such-user"\n[[repository]]\npath = "a"\n', "line 1, column 1: `root` is '~no-such-user'"),
        ('root = "a\\u0000b"\n[[repository]]\npath = "a"\n', "line 1, column 1: `root` is 'a\\x00b'"),
        ('name = "f"\nworkspace = "~no-such-user/w"\n[[repository]]\npath = "a"\n', "line 2, column 1: `workspace` is"),
        ('name = "f"\nworkspace = "a\\u0000b"\n[[repository]]\npath = "a"\n', "line 2, column 1: `workspace` is"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(Refused) as raised:
        read(tmp_path, text)
    assert said in raised.value.message
    assert raised.value.hint


def test_a_mark_before_the_text_is_no_part_of_it(tmp_path: Path) -> None:
    assert read(tmp_path, f"\ufeff{FULL}").name == "platform"


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There is no fleet file"):
        read_fleet(tmp_path / "fleet.toml", lister(trust=False), None)


@pytest.mark.parametrize(
    "line",
    [
        'path = "../../elsewhere"',
        'path = "/etc"',
        'path = "link"',
        'path = "a"\nurl = "https://example.org/a"',
        'path = "a"\nname = "../a"',
        'path = "a"\nfolder = "../b"',
        'path = "a"\nfolder = "/b"',
        'path = "a"\nbranch = "--mirror"',
        'path = "a"\nbase = "a..b"',
        'path = "a"\nto = "-x"',
        'path = "a"\nreviewers = ["--repo=other"]',
        'url = "ext::sh"',
    ],
)
def test_what_is_not_allowed_is_refused_by_name_and_the_others_go_on(tmp_path: Path, line: str) -> None:
    (tmp_path / "fleet").mkdir()
    (tmp_path / "fleet" / "link").symlink_to("/")
    fleet = read(tmp_path, f'[[repository]]\npath = "good"\n\n[[repository]]\n{line}\n')
    assert [entry.name for entry in fleet.entries] == ["good"]
    (row,) = fleet.refused
    assert row.state.value == "refused"
    assert row.reason.startswith("line 4, column 1: ")
    assert row.hint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('path = "a"', 'path = "./a"'),
        ('path = "a"', 'path = "b/../a"'),
        ('url = "https://example.org/t/a.git"', 'url = "https://example.org/t/a"'),
        ('url = "https://example.org/t/a.git"', 'url = "git@example.org:t/a.git"'),
        ('path = "a"', 'path = "b"\nname = "a"'),
        ('path = "a"\nname = "t--a"', 'path = "b"\nname = "t/a"'),
    ],
)
def test_the_same_repository_twice(tmp_path: Path, one: str, other: str) -> None:
    fleet = read(tmp_path, f"[[repository]]\n{one}\n[[repository]]\n{other}\n")
    assert len(fleet.entries) == 1
    assert "already in the list (line 1, column 1)" in fleet.refused[0].reason
    assert fleet.refused[0].name != fleet.entries[0].name


def test_two_projects_of_one_repository(tmp_path: Path) -> None:
    text = '[[repository]]\npath = "a"\nfolder = "one"\n[[repository]]\npath = "a"\nfolder = "two"\n'
    fleet = read(tmp_path, text)
    assert [entry.name for entry in fleet.entries] == ["a/one", "a/two"]


PRINTS = "import sys; print('a\\n# a comment\\n\\nhttps://example.org/t/b.git\\n--upload-pack=x'); sys.exit({})"


def listed(code: str) -> str:
    return f"[[list]]\ncommand = [{sys.executable!r}, '-c', \"{code}\"]\nwave = 3\n"


def test_a_list_that_a_program_prints(tmp_path: Path) -> None:
    fleet = read(tmp_path, listed(PRINTS.format(0).replace("\\n", "\\\\n")), trust=True)
    assert [(entry.name, entry.wave) for entry in fleet.entries] == [("a", 3), ("t/b", 3)]
    assert fleet.refused[0].reason.startswith("line 5 of the list: ")


def test_a_program_is_not_run_without_trust(tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    with pytest.raises(Refused) as raised:
        read(tmp_path, listed(f"open('{touched}', 'w')"))
    assert "--trust" in raised.value.hint
    assert not touched.exists()


@pytest.mark.parametrize(
    ("code", "said"),
    [("import sys; sys.exit('no list')", "no list"), ("import os; os.write(1, bytes([255]))", "not UTF-8")],
)
def test_a_program_that_fails(tmp_path: Path, code: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        read(tmp_path, listed(code), trust=True)


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be run"):
        read(tmp_path, '[[list]]\ncommand = ["no-such-program"]\n', trust=True)


def test_a_list_is_run_in_the_files_folder(tmp_path: Path) -> None:
    fleet = read(tmp_path, listed("import os; print(os.getcwd())"), trust=True)
    assert fleet.entries[0].path == Path(os.path.realpath(tmp_path / "fleet"))
