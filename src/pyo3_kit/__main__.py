"""`python -m pyo3_kit` is `pyo3-kit`."""

import sys
from pathlib import Path

if __name__ == "__main__" and sys.path[0] in ("", str(Path.cwd())):
    # `python -m` imports from the current folder first, which may be a stranger's project.
    del sys.path[0]

from pyo3_kit.cli import main

if __name__ == "__main__":
    sys.exit(main())
