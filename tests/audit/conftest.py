"""A failed comparison of findings shows them as `pyo3-kit check` prints them."""

from __future__ import annotations

from tests.audit.support import Reported


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """The lines that explain a failed `assert spots(…) == […]`, `check(…) == []` or `"…" in spots(…)`."""
    reported = next((one for one in (left, right) if isinstance(one, Reported)), None)
    if reported is None:
        return None
    expected = right if reported is left else left
    relation = "in" if op in ("in", "not in") else op
    summary = f"expected: {expected!r} {op} what is found" if relation == "in" else f"expected: {op} {expected!r}"
    return [summary, "", *reported.rendered().splitlines()]
