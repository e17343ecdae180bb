"""Any bytes at all under the names that we read: documented refusals only, in bounded time."""

from __future__ import annotations

import string
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyo3_kit.audit.engine import CheckRequest, Session
from pyo3_kit.errors import KitError
from pyo3_kit.fleet.fleetfile import read_fleet
from pyo3_kit.merge.content import merge_content
from pyo3_kit.merge.model import Labels
from pyo3_kit.presets.reading import read_presets
from pyo3_kit.project.answers_file import read_answers

relaxed = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=150
)
SECONDS = 10
_YAML = st.sampled_from(
    [
        "_commit: v1\n",
        "_src_path: gh:a/b\n",
        "a: ",
        "- ",
        "&a ",
        "*a ",
        "[",
        "]",
        "{",
        "}",
        "? ",
        ": ",
        "\n",
        "  ",
        "\t",
        "#",
        "'",
        '"',
        "|\n",
        ">\n",
        "!!int ",
        "!!binary ",
        "!!timestamp ",
        "!!set ",
        "!x ",
        "<<: ",
        "1:1:1",
        "2024-01-99",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "\\0",
        "\\ud800",
        "~",
        "\x00",
        "\ufeff",
        "é",
        "0x",
        ".inf",
    ]
)
_TOML = st.sampled_from(
    [
        "[",
        "]",
        "[[",
        "]]",
        "{",
        "}",
        "=",
        ".",
        ",",
        "\n",
        "a",
        '"a"',
        "'a'",
        '"""',
        "'''",
        "#",
        "1",
        "1.5",
        "inf",
        "0x",
        "2024-01-99",
        "\\u",
        "name",
        "[presets.a]\n",
        "[[repository]]\n",
        'path = "a"\n',
        "[package]\n",
        "[dependencies]\n",
        'pyo3 = "0.28"\n',
        "[tool.pyo3-kit]\n",
        "fixed",
        "extends",
        "\x00",
        "\ufeff",
        "é",
        "\r",
    ]
)
_RUST = st.sampled_from(
    [
        "fn f(",
        ") ",
        "{ ",
        "} ",
        "#[pyfunction] ",
        "#[pyclass] ",
        "#[pymethods] ",
        "impl ",
        "struct A",
        "use ",
        "a::",
        "{b as c}",
        ";",
        "\n",
        "x.extract::<u8>()",
        "Py<Self>",
        "&mut self",
        '"',
        'r#"',
        "'",
        "//",
        "/*",
        "*/",
        "pyo3-kit: ignore[",
        "PYO021]",
        "m!{",
        "<",
        ">",
        "::",
        "cfg_attr(",
        "\x00",
        "é",
        "\r",
        "let x = ",
        "|a| ",
        "match a ",
        "=> ",
        "?",
        "macro_rules! ",
    ]
)


def texts(pieces: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """Pieces of a language in any order, or any bytes."""
    joined = st.lists(st.one_of(pieces, st.text(string.printable, max_size=5)), max_size=60).map("".join)
    return st.one_of(joined.map(lambda text: text.encode(errors="surrogatepass")), st.binary(max_size=200))


def ends(call: Any, *arguments: Any) -> None:
    """The call returns, or refuses as documented, in time."""
    start = time.process_time()
    try:
        call(*arguments)
    except KitError as error:
        assert error.message  # noqa: PT017 (what is raised is one of two good ends)
    assert time.process_time() - start < SECONDS


@relaxed
@given(content=texts(_YAML))
def test_answers_files(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / ".copier-answers.yml"
    place.write_bytes(content)
    ends(read_answers, place)


@relaxed
@given(content=texts(_TOML))
def test_fleet_files(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "fleet.toml"
    place.write_bytes(content)
    ends(read_fleet, place, lambda _command, _folder, _where: [], None)


@relaxed
@given(content=texts(_TOML))
def test_presets(content: bytes) -> None:
    ends(read_presets, "acme.toml", content.decode(errors="replace"), "/tmp")


@pytest.mark.parametrize("path", ["a.toml", "a.yml", "a.json", "a.rs", "a.py", "a.md", ".gitignore", "a.txt"])
@settings(relaxed, max_examples=60)
@given(data=st.data())
def test_merges(path: str, data: st.DataObject) -> None:
    pieces = {"a.toml": _TOML, "a.rs": _RUST}.get(path, _YAML)
    base, ours, theirs = (data.draw(texts(pieces)) for _ in range(3))
    ends(merge_content, path, base, ours, theirs, Labels())


_CARGO = b'[package]\nname = "x"\n[dependencies]\npyo3 = "0.28"\n'


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("Cargo.toml", _TOML),
        ("pyproject.toml", _TOML),
        ("Cargo.lock", _TOML),
        (".github/workflows/a.yml", _YAML),
        ("src/a.rs", _RUST),
    ],
    ids=["Cargo.toml", "pyproject", "lock", "workflow", "Rust"],
)
@settings(relaxed, max_examples=80)
@given(data=st.data())
def test_checked_projects(tmp_path: Path, name: str, pieces: st.SearchStrategy[str], data: st.DataObject) -> None:
    (tmp_path / "Cargo.toml").write_bytes(_CARGO)
    place = tmp_path / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes((_CARGO if name == "Cargo.toml" else b"") + data.draw(texts(pieces)))
    ends(lambda: Session(CheckRequest(tmp_path, processes=1)).check())
