from __future__ import annotations

import pytest

from tests.audit.support import check, manifest, spots

WORKSPACE = '[workspace]\nmembers = ["a", "b"]\n[workspace.dependencies]\npyo3 = "0.28"\n'


def lock(version: str) -> dict[str, str]:
    return {"Cargo.lock": f'version = 4\n[[package]]\nname = "pyo3"\nversion = "{version}"\n'}


@pytest.mark.parametrize(
    ("version", "names"),
    [
        ("0.12.3", ["2020-0074", "2025-0020"]),
        ("0.20.3", ["2025-0020", "2026-0177"]),
        ("0.22.3", ["2024-0378", "2025-0020", "2026-0177"]),
        ("0.23.2", ["2024-0409", "2025-0020", "2026-0177"]),
        ("0.24.0", ["2025-0020", "2026-0176", "2026-0177"]),
        ("0.27.1", ["2026-0176", "2026-0177"]),
        ("0.28.1", ["2026-0013", "2026-0176", "2026-0177"]),
        ("0.28.3", ["2026-0176", "2026-0177"]),
    ],
)
def test_the_advisories_of_the_locked_version_are_told(version: str, names: list[str]) -> None:
    texts = {"Cargo.toml": manifest(version[:4]), **lock(version)}
    assert spots("PYO171", texts) == [f'pyo3 = "{version[:4]}"']
    message = check("PYO171", texts)[0].message
    assert [part[:9] for part in message.split("RUSTSEC-")[1:]] == names


@pytest.mark.parametrize("version", ["0.29.0", "0.29.3", "0.30.1"])
def test_nothing_is_said_of_newer_versions(version: str) -> None:
    assert check("PYO171", {"Cargo.toml": manifest(version), **lock(version)}) == []
    assert check("PYO171", {"Cargo.toml": manifest(version)}) == []


def test_without_a_lock_the_newest_of_the_line_counts() -> None:
    assert "0176" in check("PYO171", {}, pyo3="0.28.0")[0].message
    assert "0013" not in check("PYO171", {}, pyo3="0.28.0")[0].message
    assert "0013" in check("PYO171", {}, pyo3="=0.28.0")[0].message
    assert check("PYO171", {}, pyo3=">=0.24, <0.31") == []
    assert check("PYO171", {}, pyo3=">=0.24") == []


def test_what_deny_accepts_is_known() -> None:
    accepted = '[advisories]\nignore = [{ id = "RUSTSEC-2026-0176", reason = "not used" }, "RUSTSEC-2026-0177"]\n'
    assert check("PYO171", {"deny.toml": accepted}) == []
    one = accepted.replace("0177", "9999")
    assert "0176" not in check("PYO171", {"deny.toml": one})[0].message


def test_what_a_workspace_inherits_is_told_once() -> None:
    member = manifest().replace('pyo3 = "0.28.3"', "pyo3.workspace = true")
    texts = {"Cargo.toml": WORKSPACE, "a/Cargo.toml": member, "b/Cargo.toml": member}
    assert spots("PYO171", texts) == ['pyo3 = "0.28"']


@pytest.mark.parametrize("version", ["0.15", "0.22.2", "0.24.0", "0.25", "0.27.2"])
@pytest.mark.parametrize("accepted", ["", "RUSTSEC-2026-0176 RUSTSEC-2026-0177"])
def test_the_way_out_is_that_of_an_unsupported_line(version: str, accepted: str) -> None:
    texts = {"Cargo.toml": manifest(version), "deny.toml": f"# {accepted}\n"}
    helps = {one.help for rule in ("PYO171", "PYO174") for one in check(rule, texts, pyo3=version)}
    target = "0.28" if accepted else "0.29"
    assert helps == {f"upgrade to {target} or newer, e.g. with `pyo3-kit migrate`"}
