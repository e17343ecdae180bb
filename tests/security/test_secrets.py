"""No secret gets into a project, a build or an output."""

from __future__ import annotations

import json
import os
import pickle
import sys
from pathlib import Path

import pytest

from pyo3_kit.errors import Failed, Refused, without_secrets
from pyo3_kit.git.hardened import reason
from pyo3_kit.system.environments import build_environment
from tests.fleet.small import Small, tip
from tests.support.command import run_kit
from tests.update.templates import ANSWERS, FIRST, Project, Template, git

TOKEN = "ghp_ORGWIDE"

READERS = [
    '{{ "$GH_TOKEN" | expandvars }}',
    '{{ "${GH_TOKEN}" | expandvars }}',
    '{{ ["$GH_", "TOKEN"] | join | expandvars }}',
    '{{ "~" | expanduser }}',
    '{{ "/proc/self/*" | fileglob }}',
    '{{ "/proc/self/cwd" | realpath }}',
    '{{ "x" | relpath }}',
    "{{ env }}{{ ENV }}{{ environ }}{{ os }}",
    "{{ _copier_conf.settings }}",
    "{{ self._TemplateReference__context.environment.globals }}",
    '{{ "".__class__.__mro__ }}',
    "{{ lipsum.__globals__ }}",
    '{% include "/proc/self/environ" %}',
    '{% include "../../../../../../../../proc/self/environ" %}',
    '{% include "leak" ignore missing %}',
]


@pytest.mark.parametrize("reader", READERS)
def test_templates_see_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: str) -> None:
    """In files, in names, in defaults and in what is excluded; a refusal is as good."""
    monkeypatch.setenv("GH_TOKEN", TOKEN)
    home = str(Path.home())
    questions = f"_subdirectory: template\nname:\n  type: str\nshown:\n  type: str\n  default: {json.dumps(reader)}\n"
    for number, files in enumerate(({"template/id.txt.jinja": reader}, {"copier.yml": questions})):
        template = Template(tmp_path / f"template{number}").release("v1.0.0", FIRST)
        (template.root / "leak").symlink_to("/proc/self/environ")
        template.release("v1.0.0", {"template/id.txt.jinja": "{{ shown | default('') }}", **files})
        place = tmp_path / f"new{number}"
        words = ("new", str(place), "--template", str(template.root), "--data", "name=x", "--json")
        result = run_kit(*words, folder=tmp_path)
        assert result.code in (0, 2), result.err
        said = result.out + result.err + ((place / "id.txt").read_text() if place.is_dir() else "")
        assert TOKEN not in said
        assert not place.is_dir() or home not in (place / "id.txt").read_text()
        assert not place.is_dir() or str(Path.cwd()) not in (place / "id.txt").read_text()


def test_a_link_to_a_file_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("PRIVATE\n")
    for links in ("false", "true"):
        template = Template(tmp_path / f"template-{links}")
        (template.root / "template").mkdir()
        for name in ("copy.txt", "rendered.txt.jinja"):
            (template.root / "template" / name).symlink_to(tmp_path / "secret")
        answers = {f"template/{ANSWERS}": "{{ _copier_answers | to_nice_yaml }}"}
        template.release("v1", {"copier.yml": f"_subdirectory: template\n_preserve_symlinks: {links}\n", **answers})
        place = tmp_path / f"new-{links}"
        run_kit("new", str(place), "--template", str(template.root), folder=tmp_path)
        found = [path for path in place.rglob("*") if path.is_file() and not path.is_symlink()]
        assert not any(b"PRIVATE" in path.read_bytes() for path in found)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://bot:ghp_LEAKED@host/a.git", "https://host/a.git"),
        ("https://ghp_LEAKED@host/a.git", "https://host/a.git"),
        ("git+https://bot:ghp_LEAKED@host/a", "git+https://host/a"),
        ("HTTPS://bot:ghp_LEAKED@host/a", "HTTPS://host/a"),
        ("https://bot:ghp@LEAKED@host/a", "https://host/a"),
        ("ssh://git:ghp_LEAKED@host/a", "ssh://host/a"),
        ("http://:ghp_LEAKED@host:8080/a", "http://host:8080/a"),
        ("https://bot:%67hp_LEAKED@host", "https://host"),
        ("https://host/a?private_token=LEAKED&x=1", "https://host/a?private_token=…&x=1"),
        ("https://host/a?x=1&access_token=LEAKED", "https://host/a?x=1&access_token=…"),
        ("fatal: unable to access 'https://b:LEAKED@host/a/': no", "fatal: unable to access 'https://host/a/': no"),
        ("two https://a:LEAKED@h/x and https://b:LEAKED@h/y", "two https://h/x and https://h/y"),
        ("ssh://git@host/a", "ssh://git@host/a"),
        ("git@host:a/b", "git@host:a/b"),
        ("https://host/@scope/a", "https://host/@scope/a"),
        ("mail me@example.org about https://host", "mail me@example.org about https://host"),
        ("https://host/a b@c", "https://host/a b@c"),
    ],
)
def test_without_secrets(text: str, shown: str) -> None:
    assert without_secrets(text) == shown
    assert without_secrets(shown) == shown


def test_errors_and_what_git_says() -> None:
    address = "https://bot:LEAKED@host/a"
    for error in (Refused(f"No {address}.", f"See {address}.", output=f"x {address}"), Failed(address)):
        assert "LEAKED" not in f"{error} {error.message} {error.hint} {error.details}"
        assert pickle.loads(pickle.dumps(error)).message == error.message
    assert "LEAKED" not in reason(f"remote: no {address}\nfatal: Authentication failed for '{address}'")


def addressed(project: Project, address: str) -> Project:
    text = project.text(".copier-answers.yml")
    lines = [f"_src_path: {address}" if line.startswith("_src_path:") else line for line in text.splitlines()]
    return project.edit({".copier-answers.yml": "\n".join(lines) + "\n"})


@pytest.mark.parametrize("address", ["https://bot:LEAKED@127.0.0.1:1/o/t.git", "http://LEAKED@127.0.0.1:1/o/t.git"])
def test_the_password_of_an_address_is_nowhere(made: Project, tmp_path: Path, address: str) -> None:
    """In the report, its page and its journal, in every output; whether it is trusted or not."""
    small = Small(tmp_path / "small", made)
    project = addressed(small.local("a"), address)
    said = ""
    for words in (["status"], ["status", "--json"], ["update"], ["update", "--json"], ["overlay", "list", "--json"]):
        result = project.kit(*words)
        said += result.out + result.err
    for words in (["status", "--html", "page.html"], ["update", "--json"], ["status", "--trust-template", address]):
        result = small.run(*words)
        said += result.out + result.err
    for path in [*small.root.glob("*.html"), *small.workspace.rglob("*.jsonl")]:
        said += path.read_text()
    assert "127.0.0.1:1/o/t.git" in said
    assert "LEAKED" not in said


def test_the_password_of_an_address_is_not_in_a_diff(made: Project, shop: Template, tmp_path: Path) -> None:
    address = f"file://bot:LEAKED@localhost{shop.root}"
    project = addressed(made.copy(tmp_path / "project"), address)
    for words in (["--dry-run", "--diff"], ["--dry-run", "--diff", "--json"], ["--json"]):
        result = project.update(*words)
        assert result.code == 0, result.err
        assert "LEAKED" not in result.out + result.err
    # What is recorded stays as the user has it: a later update needs it.
    assert f"_src_path: {address}" in project.text(".copier-answers.yml")
    assert "LEAKED" not in project.text(".copier-answers.lock")


def test_a_password_in_the_fleet_file(made: Project, tmp_path: Path) -> None:
    small = Small(tmp_path / "small", made)
    small.text = '[[repository]]\nurl = "https://bot:LEAKED@127.0.0.1:1/o/r.git"\nname = "r"\n'
    for words in (["status"], ["update", "--json"], ["plan"], ["plan", "--json"], ["status", "--html", "page.html"]):
        result = small.run(*words)
        assert "LEAKED" not in result.out + result.err
    assert "LEAKED" not in (small.root / "page.html").read_text()


def test_new_records_no_password(shop: Template, tmp_path: Path) -> None:
    """The answers file is committed and pushed."""
    address = f"file://bot:LEAKED@localhost{shop.root}"
    result = run_kit("new", "p", "--template", address, "--data", "name=x", "--json", folder=tmp_path)
    assert result.code == 0, result.err
    assert "LEAKED" not in result.out + (tmp_path / "p" / ".copier-answers.yml").read_text()


SECRETS = {
    "GH_TOKEN": "s",
    "GITHUB_TOKEN": "s",
    "CI_JOB_TOKEN": "s",
    "ACTIONS_RUNTIME_TOKEN": "s",
    "ACTIONS_ID_TOKEN_REQUEST_URL": "s",
    "CARGO_REGISTRY_TOKEN": "s",
    "CARGO_REGISTRIES_ACME_TOKEN": "s",
    "MATURIN_PYPI_TOKEN": "s",
    "TWINE_PASSWORD": "s",
    "AWS_SECRET_ACCESS_KEY": "s",
    "AWS_ACCESS_KEY_ID": "s",
    "OPENAI_API_KEY": "s",
    "GIT_ASKPASS": "/bin/helper",
    "SSH_AUTH_SOCK": "/agent",
    "GIT_CONFIG_PARAMETERS": "'http.extraheader=s'",
    "GIT_CONFIG_VALUE_5": "s",
    "PIP_INDEX_URL": "https://u:s@index/simple",
}


@pytest.mark.parametrize("strict", [False, True])
def test_builds_get_no_secret(monkeypatch: pytest.MonkeyPatch, strict: bool) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, SECRETS[name].replace("s", "LEAKED") if SECRETS[name] == "s" else SECRETS[name])
    monkeypatch.setenv("CARGO_NET_OFFLINE", "true")
    monkeypatch.setenv("RUSTFLAGS", "-Cx")
    monkeypatch.setenv("MY_DATABASE", "here")
    found = build_environment(strict=strict)
    left = {name for name in SECRETS if name in found and found[name] not in ("", "https://index/simple")}
    assert left == set()
    assert "LEAKED" not in str(found)
    assert found["PIP_INDEX_URL"] == "https://index/simple"
    assert (found["CARGO_NET_OFFLINE"], found["RUSTFLAGS"]) == ("true", "-Cx")
    assert {"PATH", "HOME"} <= found.keys()
    assert ("MY_DATABASE" in found) is not strict


@pytest.mark.slow
@pytest.mark.parametrize("command", ["fleet update --verify", "update --verify", "new --build"])
def test_the_code_of_a_build_sees_no_token(shop: Template, tmp_path: Path, command: str) -> None:
    """Nor does Git hand it one, however the user has stored it."""
    seen = tmp_path / "seen"
    backend = (
        "import os, subprocess\n"
        "said = subprocess.run(['git', 'credential', 'fill'], input=b'protocol=https\\nhost=h\\n\\n', "
        "capture_output=True).stdout.decode()\n"
        f"open({str(seen)!r}, 'w').write(repr(dict(os.environ)) + said)\n"
        "raise SystemExit(1)\n"
    )
    files: dict[str, str | bytes | None] = {
        "e/pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "b"\nbackend-path = ["."]\n'
        '[project]\nname = "e"\nversion = "1"\n',
        "e/b.py": backend,
        "pyproject.toml": '[build-system]\nrequires = ["./e"]\nbuild-backend = "maturin"\n'
        '[project]\nname = "r"\nversion = "1"\n',
    }
    config = tmp_path / "gitconfig"
    config.write_text(
        '[user]\n\tname = t\n\temail = t@t\n[credential]\n\thelper = "!echo password=ghp_ORGWIDE; echo username=x"\n'
        '[http "https://h/"]\n\textraheader = "Authorization: ghp_ORGWIDE"\n'
    )
    changes = {"GH_TOKEN": TOKEN, "CARGO_REGISTRY_TOKEN": TOKEN, "GIT_CONFIG_GLOBAL": str(config)}
    project = shop.project(tmp_path / "project").edit(files)
    if command == "fleet update --verify":
        small = Small(tmp_path / "small", project)
        small.remote("a")
        small.run("update", "--verify", changes=changes)
    elif command == "update --verify":
        project.update("--verify", changes=changes)
    else:
        template = Template(tmp_path / "template").release("v1.0.0", FIRST)
        template.release("v1.0.0", {f"template/{name}": content for name, content in files.items()})
        words = ("new", "made", "--template", str(template.root), "--data", "name=x", "--build")
        run_kit(*words, folder=tmp_path, changes=changes)
    assert seen.is_file(), "the build did not come that far"
    assert TOKEN not in seen.read_text()


def test_what_the_request_client_gets(made: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform's client is the user's own and needs the token; the clone's configuration has no password."""
    folder = tmp_path / "clients"
    folder.mkdir()
    client = folder / "gh"
    client.write_text(f"#!{sys.executable}\nimport os, sys\nsys.exit(0 if os.environ['GH_TOKEN'] else 1)\n")
    client.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))
    monkeypatch.setenv("GH_TOKEN", TOKEN)
    small = Small(tmp_path / "small", made)
    remote = small.remote("a", 'request = "gh"')
    small.text = small.text.replace("file://", "file://bot:LEAKED@localhost")
    row = small.rows("update")["a"]
    assert tip(remote) == row["commit"], row
    clone = small.workspace / "repositories" / "a"
    assert "LEAKED" not in git(clone, "config", "--list")
    assert "LEAKED" not in str(row)
