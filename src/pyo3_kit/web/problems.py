"""Errors as `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse

from pyo3_kit.errors import KitError, Refused
from pyo3_kit.web.looks import Look
from pyo3_kit.web.renderers import Busy, Slow


class ProblemResponse(JSONResponse):
    """A response of that type."""

    media_type = "application/problem+json"


def status_of(error: KitError) -> int:
    """The HTTP status for an error."""
    if isinstance(error, Busy):
        return 503
    if isinstance(error, Slow):
        return 504
    return 422 if isinstance(error, Refused) else 500


def of_error(error: KitError, status: int | None = None) -> ProblemResponse:
    """The response for an error."""
    code = status or status_of(error)
    return ProblemResponse(
        _content(code, error.message, error.hint), code, headers={"Retry-After": "2"} if code == 503 else None
    )


def of_look(look: Look) -> ProblemResponse:
    """The response for answers that give no project: names each question and what is wrong with its answer."""
    named = {"question": next(iter(look.problems)), "problems": look.problems} if look.problems else {}
    return ProblemResponse({**_content(422, look.message, look.hint), **named}, 422)


def of_status(status: int, detail: str) -> ProblemResponse:
    """The response for a request that is wrong as such."""
    return ProblemResponse(_content(status, detail, ""), status)


def _content(status: int, detail: str, hint: str) -> dict[str, Any]:
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return {**content, "hint": hint} if hint else content
