"""PYO011."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.items import Function
from pyo3_kit.audit.model import Finding
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import NodeRule
from pyo3_kit.audit.rules._attached import is_parallel, root_of, runs_in_place
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.rust.calls import called_path, method_call
from pyo3_kit.rust.tree import SyntaxNode, arguments, span

_FILES = re.compile(
    r"(?:std::fs|fs_err)::(?:File::(?:open|create|create_new)|read|read_to_string|read_dir|write|copy|"
    r"remove_dir_all)"
)
_OPENS = re.compile(r".*::(?:File::\w+|read_dir)")
_WORKS = re.compile(
    r"\b(?:for|while|loop)\b|\bwrite(?:ln)?!"
    r"|(?:\b|_)(?:read|write|load|(?<!\.)parse|copy|save|dump|lines|next|decode|encode|deserialize|serialize|import|export|scan)"
    r"(?:_\w+)?\s*(?:::\s*<[^()]{0,200}>\s*)?\("
    r"|(?:\b|_)(?:reader|writer)\s*\("
)
"""What reads or writes an open file: a loop, a macro, or a call whose name says so."""
_PYTHON_IMPORT = re.compile(r"\b(?:PyModule\s*::|py\s*\.|py\(\)\s*\.)\s*import(?:_bound)?\s*\(")
"""What imports a Python module, and reads nothing from an open file."""
_PROFILER = re.compile(r"\b(?:dhat|flame|pprof|puffin)\s*::")
"""Profilers, whose reports nothing waits for."""
_NETWORK = re.compile(r"reqwest::blocking::get|std::net::TcpStream::connect(?:_timeout)?")
_SENDS = frozenset({"call", "send", "send_bytes", "send_empty", "send_form", "send_json", "send_string"})


class PYO011(NodeRule):
    """Slow work in a function called from Python, without `detach`.

    ## What it does

    Finds slow or blocking operations in functions that Python calls: file access with `std::fs`, `thread::sleep`,
    `join` of a thread, rayon, processes, blocking HTTP requests. Code inside `detach` (`allow_threads` before 0.26)
    is not reported, nor is code in a closure that may run elsewhere. Opening a file or folder is reported only if the
    same block then reads or writes it: with a loop, `write!`, or a call with a name like `read_line` or `from_reader`.
    Functions that write the report of a profiler (dhat, flame, pprof, puffin) may use files.

    ## Why

    No other Python thread can run until the function returns; on free-threaded Python, every garbage collection
    waits for it. With `detach`, two threads work at the same time, and another one waits for microseconds instead of
    the whole call; a `detach` costs tens of nanoseconds. With rayon it can even deadlock: a worker that wants to
    attach waits for the thread that waits for the worker.

    ## Example

    ```rust
    #[pyfunction]
    fn load(path: PathBuf) -> PyResult<String> {
        Ok(std::fs::read_to_string(path)?)
    }
    ```

    ## Use instead

    ```rust
    #[pyfunction]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<String> {
        Ok(py.detach(|| std::fs::read_to_string(path))?)
    }
    ```

    ## When not

    If the work takes less than a few microseconds, or needs Python objects throughout.
    """

    title = "slow work without `detach`"
    kinds = frozenset({"call_expression"})
    words = ("pyfn", "pyfunction", "pymethods")

    def check(self, node: SyntaxNode, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report calls known to be slow that run attached in an exposed function."""
        function = file.exposed_at(node)
        if function is None or function.is_async:
            return
        found = _by_path(node, file, function) or _by_method(node, file, function)
        if found is None or not runs_in_place(node, file, waited_for=True):
            return
        name, what = found
        detach = "detach" if file.version >= (0, 26) else "allow_threads"
        yield self.finding(
            file.path,
            span(_name(node)),
            f"`{name}` {what} while no other Python thread can run",
            f"wrap it in `py.{detach}(|| …)`",
        )


def _name(call: SyntaxNode) -> SyntaxNode:
    function = call.field("function") or call
    if function.kind() == "generic_function":
        function = function.field("function") or function
    return function.field("field") or function


def _by_path(node: SyntaxNode, file: RustFile, function: Function) -> tuple[str, str] | None:
    path = called_path(node)
    if path is None or ("::" not in path and path not in file.uses):
        return None
    full = file.full(path)
    if _FILES.fullmatch(full) and (not _OPENS.fullmatch(full) or _used_at_once(node)):
        return None if _reports_profile(function, file) else (path, "waits for the file system")
    if full == "std::thread::sleep":
        return path, "sleeps"
    if full in ("rayon::join", "rayon::scope", "rayon::in_place_scope"):
        return path, "waits for rayon's threads"
    if _NETWORK.fullmatch(full):
        return path, "waits for the network"
    return None


def _used_at_once(opening: SyntaxNode) -> bool:
    """Whether the block that opens a file or folder also reads or writes it."""
    inner = opening
    for around in opening.ancestors():
        if around.kind() in ("block", "closure_expression", "match_arm", "function_item"):
            break
        inner = around
    if inner.kind() == "expression_statement" and re.fullmatch(
        r"\s*\??\s*;", inner.text().removeprefix(opening.text())
    ):
        # It is only asked whether the file can be opened.
        return False
    rest = [inner.text().replace(opening.text(), "", 1)]
    following = inner.next()
    while following is not None:
        rest.append(following.text())
        following = following.next()
    return any(_WORKS.search(_PYTHON_IMPORT.sub("(", text)) for text in rest)


def _reports_profile(function: Function, file: RustFile) -> bool:
    """Whether a function uses a profiler, to write down what it measured."""
    body = function.body
    return body is not None and _PROFILER.search(file.text, body.start, body.end) is not None


def _by_method(node: SyntaxNode, file: RustFile, function: Function) -> tuple[str, str] | None:
    call = method_call(node)
    if call is None:
        return None
    receiver, name, _ = call
    if is_parallel(name) and file.crate.depends_on("rayon"):
        return name, "waits for rayon's threads"
    if arguments(node):
        return ("send", "waits for the network") if name in _SENDS and _requests(receiver, file) else None
    if name == "join":
        # Without arguments it is a thread's `join`; those of paths, lists and iterators take one.
        return "join", "waits for a thread"
    if name in ("output", "status") and _is_command(receiver, file, function):
        return name, "waits for a process"
    if name in _SENDS and _requests(receiver, file):
        return name, "waits for the network"
    return None


def _requests(receiver: SyntaxNode, file: RustFile) -> bool:
    path = called_path(root_of(receiver)) or ""
    return file.full(path).startswith(("ureq::", "reqwest::blocking::"))


def _is_command(receiver: SyntaxNode, file: RustFile, function: Function) -> bool:
    """Whether a call chain starts with `Command::new`, or with a variable that does."""
    root = root_of(receiver)
    path = called_path(root)
    if path is None and root.kind() == "identifier":
        body = file.text[function.body.start : function.body.end] if function.body else ""
        made = re.search(rf"\blet\s+(?:mut\s+)?{re.escape(root.text())}\s*=\s*([\w:]+)\s*\(", body)
        path = made[1] if made else None
    return path is not None and file.full(path) == "std::process::Command::new"
