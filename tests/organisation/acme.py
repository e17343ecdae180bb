"""The presets of an organisation, for tests, and what is made with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.command import Result

Run = Callable[..., Result]

TEXT = """\
# The presets of our house.
[presets.service]
summary = "What we run."
extends = "async-client"
hidden = ["docs", "pgo"]

[presets.service.answers]
license = "MIT"

[presets.service.defaults]
starter = "minimal"

[presets.service.fixed]
ci = "gitlab"
hooks = true

[presets.strict]
summary = "As a service, and more."
extends = "service"
answers = { license = "Apache-2.0" }
fixed = { stubs = true }
"""


def decided(made: Result) -> dict[str, tuple[Any, str]]:
    assert made.code == 0, made.err
    return {name: (one["value"], one["how"]) for name, one in made.object["decided"].items()}
