"""Every case of the corpus comes out as it should, and all of them together keep the promises."""

from __future__ import annotations

import sys

import pytest

from pyo3_kit.merge.model import Conflict, FileMerge, Outcome
from tests.merge.cases import CORPUS, Case, all_cases
from tests.merge.judging import judge, of_ours, table

KINDS = {"toml", "yaml", "json", "ini", "plain", "rust", "python", "markdown", "ignore", "tree", "lines", "bots"}


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_a_case_comes_out_as_it_should(case: Case) -> None:
    merges = {merge.path: merge for merge in case.merge()}
    touched = {path for path, merge in merges.items() if merge.outcome is not Outcome.UNCHANGED}
    assert touched <= case.expect.keys() <= merges.keys(), "the files that the merge speaks of"
    for path, wanted in case.expect.items():
        merge = merges[path]
        got = merge.result.content if merge.result else None
        assert (_lines(got), merge.outcome.value) == (_lines(wanted.content), wanted.outcome), merge.reason
        assert got == wanted.content
        assert {_place(conflict) for conflict in merge.conflicts} == wanted.conflicts
        assert merge.source == wanted.source
        if wanted.executable is not None:
            assert merge.result is not None
            assert merge.result.executable == wanted.executable
        _is_sound(merge)


def _lines(content: bytes | None) -> list[str] | None:
    return None if content is None else content.decode(errors="backslashreplace").splitlines()


def _place(conflict: Conflict) -> str:
    return conflict.key or ("whole" if conflict.line is None else "lines")


def _is_sound(merge: FileMerge) -> None:
    assert bool(merge.conflicts) == (merge.outcome is Outcome.CONFLICT)
    assert merge.reason
    assert merge.reason[0].islower()
    marked = [conflict for conflict in merge.conflicts if conflict.line is not None]
    assert (merge.stages is not None) == bool(marked)
    if marked:
        assert merge.result is not None
        lines = merge.result.content.decode("latin-1").splitlines()
        assert [lines[conflict.line - 1] for conflict in marked if conflict.line] == ["<<<<<<< yours"] * len(marked)


def test_the_corpus_is_large_and_of_all_kinds() -> None:
    cases = all_cases()
    assert len(cases) >= 400
    assert {path.name for path in CORPUS.iterdir()} == KINDS
    assert all(sum(case.kind == kind for case in cases) >= 10 for kind in KINDS)


def test_together_the_cases_keep_the_promises(capsys: pytest.CaptureFixture[str]) -> None:
    """Needless conflicts: at most 3 in 100, in TOML 1, of bots 2; nothing wrong in silence, lost, or unparsable."""
    verdicts = [(case, judge(case, of_ours(case))) for case in all_cases()]
    with capsys.disabled():
        sys.stdout.write("\n" + table({"pyo3-kit": [verdict for _, verdict in verdicts]}) + "\n")
    decidable = [(case, verdict) for case, verdict in verdicts if not case.human]
    needless = [case.name for case, verdict in decidable if verdict.needless]
    assert len(needless) <= 0.03 * len(decidable), needless
    for kind, bound in (("toml", 0.01), ("bots", 0.02)):
        count = sum(case.kind == kind for case, _ in decidable)
        assert sum(name.startswith(f"{kind}/") for name in needless) <= bound * count, needless
    for flaw in ("wrong", "lost", "unparsable", "dishonest"):
        assert [case.name for case, verdict in verdicts if getattr(verdict, flaw)] == [], flaw
