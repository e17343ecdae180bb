"""What whoever starts the server decides: the template, the presets, and the limits of a request."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pyo3_kit.errors import Refused
from pyo3_kit.presets.catalogue import Preset
from pyo3_kit.template.source import Source

PREFIX = "PYO3_KIT_WEB_"

BODY_LIMIT = 256 * 1024
"""Bytes in a request: an answers file is a hundredth of it."""

BODY_SECONDS = 10.0
"""How long a client may take to send them."""

QUERY_LIMIT = 32 * 1024
ANSWERS_LIMIT = 500
FILES_LIMIT = 5_000
PROJECT_LIMIT = 32 * 1024 * 1024
"""Bytes of a rendered project."""

MEMORY_LIMIT = 2 * 1024**3
"""Bytes of address space of a process that renders."""

WAITING_LIMIT = 500
"""Requests that may wait for a render; more are asked to come back."""


@dataclass(frozen=True, slots=True)
class Setup:
    """The template (None: ours) with its ref, the presets to offer first, and how to render.

    `renderers` processes render; one that takes longer than `seconds` for a request is replaced.
    """

    template: str | None = None
    ref: str | None = None
    presets: tuple[str, ...] = ()
    renderers: int = 2
    seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Offer:
    """The template as it is at hand, and the presets by the name that users choose them by.

    `chosen` is the preset that a page without answers starts with, `unusable` has the reasons.
    """

    source: Source
    presets: dict[str, Preset]
    unusable: dict[str, str]
    chosen: str = ""


def setup_from_environment() -> Setup:
    """The setup in the variables `PYO3_KIT_WEB_…`; `Refused` for a number that is not one."""
    presets = os.environ.get(f"{PREFIX}PRESETS", "")
    return Setup(
        template=os.environ.get(f"{PREFIX}TEMPLATE") or None,
        ref=os.environ.get(f"{PREFIX}REF") or None,
        presets=tuple(name.strip() for name in presets.split(",") if name.strip()),
        renderers=int(_number("RENDERERS", 2)),
        seconds=_number("SECONDS", 10),
    )


def _number(name: str, default: float) -> float:
    text = os.environ.get(f"{PREFIX}{name}", "")
    try:
        value = float(text or default)
    except ValueError:
        value = 0
    if value < 1:
        raise Refused(f"{PREFIX}{name} is `{text}`, not a number from 1 on.", "Correct or unset the variable.")
    return value


def make_offer(setup: Setup) -> Offer:
    """Find the template and the presets; `Refused` when the template or a preset of the setup cannot be used."""
    from pyo3_kit.presets import find_preset, list_presets
    from pyo3_kit.render import find_source
    from pyo3_kit.template.versions import found

    source = find_source(setup.template, setup.ref)
    if source.carried is None:
        source = found(source)
    first: dict[str, Preset] = {}
    for name in setup.presets:
        if name.endswith("#"):
            presets, unusable = list_presets(name.removesuffix("#"))
            if unusable:
                raise next(iter(unusable.values()))
            first |= {f"{name}{own}": preset for own, preset in presets.items()}
        else:
            first[name] = find_preset(name)
    chosen = next((name for name in first if not setup.presets[0].endswith("#")), "")
    # Presets by name alone are for our template; one for another is named by whoever starts the server.
    rest, unusable = list_presets() if setup.template is None else ({}, {})
    reasons = {name: why.message for name, why in unusable.items()}
    return Offer(source, {**first, **rest}, reasons, chosen)


def memory_folder() -> Path | None:
    """A folder in memory, where a render writes its files faster than on a disk; None if the system has none."""
    shared = Path("/dev/shm")  # noqa: S108 (a private folder is made in it)
    return shared if shared.is_dir() and os.access(shared, os.W_OK | os.X_OK) else None
