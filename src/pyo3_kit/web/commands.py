"""The commands that create the same project on the visitor's machine."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from pyo3_kit.template.location import TEMPLATE_URL
from pyo3_kit.web.looks import Look
from pyo3_kit.web.setup import Offer
from pyo3_kit.web.wanted import Wanted, as_text


def new_command(offer: Offer, wanted: Wanted, look: Look) -> str:
    """`pyo3-kit new` with the answers; secret ones are left out and asked for."""
    words = ["pyo3-kit", "new", look.folder]
    if offer.source.url != TEMPLATE_URL:
        words += ["--template", offer.source.shown]
        words += ["--ref", offer.source.ref] if offer.source.ref else []
    words += ["--preset", wanted.preset] if wanted.preset else []
    implied = {"project_name": look.folder}
    answers = {name: value for name, value in look.explicit.items() if name not in implied or value != implied[name]}
    return shlex.join([*words, *_data(answers, look)])


def copier_command(offer: Offer, wanted: Wanted, look: Look) -> str:
    """`copier copy` with the answers; the preset's are written out, and its overlays are not applied."""
    source = offer.source
    address = source.shown.replace("https://github.com/", "gh:").removesuffix(".git")
    ref = source.ref or (source.carried[1] if source.carried else None)
    preset = offer.presets.get(wanted.preset)
    decided = {**preset.defaults, **preset.answers, **preset.fixed} if preset else {}
    asked = {name: value for name, value in decided.items() if name in look.recorded}
    words = ["copier", "copy", *(["--vcs-ref", ref] if ref and source.commit is None else []), address, look.folder]
    return shlex.join([*words, *_data({**asked, **look.explicit}, look)])


def _data(answers: Mapping[str, Any], look: Look) -> list[str]:
    return [
        word
        for name, value in answers.items()
        if name not in look.secrets
        for word in ("--data", f"{name}={as_text(value)}")
    ]
