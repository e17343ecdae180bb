"""`python -m pyo3_kit` is `pyo3-kit`."""

import os
import sys

if __name__ == "__main__" and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109 (a stranger's folder may have a pathlib.py)
    # `python -m` imports from the current folder first, which may be a stranger's project.
    del sys.path[0]

from pyo3_kit.cli import main

if __name__ == "__main__":
    sys.exit(main())
