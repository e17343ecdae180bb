"""The tree of files."""

from __future__ import annotations

from pyo3_kit.texts.listing import Entry, draw, format_size, summary

ENTRIES = [Entry("b.txt", 5), Entry("src/deep/a.rs", 1234), Entry("src/lib.rs", 999), Entry("a.txt", 0)]


def test_folders_come_first_and_sizes_stand_in_a_column() -> None:
    assert draw(ENTRIES, "my-lib") == [
        "my-lib/",
        "├── src/",
        "│   ├── deep/",
        "│   │   └── a.rs    1.2 kB",
        "│   └── lib.rs       999 B",
        "├── a.txt              0 B",
        "└── b.txt              5 B",
    ]


def test_an_empty_tree_is_its_top() -> None:
    assert draw([], "x") == ["x/"]


def test_summary() -> None:
    assert summary(ENTRIES) == "4 files, 2.2 kB"
    assert summary(ENTRIES[:1]) == "1 file, 5 B"
    assert format_size(1000) == "1.0 kB"
