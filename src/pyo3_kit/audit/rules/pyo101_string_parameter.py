"""PYO101."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyo3_kit.audit.items import Function, Parameter
from pyo3_kit.audit.model import Finding, Fix, Safety
from pyo3_kit.audit.project import Project
from pyo3_kit.audit.rule import FunctionRule
from pyo3_kit.audit.rules._reads import only_reads, only_reads_option
from pyo3_kit.audit.rust_file import RustFile
from pyo3_kit.texts.edits import Edit

_OLD_ABI3 = frozenset({"abi3-py37", "abi3-py38", "abi3-py39"})
"""Features without `&str` parameters: Python's stable ABI gives access to a string's memory since 3.10."""


class PYO101(FunctionRule):
    """A `String` parameter that is only read.

    ## What it does

    Finds parameters of type `String` or `Option<String>` in functions that Python calls, if the body only borrows
    them: through methods of `str`, `&name`, or formatting. Parameters that are stored, returned, changed, moved into
    a future or passed on by value are not reported. The rule is silent with `abi3-py39` and older, where PyO3 does
    not support `&str` parameters.

    ## Why

    A `String` is a copy of the Python string, made at every call. A `&str` borrows the string's own memory, which saves
    more the longer the string is.

    ## Example

    ```rust
    #[pyfunction]
    fn is_secure(url: String) -> bool {
        url.starts_with("https://")
    }
    ```

    ## Use instead

    ```rust
    #[pyfunction]
    fn is_secure(url: &str) -> bool {
        url.starts_with("https://")
    }
    ```

    ## When not

    If other Rust code calls the function and has a `String` to give away.

    ## Fix

    Changes the type to `&str`. Offered only if the function is private, nothing else in its file calls it, and
    everything the body does with the parameter works the same with a `&str`.
    """

    title = "`String` parameter that is only read"
    fix = Safety.SAFE
    since = (0, 22)

    def check(self, function: Function, file: RustFile, project: Project) -> Iterator[Finding]:
        """Report each `String` parameter that the body only borrows."""
        if function.is_async or function.in_tests or _OLD_ABI3 & file.crate.pyo3_features:
            return
        for parameter in function.parameters:
            kind = parameter.type
            optional = kind.name == "Option" and len(kind.arguments) == 1
            text = kind.arguments[0].text if optional else kind.text
            if text not in ("String", "std::string::String") or file.full("String") != "String":
                continue
            mutable = file.text.startswith("mut ", parameter.span.start)
            if mutable or not re.fullmatch(r"[a-z_]\w*", parameter.name) or parameter.attributes:
                continue
            if optional:
                if only_reads_option(function, parameter.name, file):
                    yield self.finding(
                        file.path,
                        kind.span,
                        f"the text in `{parameter.name}` is copied out of the Python string and then only read",
                        "take an `Option<&str>`",
                    )
                continue
            reading = only_reads(function, parameter.name, file)
            if reading is None:
                continue
            fix = None
            if reading.as_it_stands and _is_fixable(function, parameter, file):
                fix = Fix((Edit(*parameter.type.span, "&str"), *reading.edits))
            yield self.finding(
                file.path,
                parameter.type.span,
                f"`{parameter.name}` is copied out of the Python string and then only read",
                "take a `&str`",
                fix,
            )


def _is_fixable(function: Function, parameter: Parameter, file: RustFile) -> bool:
    """Whether only Python calls the function, and its other types need no change."""
    head = file.text[function.span.start : function.name_span.start]
    if "pub" in head.split() or "pub(" in head:
        return False
    calls = re.findall(rf"(?<!fn )\b{re.escape(function.name)}\s*(?:::<[^>]*>)?\(", file.text)
    if calls or re.search(rf"(?:\.|::){re.escape(function.name)}\b", file.text):
        return False
    for attribute in function.attributes:
        options = " ".join(str(value) for value in attribute.options.values() if value)
        if re.search(rf"\b{parameter.name}\s*=(?!\s*None)", options):
            return False
    # A second borrowed parameter changes the elided lifetime of the result.
    returns = function.returns
    elided = returns is not None and re.search(
        r"&(?!')|'_|\b(?:Bound|PyRef|PyRefMut|Borrowed|Python)\b(?!<')", returns.text
    )
    return not elided
