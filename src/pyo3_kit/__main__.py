"""`python -m pyo3_kit` is `pyo3-kit`."""

import sys

from pyo3_kit.cli import main

if __name__ == "__main__":
    sys.exit(main())
