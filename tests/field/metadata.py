"""A build backend that builds nothing: the metadata of an sdist are those that it carries.

pip asks an sdist's backend for metadata before it hands the sdist over. Under the backend's name on the path this
answers it, so nothing has to be installed and nothing of the project runs.
"""

from __future__ import annotations

import re
from email.parser import BytesHeaderParser
from pathlib import Path


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: object = None) -> str:  # noqa: ARG001
    """Copy `PKG-INFO`; pip calls it in the project's folder."""
    text = Path("PKG-INFO").read_bytes()
    told = BytesHeaderParser().parsebytes(text)
    name = f"{re.sub(r'[-_.]+', '_', told['Name'])}-{told['Version']}.dist-info"
    folder = Path(metadata_directory, name)
    folder.mkdir()
    (folder / "METADATA").write_bytes(text)
    return name


def build_wheel(*_: object) -> str:
    """A backend has to have it; it is never called."""
    raise NotImplementedError
