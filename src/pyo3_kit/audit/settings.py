"""`[tool.pyo3-kit]` of pyproject.toml: what a project wants of `check`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pyo3_kit.audit.patterns import is_pattern
from pyo3_kit.audit.selection import expand
from pyo3_kit.errors import Refused
from pyo3_kit.system.names import escape_of

KEYS = ("baseline", "exclude", "ignore", "per-path", "select", "template")
_BASELINE = "Give the path of a file in the project; `--baseline` may name any other."


@dataclass(frozen=True)
class Settings:
    """What the table says; without it nothing."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    """Patterns as in `.gitignore` of what is not checked."""
    per_path: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Pattern as in `.gitignore` → ids of rules that say nothing there."""
    baseline: str | None = None
    """Path of the baseline, relative to the project."""

    def silent(self, paths: Iterable[str]) -> dict[str, frozenset[str]]:
        """For each of these paths the rules that say nothing there."""
        if not self.per_path:
            return {}
        from pathspec import GitIgnoreSpec

        specs = [(GitIgnoreSpec.from_lines([pattern]), rules) for pattern, rules in self.per_path.items()]
        return {
            path: frozenset().union(*(rules for spec, rules in specs if spec.match_file(path))) for path in set(paths)
        }


def read_settings(path: str, data: Mapping[str, Any]) -> Settings:
    """The settings in a pyproject.toml's data; `Refused` for what cannot be understood."""
    tool = data.get("tool")
    own = tool.get("pyo3-kit") if isinstance(tool, Mapping) else None
    if own is None:
        return Settings()
    where = f"`[tool.pyo3-kit]` in {path}"
    if not isinstance(own, Mapping):
        raise Refused(f"{where} is not a table.", "Write `[tool.pyo3-kit]` with keys below it.")
    for key in own:
        if key not in KEYS:
            near = get_close_matches(key, KEYS, 1)
            hint = f"Did you mean `{near[0]}`?" if near else f"There are {', '.join(f'`{one}`' for one in KEYS)}."
            raise Refused(f"{where} has the unknown key `{key}`.", hint)
    select = _words(own, "select", where) if "select" in own else None
    ignore = _words(own, "ignore", where)
    expand(select or (), f"`select` of {where}")
    expand(ignore, f"`ignore` of {where}")
    baseline = own.get("baseline")
    if baseline is not None and not isinstance(baseline, str):
        raise Refused(f"`baseline` of {where} is not a string.", _BASELINE)
    if baseline is not None and (why := escape_of(Path(baseline).as_posix())):
        raise Refused(f"`baseline` of {where} is {baseline!a}, which is refused: {why}.", _BASELINE)
    exclude, per_path = _words(own, "exclude", where), _per_path(own, where)
    for key, patterns in (("exclude", exclude), ("per-path", per_path)):
        _check_patterns(patterns, f"`{key}` of {where}")
    return Settings(select, ignore, exclude, per_path, baseline)


def _words(own: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = own.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Refused(f"`{key}` of {where} is not a list of strings.", f'Write e.g. `{key} = ["PYO02", "PYO081"]`.')
    return tuple(value)


def _check_patterns(patterns: Iterable[str], where: str) -> None:
    for pattern in patterns:
        if not is_pattern(pattern):
            raise Refused(f"{where} has `{pattern}`, which is not a valid pattern.", "Use the syntax of `.gitignore`.")


def _per_path(own: Mapping[str, Any], where: str) -> dict[str, frozenset[str]]:
    table = own.get("per-path", {})
    if not isinstance(table, Mapping):
        raise Refused(f"`per-path` of {where} is not a table.", 'Write e.g. `per-path = { "src/ffi/" = ["PYO111"] }`.')
    named = f"`per-path` of {where}"
    return {pattern: frozenset(expand(_words(table, pattern, named), named)) for pattern in table}
