"""Texts that ask a parser for more than anybody writes are refused in time, as are names that no system takes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import yaml

from pyo3_kit.errors import Refused
from pyo3_kit.project.answers_file import read_answers
from pyo3_kit.system.addresses import refuse_address, refuse_version
from pyo3_kit.texts.bounds import Unbounded, load_json, load_yaml
from pyo3_kit.texts.checked import checked
from pyo3_kit.texts.toml import TomlError, parse_toml
from tests.security.bounded import Bounded

BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(8)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)}\n  <<: [{','.join(['*' + chr(97 + i)] * 10)}]\n" for i in range(8)
)


@pytest.mark.parametrize(
    "text",
    [BOMB, MERGES, "a: &a [*a]\n", "a: &a {b: {c: *a}}\n", "[" * 200, "- " * 200 + "a", "{a: " * 50_000, "? " * 5000],
    ids=["aliases", "merge keys", "itself", "in itself", "brackets", "lists", "braces", "keys"],
)
def test_yaml_that_never_ends_is_refused(text: str) -> None:
    start = time.process_time()
    with pytest.raises((Unbounded, yaml.YAMLError)):
        load_yaml(text, yaml.SafeLoader)
    assert time.process_time() - start < 5
    with pytest.raises(Refused):
        checked("a.yml", text, "yaml")


@pytest.mark.parametrize(
    "text",
    ["a: &a [1, 2]\nb: *a\nc: *a\n", ".x: &x {a: 1}\njobs:\n  b:\n    <<: *x\n", "[" * 90 + "]" * 90 + "\n", ""],
)
def test_yaml_that_people_write_is_read(text: str) -> None:
    assert load_yaml(text, yaml.SafeLoader) == yaml.safe_load(text)


@pytest.mark.parametrize(
    "scalar", ["2024-99-99", "!!bool maybe", "!!int ''", "!!timestamp x", "9" * 5000, "!!float ''", "!!binary é"]
)
def test_a_scalar_that_is_not_what_it_says_is_refused_with_its_line(scalar: str) -> None:
    with pytest.raises(Refused, match=r"a\.yml, line 2, column 4: "):
        checked("a.yml", f"a: 1\nb: {scalar}\n", "yaml")


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 40_000 + " = 1",
        "[a" + ' . "a"' * 40_000 + "]",
        "[[a" + ".'a'" * 300 + "]]",
        "a = " + "[" * 5000,
        "a = " + "{a = " * 5000,
        "a = " + "[" * 150 + "]" * 150,
        "a = { b" + ".b" * 5000 + " = 1 }",
    ],
    ids=["key", "header", "literal", "brackets", "braces", "closed", "inline"],
)
def test_toml_that_takes_gigabytes_is_refused(text: str) -> None:
    start = time.process_time()
    with pytest.raises(TomlError):
        parse_toml(text)
    assert time.process_time() - start < 5


def test_toml_with_many_dots_is_read() -> None:
    text = f"a = [{', '.join(['1.5'] * 5000)}]\n[b{'.c' * 50}]\nd = '{'a.' * 500}'\n"
    assert len(parse_toml(text)["a"]) == 5000


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 5000 + "1" + "}" * 5000, "[" * 150 + "]" * 150])
def test_json_that_ends_the_stack_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"nested too deeply|Expecting"):
        load_json(text)


@pytest.mark.parametrize("text", ["a\0b", "~nobody-of-that-name/x", "a" * 5000, "a\nb", "\ud800"])
def test_an_address_that_no_system_takes_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        refuse_address(text, "The template")


@pytest.mark.parametrize("text", ["gh:a/b", "https://example.org/a.git", "/tmp", "~/x", "../é", "a b", "\udcff"])
def test_any_other_address_passes(text: str) -> None:
    refuse_address(text, "The template")


@pytest.mark.parametrize("text", ["v1\0", "a" * 300, "v1\n", "\x1b[2J"])
def test_a_version_that_no_system_takes_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        refuse_version(text, "The version")


@pytest.mark.parametrize(
    "change",
    [
        '_commit: "v1\\0"',
        "_src_path: ~nobody-x/y",
        f"_src_path: {'a' * 5000}",
        f"_commit: {'a' * 200_000}",
        '_src_path: "a\\nb"',
    ],
)
def test_an_answers_file_with_such_names_is_refused(tmp_path: Path, change: str) -> None:
    key = change.partition(":")[0]
    rows = {"_commit": "_commit: v1.0.0", "_src_path": "_src_path: gh:a/b", key: change}
    (tmp_path / "a.yml").write_text("\n".join(rows.values()) + "\n")
    with pytest.raises(Refused, match=key):
        read_answers(tmp_path / "a.yml")


CARGO = '[package]\nname = "x"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\npyo3 = "0.28"\n'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "a" + ".a" * 40_000 + " = 1"),
        ("Cargo.toml", CARGO + "[a" + ".a" * 40_000 + "]"),
        ("Cargo.toml", CARGO + "a = " + "[" * 100_000),
        (".cargo/config.toml", "a = " + "{a=" * 50_000),
        (".github/workflows/a.yml", BOMB),
        (".github/workflows/a.yml", "[" * 100_000),
        (".gitlab-ci.yml", "a: &a [*a]\n"),
        ("b.json", "[" * 100_000),
        (".gitignore", "*" * 500_000),
    ],
    ids=[
        "pyproject key",
        "Cargo header",
        "Cargo brackets",
        "config braces",
        "workflow aliases",
        "workflow",
        "gitlab",
        "baseline",
        "ignore",
    ],
)
def test_check_ends_with_one_line_for_it(bounded: Bounded, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "Cargo.toml").write_text(CARGO)
    (tmp_path / "src" / "lib.rs").write_text("use pyo3::prelude::*;\n")
    place = tmp_path / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text)
    result = bounded("check", ".", *(["--baseline", name] if name == "b.json" else []), folder=tmp_path)
    assert len(result.err.splitlines()) <= 4
