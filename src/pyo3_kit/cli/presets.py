"""`pyo3-kit presets`."""

from __future__ import annotations

from argparse import Namespace

from pyo3_kit.cli.options import add_json
from pyo3_kit.cli.parser import Parser
from pyo3_kit.cli.terminal import print_json, put, say
from pyo3_kit.errors import DONE, REFUSED


def set_up(parser: Parser) -> None:
    """Add the arguments."""
    parser.description = "List the presets, ours and those in your configuration, or show what one decides."
    parser.exit_codes |= {2: "refused, or a preset in the list cannot be used"}
    text = "Show this preset; SRC#name shows one of a file, folder or repository, SRC# lists them."
    parser.argument("name", "NAME", text, nargs="?")
    add_json(parser)


def run(options: Namespace) -> int:
    """Print the presets; returns `REFUSED` where one of a list cannot be used: it is named with the reason."""
    from pyo3_kit.presets import find_preset, list_presets
    from pyo3_kit.presets.report import as_object, checked, lines, origin

    name: str | None = options.name
    if name is not None and not name.endswith("#"):
        preset = checked(find_preset(name))
        if options.json:
            print_json(as_object(preset))
        else:
            for line in lines(preset):
                put(line)
        return DONE
    presets, unusable = list_presets(name.removesuffix("#") if name else None)
    if options.json:
        print_json(
            {
                "presets": [as_object(preset) for preset in presets.values()],
                "unusable": {name: {"error": why.message, "hint": why.hint} for name, why in unusable.items()},
            }
        )
    else:
        width = max(map(len, presets), default=0)
        for preset in presets.values():
            put(f"{preset.name:<{width}}  {preset.summary}{origin(preset)}")
    for broken, why in unusable.items():
        say(f"`{broken}` cannot be used: {why.message} {why.hint}".rstrip())
    return REFUSED if unusable else DONE
