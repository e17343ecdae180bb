"""What Copier raises, as errors of ours."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path

from pyo3_kit.render._supported import import_copier

import_copier()

from copier import errors as copier_errors  # noqa: E402
from jinja2 import TemplateError, TemplateSyntaxError  # noqa: E402
from pydantic import ValidationError  # noqa: E402
from yaml import YAMLError  # noqa: E402

from pyo3_kit.errors import KitError, Refused, from_os_error  # noqa: E402


@contextmanager
def translated(source: str) -> Iterator[None]:
    """Run Copier silently, and turn whatever it raises about the template `source` into an error of ours."""
    try:
        with warnings.catch_warnings(), redirect_stderr(StringIO()):
            warnings.simplefilter("ignore")
            yield
    except KitError:
        raise
    except copier_errors.CopierError as error:
        raise _of_copier(error, source) from error
    except TemplateSyntaxError as error:
        where = f"{error.name or error.filename or 'its configuration'}, line {error.lineno}"
        raise Refused(f"The template {source} is malformed: {where}: {error.message}", "Fix the template.") from error
    except TemplateError as error:
        raise Refused(f"The template {source} cannot be rendered: {error.message}", "Fix the template.") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise Refused(
            f"The template {source} has a malformed question: {first['loc']}: {first['msg']}", "Fix the template."
        ) from error
    except OSError as error:
        raise from_os_error(error, "rendering") from error
    except ValueError as error:
        raise Refused(f"The template {source} cannot be used: {error}", "Check the template and the ref.") from error
    except MemoryError as error:
        raise Refused(f"The template {source} needs more memory than there is.", "Fix the template.") from error
    except RecursionError as error:
        raise Refused(f"The template {source} is nested too deeply, or uses itself.", "Fix the template.") from error
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, YAMLError) as error:
        # Expressions and settings of a template are evaluated in there, with whatever error Python has for them; a loop
        # of links is a `RuntimeError` before Python 3.13.
        raise Refused(
            f"The template {source} cannot be rendered: {type(error).__name__}: {error}", "Fix the template."
        ) from error


def _of_copier(error: Exception, source: str) -> Refused:
    if isinstance(error, copier_errors.UnsafeTemplateError):
        parts = [name for name in ("jinja_extensions", "tasks", "migrations") if name in str(error)]
        return Refused(
            f"The template {source} runs code of its own ({', '.join(parts)}).",
            "pyo3-kit uses only templates that need no trust; if you know this one, run `copier copy --trust`.",
        )
    if isinstance(error, copier_errors.InvalidConfigFileError):
        mark = getattr(error.__cause__, "problem_mark", None)
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        reason = getattr(error.__cause__, "problem", None) or "it is not valid YAML"
        return Refused(f"The template's {Path(str(error)).name} is malformed{place}: {reason}.", "Fix the template.")
    return Refused(f"The template {source} cannot be used: {error}", "Use another version of the template.")
