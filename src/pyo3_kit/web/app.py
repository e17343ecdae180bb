"""The web application: routes, the limits of a request, and the headers of every answer."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pyo3_kit.errors import Failed, KitError
from pyo3_kit.presets.report import as_object
from pyo3_kit.web import problems
from pyo3_kit.web.archives import KINDS, pack
from pyo3_kit.web.body import BadRequest, query_of, read_form, read_json
from pyo3_kit.web.changes import compare
from pyo3_kit.web.looks import Look
from pyo3_kit.web.openapi import describe_api
from pyo3_kit.web.page import STATIC, static_file
from pyo3_kit.web.renderers import Renderers
from pyo3_kit.web.view import as_json
from pyo3_kit.web.visit import show_page
from pyo3_kit.web.wanted import from_json, from_pairs

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""Of every answer: nothing inline, nothing from or to anywhere else."""

Handler = Callable[[Request], Awaitable[Response]]


def make_app(renderers: Renderers) -> ASGIApp:
    """The application for any ASGI server that runs the lifespan protocol."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.renderers = renderers
        try:
            # The first visitor does not wait for the template to be opened.
            app.state.broken = await renderers.broken_presets()
            yield
        finally:
            renderers.close()

    routes = [
        Route("/", _page, methods=["GET", "POST"]),
        Route("/static/{name}", _static),
        Route("/api/questions", _questions),
        Route("/api/presets", _presets),
        Route("/api/evaluate", _evaluate, methods=["POST"]),
        Route("/api/preview", _preview, methods=["POST"]),
        *(Route(f"/starter.{kind}", _starter(kind), methods=["GET", "POST"]) for kind in KINDS),
        Route("/openapi.json", _openapi),
        Route("/health", _health),
    ]
    errors: Any = {KitError: _on_error, HTTPException: _on_status, Exception: _on_surprise}
    return _Border(Starlette(routes=routes, lifespan=lifespan, exception_handlers=errors))


class _Border:
    """Adds the headers, and accepts paths with and without the server's own, whichever way a proxy passes them on.

    A plain ASGI layer also covers answers of the framework.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = {name.lower() for name, _ in message["headers"]}
                more = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
                more += [] if b"cache-control" in names else [(b"cache-control", b"no-store")]
                message["headers"] = [*message["headers"], *more]
            await send(message)

        root = scope.get("root_path", "")
        # Servers put it before what they get, as if it had been removed on the way.
        if root and f"{scope.get('path', '')}/".startswith(f"{root}{root}/"):
            scope = {**scope, "path": scope["path"][len(root) :]}
        await self.app(scope, receive, send_with if scope["type"] == "http" else send)


def _renderers(request: Request) -> Renderers:
    renderers: Renderers = request.app.state.renderers
    return renderers


def _chosen(request: Request) -> str:
    return _renderers(request).offer.chosen


async def _page(request: Request) -> Response:
    pairs = await read_form(request) if request.method == "POST" else query_of(request)
    page = await show_page(_renderers(request), request.app.state.broken, pairs)
    if ("_form", "1") in pairs and page.link is not None:
        # A form without scripts: the address then holds its answers, and can be reloaded.
        return RedirectResponse(f"./?{page.link}", 303)
    return HTMLResponse(page.text, page.status)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        raise HTTPException(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(static_file(name), media_type=STATIC[name], headers=headers)


async def _questions(request: Request) -> Response:
    renderers = _renderers(request)
    return JSONResponse({"template": renderers.offer.source.shown, "questions": await renderers.questions()})


async def _presets(request: Request) -> Response:
    offer, broken = _renderers(request).offer, request.app.state.broken
    presets = [{**as_object(preset), "name": name} for name, preset in offer.presets.items() if name not in broken]
    return JSONResponse({"presets": presets, "unusable": broken, "chosen": offer.chosen})


async def _evaluate(request: Request) -> Response:
    data = await read_json(request)
    wanted, notes = from_json(data, _chosen(request)), []
    change = data.get("change")
    if isinstance(change, dict) and isinstance(change.get("name"), str):
        changed = await _renderers(request).change(wanted, change["name"], change.get("value"))
        wanted, notes = changed.wanted, changed.notes
    look = await _renderers(request).look(wanted)
    return JSONResponse({"preset": wanted.preset, "notes": notes, **_evaluated(look)})


def _evaluated(look: Look) -> dict[str, Any]:
    return {
        "folder": look.folder,
        "answers": {name: value for name, value in look.explicit.items() if name not in look.secrets},
        "recorded": look.recorded,
        "decided": look.decided,
        "pages": look.pages,
        "problems": look.problems,
        "valid": look.files is not None,
    }


async def _preview(request: Request) -> Response:
    data = await read_json(request)
    look = await _renderers(request).look(from_json(data, _chosen(request)), strict=True)
    if look.files is None:
        return problems.of_look(look)
    content = {"folder": look.folder, "warnings": look.warnings, "files": as_json(look.files)}
    if data.get("before") is not None:
        before = await _renderers(request).look(from_json(data["before"], _chosen(request)), strict=True)
        if before.files is None:
            return problems.of_look(before)
        content["changes"] = [
            {"path": one.path, "kind": one.kind, "added": one.added, "removed": one.removed, "diff": one.diff}
            for one in compare(before.files, look.files)
        ]
    return JSONResponse(content)


def _starter(kind: str) -> Handler:
    async def starter(request: Request) -> Response:
        pairs = await read_form(request) if request.method == "POST" else query_of(request)
        wanted, others = from_pairs(pairs, _chosen(request))
        # A form sends all its fields, also those that other answers have just ruled out.
        from_page = "_form" in others
        look = await _renderers(request).look(wanted, strict=not from_page)
        if look.files is None:
            if not from_page:
                return problems.of_look(look)
            page = await show_page(_renderers(request), request.app.state.broken, pairs)
            return HTMLResponse(page.text, 422)
        headers = {"Content-Disposition": f'attachment; filename="{look.folder}.{kind}"'}
        return Response(pack(kind, look.folder, look.files), media_type=KINDS[kind], headers=headers)

    return starter


async def _openapi(request: Request) -> Response:
    root = re.sub(r"[^\w./~-]", "", request.scope.get("root_path", ""))
    return JSONResponse(describe_api(root))


async def _health(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _on_error(_request: Request, error: Exception) -> Response:
    if isinstance(error, BadRequest):
        return problems.of_status(error.status, error.message)
    assert isinstance(error, KitError)
    return problems.of_error(error)


async def _on_status(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = problems.of_status(error.status_code, f"{request.method} {request.url.path}: {error.detail}")
    response.headers.update(error.headers or {})
    return response


async def _on_surprise(_request: Request, _error: Exception) -> Response:
    return problems.of_error(Failed("An unexpected error.", "Please report it; the server's log has the details."))
