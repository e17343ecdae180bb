"""The questionnaire in a terminal: pages of questions, Back, and a last page on which everything can be changed.

The template defines the questions and valid answers; this package only shows them.
"""

from __future__ import annotations

from pyo3_kit.questionnaire.fill import fill
from pyo3_kit.questionnaire.walk import walk

__all__ = ["fill", "walk"]
