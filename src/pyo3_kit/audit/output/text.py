"""For people: place, id, one line, the code with the part underlined, and the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pyo3_kit.audit.model import Finding, Safety, Severity
from pyo3_kit.audit.output import View
from pyo3_kit.system import escaping

Paint = Callable[[str, str], str]
_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;34"}
_MARKS = {Safety.SAFE: " [*]", Safety.UNSAFE: " [**]"}
_WIDEST = 160


def plain(text: str, code: str) -> str:  # noqa: ARG001 (a `Paint` that paints nothing)
    """No colours."""
    return text


def render(view: View, paint: Paint = plain) -> str:
    """All findings, each in a block of its own; "" without any."""
    return "\n".join("\n".join(_block(view, finding, paint)) + "\n" for finding in view.report.findings)


def render_concise(view: View, paint: Paint = plain) -> str:
    """All findings, one line each."""
    return "".join(f"{_place(view, finding, paint)}: {_headline(finding, paint)}\n" for finding in view.report.findings)


def render_grouped(view: View, paint: Paint = plain) -> str:
    """All findings, one line each below the name of their file."""
    groups: dict[str, list[Finding]] = {}
    for finding in view.report.findings:
        groups.setdefault(finding.path, []).append(finding)
    return "\n".join("".join(_group(view, path, findings, paint)) for path, findings in groups.items())


def _group(view: View, path: str, findings: list[Finding], paint: Paint) -> Iterator[str]:
    number = len(findings)
    yield f"{paint(escaping.line(view.path(path)), '1')} ({number} {'finding' if number == 1 else 'findings'})\n"
    points = [view.source(path).point(finding.span.start) for finding in findings]
    places = [f"{point.line}:{point.column}" for point in points]
    width = max(map(len, places))
    for place, finding in zip(places, findings, strict=True):
        yield f"  {place:>{width}}  {_headline(finding, paint)}\n"


def _place(view: View, finding: Finding, paint: Paint) -> str:
    point = view.source(finding.path).point(finding.span.start)
    return f"{paint(escaping.line(view.path(finding.path)), '1')}:{point.line}:{point.column}"


def _headline(finding: Finding, paint: Paint) -> str:
    """Severity, rule, whether there is a fix, and the message."""
    mark = _MARKS[finding.fix.safety] if finding.fix else ""
    name = paint(f"{finding.severity.value}: {finding.rule}", _COLOURS[finding.severity])
    return f"{name}{paint(mark, '36')} {escaping.line(finding.message)}"


def _block(view: View, finding: Finding, paint: Paint) -> Iterator[str]:
    source = view.source(finding.path)
    first, last = source.points(finding.span)
    yield f"{_place(view, finding, paint)}: {_headline(finding, paint)}"
    line = source.line(first.line)
    if line.strip():
        end = last.column - 1 if last.line == first.line else None
        yield from _code(first.line, line, first.column - 1, end, paint)
    yield f"  {paint('=', '1;34')} {paint('help', '1')}: {escaping.line(finding.help)}"
    if finding.fix and finding.fix.note:
        yield f"  {paint('=', '1;34')} {paint('fix', '1')}: unsafe: {escaping.line(finding.fix.note)}"


def _code(number: int, line: str, start: int, end: int | None, paint: Paint) -> Iterator[str]:
    stop = len(line) if end is None else max(end, start + 1)
    # Of a very long line only the part around the place is shown.
    cut = max(0, start - _WIDEST // 2) if len(line) > _WIDEST else 0
    shown = escaping.cells(line[cut : cut + _WIDEST])
    start, stop = start - cut, min(stop - cut, len(shown))
    margin = " " * len(str(number))
    bar = paint("|", "1;34")
    # Tabs stay tabs in the line below, so that both lines have the same width.
    lead = "".join("\t" if sign == "\t" else " " * _width(sign) for sign in shown[:start])
    under = "^" * max(1, sum(_width(sign) for sign in shown[start:stop]))
    yield f"{margin} {bar}"
    yield f"{paint(str(number), '1;34')} {bar} {''.join(shown)}"
    yield f"{margin} {bar} {lead}{paint(under, '1;31')}"


def _width(sign: str) -> int:
    """The cells that a character, or the escape for one, takes in a terminal."""
    if sign.isascii():
        return len(sign)
    import unicodedata

    return 0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
