"""Fixes: which go in, in what order, and what stays as it was."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from pyo3_kit.audit.fixing import fix_text
from pyo3_kit.audit.model import Finding, Fix, Safety
from pyo3_kit.audit.writing import unified_diff, write_texts
from pyo3_kit.texts.edits import Edit, Span
from tests.audit.disk import CLASS, FROZEN, lay_out, report, session

TEXT = "fn a() {}\nfn b() {}\n"


def finding(*edits: tuple[int, int, str], safety: Safety = Safety.SAFE) -> Finding:
    made = tuple(Edit(start, end, text) for start, end, text in edits)
    return Finding("PYO021", "a.rs", Span(edits[0][0], edits[0][1]), "m", "h", fix=Fix(made, safety=safety, note="n"))


def test_edits_of_several_findings_go_in_together() -> None:
    fixed = fix_text("a.rs", TEXT, [finding((13, 14, "d")), finding((3, 4, "c"), (10, 10, "pub "))])
    assert fixed.text == "fn c() {}\npub fn d() {}\n"
    assert len(fixed.fixed) == 2


def test_of_two_that_overlap_the_second_waits() -> None:
    first, second = finding((3, 6, "x()")), finding((4, 9, "(y: u8) {}"))
    fixed = fix_text("a.rs", TEXT, [second, first])
    assert fixed.text == "fn x() {}\nfn b() {}\n"
    assert [one for one, _ in fixed.left] == [second]


def test_an_edit_that_two_share_goes_in_once() -> None:
    use = (0, 0, "use x;\n")
    assert (
        fix_text("a.rs", TEXT, [finding(use, (3, 4, "c")), finding(use, (13, 14, "d"))]).text
        == "use x;\nfn c() {}\nfn d() {}\n"
    )


def test_a_fix_that_would_break_the_file_is_left_out_and_the_others_go_in() -> None:
    bad, good = finding((3, 4, "c {")), finding((13, 14, "d"))
    fixed = fix_text("a.rs", TEXT, [bad, good])
    assert fixed.text == "fn a() {}\nfn d() {}\n"
    assert fixed.fixed == [good]
    assert [one for one, _ in fixed.left] == [bad]


def test_a_file_that_does_not_parse_is_left_alone() -> None:
    fixed = fix_text("a.rs", "fn a( {\n", [finding((3, 4, "c"))])
    assert fixed.text == "fn a( {\n"
    assert fixed.left


def test_unsafe_fixes_are_asked_for() -> None:
    risky = finding((3, 4, "c"), safety=Safety.UNSAFE)
    assert fix_text("a.rs", TEXT, [risky]).text == TEXT
    assert fix_text("a.rs", TEXT, [risky], unsafe=True).text != TEXT


def test_a_fix_has_one_form_and_an_unsafe_one_a_note() -> None:
    with pytest.raises(ValueError, match="either"):
        Fix()
    with pytest.raises(ValueError, match="says what it changes"):
        Fix((Edit(0, 0, "x"),), safety=Safety.UNSAFE)


def change_of_toml(text: str, *changes: Any) -> str:
    findings = [Finding("PYO121", "x.toml", Span(n, n), "m", "h", fix=Fix(change=one)) for n, one in enumerate(changes)]
    fixed = fix_text("x.toml", text, findings)
    assert len(fixed.fixed) + len(fixed.left) <= len(findings)
    return fixed.text


def test_toml_keeps_its_comments_and_line_endings() -> None:
    def change(document: Any) -> None:
        document["a"]["x"] = 2

    text = "# head\r\n[a] # here\r\nx = 1 # é\r\ny   =   3\r\n"
    assert change_of_toml(text, change) == text.replace("x = 1", "x = 2")


def test_a_change_that_does_not_fit_is_left_out() -> None:
    def misses(document: Any) -> None:
        document["a"]["x"] = 2
        del document["gone"]["y"]

    def takes_it_for_a_list(document: Any) -> None:
        document["a"]["x"].append(2)

    def fits(document: Any) -> None:
        document["a"]["x"] = 3

    assert change_of_toml("[a]\nx = 1\n", misses, takes_it_for_a_list, fits) == "[a]\nx = 3\n"


def test_a_project_is_mended_in_memory_and_then_written(tmp_path: Path) -> None:
    lay_out(tmp_path, {"src/lib.rs": b"\xef\xbb\xbf" + CLASS.replace("\n", "\r\n").encode(), "src/b.rs": CLASS})
    (tmp_path / "src/b.rs").chmod(0o755)
    open_session = session(tmp_path)
    before = open_session.check()
    fixes, after = open_session.fix(before, unsafe=False)
    assert len(fixes.fixed) == 2
    assert after.findings == []
    assert (tmp_path / "src/b.rs").read_text(encoding="utf-8") == CLASS
    write_texts(tmp_path, fixes.texts)
    assert (tmp_path / "src/lib.rs").read_bytes() == b"\xef\xbb\xbf" + FROZEN.replace("\n", "\r\n").encode()
    assert (tmp_path / "src/b.rs").read_text(encoding="utf-8") == FROZEN
    assert (tmp_path / "src/b.rs").stat().st_mode & 0o777 == 0o755
    assert report(tmp_path).findings == []
    assert sorted(path.name for path in (tmp_path / "src").iterdir()) == ["b.rs", "lib.rs"]


@pytest.mark.skipif(sys.platform == "win32", reason="a link needs a privilege there")
def test_a_file_behind_a_link_out_of_the_project_is_left_alone(tmp_path: Path) -> None:
    root = lay_out(tmp_path / "project", {"src/lib.rs": "", "src/real.rs": CLASS})
    (tmp_path / "outside.rs").write_text(CLASS, encoding="utf-8")
    (root / "src/lib.rs").unlink()
    (root / "src/lib.rs").symlink_to("../../outside.rs")
    (root / "src/inside.rs").symlink_to("real.rs")
    open_session = session(root)
    fixes, after = open_session.fix(open_session.check(), unsafe=False)
    assert sorted(fixes.texts) == ["src/real.rs"]
    assert [(one.path, why) for one, why in fixes.left] == [("src/lib.rs", "the file is a link out of the project")]
    assert [one.path for one in after.findings] == ["src/lib.rs"]


def test_the_diff_is_one_that_git_takes() -> None:
    before, after = {"a.rs": "x\ny"}, {"a.rs": "x\nz"}
    assert list(unified_diff(before, after)) == [
        "--- a/a.rs",
        "+++ b/a.rs",
        "@@ -1,2 +1,2 @@",
        " x",
        "-y",
        "\\ No newline at end of file",
        "+z",
        "\\ No newline at end of file",
    ]
