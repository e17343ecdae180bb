"""The processes that render, and what they rendered lately."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from weakref import finalize

from pyo3_kit.errors import Failed, KitError
from pyo3_kit.system.own_files import make_temporary_folder, remove_own_tree
from pyo3_kit.system.workers import Pool
from pyo3_kit.web.looks import Changed, Look, Update
from pyo3_kit.web.setup import WAITING_LIMIT, Offer, Setup, make_offer, memory_folder
from pyo3_kit.web.wanted import Wanted

_LOOKS = 256
_BYTES = 64 * 1024 * 1024


class Busy(KitError):  # noqa: N818 (said as it is raised)
    """Too many requests wait already."""


class Slow(KitError):  # noqa: N818 (said as it is raised)
    """A render took too long and was cut off."""


class Renderers:
    """Asks the processes, and remembers what the same answers came to.

    Use it from one event loop. `offer` is the template and the presets, `scratch` the folder of renders.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup, self.offer = setup, make_offer(setup)
        # Of our own, since what renderers that were killed left in it is removed by the next ones.
        self.scratch = make_temporary_folder(memory_folder(), "pyo3-kit-")
        self._remove_scratch = finalize(self, remove_own_tree, self.scratch)
        prepare = partial(_prepare, self.offer, self.scratch)
        function = "pyo3_kit.web.session:serve"
        self._pool = Pool(setup.renderers, function, seconds=setup.seconds, prepare=prepare)
        self._looks: OrderedDict[str, asyncio.Task[Look]] = OrderedDict()
        self._bytes = 0
        self._waiting = 0

    async def look(self, wanted: Wanted, *, strict: bool = False) -> Look:
        """What these answers come to; `Refused` for an unknown preset, `Slow`, `Busy`."""
        key = f"{strict}{wanted.key}"
        task = self._looks.get(key)
        if task is None:
            task = self._looks[key] = asyncio.ensure_future(self._ask(_look, wanted, strict))
            task.add_done_callback(partial(self._done, key))
        self._looks.move_to_end(key)
        # Whoever goes away must not take the answer from others who wait for it.
        return await asyncio.shield(task)

    async def change(self, wanted: Wanted, name: str, value: Any) -> Changed:
        """The request after one answer was changed; errors as `look` has them."""
        changed: Changed = await self._ask(_change, wanted, name, value)
        return changed

    async def update(self, text: str) -> Update:
        """What the answers file of a project comes to; `Refused` if it is not one, and errors as `look` has them."""
        update: Update = await self._ask(_update, text)
        return update

    async def questions(self) -> list[dict[str, Any]]:
        """All questions."""
        questions: list[dict[str, Any]] = await self._ask(_questions)
        return questions

    async def broken_presets(self) -> dict[str, str]:
        """Why presets cannot be used, by name."""
        broken: dict[str, str] = await self._ask(_broken)
        return {**self.offer.unusable, **broken}

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(cancel_futures=True)
        self._remove_scratch()

    async def _ask(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if self._waiting >= WAITING_LIMIT:
            raise Busy("The server has too much to do.", "Try again in a moment.")
        self._waiting += 1
        try:
            return await asyncio.wrap_future(self._pool.submit(function, *arguments))
        except TimeoutError:
            raise Slow(
                f"The template took longer than {self.setup.seconds:g} seconds with these answers and was cut off.",
                "Choose other answers, or ask whoever runs this server to raise PYO3_KIT_WEB_SECONDS.",
            ) from None
        except (OSError, EOFError) as error:
            raise Failed(f"A process that renders has ended: {error}", "Try again.") from error
        finally:
            self._waiting -= 1

    def _done(self, key: str, task: asyncio.Task[Look]) -> None:
        """Count what is remembered, and forget errors and what was not used for longest."""
        if task.cancelled() or task.exception() is not None:
            self._looks.pop(key, None)
            return
        self._bytes += _size(task.result())
        while self._looks and (len(self._looks) > _LOOKS or self._bytes > _BYTES):
            oldest, first = next(iter(self._looks.items()))
            if not first.done():
                break
            del self._looks[oldest]
            if not first.cancelled() and first.exception() is None:
                self._bytes -= _size(first.result())


def _size(look: Look) -> int:
    return 20_000 + sum(len(file.content) for file in (look.files or {}).values())


# These run in the processes that render: nothing else imports Copier, which takes time and memory.


def _prepare(offer: Offer, parent: Path) -> None:
    from pyo3_kit.web.session import prepare

    prepare(offer, parent)


def _look(wanted: Wanted, strict: bool) -> Look:
    from pyo3_kit.web.session import session

    return session().look(wanted, strict=strict)


def _change(wanted: Wanted, name: str, value: Any) -> Changed:
    from pyo3_kit.web.session import session

    return session().change(wanted, name, value)


def _update(text: str) -> Update:
    from pyo3_kit.web.updating import read_project

    return read_project(text)


def _questions() -> list[dict[str, Any]]:
    from pyo3_kit.web.session import session

    return session().questions()


def _broken() -> dict[str, str]:
    from pyo3_kit.web.session import session

    return session().broken_presets()
