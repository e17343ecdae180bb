"""Whether the Copier that is installed has the private names that this package relies on."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import requires, version

from pyo3_kit.errors import Refused
from pyo3_kit.render import _light

_NAMES = {
    "_jinja_ext": ("SandboxedEnvironment", "UnsetError", "get_yield_context"),
    "_main": (
        "_operation",
        "Worker._ask",
        "Worker._external_data",
        "Worker._path_matcher",
        "Worker._render_allowed",
        "Worker._render_context",
        "Worker._sync_git_index_executable_bit",
        "Worker._check_unsafe",
        "Worker._render_string",
        "Worker._render_template",
        "Worker.jinja_env",
        "Worker.resolved_vcs_ref",
        "Worker.subproject",
        "Worker.template",
    ),
    "_settings": ("SettingsModel", "load_settings"),
    "_template": (
        "Template._raw_config",
        "Template.answers_relpath",
        "Template.commit",
        "Template.commit_hash",
        "Template.envops",
        "Template.local_abspath",
        "Template.vcs",
        "yaml",
    ),
    "_tools": ("copier_version",),
    "_types": ("MISSING", "LazyDict", "Phase"),
    "_user_data": (
        "AnswersMap",
        "Question._formatted_choices",
        "Question.get_when",
        "Question.parse_answer",
        "Question.render_value",
        "Question.validate_answer",
    ),
    "_vcs": ("get_repo",),
    "errors": ("CopierError", "SettingsError", "UserMessageError"),
}


def import_copier() -> None:
    """Import Copier; `Refused` when it lacks a name: another version than those that this package was tested with."""
    _light.import_copier()
    for module, names in _NAMES.items():
        try:
            loaded = import_module(f"copier.{module}")
            for name in names:
                value = loaded
                for part in name.split("."):
                    value = getattr(value, part)
        except (ImportError, AttributeError) as error:
            wanted = next((one for one in requires("pyo3-kit") or () if one.startswith("copier")), "copier")
            raise Refused(
                f"Copier {version('copier')} is installed, which pyo3-kit was not tested with ({error}).",
                f"Install the one that it needs: `pip install '{wanted}'`.",
            ) from error
