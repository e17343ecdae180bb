"""An organisation's presets: named answer sets in a TOML file, of a folder, a Git repository or the user's own."""

from __future__ import annotations

from pyo3_kit.presets.checking import check_preset
from pyo3_kit.presets.finding import find_preset, list_presets

__all__ = ["check_preset", "find_preset", "list_presets"]
