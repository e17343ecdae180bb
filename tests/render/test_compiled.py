"""What a template compiles is kept from one run to the next, and never changes what is rendered."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pyo3_kit.render import Source, open_template

QUESTIONS = "_subdirectory: template\nname:\n  type: str\n  default: x\n"
ZONES = {"UTC": "UTC\n", "CET-1": "CET\n"}


class Kit:
    """A template of a few lines, with a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.root, self.cache = folder / "kit", folder / "cache"
        self._out, self._number = folder / "out", 0
        (self.root / "template").mkdir(parents=True)
        self.write("copier.yml", QUESTIONS)
        self.write("template/{{ name }}.txt.jinja", "{{ name }} {{ 1 + 1 }}\n")

    def write(self, path: str, text: str) -> None:
        (self.root / path).write_text(text)

    def render(self) -> dict[str, str]:
        """The files that the template renders to, with their texts."""
        self._number += 1
        folder = self._out / str(self._number)
        with open_template(Source("https://example.org/kit", None, (self.root, "v1")), folder) as template:
            template.render(folder, template.interview({}).evaluate({}))
        return {path.name: path.read_text() for path in folder.iterdir()}

    def kept(self) -> list[Path]:
        """The files that hold what was compiled."""
        return sorted((self.cache / "compiled").glob("*"))


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kit:
    monkeypatch.setenv("PYO3_KIT_CACHE", str(tmp_path / "cache"))
    return Kit(tmp_path)


@pytest.fixture
def zones(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_second_run_compiles_nothing_anew(kit: Kit) -> None:
    first = kit.render()
    (kept,) = kit.kept()
    before = (kept.read_bytes(), kept.stat().st_mtime_ns)
    assert kit.render() == first == {"x.txt": "x 2\n"}
    assert kit.kept() == [kept]
    assert (kept.read_bytes(), kept.stat().st_mtime_ns) == before


def test_a_file_that_changed_is_compiled_again(kit: Kit) -> None:
    kit.render()
    kit.write("template/{{ name }}.txt.jinja", "{{ name }} {{ 1 + 2 }}\n")
    assert kit.render() == {"x.txt": "x 3\n"}


def test_other_settings_for_jinja_are_not_mixed_up(kit: Kit) -> None:
    """The same text means something else with other brackets."""
    kit.render()
    kit.write("copier.yml", f"_envops: {{variable_start_string: '[[', variable_end_string: ']]'}}\n{QUESTIONS}")
    assert kit.render() == {"{{ name }}.txt": "{{ name }} {{ 1 + 1 }}\n"}


@pytest.mark.parametrize("place", ["file", "name", "default"])
@pytest.mark.usefixtures("zones")
def test_what_depends_on_the_clock_is_computed_in_each_run(
    kit: Kit, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Jinja computes a filter of a constant when it compiles."""
    zone = "{{ '%Z' | strftime }}"
    kit.write("template/{{ name }}.txt.jinja", f"{zone}\n" if place == "file" else "{{ name }}\n")
    if place == "name":
        kit.write(f"template/{zone}.jinja", "named\n")
    if place == "default":
        kit.write("copier.yml", QUESTIONS.replace("default: x", f'default: "{zone}"'))
    for name, text in ZONES.items():
        monkeypatch.setenv("TZ", name)
        time.tzset()
        rendered = kit.render()
        if place == "name":
            assert rendered[text.strip()] == "named\n"
        else:
            assert text in rendered.values()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda _: b"", id="empty"),
        pytest.param(lambda content: content[:-1], id="cut off"),
        pytest.param(lambda content: content[:40] + bytes([content[40] ^ 1]) + content[41:], id="one bit"),
        pytest.param(lambda _: b"\xff" * 500, id="noise"),
    ],
)
def test_a_damaged_file_counts_as_none(kit: Kit, damage: Callable[[bytes], bytes]) -> None:
    first = kit.render()
    (kept,) = kit.kept()
    good = kept.read_bytes()
    kept.write_bytes(damage(good))
    assert kit.render() == first
    assert len(kept.read_bytes()) == len(good)


def test_a_file_in_the_place_of_the_folder_is_done_without(kit: Kit) -> None:
    kit.cache.mkdir()
    (kit.cache / "compiled").write_text("mine\n")
    assert kit.render() == {"x.txt": "x 2\n"}
    assert (kit.cache / "compiled").read_text() == "mine\n"
