"""Record the current commit as a released version in catalogue/releases.yml, and print how to tag it.

    python scripts/release.py

The version is pyproject.toml's. Run it on a clean tree, after adding the version's heading to CHANGELOG.md; then commit
the list and tag the recorded commit. Clones without tags and packages without Git rely on the list.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "catalogue" / "releases.yml"


def main() -> str:
    """Add the entry; return the next commands. Raise `SystemExit` with the reason if this cannot be a release."""
    found = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        sys.exit("pyproject.toml has no version.")
    version = f"v{found[1]}"
    listed = LIST.read_text(encoding="utf-8")
    if f"version: {version}\n" in listed:
        sys.exit(f"{version} is already released: increase the version in pyproject.toml first.")
    if f"\n## {found[1]}" not in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"):
        sys.exit(f"CHANGELOG.md has no heading for {found[1]}.")
    if git("status", "--porcelain"):
        sys.exit("The working tree is not clean: commit first.")
    commit = git("rev-parse", "HEAD")
    LIST.write_text(f"{listed}- version: {version}\n  commit: {commit}\n", encoding="utf-8")
    return f"git commit -am 'List {version}' && git tag -a {version} -m {version} {commit}"


def git(*arguments: str) -> str:
    """Run Git in this repository; return its output."""
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    print(main())
