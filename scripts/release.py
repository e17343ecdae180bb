"""The steps of a release that are about this repository's own files.

    python scripts/release.py                  # record HEAD as the released version, and print how to tag it
    python scripts/release.py --check v1.2.3   # fail if the tag is not the version of this checkout
    python scripts/release.py --notes v1.2.3   # print the version's part of the changelog

The version is pyproject.toml's. Record it on a clean tree, after adding the version's heading to CHANGELOG.md; then
commit the list, catalogue/releases.yml, and tag the recorded commit. Clones without tags and packages without Git rely
on the list. The release workflow runs the other two commands.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "catalogue" / "releases.yml"
CHANGELOG = ROOT / "CHANGELOG.md"
VERSIONS = {
    ROOT / "pyproject.toml": r'^version = "(.+)"$',
    ROOT / "src" / "pyo3_kit" / "system" / "version.py": r'^__version__ = "(.+)"$',
}


def main() -> None:
    """Run one of the steps; raise `SystemExit` with the reason if this cannot be a release."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    other = parser.add_mutually_exclusive_group()
    other.add_argument("--check", metavar="TAG", help="fail if the tag is not the version of this checkout")
    other.add_argument("--notes", metavar="TAG", help="print the version's part of the changelog")
    arguments = parser.parse_args()
    version = current_version()
    tag = arguments.check or arguments.notes
    if tag and tag != f"v{version}":
        sys.exit(f"The tag {tag} is not that of this version, which would be v{version}.")
    if arguments.check:
        return
    print(changelog_part(version) if arguments.notes else record(version))


def current_version() -> str:
    """Return the version, which is the same in all files that have it."""
    found = {}
    for path, pattern in VERSIONS.items():
        match = re.search(pattern, path.read_text(encoding="utf-8"), re.MULTILINE)
        if match is None:
            sys.exit(f"{path.name} has no version.")
        found[path.name] = match[1]
    if len(set(found.values())) > 1:
        sys.exit("The versions differ: " + ", ".join(f"{version} in {name}" for name, version in found.items()) + ".")
    return next(iter(found.values()))


def changelog_part(version: str) -> str:
    """Return what the changelog says about a version, without the heading."""
    text = CHANGELOG.read_text(encoding="utf-8")
    match = re.search(
        rf"^## {re.escape(version)} - \d{{4}}-\d\d-\d\d\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
    )
    if match is None:
        sys.exit(f"CHANGELOG.md has no heading `## {version} - YYYY-MM-DD`.")
    return match[1].strip()


def record(version: str) -> str:
    """Add HEAD to the list as the released version; return the next commands."""
    sys.path.insert(0, str(ROOT / "src"))
    from pyo3_kit.git.repository import Repository
    from pyo3_kit.template.releases import digest_files

    tag = f"v{version}"
    listed = LIST.read_text(encoding="utf-8")
    if f"version: {tag}\n" in listed:
        sys.exit(f"{tag} is already released: increase the version in pyproject.toml first.")
    changelog_part(version)
    if git("status", "--porcelain"):
        sys.exit("The working tree is not clean: commit first.")
    commit = git("rev-parse", "HEAD")
    digest = digest_files(Repository(ROOT / ".git"), commit)
    LIST.write_text(f"{listed}- version: {tag}\n  commit: {commit}\n  digest: {digest}\n", encoding="utf-8")
    return f"git commit -am 'List {tag}' && git tag -a {tag} -m {tag} {commit}"


def git(*arguments: str) -> str:
    """Run Git in this repository; return its output."""
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


if __name__ == "__main__":
    main()
