from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.questions.reading import metadata, recorded, text, toml

LINES = {
    "MIT": "Permission is hereby granted, free of charge",
    "Apache-2.0": "Apache License",
    "BSD-3-Clause": "Redistribution and use in source and binary forms",
}


def test_both_licences_of_rust_are_the_default(render: Callable[..., Path]) -> None:
    project = render()
    assert recorded(project)["license"] == "MIT OR Apache-2.0"
    assert metadata(project)["license"] == "MIT OR Apache-2.0"
    assert sorted(path.name for path in project.glob("LICENSE*")) == ["LICENSE-APACHE", "LICENSE-MIT"]
    assert metadata(project)["license-files"] == ["LICENSE-APACHE", "LICENSE-MIT"]
    assert LINES["Apache-2.0"] in text(project, "LICENSE-APACHE")
    assert LINES["MIT"] in text(project, "LICENSE-MIT")


@pytest.mark.parametrize("terms", LINES)
def test_one_licence_has_one_file(render: Callable[..., Path], terms: str) -> None:
    project = render(license=terms)
    assert metadata(project)["license"] == terms
    assert toml(project, "Cargo.toml")["package"]["license"] == terms
    assert [path.name for path in project.glob("LICENSE*")] == ["LICENSE"]
    assert LINES[terms] in text(project, "LICENSE")


def test_a_proprietary_project_is_not_published(render: Callable[..., Path]) -> None:
    project = render(license="proprietary")
    assert metadata(project)["license"] == "LicenseRef-Proprietary"
    # PyPI refuses what carries a classifier of this family.
    assert "Private :: Do Not Upload" in metadata(project)["classifiers"]
    assert toml(project, "Cargo.toml")["package"]["publish"] is False
    assert "license" not in toml(project, "Cargo.toml")["package"]
    assert "All rights reserved" in text(project, "LICENSE")
    assert "publish" not in yaml.safe_load(text(project, ".github/workflows/release.yml"))["jobs"]


def test_another_licence_is_refused(refusal: Callable[..., str]) -> None:
    assert "'GPL-3.0' is not in" in refusal(license="GPL-3.0")
