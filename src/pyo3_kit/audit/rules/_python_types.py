"""The Python type that PyO3 extracts a Rust type from."""

from __future__ import annotations

import re

from pyo3_kit.audit.rust_file import RustFile

_INTEGERS = frozenset(
    {*(f"{sign}{bits}" for sign in "iu" for bits in ("8", "16", "32", "64", "128", "size")), "BigInt"}
)
_BY_NAME = {
    **dict.fromkeys((*_INTEGERS, "BigUint"), "PyInt"),
    **dict.fromkeys(("String", "str", "char", "PyBackedStr"), "PyString"),
    **dict.fromkeys(("f32", "f64"), "PyFloat"),
    **dict.fromkeys(("HashMap", "BTreeMap", "IndexMap"), "PyDict"),
    **dict.fromkeys(("HashSet", "BTreeSet"), "PySet"),
    **dict.fromkeys(("Vec", "VecDeque", "SmallVec"), "PyList"),
    "bool": "PyBool",
    "Complex": "PyComplex",
    "PyBackedBytes": "PyBytes",
}
_WRAPPED = re.compile(r"(?:\w+::)*(?:Option|Box|Arc|Rc|Cow)<(?:'\w+,?\s*)?(.*)>")
_HANDLE = re.compile(
    r"(?:\w+::)*(?:Bound|Borrowed|Py|PyRef|PyRefMut|PyClassGuard|PyClassGuardMut)<(?:'\w+,\s*)*(?:\w+::)*(\w+)>"
)
_BYTES = re.compile(r"(?:\[u8\]|(?:\w+::)*Vec<u8>|\[u8;\s*\w+\])")


def concrete_type(target: str, file: RustFile) -> str:
    """The type to check for before extracting `target`, e.g. `PyInt` for `i64`; "" if no single type is known."""
    plain = re.sub(r"^&\s*(?:'\w+\s*)?(?:mut\s+)?", "", target.strip())
    if wrapped := _WRAPPED.fullmatch(plain):
        return concrete_type(wrapped[1], file)
    if handle := _HANDLE.fullmatch(plain):
        return "" if handle[1] == "PyAny" else handle[1]
    if _BYTES.fullmatch(plain):
        return "PyBytes"
    if plain.startswith("("):
        return "PyTuple" if len(plain) > 2 else ""
    if plain.startswith("["):
        return "PyList"
    name = plain.partition("<")[0].rpartition("::")[2].strip()
    return name if file.items.is_user_class(name) else _BY_NAME.get(name, "")
