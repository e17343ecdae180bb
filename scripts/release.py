"""Name the present commit a released version: add it to catalogue/releases.yml, and say how to tag it.

    python scripts/release.py

The version is pyproject.toml's. Run it on a clean tree, after CHANGELOG.md got the version's heading; commit the list,
and put the tag on the commit that is listed. A clone without tags and a package without Git go by the list.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "catalogue" / "releases.yml"


def main() -> str:
    """Add the entry; returns what to do next. `SystemExit` with the reason when this cannot be a release."""
    found = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        sys.exit("pyproject.toml names no version.")
    version = f"v{found[1]}"
    listed = LIST.read_text(encoding="utf-8")
    if f"version: {version}\n" in listed:
        sys.exit(f"{version} is listed already: raise the version in pyproject.toml first.")
    if f"\n## {found[1]}" not in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"):
        sys.exit(f"CHANGELOG.md has no heading for {found[1]}.")
    if git("status", "--porcelain"):
        sys.exit("The tree is not clean: commit first.")
    commit = git("rev-parse", "HEAD")
    LIST.write_text(f"{listed}- version: {version}\n  commit: {commit}\n", encoding="utf-8")
    return f"git commit -am 'List {version}' && git tag -a {version} -m {version} {commit}"


def git(*arguments: str) -> str:
    """What Git says in this repository."""
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    print(main())
