"""The questionnaire in a terminal: pages of questions, Back, and a last page on which everything can still be changed.

What is asked and what may be answered comes from the template alone; this package shows it.
"""

from __future__ import annotations

from pyo3_kit.questionnaire.fill import fill
from pyo3_kit.questionnaire.walk import walk

__all__ = ["fill", "walk"]
