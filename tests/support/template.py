"""The template as a plain folder: what Copier reads of this repository, without its history."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("copier.yml", "questions", "extensions", "catalogue", "template", "migrations")


def export(target: Path) -> Path:
    """Copy the template's files to `target`, so that Copier renders what stands here and clones nothing."""
    target.mkdir(parents=True)
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target / part)
    return target
