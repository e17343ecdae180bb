"""Foreign text on its way out: no place takes any of it for more than text."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from markdown_it import MarkdownIt

from pyo3_kit.audit.engine import CheckRequest, Session
from pyo3_kit.audit.output import View, github, sarif
from pyo3_kit.audit.output import json as json_form
from pyo3_kit.audit.output import text as text_form
from pyo3_kit.cli import terminal
from pyo3_kit.system import escaping
from tests.support.calls import calls, parsed
from tests.support.command import ROOT, run_kit

HOSTILE = [
    "\x1b]0;TITLE\x07",
    "\x1b[2J\x1b[31m",
    "\x9b2J",
    "\x08\x08\x08ok",
    "\r\x1b[Kall is well",
    "a\nb",
    "a\n::stop-commands::x",
    "a\n  ::add-mask::x",
    "::error file=a::b",
    "##[error]x",
    "##vso[task.setvariable]x",
    "a\u2028b\u0085c",
    "\u202egnp.exe",
    "\u2066a\u2069\u200b\ufeff",
    "\U000e0041\U000e0042",
    "\udcff\udc80",
    "\udcc3\udca9",
    "\ud800",
    "<script>alert(1)</script>",
    "![x](https://example.org/x.png) @team fixes #1",
    "```\n# heading\n````",
    "%0A::set-output name=a::b",
    "Signed-off-by: x\n\nCo-authored-by: y <z@z>",
]
"""What a terminal, a log's reader, a page or a mail's header would act on."""

_BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_COMMANDS = re.compile(r"^\s*::[a-z]|##(?:vso)?\[", re.MULTILINE | re.IGNORECASE)


def is_plain(shown: str) -> bool:
    """Whether nothing in a text is more than text to a terminal or to a log's reader."""
    return _BAD.search(shown) is None and _COMMANDS.search(shown) is None


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("show", [escaping.line, escaping.commit_line], ids=["terminal", "commit message"])
def test_one_line_stays_one(show: Callable[[object], str], text: str) -> None:
    shown = show(text)
    assert _BAD.search(shown) is None
    assert "\n" not in shown
    assert show is escaping.commit_line or is_plain(shown)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_block_is_text(text: str) -> None:
    assert is_plain(escaping.block(text))
    assert is_plain(escaping.block(f"first\n{text}\nlast"))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_diff_is_text_where_commands_are_read(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _BAD.search(escaping.code(text)) is None
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert is_plain(escaping.code(f" {text}"))


def test_code_keeps_what_a_patch_needs() -> None:
    assert escaping.code("+\tlet é = 1;\r") == "+\tlet é = 1;\r"
    assert escaping.code("+::std::mem::drop(a);") == "+::std::mem::drop(a);"


@pytest.mark.parametrize("text", HOSTILE)
def test_json_says_the_same_without_it(text: str) -> None:
    shown = escaping.json_text({text: [text]})
    assert is_plain(shown)
    shown.encode()
    if not re.search("[\ud800-\udfff]", text):
        assert json.loads(shown) == {text: [text]}
    assert json.loads(escaping.ascii_json(shown).encode("ascii")) == json.loads(shown)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_workflow_command_is_one(text: str) -> None:
    message, value = escaping.workflow_message(text), escaping.workflow_property(text)
    assert _BAD.search(message + value) is None
    assert "\n" not in message
    assert not set(",:\n") & set(value)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_shows_it_as_code(text: str) -> None:
    tokens = MarkdownIt().parse(escaping.markdown_fence(text))
    assert [token.type for token in tokens] == ["fence"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_page_shows_it_as_text(text: str) -> None:
    from jinja2 import Environment

    class Reader(HTMLParser):
        tags: list[str]

        def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
            self.tags.append(tag)

    reader = Reader()
    reader.tags = []
    page = (
        Environment(autoescape=True, finalize=escaping.markup_text).from_string("<p>{{ text }}</p>").render(text=text)
    )
    reader.feed(page)
    assert reader.tags == ["p"]
    assert _BAD.search(page) is None


def test_a_name_in_a_uri_keeps_its_bytes() -> None:
    assert unquote_to_bytes(escaping.uri_path("a/\udcff\n é.rs")) == b"a/\xff\n \xc3\xa9.rs"


@pytest.mark.parametrize("text", ["plain", "Zoë, 日本, 👩‍👩‍👧", "a::b", "# heading", "C:\\dir", "x = '::'"])
def test_what_is_only_text_stays_as_it_is(text: str) -> None:
    assert escaping.line(text) == escaping.block(text) == escaping.code(text) == text
    assert json.loads(escaping.json_text(text)) == text


def test_colours_are_ours_alone(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.put(f"{terminal.colour('red', '31')} \x1b[32mnot green\x1b[0m")
    assert capsys.readouterr().out == "\x1b[31mred\x1b[0m \\x1b[32mnot green\\x1b[0m\n"


NAMES = [
    "bad\n::stop-commands::x.rs",
    "\x1b]0;T\x07.rs",
    "\udcff.rs",
    "\u202esr.rs",
    "a%0A::error::b.rs",
    "##[error]c.rs",
]
SOURCE = (
    "use pyo3::prelude::*;\n"
    "#[pyfunction] fn f(x: &Bound<PyAny>) { x.extract::<u8>().unwrap(); /* \x1b]0;T\x07\x9b2J ##[error] \u202e */ }\n"
)


@pytest.fixture
def crate(tmp_path: Path) -> Path:
    """A crate with findings in files whose names and lines are hostile, and with files that cannot be read."""
    (tmp_path / "src").mkdir()
    (tmp_path / "Cargo.toml").write_text(
        '[package]\nname = "x"\nversion = "0.1.0"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\npyo3 = "0.28"\n'
    )
    for name in NAMES:
        (tmp_path / "src" / name).write_text(SOURCE)
        (tmp_path / "src" / f"no{name}").write_bytes(b"\xff")
    return tmp_path


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_every_form_of_a_report_is_text(crate: Path, form: str) -> None:
    result = run_kit("check", ".", "--format", form, folder=crate)
    assert result.code == 1
    assert _BAD.search(result.out + result.err) is None
    result.out.encode()
    if form == "github":
        assert all(
            line.startswith(("::error file=", "::warning file=", "::notice file=")) for line in result.out.splitlines()
        )
        assert is_plain(result.err)
    else:
        assert is_plain(result.out + result.err)
    if form == "sarif":
        uris = {
            one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
            for one in result.object["runs"][0]["results"]
        }
        assert {unquote_to_bytes(uri) for uri in uris} >= {
            b"src/" + name.encode(errors="surrogateescape") for name in NAMES
        }


def test_a_diff_and_a_baseline_are_written_of_such_files(crate: Path) -> None:
    assert is_plain(run_kit("check", ".", "--diff", "--unsafe-fixes", folder=crate).out)
    assert run_kit("check", ".", "--baseline", "b.json", "--update-baseline", folder=crate).code == 0
    assert run_kit("check", ".", "--baseline", "b.json", folder=crate).code == 0


def test_the_forms_are_made_of_a_report_without_the_command_line(crate: Path) -> None:
    view = View(Session(CheckRequest(crate)).check())
    for shown in (text_form.render(view), json_form.render(view), sarif.render(view, "1.0"), github.render(view)):
        assert _BAD.search(shown) is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "\x1b]0;T\x07\n::error::x"),
        ("new", "p", "--template", "\x1b]0;T\x07\n::error::x"),
        ("new", "p", "--data", "license=\x1b[2J\n::error::x"),
        ("explain", "\x1b[2J\n::error::x"),
        ("check", "--select", "\x1b[2J\n::error::x"),
        ("migrate", "--to", "\x1b[2J\n::error::x"),
        ("\x1b[2J\n::error::x",),
    ],
    ids=lambda arguments: arguments[0].encode("unicode_escape").decode(),
)
@pytest.mark.parametrize("as_json", [False, True])
def test_errors_show_what_was_given_as_text(tmp_path: Path, arguments: tuple[str, ...], as_json: bool) -> None:
    result = run_kit(*arguments, *(["--json"] if as_json else []), folder=tmp_path)
    assert result.code == 2
    assert is_plain(result.out + result.err)


# One place prints: everything else hands its text to it.
_PRINTERS = {
    "cli/terminal.py": "the place",
    "system/streams.py": "guards the streams, and says that stdout was lost",
    "cli/explain.py": "rich renders our own Markdown",
    "cli/fleet_output.py": "rich's progress, of texts that went through `one_line`",
    "build.py": "rich's progress, of our own titles",
    "questionnaire/walk.py": "draws files between prompts, through `escaping.line`",
}


_PRINTS = re.compile(
    r"(?:print|typer\.echo|click\.echo|typer\.secho|os\.write"
    r"|(?:sys\.(?:__)?std(?:out|err)(?:__)?(?:\.buffer)?|stream|console|self\._console)\.(?:write|writelines|print))"
)
_PRINT_NAMES = ("print", "echo", "secho", "write", "writelines")


def _prints(tree: ast.AST) -> list[int]:
    return [line for line, called in calls(tree, _PRINT_NAMES) if _PRINTS.fullmatch(called)]


def test_nothing_else_prints() -> None:
    package = ROOT / "src" / "pyo3_kit"
    printing = {
        path.relative_to(package).as_posix(): lines
        for path in sorted(package.rglob("*.py"))
        if "_template" not in path.parts and (lines := _prints(parsed(path)))
    }
    # The journal writes its file by the descriptor.
    allowed = {*_PRINTERS, "transaction/journal.py", "system/writing.py"}
    assert {path: lines for path, lines in printing.items() if path not in allowed} == {}


def test_the_test_for_printing_sees_it() -> None:
    code = "print(a)\nsys.stdout.write(b)\nsys.stderr.buffer.write(c)\ntyper.echo(d)\n"
    assert _prints(ast.parse(code)) == [1, 2, 3, 4]
