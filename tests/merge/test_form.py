"""Edits of a file's form alone are no edits: another indentation, blanks, quotes."""

from __future__ import annotations

import pytest

from pyo3_kit.merge.content import merge_content
from pyo3_kit.merge.form import in_form_of
from pyo3_kit.merge.model import Labels

RUST = """\
//! A counter.

pub struct Counter {
    count: u64,
}

impl Counter {
    pub fn add(&mut self, amount: u64) -> u64 {
        self.count = self.count.wrapping_add(amount);
        self.count
    }
}
"""
PYTHON = """\
def main(words):
    if 'help' in words:
        print('usage')
        return 0
    return run(words)
"""


def merged(path: str, base: str, ours: str, theirs: str) -> str | None:
    result = merge_content(path, base.encode(), ours.encode(), theirs.encode(), Labels())
    return None if result.conflicts else result.content.decode()


def two_spaces(text: str) -> str:
    return text.replace("    ", "  ")


def tabs(text: str) -> str:
    return text.replace("    ", "\t")


@pytest.mark.parametrize("form", [two_spaces, tabs], ids=["two spaces", "tabs"])
def test_another_indentation(form: object) -> None:
    assert callable(form)
    theirs = RUST.replace("wrapping_add(amount)", "saturating_add(amount)").replace(
        "        self.count\n    }\n",
        "        if amount == 0 {\n            return 0;\n        }\n        self.count\n    }\n",
    )
    assert merged("src/counter.rs", RUST, form(RUST), form(theirs)) == form(theirs)
    assert merged("src/counter.rs", RUST, form(RUST), theirs) == form(theirs)
    mine = form(RUST).replace("//! A counter.", "//! My counter.")
    assert merged("src/counter.rs", RUST, mine, theirs) == form(theirs).replace("//! A counter.", "//! My counter.")


def test_other_quotes() -> None:
    ours = PYTHON.replace("'", '"')
    theirs = PYTHON.replace("return 0", "return 2").replace("'usage'", "'usage: main'")
    assert merged("cli.py", PYTHON, ours, PYTHON.replace("return 0", "return 2")) == ours.replace(
        "return 0", "return 2"
    )
    text = merged("cli.py", PYTHON, ours, theirs)
    assert text is not None
    assert "usage: main" in text


def test_code_that_was_moved_into_a_block_keeps_its_meaning() -> None:
    ours = PYTHON.replace("    return run(words)\n", "    if words:\n        return run(words)\n")
    assert in_form_of("python", PYTHON, ours, PYTHON) == (PYTHON, PYTHON)
    theirs = PYTHON.replace("return run(words)", "return run(words, 1)")
    assert merged("cli.py", PYTHON, ours, theirs) in (None, ours.replace("run(words)", "run(words, 1)"))


def test_a_file_that_was_rewritten_is_not_taken_for_formatted() -> None:
    ours = "fn main() {\n\tprintln!();\n}\n"
    assert in_form_of("rust", RUST, ours, RUST) == (RUST, RUST)


def test_what_has_the_templates_form_is_left_as_it_is() -> None:
    ours = RUST.replace("A counter", "My counter")
    assert in_form_of("rust", RUST, ours, RUST) == (RUST, RUST)
