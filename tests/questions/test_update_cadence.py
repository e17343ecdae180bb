from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.questions.reading import recorded, text

pytestmark = pytest.mark.slow

CRON = {"weekly": "23 4 * * 1", "monthly": "23 4 1 * *", "quarterly": "23 4 1 1,4,7,10 *"}


@pytest.mark.parametrize("cadence", CRON)
def test_each_has_its_schedule(render: Callable[..., Path], cadence: str) -> None:
    project = render(update_cadence=cadence)
    # `on` is a boolean to YAML 1.1.
    assert yaml.safe_load(text(project, ".github/workflows/update.yml"))[True]["schedule"] == [{"cron": CRON[cadence]}]
    dependabot = yaml.safe_load(text(project, ".github/dependabot.yml"))
    assert {update["schedule"]["interval"] for update in dependabot["updates"]} == {cadence}
    renovate = json.loads(text(render(update_cadence=cadence, updates="renovate"), "renovate.json"))
    assert renovate["extends"][-1] == f"schedule:{cadence}"
    assert CRON[cadence] in text(render(update_cadence=cadence, ci="gitlab"), ".gitlab/update.yml")


def test_monthly_is_the_default(render: Callable[..., Path]) -> None:
    assert recorded(render())["update_cadence"] == "monthly"


def test_it_is_asked_as_long_as_something_reads_it(render: Callable[..., Path], refusal: Callable[..., str]) -> None:
    assert "update_cadence" in recorded(render(updates="none"))
    assert "update_cadence" not in recorded(render(ci="gitlab", updates="none"))
    reason = refusal(ci="gitlab", updates="none", update_cadence="weekly")
    assert "choose updates=workflow or updates=renovate" in reason


def test_another_one_is_refused(refusal: Callable[..., str]) -> None:
    assert "'daily' is not in" in refusal(update_cadence="daily")
