"""Option sets for Git, by the owner of the repository and what is done there.

No set lets a repository name a program: hooks, file system monitors, signature checks and helpers of remotes are off in
all of them. Filters (`filter.*.clean`, `smudge`) of the user's own configuration run, as in Git itself, and so do those
that `.git/config` of a project defines, which no clone brings along.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

_NO_PROGRAMS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    # What it prints would be taken for refs of an alternate.
    "core.alternateRefsCommand": "true",
    "log.showSignature": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "push.recurseSubmodules": "no",
    "protocol.ext.allow": "never",
    # A folder of a project that looks like a repository is none: Git would obey its `config`.
    "safe.bareRepository": "explicit",
    "core.quotePath": "false",
}

_CHECKED = {
    "transfer.fsckObjects": "true",
    "fetch.fsckObjects": "true",
    # Harmless mistakes of old Git versions and of importers.
    **{
        f"fetch.fsck.{slip}": "ignore"
        for slip in ("zeroPaddedFilemode", "missingSpaceBeforeDate", "badTimezone", "missingNameBeforeEmail")
    },
    "core.protectNTFS": "true",
    "core.protectHFS": "true",
}


class OptionSet(NamedTuple):
    """How Git is run: configuration that overrides every file, options, and variables of the environment."""

    settings: Mapping[str, str] = {}
    options: tuple[str, ...] = ()
    variables: Mapping[str, str] = {}

    def command(self, arguments: tuple[str, ...]) -> list[str]:
        """The command for these arguments."""
        settings = (
            part for key, value in {**_NO_PROGRAMS, **self.settings}.items() for part in ("-c", f"{key}={value}")
        )
        return ["git", *settings, *self.options, *arguments]


READ = OptionSet(options=("--no-optional-locks", "--literal-pathspecs"))
"""For reading the user's project; not even its index is refreshed."""

INDEX = OptionSet()
"""For writing the index of the user's project."""

FIRST_COMMIT = OptionSet(
    # A signing key or an ignore file of the user's own must not stop or thin out the first commit: it is made of files
    # that were rendered just now.
    {
        "core.excludesFile": os.devnull,
        "commit.gpgSign": "false",
        "core.safecrlf": "false",
        "advice.defaultBranchName": "false",
    }
)
"""For creating a new project's repository."""

TEMPLATE = OptionSet(
    {**_CHECKED, "advice.detachedHead": "false"},
    ("--no-replace-objects",),
    {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1"},
)
"""For fetching a foreign repository into the cache, or reading it there."""

FLEET = OptionSet(
    {**_CHECKED, "core.safecrlf": "false"},
    ("--no-replace-objects",),
    # Without the last ones SSH and the credential manager would ask.
    {"GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GCM_INTERACTIVE": "never"},
)
"""For a repository of a fleet, or this program's clone of it; without prompts."""

LOCAL_RECEIVER = " ".join(
    [
        "git",
        *(f"-c {key}={value}" for key, value in _NO_PROGRAMS.items() if key != "safe.bareRepository"),
        "-c receive.autogc=false -c receive.denyCurrentBranch=refuse",
        "receive-pack",
    ]
)
"""For receiving a push in a repository on this machine without running its programs."""
