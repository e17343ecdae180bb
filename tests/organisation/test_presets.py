"""An organisation's presets: where they are found, what they decide, and what is wrong with a bad one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyo3_kit.errors import Refused
from pyo3_kit.presets import find_preset
from tests.organisation.acme import TEXT, Run, decided
from tests.support.command import run_kit, snapshot
from tests.update.templates import git

pytestmark = pytest.mark.slow


def test_what_a_preset_decides(kit: Run) -> None:
    made = kit("new", "my-lib", "--preset", "acme.toml#service", "--defaults", "--dry-run", "--json")
    assert decided(made) == {
        "async_runtime": (True, "answered"),
        "async_bridge": ("completion-queue", "answered"),
        "bytes_feature": (True, "answered"),
        "allocator": ("mimalloc", "answered"),
        "license": ("MIT", "answered"),
        "starter": ("minimal", "default"),
        "ci": ("gitlab", "fixed"),
        "hooks": (True, "fixed"),
        "docs": ("none", "hidden"),
        "pgo": (False, "hidden"),
    }
    answers = made.object["answers"]
    assert (answers["ci"], answers["license"], answers["starter"]) == ("gitlab", "MIT", "minimal")
    assert made.object["preset"] == "acme.toml#service"


def test_people_are_told(kit: Run) -> None:
    said = kit("new", "my-lib", "--preset", "acme.toml#strict", "--defaults").err
    assert "The preset acme.toml#strict decided: " in said
    assert "license = Apache-2.0;" in said
    assert "ci = gitlab (fixed)" in said
    assert "docs = none (not asked)" in said
    assert "starter = minimal (default)" in said


def test_what_is_given_goes_before_what_is_not_fixed(kit: Run) -> None:
    words = (
        "--data",
        "license=proprietary",
        "--data",
        "docs=sphinx",
        "--data",
        "async_runtime=no",
        "--data",
        "ci=gitlab",
    )
    made = kit("new", "my-lib", "--preset", "acme.toml#service", *words, "--dry-run", "--json").object["answers"]
    assert (made["license"], made["docs"], made["async_runtime"], made["ci"]) == (
        "proprietary",
        "sphinx",
        False,
        "gitlab",
    )
    assert "async_bridge" not in made


@pytest.mark.parametrize(("name", "who"), [("service", "line 14, column 1"), ("strict", "line 14, column 1")])
def test_what_is_fixed_cannot_be_changed(name: str, who: str, kit: Run, tmp_path: Path) -> None:
    before = snapshot(tmp_path)
    result = kit("new", "my-lib", "--preset", f"acme.toml#{name}", "--data", "ci=github")
    assert (result.code, snapshot(tmp_path)) == (2, before)
    assert f"`ci` cannot be github: the preset `service` fixes it at gitlab (acme.toml, {who})." in result.err


def test_the_users_configuration_folder(kit: Run, tmp_path: Path) -> None:
    folder = tmp_path / "home" / "pyo3-kit"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(TEXT)
    changes = {"XDG_CONFIG_HOME": str(tmp_path / "home")}
    assert kit("presets", "service", "--json", changes=changes).object["origin"] == str(folder / "config.toml")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of presets: v1.0.0 has `old`, v2.0.0 `service` and `strict`, and the work tree nothing."""
    root = tmp_path / "presets"
    root.mkdir()
    git(root, "init", "-q")
    for tag, text in (("v1.0.0", "[presets.old]\nfixed = { ci = 'none' }\n"), ("v2.0.0", TEXT)):
        (root / "presets.toml").write_text(text)
        git(root, "add", "-A")
        git(root, "commit", "-qm", tag)
        git(root, "tag", tag)
    git(root, "clone", "-q", "--bare", str(root), str(tmp_path / "presets.git"))
    return root


def test_in_a_git_repository(kit: Run, repository: Path) -> None:
    bare = repository.with_suffix(".git")
    for source in (f"{repository}", f"{bare}", f"git+file://{bare}", f"file://{bare}", f"file://{bare}@v2.0.0"):
        assert kit("presets", f"{source}#service", "--json").object["fixed"] == {"ci": "gitlab", "hooks": True}, source
    for source in (f"{bare}@v1.0.0", f"file://{bare}@v1.0.0", f"{repository}@v1.0.0"):
        assert [one["name"] for one in kit("presets", f"{source}#", "--json").object["presets"]] == ["old"]
    made = kit("new", "my-lib", "--preset", f"file://{bare}@v1.0.0#old", "--defaults", "--dry-run", "--json")
    assert decided(made) == {"ci": ("none", "fixed")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[presets.a\n", "acme.toml, line 1, column 11: "),
        ("[presets.a]\nfixed = {\n", "acme.toml, line 2, column 1"),
        ("presets = 1\n", "acme.toml, line 1, column 1: `presets` is not a table."),
        ("[presets]\na = 1\n", "acme.toml, line 2, column 1: `a` is not a table."),
        ("[presets.a]\nfixd = {}\n", "acme.toml, line 2, column 1: unknown key `fixd`."),
        ("[presets.a]\nsummary = 1\n", "acme.toml, line 2, column 1: `summary` is not a string."),
        ("[presets.a]\nhidden = 'ci'\n", "acme.toml, line 2, column 1: `hidden` is not a list of strings."),
        ("[presets.a]\nfixed = ['ci']\n", "acme.toml, line 2, column 1: `fixed` is not a table."),
        ("[presets.lean]\n", "acme.toml, line 1, column 1: `lean` is the name of a preset of pyo3-kit."),
        (
            "[presets.a]\nanswers = { ci = 'none' }\n[presets.a.fixed]\nci = 'none'\n",
            "acme.toml, line 4, column 1: `ci` is already in `answers`.",
        ),
        ("[presets.a]\nextends = 'b'\n", "acme.toml, line 2, column 1: there is no preset `b`."),
        (
            "[presets.a]\nextends = 'b'\n[presets.b]\nextends = 'a'\n",
            "acme.toml, line 2, column 1: `extends` forms a cycle: a → b → a.",
        ),
        ("[presets.a]\nextends = 'a'\n", "line 2, column 1: `extends` forms a cycle: a → a."),
        (
            "[presets.a]\nextends = 'b'\nanswers = { ci = 'none' }\n[presets.b]\nfixed = { ci = 'github' }\n",
            "acme.toml, line 3, column 1: `ci` is fixed by the preset `b`.",
        ),
        ("[presets.a.fixed]\n\ncj = 'none'\n", "acme.toml, line 3, column 1: there is no question `cj`."),
        ("[presets.a.fixed]\nci = 'travis'\n", "acme.toml, line 2, column 1: ci: 'travis' is not one of"),
        ("[presets.a.fixed]\nhooks = 'perhaps'\n", "acme.toml, line 2, column 1: hooks: true or false is needed"),
        ("[presets.a.defaults]\nproject_name = 'my lib'\n", "acme.toml, line 2, column 1: project_name: "),
        ("[presets.a.fixed]\npages = 1\n", "acme.toml, line 2, column 1: `pages` is computed from other answers"),
        ("[presets.a]\nhidden = ['ci', 'cj']\n", "acme.toml, line 2, column 1: there is no question `cj`."),
        ("[presets.b]\n", "There is no preset `a`."),
    ],
)
def test_a_malformed_file(text: str, said: str, kit: Run, tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(text)
    before = snapshot(tmp_path)
    for words in (("new", "my-lib", "--preset", "acme.toml#a", "--defaults"), ("presets", "acme.toml#a")):
        result = kit(*words)
        assert (result.code, result.out, snapshot(tmp_path)) == (2, "", before)
        assert said in result.err, result.err
        assert result.err.splitlines()[-1].startswith(" hint: ")


CIRCLE = "\n[presets.round]\nextends = 'round'\n"


def test_a_bad_preset_does_not_hide_the_others(kit: Run, tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(TEXT + CIRCLE)
    config = {"PYO3_KIT_CONFIG": str(tmp_path / "acme.toml")}
    assert kit("presets", "acme.toml#service").code == 0
    assert kit("presets", "service", changes=config).code == 0
    for name, changes in (("acme.toml#servcie", {}), ("servcie", config)):
        result = kit("presets", name, changes=changes)
        assert (result.code, "There is no preset `servcie`." in result.err) == (2, True), result.err
        assert "service, strict, round." in result.err
    assert "`extends` forms a cycle" in kit("presets", "round", changes=config).err


def test_a_mark_before_the_text_is_no_part_of_it(kit: Run, repository: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "acme.toml", repository / "presets.toml"):
        path.write_text(f"\ufeff{TEXT}", encoding="utf-8")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "A mark")
    git(repository, "tag", "v3.0.0")
    for source in ("acme.toml", f"file://{repository}@v3.0.0"):
        assert kit("presets", f"{source}#service", "--json").object["fixed"] == {"ci": "gitlab", "hooks": True}
    bad = kit("new", "my-lib", "--preset", "acme.toml#service", "--data", "ci=github").err
    assert "(acme.toml, line 14, column 1)" in bad


def test_a_hidden_question_without_a_default(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(
        "[presets.a]\nhidden = ['name']\n[presets.b]\nextends = 'a'\ndefaults.name = 'x'\n"
    )
    template = tmp_path / "template"
    template.mkdir()
    (template / "copier.yml").write_text("_subdirectory: t\nname:\n  type: str\n")
    (template / "t").mkdir()
    (template / "t" / "name.txt.jinja").write_text("{{ name }}\n")
    result = run_kit("new", "p", "--template", "template", "--preset", "acme.toml#a", folder=tmp_path)
    assert result.code == 2
    assert "acme.toml, line 2, column 1: `name` is hidden but has no default." in result.err
    assert run_kit("new", "p", "--template", "template", "--preset", "acme.toml#b", folder=tmp_path).code == 0
    assert (tmp_path / "p" / "name.txt").read_text() == "x\n"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("nowhere.toml#a", "There is no presets file nowhere.toml."),
        ("acme.toml", "`acme.toml` is a presets file."),
        ("acme.toml#servcie", "There is no preset `servcie`."),
        ("file:///nowhere/presets.git#a", "The presets' repository file:///nowhere/presets.git cannot be fetched"),
        ("{repository}@v9#a", "has no version v9."),
        ("{empty}#a", "is not a Git repository"),
        ("nowhere@v1#a", "The presets file nowhere does not exist."),
        ("--upload-pack=touch ran#a", "`--upload-pack=touch ran` is not an address of presets."),
        ("ext::sh -c touch% ran#a", "is not an address of presets."),
    ],
)
def test_a_source_that_leads_nowhere(source: str, said: str, kit: Run, repository: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    source = source.format(repository=repository, empty=tmp_path / "empty")
    result = kit("new", "my-lib", "--defaults", f"--preset={source}")
    assert (result.code, result.out) == (2, ""), result.err
    assert said in result.err
    assert not list(tmp_path.rglob("ran"))


def test_a_repository_without_presets(kit: Run, repository: Path) -> None:
    (repository / "presets.toml").unlink()
    git(repository, "commit", "-qam", "Gone")
    git(repository, "tag", "v3.0.0")
    result = kit("presets", f"{repository}#a")
    assert "does not contain presets.toml." in result.err


def test_as_a_library(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(TEXT)
    preset = find_preset(f"{tmp_path}/acme.toml#strict")
    assert preset.locked == {"ci", "hooks", "stubs", "docs", "pgo"}
    with pytest.raises(Refused):
        find_preset(f"{tmp_path}/acme.toml#")
