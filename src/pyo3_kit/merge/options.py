"""Three-way merge of a program's options on one line, such as pytest's `addopts`."""

from __future__ import annotations

import re

_WORD = re.compile(r"""(?:[^\s"']|"[^"]*"|'[^']*')+""")


def merge_options(base: str, ours: str, theirs: str) -> str | None:
    """The options of ours with what the template added and took away; None where both sides set one differently.

    An option and the words behind it, which may be its values, are one: `-n 4`.
    """
    sides = [_options(text) for text in (base, ours, theirs)]
    # What a side gives several times is known by its value.
    names = [[_name(option) for option in side] for side in sides]
    several = {name for side in names for name in side if side.count(name) > 1}
    b, o, t = ({option if _name(option) in several else _name(option): option for option in side} for side in sides)
    merged = dict(o)
    for name in {**b, **t}:
        if o.get(name) == t.get(name) or t.get(name) == b.get(name):
            continue
        if o.get(name) != b.get(name):
            return None
        if name in t:
            merged[name] = t[name]
        else:
            del merged[name]
    order = [name for name in o if name in merged]
    after = 0
    for name in t:
        if name in order:
            after = order.index(name) + 1
        elif name in merged:
            order.insert(after, name)
            after += 1
    return " ".join(merged[name] for name in order)


def _options(text: str) -> list[str]:
    found: list[str] = []
    for word in _WORD.findall(text):
        if word.startswith("-") or not found:
            found.append(word)
        else:
            found[-1] += f" {word}"
    return found


def _name(option: str) -> str:
    return re.split(r"[\s=]", option, maxsplit=1)[0]
