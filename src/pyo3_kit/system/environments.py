"""The environment of builds: they run what a project brings, and so they get no secrets.

A build can read whatever the user's account can read; what it cannot do is to pick up the tokens that CI puts into
variables. Builds of a user's own project get the user's variables but those that look like secrets. Builds of a fleet's
repositories, which others write to, get only variables that a build is known to need, and a Git without configuration,
so without credentials.
"""

from __future__ import annotations

import os
import re

from pyo3_kit.errors import without_secrets
from pyo3_kit.system.processes import current_environment

_SECRET = re.compile(
    r"TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|PRIVATE|(^|_)(API|ACCESS|AUTH|SIGNING|ENCRYPTION|SSH|GPG|DEPLOY)_?KEY|(^|_)(PAT|PSK|AUTH|COOKIE|NETRC)(_|$)"
    r"|^SSH_(AUTH_SOCK|ASKPASS|AGENT_PID)$|^(GIT|SUDO)_ASKPASS$|^ACTIONS_(ID|RUNTIME|RESULTS|CACHE)|^GIT_(CONFIG_|SSH|HTTP_|PROXY)"
    r"|^(AWS|AZURE|ARM|GCP|GOOGLE|GH|GITHUB|GITLAB|TWINE|FLIT|UV_PUBLISH|MATURIN_(USERNAME|REPOSITORY|PYPI)|NPM|DOCKER|VAULT|CI_JOB|CI_REGISTRY|CI_DEPLOY|CI_BUILD)_",
    re.IGNORECASE,
)

_NEEDED = re.compile(
    r"PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TERM|COLUMNS|NO_COLOR|TMP|TEMP|TMPDIR|CI|SOURCE_DATE_EPOCH"
    r"|XDG_(CACHE|CONFIG|DATA|RUNTIME|STATE)_\w+|(https?|no|all|ftp)_proxy|(SSL|REQUESTS|CURL)_(CERT|CA)_\w+"
    r"|CARGO(_\w+)?|RUSTUP_\w+|RUST\w*|PYO3_\w+|MATURIN_\w+|UV_\w+|PIP_\w+|VIRTUAL_ENV"
    r"|(HOST_|TARGET_)?(CC|CXX|AR|LD|RANLIB|CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS)(_\w+)?|PKG_CONFIG\w*|MACOSX_DEPLOYMENT_TARGET|SDKROOT"
    r"|DEVELOPER_DIR|LD_LIBRARY_PATH|DYLD_\w*LIBRARY_PATH|LIBRARY_PATH|C_INCLUDE_PATH|CPATH|LIBCLANG_PATH|LLVM_\w+|CMAKE_\w+"
    r"|OPENSSL_\w+|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|PATHEXT|APPDATA|LOCALAPPDATA|PROGRAMDATA|PROGRAMFILES\w*|COMMONPROGRAM\w+"
    r"|USERPROFILE|HOMEDRIVE|HOMEPATH|NUMBER_OF_PROCESSORS|PROCESSOR_\w+|OS|VS\w+COMNTOOLS|VC\w*|INCLUDE|LIB|LIBPATH|WINDOWSSDK\w*",
    re.IGNORECASE,
)

_NO_GIT_CONFIGURATION = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ASKPASS": "",
    "SSH_ASKPASS": "",
    "GIT_TERMINAL_PROMPT": "0",
}


def build_environment(*, strict: bool = False) -> dict[str, str]:
    """The variables for a build: of the user's own project, or with `strict` of a repository that others write to.

    Addresses in them have no credentials in either.
    """
    environment = {}
    for name, value in current_environment().items():
        if _SECRET.search(name) or (strict and not _NEEDED.fullmatch(name)):
            continue
        environment[name] = value if name == "PATH" else without_secrets(value)
    # `credential.helper` hands out what Git has stored; without a terminal nobody is asked.
    return {**environment, **(_NO_GIT_CONFIGURATION if strict else _NO_HELPER)}


_NO_HELPER = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "credential.helper",
    "GIT_CONFIG_VALUE_0": "",
}
