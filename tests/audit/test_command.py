"""`pyo3-kit check` and `pyo3-kit explain` from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pyo3_kit.audit import registry
from pyo3_kit.audit.practices import guide_section, practice_markdown, practices, rule_markdown, rules_of
from pyo3_kit.cli import main
from pyo3_kit.system.writing import Root
from tests.audit.disk import CLASS, FROZEN, lay_out

LIB = "src/lib.rs"
TWO = f"{CLASS}fn f(v: &X) {{ let n = v.extract::<u8>().is_ok(); }}\n"
CHOSEN = ["--select", "PYO081,PYO021"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(lay_out(tmp_path, {LIB: TWO}))
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(list(words))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.usefixtures("project")
def test_findings_go_to_stdout_and_the_sum_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", *CHOSEN)
    assert code == 1
    assert [line.split(" ")[:3] for line in out.splitlines() if line.startswith("src")] == [
        ["src/lib.rs:2:8:", "warning:", "PYO081"],
        ["src/lib.rs:3:23:", "warning:", "PYO021"],
    ]
    assert err.splitlines() == ["Found 2 findings (2 warnings) in 1 Rust file.", "[*] 1 fixable with `--fix`."]


@pytest.mark.usefixtures("project")
def test_concise_is_one_line_for_each_finding(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", *CHOSEN, "--format", "concise")
    assert code == 1
    assert out.splitlines() == [
        "src/lib.rs:2:8: warning: PYO081 [*] nothing borrows `A` mutably, but every access still counts a borrow",
        "src/lib.rs:3:23: warning: PYO021 the error of this `extract` is built only to be discarded"
        " (a failing `extract` of a number costs a microsecond)",
    ]
    assert err.startswith("Found 2 findings (2 warnings) in 1 Rust file.")


def test_grouped_has_the_findings_below_their_files(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src/b.rs").write_text(f"mod x;\n// b\n\n\n\n\n\n\n{CLASS}", encoding="utf-8")
    lines = run(capsys, "check", *CHOSEN, "--format", "grouped")[1].splitlines()
    assert [line[:26] for line in lines] == [
        "src/b.rs (1 finding)",
        "  10:8  warning: PYO081 [*",
        "",
        "src/lib.rs (2 findings)",
        "   2:8  warning: PYO081 [*",
        "  3:23  warning: PYO021 th",
    ]


def test_less_severe_findings_are_neither_reported_nor_fixed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", *CHOSEN, "--min-severity", "error", "--fix")
    assert (code, out) == (0, "")
    assert err == "No findings in 1 Rust file. 2 less severe.\n"
    assert (project / LIB).read_text(encoding="utf-8") == TWO
    loop = 'fn g(rows: Rows) { for row in rows { row.getattr("a"); } }\n'
    (project / LIB).write_text(TWO + loop, encoding="utf-8")
    wanted = ["--select", "PYO081,PYO141", "--format", "concise"]
    assert [run(capsys, "check", *wanted, *words)[1].count("\n") for words in ([], ["--min-severity", "warning"])] == [
        2,
        1,
    ]
    assert "1 less severe" in run(capsys, "check", *wanted, "--min-severity", "warning")[2]
    found = json.loads(run(capsys, "check", "--min-severity", "error", "--format", "json")[1])["findings"]
    assert {one["severity"] for one in found} == {"error"}


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("words", [[], ["--diff"], ["--format", "json"], ["--statistics"]])
def test_findings_can_leave_the_exit_code_alone(capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    assert run(capsys, "check", *CHOSEN, *words)[0] == 1
    code, out, _ = run(capsys, "check", *CHOSEN, *words, "--exit-zero")
    assert (code, bool(out)) == (0, True)
    assert run(capsys, "check", "nowhere", "--exit-zero")[0] == 2


def test_the_summary_of_many_findings_says_where_to_start(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asks = "".join(f"fn f{number}(v: &X) {{ v.extract::<u8>().is_ok(); }}\n" for number in range(18))
    loop = 'fn g(rows: Rows) { for row in rows { row.getattr("a"); } }\n'
    (project / "src/b.rs").write_text(asks + loop, encoding="utf-8")
    for number in range(6):
        (project / f"src/c{number}.rs").write_text(CLASS.replace("A", f"C{number}"), encoding="utf-8")
    err = run(capsys, "check", "--select", "PYO081,PYO021,PYO141")[2]
    assert err.splitlines() == [
        "Found 27 findings (26 warnings, 1 info) in 8 Rust files.",
        "By rule: PYO021 19, PYO081 [*] 7, PYO141 1.",
        "By file: src/b.rs 19, src/lib.rs 2, src/c0.rs 1, src/c1.rs 1, src/c2.rs 1, 3 other files 3.",
        "[*] 7 fixable with `--fix`.",
        "Start with `--min-severity warning` or one rule: `--select RULE`."
        " To report only new findings from now on: `--baseline FILE --update-baseline`.",
    ]


def test_nothing_found_is_zero(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", str(project), "--select", "PYO121")
    assert (code, out) == (0, "")
    assert err == "No findings in 1 Rust file.\n"


def test_fix_mends_and_tells_what_is_left(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", *CHOSEN, "--fix")
    assert code == 1
    assert "PYO021" in out
    assert "PYO081" not in out
    assert err.startswith("Fixed 1 finding. Found 1 finding")
    assert (project / LIB).read_text(encoding="utf-8") == TWO.replace(CLASS, FROZEN)
    assert run(capsys, "check", "--select", "PYO081", "--fix")[0] == 0


def test_diff_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", *CHOSEN, "--diff")
    assert code == 1
    assert "-#[pyclass]\n+#[pyclass(frozen)]\n" in out
    assert err == "1 finding would be fixed, 1 would remain.\n"
    assert (project / LIB).read_text(encoding="utf-8") == TWO


def test_statistics_count(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src/b.rs").write_text(CLASS, encoding="utf-8")
    code, out, _ = run(capsys, "check", *CHOSEN, "--statistics")
    assert code == 1
    assert out.splitlines()[0].split()[:3] == ["2", "PYO081", "[*]"]
    code, out, _ = run(capsys, "check", "--statistics", "--format", "json")
    assert (code, json.loads(out)["exit_code"]) == (2, 2)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_a_diff_has_no_other_form(capsys: pytest.CaptureFixture[str], form: str) -> None:
    code, out, err = run(capsys, "check", *CHOSEN, "--diff", "--format", form)
    assert code == 2
    assert "`--diff` cannot be used with `--format" in out + err
    assert run(capsys, "check", *CHOSEN, "--diff", "--format", "text")[0] == 1


@pytest.mark.parametrize("form", ["github", "sarif"])
@pytest.mark.parametrize("workspace", ["", "repository", "elsewhere"])
def test_github_gets_paths_from_the_top_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], form: str, workspace: str
) -> None:
    top = tmp_path / "repository"
    root = lay_out(top / "bindings/python", {LIB: CLASS})
    if workspace != "repository":
        (top / ".git").mkdir()
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / workspace) if workspace else "")
    monkeypatch.chdir(root)
    out = run(capsys, "check", "--select", "PYO081", "--format", form)[1]
    if form == "github":
        assert out.startswith("::warning file=bindings/python/src/lib.rs,")
        return
    (made,) = json.loads(out)["runs"]
    place = made["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "bindings/python/src/lib.rs", "uriBaseId": "SRCROOT"}
    assert made["originalUriBaseIds"]["SRCROOT"]["uri"].endswith("/repository/")


def test_github_gets_paths_from_the_current_folder_without_a_repository(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.chdir(project / "src")
    assert run(capsys, "check", "--select", "PYO081", "--format", "github", "..")[1].startswith(
        "::warning file=lib.rs,"
    )


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("form", ["json", "sarif"])
def test_forms_for_programs_are_all_of_stdout(capsys: pytest.CaptureFixture[str], form: str) -> None:
    code, out, err = run(capsys, "check", *CHOSEN, "--format", form)
    assert code == 1
    assert json.loads(out)
    assert err == ""


def test_a_baseline_is_written_and_used(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = str(project / "known.json")
    assert run(capsys, "check", *CHOSEN, "--baseline", known, "--update-baseline")[0] == 0
    code, out, err = run(capsys, "check", *CHOSEN, "--baseline", known)
    assert (code, out) == (0, "")
    assert "2 in the baseline" in err
    err = run(capsys, "check", "--select", "PYO021", "--baseline", known, "--update-baseline")[2]
    assert err == f"Recorded 1 finding in {known}, and kept 1 entry of other files and rules.\n"
    (project / LIB).write_text("", encoding="utf-8")
    assert "The baseline has 2 outdated entries" in run(capsys, "check", *CHOSEN, "--baseline", known)[2]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--select", "PYO999"], "which is not a rule"),
        (["--ignore", "nothing"], "which is not a rule"),
        (["--select", ""], "`--select` names no rule"),
        (["--select", " , ", "--select", ","], "`--select` names no rule"),
        (["--format", "xml"], "is not one of text, concise, grouped, json, sarif, github"),
        (["--baseline", "none.json"], "There is no baseline"),
        (["--update-baseline"], "There is no baseline file"),
        (["--update-baseline", "--fix"], "cannot be used with"),
        (["--update-baseline", "--min-severity", "error"], "cannot be used with `--min-severity`"),
        (["--min-severity", "high"], "is not one of info, warning, error"),
        (["nowhere"], "There is no nowhere"),
        (["--unknown"], "Unknown option `--unknown`"),
    ],
)
def test_what_cannot_be_used_is_two_with_a_reason(
    capsys: pytest.CaptureFixture[str], words: list[str], reason: str
) -> None:
    code, out, err = run(capsys, "check", *words)
    assert (code, out) == (2, "")
    assert reason in err
    assert "Traceback" not in err


@pytest.mark.usefixtures("project")
def test_errors_are_json_where_json_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", "nowhere", "--format", "json")
    assert code == 2
    assert json.loads(out)["exit_code"] == 2


def test_a_read_only_tree_is_refused_in_one_line(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", str(project / LIB))

    # Whoever runs the tests may be allowed everything, so the system's answer is given here.
    monkeypatch.setattr(Root, "write", refuse)
    code, _, err = run(capsys, "check", *CHOSEN, "--fix")
    assert code == 2
    assert "Permission denied while writing" in err
    assert (project / LIB).read_text(encoding="utf-8") == TWO


def test_explain_tells_of_rules_and_practices(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "explain", "pyo081")
    assert code == 0
    assert out.startswith("# PYO081: class that could be frozen\n")
    assert "## When not" in out
    code, out, _ = run(capsys, "explain", "PYO02")
    assert code == 0
    for part in ("# PYO02: Cast for type checks", "98.7×", "## Where the guide is wrong", "- PYO021: "):
        assert part in out
    code, out, _ = run(capsys, "explain")
    assert code == 0
    assert [name for name in registry.rule_ids() if f"- {name} " not in out] == []


def test_explain_tells_all_that_one_wants_to_know_of_it() -> None:
    said = rule_markdown("PYO081")
    headings = ("Why", "Example", "Use instead", "When not", "Fix", "Measured", "Where the guide is wrong")
    for part in ("- PyO3: ", *(f"## {heading}\n" for heading in headings), "\nOn: "):
        assert part in said, part
    for name, record in practices().items():
        said = practice_markdown(name, record)
        assert said.count("When not:") == said.count("Instead:") == len(rules_of(name)), name
        assert said.count("\nPyO3: ") == len(rules_of(name)), name
        assert guide_section(name) == record["guide"], name


def test_explain_of_something_unknown_suggests(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "explain", "PYO0811")
    assert (code, out) == (2, "")
    assert "Did you mean PYO081" in err


def test_check_and_explain_import_neither_copier_nor_more_than_they_need(project: Path) -> None:
    program = (
        "import sys; from pyo3_kit.cli import main; main(sys.argv[1:]);"
        "print([name for name in ('copier', 'jinja2', 'questionary', 'prompt_toolkit', 'rich', 'shtab', 'tomlkit')"
        " if name in sys.modules])"
    )
    for words in (["check", str(project), "--select", "PYO121"], ["explain", "PYO081"]):
        done = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]", words
