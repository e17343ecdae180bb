"""JSON, JSONC and JSON5: by key and item, with the user's text kept where nothing changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyo3_kit.merge.content import merge_content
from pyo3_kit.merge.json import merge
from pyo3_kit.merge.json.reader import Unreadable, read
from pyo3_kit.merge.model import Labels


def merged(base: str, ours: str, theirs: str, path: str = "a.json") -> str | None:
    """The merged text; None for a conflict."""
    result = merge_content(path, base.encode(), ours.encode(), theirs.encode(), Labels())
    return None if result.conflicts else result.content.decode()


LIST = '{\n  "recommendations": [\n    "a.one",\n    "b.two"\n  ]\n}\n'
SCRIPTS = '{\n  "name": "x",\n  "scripts": {\n    "test": "vitest"\n  }\n}\n'
TASKS = '{\n  "tasks": [\n    {\n      "label": "test",\n      "command": "pytest"\n    }\n  ]\n}\n'


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        pytest.param(
            LIST,
            LIST.replace('"b.two"', '"b.two",\n    "me.mine"'),
            LIST.replace('"b.two"', '"b.two",\n    "their.own"'),
            LIST.replace('"b.two"', '"b.two",\n    "their.own",\n    "me.mine"'),
            id="both append an item",
        ),
        pytest.param(
            LIST,
            LIST.replace('    "a.one",\n', ""),
            LIST.replace('"b.two"', '"b.two",\n    "their.own"'),
            '{\n  "recommendations": [\n    "b.two",\n    "their.own"\n  ]\n}\n',
            id="removed and appended",
        ),
        pytest.param(
            LIST,
            LIST.replace("  ", "\t"),
            LIST.replace('    "a.one",\n', ""),
            '{\n\t"recommendations": [\n\t\t"b.two"\n\t]\n}\n',
            id="tabs of the user",
        ),
        pytest.param(
            LIST,
            LIST.replace('"b.two"', '"b.two",\n    "x.same"'),
            LIST.replace('"a.one"', '"x.same",\n    "a.one"'),
            LIST.replace('"b.two"', '"b.two",\n    "x.same"'),
            id="both added the same at different places",
        ),
        pytest.param(
            SCRIPTS,
            SCRIPTS.replace('"vitest"', '"vitest",\n    "mine": "echo"'),
            SCRIPTS.replace('"vitest"', '"vitest run",\n    "lint": "eslint ."'),
            SCRIPTS.replace('"vitest"', '"vitest run",\n    "lint": "eslint .",\n    "mine": "echo"'),
            id="keys beside a changed value",
        ),
        pytest.param(
            TASKS,
            TASKS.replace(
                '"pytest"\n    }', '"pytest"\n    },\n    {\n      "label": "mine",\n      "command": "x"\n    }'
            ),
            TASKS.replace('"pytest"', '"pytest -q"'),
            TASKS.replace(
                '"pytest"\n    }', '"pytest -q"\n    },\n    {\n      "label": "mine",\n      "command": "x"\n    }'
            ),
            id="an object in a list",
        ),
        pytest.param('{"a": 1, "b": 2}', '{"a": 1, "b": 2, "c": 3}', '{"b": 2}', '{"b": 2, "c": 3}', id="on one line"),
        pytest.param(
            '{"a": {}}\n', '{"a": {}, "m": 1}\n', '{"a": {"x": [1]}}\n', '{"a": {"x": [1]}, "m": 1}\n', id="empty"
        ),
        pytest.param(
            '{"a": true, "z": 0}', '{"a": true, "z": 1}', '{"a": 1, "z": 0}', '{"a": 1, "z": 1}', id="true is not 1"
        ),
    ],
)
def test_both_sides_changes_are_kept(base: str, ours: str, theirs: str, expected: str) -> None:
    assert merged(base, ours, theirs) == expected


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ('{"a": 1}', '{"a": 2}', '{"a": 3}'),
        ('{"a": 1, "b": 1}', '{"b": 1}', '{"a": 2, "b": 1}'),
        ('{"a": 1, "b": 1}', '{"a": 2, "b": 1}', '{"b": 1}'),
        ('{"a": 1}', '{"a": 1, "n": 1}', '{"a": 1, "n": 2}'),
    ],
)
def test_two_values_for_one_key_are_a_conflict(base: str, ours: str, theirs: str) -> None:
    assert merged(base, ours, theirs) is None


def test_comments_and_commas_at_the_end_stay() -> None:
    base = '{\n  "a": [1, 2,],\n  "b": 1, // behind\n}\n'
    ours = base.replace('"b": 1', '"b": 7').replace("{\n", "{\n  // Ours.\n")
    theirs = '{\n  "a": [1, 2, 3],\n  "b": 1,\n  "c": {\n    "d": 1\n  }\n}\n'
    expected = '{\n  // Ours.\n  "a": [1, 2, 3,],\n  "b": 7, // behind\n  "c": {\n    "d": 1\n  },\n}\n'
    assert merged(base, ours, theirs, ".devcontainer/devcontainer.json") == expected


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [
        # Changed, beside another edit.
        ("  // a\n", "  // a\n", "  // A\n  // more\n", "  // A\n  // more\n"),
        # Added and removed.
        ("", "", "  /* a */\n", "  /* a */\n"),
        ("\n  // a\n", "\n  // a\n", "\n", "\n"),
        # The user's own one stays.
        ("  // a\n", "  // mine\n", "  // A\n", "  // mine\n"),
    ],
)
def test_a_comment_is_the_templates_unless_the_user_changed_it(
    base: str, ours: str, theirs: str, expected: str
) -> None:
    def text(lead: str, more: str = "") -> str:
        return f'{{"x": {{{more}}},\n"y": {{\n{lead}  "a": {{\n    "b": 1\n  }}\n}}\n}}\n'

    assert merged(text(base), text(ours, '"y": 1'), text(theirs), "settings.json") == text(expected, '"y": 1')


def test_a_comment_above_what_shares_a_line_is_left_out() -> None:
    assert merged('{"a": 1}', '{"a": 1, "b": 2}', '{\n  // a\n  "a": 1\n}') == '{"a": 1, "b": 2}'


def test_json5() -> None:
    base = "{\n  extends: ['config:base'],\n  labels: ['a'],\n}\n"
    ours = base.replace("['a']", "['a', 'mine']")
    theirs = base.replace("'config:base'", "'config:recommended'").replace("['a']", "['a', 'theirs']")
    expected = "{\n  extends: ['config:recommended'],\n  labels: ['a', 'theirs', 'mine'],\n}\n"
    assert merged(base, ours, theirs, "renovate.json5") == expected


@pytest.mark.parametrize("text", ["", "{", "[1,,2]", '{"a": 1 "b": 2}', '{"a": 1, "a": 2}', "[" * 5000, "{]", '"\n"'])
def test_what_is_not_json_is_not_read(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text)


SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["a", "b\n", 'q"', "ü"]))
KEYS = st.sampled_from(["alpha", "beta", "gamma", "delta"])
DATA = st.recursive(
    SCALARS, lambda inner: st.dictionaries(KEYS, inner, max_size=4) | st.lists(inner, max_size=3), max_leaves=8
)
OBJECTS = st.dictionaries(KEYS, DATA, max_size=4)
INDENTS = st.sampled_from([None, 2, 4, "\t"])


def expected_of(base: Any, ours: Any, theirs: Any) -> Any:
    """What has to come out of objects in which no list or value was changed by both sides."""
    found = {}
    for key in {**base, **ours, **theirs}:
        b, o, t = (side.get(key, ...) for side in (base, ours, theirs))
        if same(o, t) or same(t, b):
            found[key] = o
        elif same(o, b):
            found[key] = t
        elif isinstance(o, dict) and isinstance(t, dict):
            found[key] = expected_of(b if isinstance(b, dict) else {}, o, t)
        else:
            found[key] = None
    return {key: value for key, value in found.items() if value is not ...}


def same(one: Any, other: Any) -> bool:
    return one is other or (
        one is not ... and other is not ... and json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    )


@settings(max_examples=400, deadline=None)
@given(base=OBJECTS, ours=OBJECTS, theirs=OBJECTS, indents=st.tuples(INDENTS, INDENTS, INDENTS))
def test_a_merge_is_that_of_the_data(base: Any, ours: Any, theirs: Any, indents: tuple[Any, Any, Any]) -> None:
    texts = [json.dumps(side, indent=indent) for side, indent in zip((base, ours, theirs), indents, strict=True)]
    result = merge("a.json", texts[0], texts[1], texts[2], Labels())
    if result is None:
        return
    found, wanted = json.loads(result.text), expected_of(base, ours, theirs)
    for key, value in wanted.items():
        b, o, t = (side.get(key, ...) for side in (base, ours, theirs))
        both = not (same(o, t) or same(t, b) or same(o, b))
        if not (both and (isinstance(o, list | dict))):
            assert same(found[key], value), key
    assert set(found) == set(wanted)


@settings(max_examples=200, deadline=None)
@given(base=OBJECTS, ours=OBJECTS, indent=INDENTS)
def test_what_only_one_side_changed_is_that_side(base: Any, ours: Any, indent: Any) -> None:
    before, after = json.dumps(base, indent=indent), json.dumps(ours, indent=2)
    kept = merge("a.json", before, after, before, Labels())
    assert kept is not None
    assert kept.text == after
    taken = merge("a.json", before, before, after, Labels())
    assert taken is None or json.loads(taken.text) == ours
