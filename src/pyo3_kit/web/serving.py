"""Run the page with uvicorn, for `pyo3-kit serve`."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from importlib.util import find_spec
from socket import socket

from pyo3_kit.errors import Failed, Refused
from pyo3_kit.web.setup import Setup

_NEEDED = ("starlette", "uvicorn", "pygments")
_KEPT_ALIVE = 15


def serve(
    setup: Setup, host: str, port: int, root_path: str, ready: Callable[[str], None], *, browse: bool = False
) -> None:
    """Serve until a signal ends it; `ready` gets the page's address. With `browse`, a browser is opened there.

    `Refused` without the extra `web`, for a template or preset that cannot be used, and for an address that is taken.
    """
    if missing := [name for name in _NEEDED if find_spec(name) is None]:
        raise Refused(
            f"The page needs {' and '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed.",
            "Install the extra: `pip install 'pyo3-kit[web]'`, or `uv tool install 'pyo3-kit[web]'`.",
        )
    import uvicorn

    from pyo3_kit.web.app import make_app
    from pyo3_kit.web.renderers import Renderers

    # Commands are too short for it to be worth its time; a server is not.
    gc.enable()
    renderers = Renderers(setup)
    config = uvicorn.Config(
        make_app(renderers),
        host=host,
        port=port,
        root_path=root_path.rstrip("/"),
        log_level="error",
        server_header=False,
        timeout_keep_alive=_KEPT_ALIVE,
        timeout_graceful_shutdown=2,
    )

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket] | None = None) -> None:
            await super().startup(sockets)
            bound = self.servers[0].sockets[0].getsockname()
            shown = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
            url = f"http://{shown}:{bound[1]}{config.root_path}/"
            ready(url)
            if browse:
                import webbrowser

                webbrowser.open(url)

    try:
        # What is wrong with the template is said before anything listens.
        asyncio.run(renderers.broken_presets())
        Server(config).run()
    except KeyboardInterrupt:
        return
    except SystemExit as ended:
        raise Failed(f"The server could not listen at {host}:{port}.", "Choose another port with `--port`.") from ended
    finally:
        renderers.close()
