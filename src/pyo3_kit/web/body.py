"""Reading the body of a request, with a limit on its size and on the time that a client takes to send it."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from pyo3_kit.errors import KitError, Refused
from pyo3_kit.texts.bounds import Unbounded, load_json
from pyo3_kit.web.setup import ANSWERS_LIMIT, BODY_LIMIT, BODY_SECONDS, QUERY_LIMIT


class BadRequest(KitError):  # noqa: N818 (said as it is raised)
    """A request that is wrong as such; `status` is the answer's."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def read_body(request: Request) -> bytes:
    """The body; `BadRequest` if it is too large or takes too long."""
    try:
        return await asyncio.wait_for(_read(request), BODY_SECONDS)
    except asyncio.TimeoutError:
        raise BadRequest(408, f"The request was not complete after {BODY_SECONDS:g} seconds.") from None
    except ClientDisconnect:
        raise BadRequest(400, "The client has gone.") from None


async def _read(request: Request) -> bytes:
    too_large = BadRequest(413, f"The request is larger than {BODY_LIMIT // 1024} KiB.")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > BODY_LIMIT:
        raise too_large
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_LIMIT:
            raise too_large
        parts.append(part)
    return b"".join(parts)


async def read_json(request: Request) -> Any:
    """The body as JSON; `Refused` when it is not."""
    try:
        return load_json(await read_body(request))
    except (ValueError, Unbounded, RecursionError) as error:
        raise Refused(f"The body is not valid JSON: {error}", "Send a JSON object.") from None


async def read_form(request: Request) -> list[tuple[str, str]]:
    """The fields of a form that was sent; `Refused` for one that is not of URL-encoded UTF-8."""
    return read_pairs((await read_body(request)).decode("latin-1"))


def read_pairs(text: str) -> list[tuple[str, str]]:
    """The names and values in a query string or a form."""
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=4 * ANSWERS_LIMIT)
    except ValueError as error:
        raise Refused(f"The parameters cannot be read: {error}", "Encode them as UTF-8, as a form does.") from None


def query_of(request: Request) -> list[tuple[str, str]]:
    """The names and values in the address; `BadRequest` for too long a one."""
    query = request.url.query
    if len(query) > QUERY_LIMIT:
        raise BadRequest(414, "The address is too long. Send the answers by POST.")
    return read_pairs(query)
