"""`pyo3-kit presets` with an organisation's: one, and all that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.organisation.acme import TEXT, Run, decided

pytestmark = pytest.mark.slow


def test_presets_shows_one(kit: Run) -> None:
    shown = kit("presets", "acme.toml#strict")
    assert shown.code == 0
    assert shown.out.startswith("strict: As a service, and more.  [acme.toml]\n")
    assert '  ci: "gitlab"  (fixed)  [from service]\n' in shown.out
    assert '  license: "Apache-2.0"\n' in shown.out
    assert "  docs: not asked\n" in shown.out
    found = kit("presets", "acme.toml#strict", "--json").object
    assert found["fixed"] == {"ci": "gitlab", "hooks": True, "stubs": True}
    assert found["hidden"] == ["docs", "pgo"]


def test_presets_lists_ours_and_theirs(kit: Run, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f"[defaults]\nlicense = 'MIT'\n\n{TEXT}")
    changes = {"PYO3_KIT_CONFIG": str(config)}
    listed = kit("presets", "--json", changes=changes).object["presets"]
    origins = {one["name"]: one["origin"] for one in listed}
    assert origins["lean"] == "pyo3-kit"
    assert origins["service"] == str(config)
    assert f"strict           As a service, and more.  [{config}]\n" in kit("presets", changes=changes).out
    made = kit("new", "my-lib", "--preset", "service", "--defaults", "--dry-run", "--json", changes=changes)
    assert decided(made)["ci"] == ("gitlab", "fixed")
    assert "service, strict" in kit("new", "x", "--preset", "servcie", changes=changes).err


def test_one_that_cannot_be_used_hides_no_other(kit: Run, tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(f"{TEXT}\n[presets.adrift]\nextends = 'servcie'\n")
    listed = kit("presets", "acme.toml#")
    assert listed.code == 2
    assert [line.split()[0] for line in listed.out.splitlines()] == ["service", "strict"]
    assert listed.err.startswith("`adrift` cannot be used: acme.toml, line 24, column 1: ")
    assert "there is no preset `servcie`" in listed.err
    found = kit("presets", "acme.toml#", "--json")
    assert (found.code, [one["name"] for one in found.object["presets"]]) == (2, ["service", "strict"])
    assert "servcie" in found.object["unusable"]["adrift"]["error"]
