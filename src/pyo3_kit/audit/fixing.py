"""Applies the fixes of findings to texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pyo3_kit.audit.model import Finding, Fix, Safety
from pyo3_kit.rust.tree import first_error, parse
from pyo3_kit.rust.unused_imports import drop_new_unused_imports
from pyo3_kit.texts.edits import Edit, apply_edits
from pyo3_kit.texts.toml import parse_toml


@dataclass
class FixedText:
    """A text with its fixes applied. `left` are findings whose fix did not go in, with the reason."""

    text: str
    fixed: list[Finding] = field(default_factory=list)
    left: list[tuple[Finding, str]] = field(default_factory=list)


def applicable(finding: Finding, *, unsafe: bool) -> bool:
    """Whether a finding has a fix that may be applied."""
    return finding.fix is not None and (unsafe or finding.fix.safety is Safety.SAFE)


def fix_text(path: str, text: str, findings: Iterable[Finding], *, unsafe: bool = False) -> FixedText:
    """Apply the fixes of one file's findings, in their order; of two that overlap the second waits for the next run.

    The result parses: a fix that would break the text is left out, and one that does not parse is left alone.
    """
    wanted = [finding for finding in findings if applicable(finding, unsafe=unsafe)]
    result = FixedText(text)
    _apply_edits(path, result, [one for one in wanted if one.fix and one.fix.edits])
    _apply_changes(result, [one for one in wanted if one.fix and one.fix.change])
    return result


def _apply_edits(path: str, result: FixedText, findings: Sequence[Finding]) -> None:
    text = result.text
    if findings and not _sound(path, text):
        result.left += [(finding, "the file does not parse") for finding in findings]
        return
    taken: list[Edit] = []
    chosen: list[Finding] = []
    for finding in sorted(findings, key=lambda one: one.place):
        assert finding.fix is not None
        new = [edit for edit in finding.fix.edits if edit not in taken or not _shared(edit)]
        if any(_clash(edit, other) for edit in new for other in taken):
            result.left.append((finding, "it overlaps with another fix; run again"))
            continue
        taken += new
        chosen.append(finding)
    if not chosen:
        return
    changed = _apply(path, text, taken)
    if _sound(path, changed):
        result.text = changed
        result.fixed += chosen
        return
    # One of them does harm: find out which, one after the other.
    kept: list[Edit] = []
    for finding in chosen:
        assert finding.fix is not None
        trial = kept + [edit for edit in finding.fix.edits if edit not in kept]
        if _sound(path, _apply(path, text, trial)):
            kept = trial
            result.fixed.append(finding)
        else:
            result.left.append((finding, "its fix would leave a text that does not parse"))
    result.text = _apply(path, text, kept)


def _apply(path: str, text: str, edits: Sequence[Edit]) -> str:
    """The text after the edits; of Rust without the imports that they made unused."""
    changed = apply_edits(text, edits)
    return drop_new_unused_imports(text, changed) if path.endswith(".rs") else changed


def _shared(edit: Edit) -> bool:
    """Whether two fixes may share an edit, as the `use` that both need."""
    return edit.inserts or not edit.text


def _clash(one: Edit, other: Edit) -> bool:
    if one.inserts and other.inserts:
        return one.start == other.start
    return one.start < other.end and other.start < one.end


def _sound(path: str, text: str) -> bool:
    """Whether the text parses."""
    if path.endswith(".rs"):
        return first_error(parse(text)) is None
    return _parses(text)


def _parses(text: str) -> bool:
    try:
        parse_toml(text)
    except ValueError:
        return False
    return True


def _apply_changes(result: FixedText, findings: Sequence[Finding]) -> None:
    if not findings:
        return
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    text, crlf = result.text, "\r\n" in result.text
    for finding in findings:
        assert isinstance(finding.fix, Fix)
        assert finding.fix.change is not None
        # What one change does must not depend on what another left in tomlkit's tree.
        try:
            document = tomlkit.parse(text)
            finding.fix.change(document)
            changed = tomlkit.dumps(document)
        except (TOMLKitError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            result.left.append((finding, f"its fix does not fit here: {error}"))
            continue
        if not _parses(changed):
            result.left.append((finding, "its fix would leave a text that does not parse"))
            continue
        if changed != text:
            result.fixed.append(finding)
        text = changed
    result.text = text if not crlf else text.replace("\r\n", "\n").replace("\n", "\r\n")
