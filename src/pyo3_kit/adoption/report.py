"""An adoption's plan as text and as a JSON object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pyo3_kit.adoption.model import Adoption, Inferred

if TYPE_CHECKING:
    from pyo3_kit.adoption.json_types import AdoptionOutput

_WIDEST = 40


def as_object(planned: Adoption, *, dry_run: bool) -> AdoptionOutput:
    """The plan as a JSON object."""
    return {
        "path": str(planned.project.root),
        "template": planned.template,
        "version": planned.version,
        "already": planned.already,
        "dry_run": dry_run,
        "crate": planned.crate,
        "answers": {
            name: {"value": answer.value, "source": answer.source, "sure": answer.sure.value}
            for name, answer in planned.inferred.items()
        },
        "groups": [
            {
                "id": offer.id,
                "title": offer.title,
                "accepted": offer.id in planned.accepted,
                "declined": offer.declined or None,
                "files": list(offer.files),
            }
            for offer in planned.offers
        ],
        "files": [
            {"path": merge.path, "outcome": merge.outcome.value, "reason": merge.reason} for merge in planned.files
        ],
        "differs": [
            {"path": one.path, "key": one.key or None, "ours": one.ours, "theirs": one.theirs}
            for one in planned.differs
        ],
        "notes": list(planned.notes),
    }


def lines(planned: Adoption, *, answers: bool) -> Iterator[str]:
    """What becomes of each file, what is left out and where the project differs; with `answers` these first."""
    yield f"{planned.template}: {planned.version}"
    for title, rows in (
        ("answers", answer_lines(planned.inferred) if answers else ()),
        ("files", _file_lines(planned)),
        ("left out", _left_out_lines(planned)),
        ("differs from the template; yours is kept", _difference_lines(planned)),
    ):
        if listed := list(rows):
            yield from ("", title, *listed)


def answer_lines(inferred: Mapping[str, Inferred]) -> Iterator[str]:
    """The answers, each with how it was inferred."""
    values = {name: _shown(answer.value) for name, answer in inferred.items()}
    width = max(map(len, values), default=0)
    value_width = min(max(map(len, values.values()), default=0), _WIDEST)
    for name, answer in inferred.items():
        yield f"  {name:<{width}}  {values[name]:<{value_width}}  {answer.sure.value}: {answer.source}"


def _shown(value: Any) -> str:
    text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"


def _file_lines(planned: Adoption) -> Iterator[str]:
    width = max(len(merge.path) for merge in planned.files)
    for merge in planned.files:
        yield f"  {merge.path:<{width}}  {merge.outcome.value}: {merge.reason}"


def _left_out_lines(planned: Adoption) -> Iterator[str]:
    for offer in planned.offers:
        if offer.id not in planned.accepted:
            yield f"  {offer.id}  {offer.declined or 'declined'} ({', '.join(offer.files)})"


def _difference_lines(planned: Adoption) -> Iterator[str]:
    for one in planned.differs:
        place = f"{one.path}: {one.key}" if one.key else one.path
        values = f"yours {one.ours}, the template's {one.theirs}" if one.key else "you have your own"
        yield f"  {place}  {values}"
