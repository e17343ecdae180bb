"""Which rules run: resolve words like `PYO02`, `ALL` and `DEFAULT` to rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from pyo3_kit.audit import registry
from pyo3_kit.errors import Refused

ALL = "ALL"
DEFAULT = "DEFAULT"


def expand(words: Iterable[str], where: str) -> list[str]:
    """The rule ids for these words: an id, a prefix, `ALL`, or `DEFAULT`.

    Raises `Refused` for an unknown word; `where` says where it was written.
    """
    found: set[str] = set()
    for word in words:
        name = word.strip().upper()
        if name == DEFAULT:
            found.update(one.id for one in registry.rules().values() if one.default_on)
            continue
        ids = [one for one in registry.rule_ids() if name == ALL or (name.startswith("PYO") and one.startswith(name))]
        if not ids:
            raise unknown(word, where)
        found.update(ids)
    return sorted(found)


def unknown(word: str, where: str) -> Refused:
    """The refusal of a word that names no rule."""
    near = get_close_matches(word.strip().upper(), registry.rule_ids(), 3, 0.6)
    hint = f"Did you mean {', '.join(near)}? " if near else ""
    return Refused(f"{where} names `{word}`, which is not a rule.", f"{hint}`pyo3-kit explain` lists the rules.")


def select_rules(select: Sequence[str] | None, ignore: Sequence[str], where: Mapping[str, str]) -> list[str]:
    """The ids of the rules to run; without `select` those that are on by default."""
    selected = expand([DEFAULT] if select is None else select, where["select"])
    ignored = set(expand(ignore, where["ignore"]))
    return [name for name in selected if name not in ignored]
