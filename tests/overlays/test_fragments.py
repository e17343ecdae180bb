"""Fragments merged into files: what changes, what stays as it is written, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pyo3_kit.errors import Refused
from pyo3_kit.merge.model import File
from pyo3_kit.overlays import compose

TOML = """\
# The head.
[build-system]
requires = ["maturin>=1.14,<2"]  # builds

[project]
name = "x"
authors = [{ name = "A" }]

[dependency-groups]
lint = [
  "mypy",
  # formats
  "ruff",
]

[tool.ruff]
line-length = 100
select = ["E", "F"]
"""

YAML = """\
# The head.
on:
  push:
  pull_request:  # from others

jobs:
  lint:
    # Where it runs.
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@abc  # v7
        with:
          persist-credentials: false
      - name: Ruff
        run: |
          ruff check .
          ruff format .
      - name: Types
        run: mypy
  wheels:  # for all
    # as many as there are
    needs: [lint]
    strategy:
      matrix:
        os: [linux, macos]
"""


def merged(path: str, text: str, fragment: str) -> str:
    tree = compose({path: File(text.encode())}, {"acme": {path: fragment}}, strict=True)
    return tree[path].content.decode()


def changed(path: str, text: str, fragment: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    before, after = text.splitlines(), merged(path, text, fragment).splitlines()
    return [line for line in before if line not in after], [line for line in after if line not in before]


@pytest.mark.parametrize(
    ("fragment", "gone", "new"),
    [
        ("", [], []),
        ("[tool.ruff]\nline-length = 100\n", [], []),
        ("[tool.ruff]\nline-length = 120\n", ["line-length = 100"], ["line-length = 120"]),
        ("[tool.ruff]\nselect = ['E', 'B']\n", ['select = ["E", "F"]'], ['select = ["E", "B", "F"]']),
        ("[tool.ruff]\nselect = ['$replace', 'ALL']\n", ['select = ["E", "F"]'], ['select = ["ALL"]']),
        ("[tool.ruff]\nselect = '$remove'\n", ['select = ["E", "F"]'], []),
        ("[tool.ruff]\nnothing = '$remove?'\n", [], []),
        ("[dependency-groups]\nlint = ['$remove? black']\n", [], []),
        ("[tool.black]\n'$optional' = true\nline-length = 9\n", [], []),
        ("[build-system]\nrequires = ['Maturin>=1.15']\n", ['requires = ["maturin>=1.14,<2"]  # builds'], None),
        ("[dependency-groups]\nlint = ['$remove ruff', 'reuse>=5']\n", ['  "ruff",'], ['  "reuse>=5",']),
        (
            "[[tool.uv.index]]\nname = 'acme'\nurl = 'https://x'\n",
            [],
            ["[[tool.uv.index]]", 'name = "acme"', 'url = "https://x"'],
        ),
        ("[project]\nauthors = [{name = 'A', email = 'a@b'}]\n", ['authors = [{ name = "A" }]'], None),
    ],
)
def test_toml(fragment: str, gone: list[str], new: list[str] | None) -> None:
    went, came = changed("pyproject.toml", TOML, fragment)
    assert went == gone
    assert new is None or came == new
    assert "# The head." in merged("pyproject.toml", TOML, fragment)


@pytest.mark.parametrize(
    ("fragment", "gone", "new"),
    [
        ("", [], []),
        (
            "jobs: {lint: {runs-on: [self-hosted, linux]}}",
            ["    runs-on: ubuntu-24.04"],
            ["    runs-on: [self-hosted, linux]"],
        ),
        ("on: {merge_group: }", [], ["  merge_group:"]),
        ("on: {push: $remove}", ["  push:"], []),
        ("jobs: {lint: {steps: [{name: Types, env: {A: b}}]}}", [], ["        env:", "          A: b"]),
        ("jobs: {lint: {steps: [{name: Types, run: mypy .}]}}", ["        run: mypy"], ["        run: mypy ."]),
        ("jobs: {lint: {steps: [{name: Types, $remove: true}]}}", ["      - name: Types", "        run: mypy"], []),
        ("jobs: {lint: {steps: [{name: Last, run: x}]}}", [], ["      - name: Last", "        run: x"]),
        (
            "jobs: {lint: {steps: [{uses: actions/checkout@def}]}}",
            ["      - uses: actions/checkout@abc  # v7"],
            ["      - uses: actions/checkout@def"],
        ),
        (
            "jobs:\n  lint:\n    steps:\n      - uses: actions/checkout@def  # v8\n",
            None,
            ["      - uses: actions/checkout@def  # v8"],
        ),
        ("jobs: {lint: {steps: [{uses: actions/checkout@abc, with: {a: b}}]}}", [], ["          a: b"]),
        ("jobs: {lint: {steps: [{uses: actions/checkout, with: {a: b}}]}}", [], ["          a: b"]),
        ("jobs: {lint: {steps: [{name: Black, $optional: true, env: {A: b}}]}}", [], []),
        ("jobs: {lint: {steps: [{name: Black, $optional: true, $remove: true}]}}", [], []),
        ("jobs: {lint: {steps: [{$match: {run: mypy}, env: {A: b}}]}}", [], ["        env:", "          A: b"]),
        (
            "jobs: {lint: {steps: [{$match: {run: mypy}, $remove: true}]}}",
            ["      - name: Types", "        run: mypy"],
            [],
        ),
        ("jobs: {$each: {timeout-minutes: 5}}", [], ["    timeout-minutes: 5", "    timeout-minutes: 5"]),
        (
            "jobs: {$each: {timeout-minutes: 5}, wheels: {timeout-minutes: 9}}",
            [],
            ["    timeout-minutes: 5", "    timeout-minutes: 9"],
        ),
        ("jobs: {wheels: {strategy: {matrix: {os: [windows]}}}}", None, ["        os: [linux, macos, windows]"]),
        ("jobs: {wheels: {strategy: {matrix: {os: [$replace, linux]}}}}", None, ["        os: [linux]"]),
        ("jobs: {wheels: {strategy: {matrix: {$replace: true, py: ['3']}}}}", None, ["        py: ['3']"]),
    ],
)
def test_yaml(fragment: str, gone: list[str] | None, new: list[str] | None) -> None:
    went, came = changed("ci.yml", YAML, fragment)
    assert gone is None or went == gone
    assert new is None or came == new
    assert "# Where it runs." in merged("ci.yml", YAML, fragment)


def test_a_removed_job_goes_with_its_comments() -> None:
    assert merged("ci.yml", YAML, "jobs: {wheels: $remove}") == YAML[: YAML.index("  wheels:")]


def test_a_new_step_stands_beside_its_neighbour_in_the_fragment() -> None:
    steps = [{"name": "Before", "run": "x"}, {"uses": "actions/checkout@abc"}, {"name": "After", "run": "y"}]
    text = merged("ci.yml", YAML, yaml.safe_dump({"jobs": {"lint": {"steps": steps}}}, sort_keys=False))
    names = [step.get("name", "checkout") for step in yaml.safe_load(text)["jobs"]["lint"]["steps"]]
    assert names == ["Before", "checkout", "After", "Ruff", "Types"]


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ({"$first": True}, ["New", "checkout", "Ruff", "Types"]),
        ({"$last": True}, ["checkout", "Ruff", "Types", "New"]),
        ({"$before": "Types"}, ["checkout", "Ruff", "New", "Types"]),
        ({"$after": "actions/checkout"}, ["checkout", "New", "Ruff", "Types"]),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_new_step_goes_where_it_says(place: dict[str, Any], names: list[str]) -> None:
    steps = [{"name": "Ruff", "env": {"A": "b"}}, {"name": "New", "run": "x", **place}]
    fragment = yaml.safe_dump({"jobs": {"lint": {"steps": steps}}})
    text = merged("ci.yml", YAML, fragment)
    assert [step.get("name", "checkout") for step in yaml.safe_load(text)["jobs"]["lint"]["steps"]] == names
    assert "$" not in text
    assert merged("ci.yml", text, fragment) == text


LACKS = {
    "key": ("on:\n  pushes: $remove\n", "line 2: there is no key `on.pushes` in ci.yml.", "There is `push`."),
    "step": (
        "jobs:\n  lint:\n    steps:\n      - name: Ruf\n        env: {A: b}\n",
        "line 4: there is no `Ruf` in `jobs.lint.steps` of ci.yml.",
        "There is `Ruff`.",
    ),
    "action": (
        "jobs: {lint: {steps: [{uses: actions/checkuot}]}}",
        "line 1: there is no `actions/checkuot`",
        "`actions/checkout`",
    ),
    "removed": (
        "jobs: {lint: {steps: [{name: Type, $remove: true}]}}",
        "line 1: there is no `Type`",
        "There is `Types`.",
    ),
    "item": (
        "jobs: {wheels: {needs: [$remove lnt]}}",
        "line 1: there is no `lnt` in `jobs.wheels.needs`",
        "There is `lint`.",
    ),
    "match": ("jobs: {lint: {steps: [{$match: {run: x}, env: {}}]}}", "line 1: there is no `run: x`", "$optional"),
    "anchor": (
        "jobs: {lint: {steps: [{name: New, run: x, $after: Type}]}}",
        "line 1: there is no `Type` in `jobs.lint.steps`",
        "There is `Types`.",
    ),
    "each": ("on: {$each: {a: b}}", "line 1: `on` of ci.yml contains no mappings.", ""),
    "directive": (
        "jobs: {lint: {steps: [{name: New, run: x, $atfer: Types}]}}",
        "line 1: unknown directive `$atfer`",
        "Did you mean `$after`?",
    ),
}


@pytest.mark.parametrize(("fragment", "said", "hint"), LACKS.values(), ids=LACKS)
def test_what_the_file_lacks_is_refused(fragment: str, said: str, hint: str) -> None:
    with pytest.raises(Refused) as caught:
        merged("ci.yml", YAML, fragment)
    assert caught.value.message.startswith(f"The fragment .pyo3-kit/overlays/acme/ci.fragment.yml, {said}")
    assert hint in caught.value.hint
    # An older tree may not have had it yet.
    compose({"ci.yml": File(YAML.encode())}, {"acme": {"ci.yml": fragment}}, strict=False)


def test_a_key_of_another_layout_is_refused() -> None:
    tree = {"Cargo.toml": File(b"[workspace]\n"), "crates/x/Cargo.toml": File(b'[dependencies]\nserde = "1"\n')}
    fragment = "[workspace.lints]\n\n[dependencies]\nrayon = '1'\n"
    with pytest.raises(Refused) as caught:
        compose(tree, {"acme": {"Cargo.toml": fragment}}, strict=True)
    assert (
        "line 3: Cargo.toml has no `dependencies` with these answers; crates/x/Cargo.toml has it."
        in caught.value.message
    )
    with pytest.raises(Refused, match=r"no `profile` with these answers; Cargo\.toml has it"):
        compose(
            {**tree, "Cargo.toml": File(b"[workspace]\n[profile.release]\nlto = true\n")},
            {"acme": {"crates/x/Cargo.toml": "[profile.release]\nstrip = true\n"}},
            strict=True,
        )
    optional = fragment.replace("rayon", "'$optional' = true\nrayon")
    assert b"rayon" not in compose(tree, {"acme": {"Cargo.toml": optional}}, strict=True)["Cargo.toml"].content


def test_a_key_that_another_crate_happens_to_have_is_added() -> None:
    tree = {
        "Cargo.toml": File(b'[package]\nname = "x"\n[dependencies]\nserde = "1"\n'),
        "crates/y/Cargo.toml": File(b'[package]\nhomepage = "h"\n[dependencies]\ntokio = "1"\n[dev-dependencies]\n'),
    }
    fragment = "[package]\nhomepage = 'g'\n[dependencies]\ntokio = '1'\n[dev-dependencies]\nloom = '1'\n"
    text = compose(tree, {"acme": {"Cargo.toml": fragment}}, strict=True)["Cargo.toml"].content.decode()
    assert all(word in text for word in ("homepage", "tokio", "loom"))


def test_a_word_that_yaml_takes_for_a_truth_value_stays_a_word() -> None:
    assert "\non:\n" in merged("ci.yml", YAML, "on: {merge_group: }")
    assert merged("a.yml", "on:\n  x: 1\n", "on: {y: 'no'}") == "on:\n  x: 1\n  y: 'no'\n"


@pytest.mark.parametrize(
    ("path", "text", "fragment", "said"),
    [
        ("a.toml", "a = 1\n", "b = [\n", "a.fragment.toml, line 1, column 6"),
        ("a.toml", "a = \n", "b = 1\n", "a.toml, line 1, column 5"),
        ("a.yml", "a: 1\n", "b: [\n", "a.fragment.yml, line 2, column 1"),
        ("a.yml", "a: 1\n", "- b\n", "is not a mapping"),
        ("a.yml", "a: 1\n", "b: 1\nb: 2\n", "line 2, column 1: duplicate key `b`"),
        ("a.yml", "a: 1\n", "---\nb: 1\n---\nc: 1\n", "line 3, column 1"),
        ("a.yml", "a: 1\n", "[b]: 1\n", "line 1, column 1: keys must be scalars"),
    ],
)
def test_refused(path: str, text: str, fragment: str, said: str) -> None:
    with pytest.raises(Refused, match=r".") as caught:
        merged(path, text, fragment)
    assert said in caught.value.message
    assert caught.value.hint


KEYS = st.sampled_from(["alpha", "beta", "gamma", "on", "x-y"])
SCALARS = st.one_of(st.integers(-9, 9), st.booleans(), st.sampled_from(["text", "no", "1", "two words", "#", "é"]))
VALUES = st.recursive(SCALARS, lambda inner: st.one_of(st.dictionaries(KEYS, inner, max_size=3)), max_leaves=6)
DATA = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)


def overlaid(data: Any, fragment: Any) -> Any:
    """What mappings come to, by the book."""
    if not isinstance(data, dict) or not isinstance(fragment, dict):
        return fragment
    return {**data, **{key: overlaid(data[key], value) if key in data else value for key, value in fragment.items()}}


@settings(max_examples=150, deadline=None)
@given(data=DATA, fragment=DATA)
def test_a_merge_gives_what_the_fragment_says_and_leaves_the_rest(data: Any, fragment: Any) -> None:
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    wanted = yaml.safe_dump(fragment, sort_keys=False, allow_unicode=True)
    once = merged("a.yml", text, wanted)
    assert yaml.safe_load(once) == overlaid(data, fragment)
    assert merged("a.yml", once, wanted) == once
