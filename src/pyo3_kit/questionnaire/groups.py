"""The page for accepting or declining the groups of an adoption."""

from __future__ import annotations

import questionary

from pyo3_kit.adoption import Offer
from pyo3_kit.questionnaire.prompts import Prompter

_TEXT = "Which groups of changes do you want? Your content is never overwritten, and code is not touched."


def choose_groups(offers: tuple[Offer, ...]) -> frozenset[str]:
    """The ids of the accepted groups. `KeyboardInterrupt` if the user cancels."""
    choices = [
        questionary.Choice(
            one.title,
            one.id,
            checked=not one.declined,
            description="; ".join(part for part in (one.declined, ", ".join(one.files)) if part),
        )
        for one in offers
    ]
    return frozenset(Prompter().mark("What the template offers", _TEXT, choices))
