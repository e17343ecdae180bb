"""Attaching a PyO3 project that no template made to the template, so that it gets updates from then on.

`plan` computes what that does, `apply` writes it; no terminal is needed.
"""

from __future__ import annotations

from pyo3_kit.adoption.model import Adoption, AdoptRequest, Differs, Inferred, Offer, Sure
from pyo3_kit.adoption.planning import plan
from pyo3_kit.errors import Refused

__all__ = ["AdoptRequest", "Adoption", "Differs", "Inferred", "Offer", "Sure", "apply", "plan"]


def apply(adoption: Adoption) -> None:
    """Write what was planned, the answers file last: all of it, or nothing.

    Raises what `update.apply` does. After a kill `pyo3-kit adopt --continue` goes on and `--abort` goes back.
    """
    from pyo3_kit.transaction.apply import apply as write

    if adoption.already:
        return
    if not adoption.files:
        raise Refused("The plan holds no files.", "Plan it again.")
    write(
        adoption.project.place,
        adoption.files,
        last=adoption.project.answers_file,
        meta={"adopts": adoption.template, "to": adoption.version},
    )
