"""Attach an existing PyO3 project to the template, so that it receives updates from then on.

`plan` computes the changes, `apply` writes them; neither needs a terminal.
"""

from __future__ import annotations

from pyo3_kit.adoption.model import Adoption, AdoptRequest, Differs, Inferred, Offer, Sure
from pyo3_kit.adoption.planning import plan
from pyo3_kit.errors import Refused

__all__ = ["AdoptRequest", "Adoption", "Differs", "Inferred", "Offer", "Sure", "apply", "plan"]


def apply(adoption: Adoption) -> None:
    """Write the plan, the answers file last: all of it, or nothing.

    Raises the same errors as `update.apply`. After a crash, `pyo3-kit adopt --continue` continues and `--abort` undoes.
    """
    from pyo3_kit.transaction.apply import apply as write

    if adoption.already:
        return
    if not adoption.files:
        raise Refused("The plan contains no files.", "Create the plan again.")
    write(
        adoption.project.place,
        adoption.files,
        last=adoption.project.answers_file,
        meta={"adopts": adoption.template, "to": adoption.version},
    )
