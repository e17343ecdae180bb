"""What is wrong with a text: whether it parses, and whether something is there twice that may be there once.

A merge compares what is wrong with its result to what was wrong before, so problems are named without their place.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyo3_kit.merge.kinds import Kind
from pyo3_kit.texts.bounds import Unbounded, check_yaml, load_json
from pyo3_kit.texts.toml import TomlError, parse_toml

if TYPE_CHECKING:
    import ast


BROKEN = "it does not parse"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in a clause; `line` (from 1, of the second of two) is not part of its identity."""

    what: str
    line: int | None = field(default=None, compare=False)


def problems(kind: Kind, text: str) -> list[Problem]:
    """What is wrong with a text of that kind."""
    found = list(_markers(text))
    check = _CHECKS.get(kind)
    return found + list(check(text)) if check else found


def repeated_names(names: Iterable[tuple[str, int]]) -> Iterator[Problem]:
    """A problem for every repeated name; each name has its line."""
    seen: set[str] = set()
    reported: set[str] = set()
    for name, line in names:
        if name in seen and name not in reported:
            reported.add(name)
            yield Problem(f"{name} is defined twice", line)
        seen.add(name)


_MARKER = re.compile(r"^(?:<{7} |\|{7} |>{7} ).*$", re.MULTILINE)


def _markers(text: str) -> Iterator[Problem]:
    yield from (
        Problem("a conflict marker is left", text.count("\n", 0, found.start()) + 1) for found in _MARKER.finditer(text)
    )


def _toml(text: str) -> Iterator[Problem]:
    try:
        parse_toml(text)
    except TomlError as error:
        yield Problem(BROKEN, error.line)


def _json(text: str) -> Iterator[Problem]:

    found: list[Problem] = []

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        found.extend(Problem(f"{problem.what}") for problem in repeated_names((f"`{key}`", 0) for key, _ in items))
        return dict(items)

    try:
        load_json(text, pairs)
    except ValueError as error:
        from pyo3_kit.merge.json.reader import Unreadable, read

        line = getattr(error, "lineno", None)
        try:
            read(text)
        except Unreadable:
            yield Problem(BROKEN, line)
        else:
            # With comments or commas at the end; where a side is so, the result may be.
            yield Problem("it is not strict JSON", line)
    yield from found


def _yaml(text: str) -> Iterator[Problem]:
    import yaml

    try:
        check_yaml(text)
        documents = list(yaml.compose_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except Unbounded as error:
        yield Problem(BROKEN, error.line)
        return
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        yield Problem(BROKEN, mark.line + 1 if mark else None)
        return
    stack: list[tuple[str, yaml.Node]] = [("", document) for document in documents if document is not None]
    seen: set[int] = set()
    while stack:
        path, node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            stack += [(path, item) for item in node.value]
        elif isinstance(node, yaml.MappingNode):
            named = [(key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]
            yield from repeated_names((f"`{path}{key.value}`", key.start_mark.line + 1) for key, _ in named)
            stack += [(f"{path}{key.value}.", value) for key, value in named]


def _python(text: str) -> Iterator[Problem]:
    import ast

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
            # What only the compiler sees, like an argument that is there twice.
            compile(tree, "<merged>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        yield Problem(BROKEN, getattr(error, "lineno", None))
        return
    yield from repeated_names(_imported(tree.body))
    stack: list[tuple[str, list[ast.stmt]]] = [("", tree.body)]
    while stack:
        scope, body = stack.pop()
        named = [
            statement
            for statement in body
            if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        ]
        # A name that a decorator reuses, or a placeholder, is meant to be repeated.
        once = [item for item in named if item.name != "_" and not any(map(_repeats, item.decorator_list))]
        yield from repeated_names((f"`{scope}{item.name}`", item.lineno) for item in once)
        stack += [(f"{scope}{item.name}.", item.body) for item in named if isinstance(item, ast.ClassDef)]


def _imported(body: Iterable[ast.stmt]) -> Iterator[tuple[str, int]]:
    """The names that a module imports at its top level; `import a.b` and `import a.c` are two."""
    import ast

    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            for name in statement.names:
                if name.name != "*":
                    yield f"`{name.asname or name.name}` (imported)", statement.lineno


def _repeats(decorator: object) -> bool:
    """Whether a decorator marks one of several definitions of a name: overloads, setters, `register`."""
    import ast

    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    if isinstance(called, ast.Name):
        return called.id == "overload"
    return isinstance(called, ast.Attribute) and called.attr in {"overload", "setter", "getter", "deleter", "register"}


def _rust(text: str) -> Iterator[Problem]:
    from pyo3_kit.rust.scopes import defined_names
    from pyo3_kit.rust.tree import first_error, parse

    root = parse(text)
    line = first_error(root)
    if line is not None:
        yield Problem(BROKEN, line)
    else:
        yield from repeated_names(defined_names(root))


_HEADING = re.compile(r"(#{1,6})[ \t]+(.+?)[ \t#]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


def _markdown(text: str) -> Iterator[Problem]:
    yield from repeated_names(_headings(text))


def _headings(text: str) -> Iterator[tuple[str, int]]:
    above: list[tuple[int, str]] = []
    fence = ""
    for number, line in enumerate(text.split("\n"), start=1):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        heading = None if fence else _HEADING.match(line)
        if heading is None:
            continue
        level = len(heading[1])
        above = [*(outer for outer in above if outer[0] < level), (level, heading[2])]
        yield "the section `" + " / ".join(title for _, title in above) + "`", number


def _named(kind: Kind) -> Callable[[str], Iterator[Problem]]:
    def check(text: str) -> Iterator[Problem]:
        from pyo3_kit.merge.blocks import names

        yield from repeated_names(names(kind, text))

    return check


def _xml(text: str) -> Iterator[Problem]:
    from xml.parsers import expat

    try:
        expat.ParserCreate().Parse(text.encode(), True)
    except expat.ExpatError as error:
        yield Problem(BROKEN, error.lineno)


_CHECKS: Mapping[Kind, Callable[[str], Iterator[Problem]]] = {
    "toml": _toml,
    "json": _json,
    "yaml": _yaml,
    "python": _python,
    "rust": _rust,
    "markdown": _markdown,
    "ini": _named("ini"),
    "make": _named("make"),
    "just": _named("just"),
    "env": _named("env"),
    "requirements": _named("requirements"),
    "xml": _xml,
}
