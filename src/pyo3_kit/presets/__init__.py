"""Presets: named sets of answers from the catalogue, or from TOML files of an organisation or a user."""

from __future__ import annotations

from pyo3_kit.presets.checking import check_preset
from pyo3_kit.presets.finding import find_preset, list_presets

__all__ = ["check_preset", "find_preset", "list_presets"]
