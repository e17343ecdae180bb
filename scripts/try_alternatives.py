"""Try the tools that pyo3-kit is compared with, and write docs/explanation/compared-with.md.

    python scripts/try_alternatives.py --cookie CLONE

Installs the newest maturin, uv, cookiecutter, cruft and Copier into a temporary environment. CLONE is a clone of
scientific-python/cookie. Each cell of the table is what a command did, or links to a page.
"""

from __future__ import annotations

import argparse
import datetime
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "explanation" / "compared-with.md"
HOME = "/home/ada"
"""Shown instead of the temporary folder."""

TOOLS = ("maturin", "uv", "cookiecutter", "cruft", "copier")
COLUMNS = {
    "kit": "pyo3-kit",
    "maturin": "`maturin new`",
    "uv": "`uv init`",
    "cruft": "cookiecutter + cruft",
    "copier": "Copier alone",
    "cookie": "scientific-python/cookie",
    "backstage": "Backstage templates",
}
BACKSTAGE = "https://backstage.io/docs/features/software-templates/"
COOKIE = "https://github.com/scientific-python/cookie#readme"
ASKED_FOR = "https://github.com/backstage/backstage/issues/14416"
GIT_CONFIG = "[user]\nname = Ada Lovelace\nemail = ada@example.org\n[init]\ndefaultBranch = main\n"

# The actions of a project's workflows, those pinned by commit, and what zizmor finds.
LOOK = (
    "grep --recursive --no-filename 'uses: [^.]' .github | wc --lines",
    "grep --recursive --no-filename 'uses: .*@[0-9a-f]\\{40\\}' .github | wc --lines",
    "zizmor --quiet --offline --persona=pedantic --format=json . "
    "| python -c 'import json, sys; print(len(json.load(sys.stdin)))'",
)

HEAD = """\
# Compared with other tools

<!-- Written by scripts/try_alternatives.py: run it again instead of changing this page. -->

Tried on {date} with {versions}, and scientific-python/cookie at {revision}. Each cell links to how it was tried:
to the commands and their output below, or to a page. Backstage was not run, because it needs a server: its column is
from its documentation and issues. If something is wrong or no longer true, please open an issue.
"""
ADVICE = """
## What to use

- `maturin new` or `uv init` if you want the smallest project that builds, and do the rest yourself.
- scientific-python/cookie if most of your project is Python or C++, or if you use several build back-ends.
- Copier alone if you have a template of your own that is not about PyO3. `pyo3-kit update` and `status` work for such
  projects too, and plain Copier works for ours: see [use plain Copier](../how-to/use-plain-copier.md).
- Backstage if a portal has to create repositories of all kinds; its actions can call Copier for PyO3 projects.

In the trials of updates, the template has three lines, of which it changes `target`:

```toml
{settings}
```"""
# An update of pyo3-kit that ended with conflicts has to be undone by itself.
START_AGAIN = (
    "(pyo3-kit update --abort || true) > /dev/null 2>&1; git reset --quiet --hard new && git clean --quiet -dfx"
)
SETTINGS = '[tool.demo]\nline-length = 80\ntarget = "py39"\n'
COPIER_YML = """\
_subdirectory: template
_exclude: ["{% if not extra %}extra.py{% endif %}"]
name: {type: str, default: demo}
extra: {type: bool, default: true}
"""
ANSWERS = "{{ _copier_answers|to_nice_yaml }}\n"
HOOK = "import pathlib\npathlib.Path('../hook-ran').touch()\n"


class Trials:
    """Runs commands in a folder, and keeps what a terminal would show, by section of the page."""

    def __init__(self, folder: Path, cookie: Path) -> None:
        self.folder, self.cookie = folder, cookie
        self.sections: dict[str, list[str]] = {}
        self.cells: dict[str, dict[str, str]] = {}
        (folder / "gitconfig").write_text(GIT_CONFIG, encoding="utf-8")
        subprocess.run(["uv", "venv", "--quiet", "--python", sys.executable, folder / "tools"], check=True)
        install = ["uv", "pip", "install", "--quiet", "--python", folder / "tools"]
        subprocess.run([*map(str, install), *TOOLS, "copier-templates-extensions"], check=True)
        self.versions = {tool: self.find_version(tool) for tool in TOOLS}
        own = (folder / "tools" / "bin", Path(sys.executable).parent)
        self.environment = {name: text for name, text in os.environ.items() if name[:4] not in ("GIT_", "PYO3")}
        self.environment |= {
            "COLUMNS": "100",
            "GIT_CONFIG_GLOBAL": str(folder / "gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "HOME": str(folder / "home"),
            "NO_COLOR": "1",
            "PATH": os.pathsep.join([*map(str, own), os.environ["PATH"]]),
            "UV_PYTHON": sys.executable,
        }
        (folder / "home").mkdir()

    def run(self, section: str, command: str, where: str = ".") -> tuple[int, str]:
        """Run a shell command; return its exit code and output, which are also kept for the page."""
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder / where,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        output = re.sub(r"[ \t]+$", "", done.stdout.replace(str(self.folder), HOME), flags=re.MULTILINE).strip("\n")
        lines = self.sections.setdefault(section, [])
        shown = command.replace(str(self.cookie), "gh:scientific-python/cookie").replace(str(self.folder), HOME)
        lines.append(f"$ {shown}")
        lines += [output] if output else []
        lines += [f"(exit code {done.returncode})"] if done.returncode else []
        return done.returncode, done.stdout

    def cell(self, row: str, column: str, text: str, section: str) -> None:
        """Fill a cell; a section's name becomes the link to it."""
        address = section if section.startswith("http") or ".md" in section else f"#{slug(section)}"
        self.cells.setdefault(row, {})[column] = f"[{text}]({address})"

    def find_version(self, tool: str) -> str:
        """Return the version of an installed tool."""
        command = ["uv", "pip", "show", "--python", str(self.folder / "tools"), tool]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return re.search(r"^Version: (\S+)", output, re.MULTILINE)[1]  # type: ignore[index]


def slug(section: str) -> str:
    """Return the anchor of a heading, as code hosts and the site make it."""
    return re.sub(r"[^\w -]", "", section.lower()).replace(" ", "-")


def try_new(trials: Trials) -> None:
    """Create a project with each tool that brings a template."""
    answers = "project_name=sp org=ada full_name=Ada email=ada@example.org license=MIT docs=sphinx backend=maturin"
    data = " ".join(f"--data {answer}" for answer in answers.split())
    projects = {
        "kit": ("pyo3-kit new kit-lib --defaults", "kit-lib"),
        "maturin": ("maturin new --bindings pyo3 --mixed mat", "mat"),
        "uv": ("uv init --quiet --lib --build-backend maturin uvlib", "uvlib"),
        "cookie": (f"copier copy --quiet --trust --defaults {data} {trials.cookie} sp", "sp"),
    }
    for column, (command, folder) in projects.items():
        section = f"A new project with {COLUMNS[column].replace('`', '')}"
        trials.run(section, command)
        files = trials.run(section, "find * .[a-z]* -type f -not -path '.git/*' | sort", folder)[1].splitlines()
        tests = [file for file in files if Path(file).match("test_*.py")]
        trials.cell("A new PyO3 project", column, f"{len(files)} files, {len(tests)} of them tests", section)
        if any(file.startswith(".github/workflows/") for file in files):
            actions, pinned, findings = (int(trials.run(section, command, folder)[1]) for command in LOOK)
            ci = f"{pinned} of {actions} actions pinned, {findings} findings of zizmor"
            trials.cell("Its CI", column, ci, section)
        else:
            trials.cell("Its CI", column, "none", section)
    for row in ("A new PyO3 project", "Its CI"):
        trials.cell(row, "cruft", "as the template has it", "Updates with cookiecutter and cruft")
        trials.cell(row, "copier", "as the template has it", "Updates with Copier alone")
        trials.cell(row, "backstage", "as the template has it", BACKSTAGE)


def write_templates(trials: Trials) -> None:
    """Write the same small template for Copier and for cookiecutter, and one of each that runs code."""
    files = {
        "copier-template/copier.yml": COPIER_YML,
        "copier-template/template/{{ _copier_conf.answers_file }}.jinja": ANSWERS,
        "copier-template/template/settings.toml": SETTINGS,
        "copier-template/template/extra.py": "print('extra')\n",
        "cookie-template/cookiecutter.json": '{"name": "demo"}\n',
        "cookie-template/{{cookiecutter.name}}/settings.toml": SETTINGS,
        "copier-hook/copier.yml": "_tasks: [touch ../hook-ran]\nname: {type: str, default: demo}\n",
        "copier-hook/{{ _copier_conf.answers_file }}.jinja": ANSWERS,
        "cookie-hook/cookiecutter.json": '{"name": "demo"}\n',
        "cookie-hook/{{cookiecutter.name}}/settings.toml": SETTINGS,
        "cookie-hook/hooks/post_gen_project.py": HOOK,
    }
    for path, text in files.items():
        (trials.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (trials.folder / path).write_text(text, encoding="utf-8")
    for folder in {path.split("/")[0] for path in files}:
        commit(trials, folder, "git init --quiet && git add --all && git commit --quiet --message 1 && git tag v1")


def commit(trials: Trials, folder: str, command: str) -> None:
    """Run a command that the page need not show."""
    subprocess.run(["bash", "-c", command], cwd=trials.folder / folder, env=trials.environment, check=True)


def try_updates(trials: Trials) -> None:
    """Update a project in which you and the template changed neighbouring lines, the same line, and a dropped file."""
    new = {
        "kit": ("Updates with pyo3-kit", f"copier copy --quiet --defaults {trials.folder}/copier-template demo"),
        "copier": ("Updates with Copier alone", f"copier copy --quiet --defaults {trials.folder}/copier-template demo"),
        "cruft": ("Updates with cookiecutter and cruft", f"cruft create --no-input {trials.folder}/cookie-template"),
    }
    update = {
        "kit": "pyo3-kit update",
        "copier": "copier update --quiet --defaults",
        "cruft": "cruft update --skip-apply-ask",
    }
    changes = {
        "Neighbouring lines changed by you and by the template": ("line-length = 100", "target", 'target = "py310"'),
        "The same line changed by both": ('target = "py311"', "target", 'target = "py312"'),
    }
    for column, (section, create) in new.items():
        (trials.folder / column).mkdir()
        trials.run(section, create, column)
        commit(
            trials, f"{column}/demo", "git init --quiet; git add --all; git commit --quiet --message new; git tag new"
        )
    for number, (row, (mine, key, theirs)) in enumerate(changes.items(), 2):
        line = mine.split(" ")[0]
        for folder in ("copier-template/template", "cookie-template/{{cookiecutter.name}}"):
            sed = f"sed -i 's/^{key} .*/{theirs}/' settings.toml && git commit --quiet --all --message {number}"
            commit(trials, folder, f"{sed} && git tag v{number}")
        for column, (section, _) in new.items():
            place = f"{column}/demo"
            commit(trials, place, START_AGAIN)
            trials.run(
                section, f"sed -i 's/^{line} .*/{mine}/' settings.toml && git commit --quiet --all -m mine", place
            )
            code, _ = trials.run(section, update[column], place)
            trials.run(section, "git status --short; cat settings.toml", place)
            text = (trials.folder / place / "settings.toml").read_text(encoding="utf-8")
            state = "markers in the file" if "<<<<<<<" in text else "merged" if theirs in text else "yours kept"
            trials.cell(row, column, f"{state}, exit code {code}", section)
    row = "A file that you edited and the template drops"
    for column in ("kit", "copier"):
        section, place = new[column][0], f"{column}/demo"
        commit(trials, place, START_AGAIN)
        trials.run(section, "echo 'print(\"mine\")' >> extra.py && git commit --quiet --all -m mine", place)
        code, _ = trials.run(section, f"{update[column]} --data extra=false", place)
        trials.run(section, "git status --short", place)
        kept = (trials.folder / place / "extra.py").exists()
        trials.cell(row, column, f"{'kept' if kept else 'deleted'}, exit code {code}", section)
    try_dropped_by_cruft(trials, new["cruft"][0])
    for name in [*changes, row]:
        trials.cell(name, "maturin", "no updates", "Commands")
        trials.cell(name, "uv", "no updates", "Commands")
        trials.cell(name, "cookie", "as Copier or cruft", new["copier"][0])
        trials.cell(name, "backstage", "no updates", ASKED_FOR)


def try_dropped_by_cruft(trials: Trials, section: str) -> None:
    """Drop a file from the cookiecutter template that the user edited."""
    place = "cruft/demo"
    inside = "cookie-template/{{cookiecutter.name}}"
    commit(trials, inside, "echo \"print('extra')\" > extra.py && git add --all && git commit --quiet --message 4")
    commit(trials, place, START_AGAIN)
    commit(trials, place, "cruft update --skip-apply-ask > /dev/null && git add --all && git commit --quiet -m extra")
    commit(trials, inside, "git rm --quiet extra.py && git commit --quiet --message 5")
    trials.run(section, "echo 'print(\"mine\")' >> extra.py && git commit --quiet --all -m mine", place)
    code, _ = trials.run(section, "cruft update --skip-apply-ask", place)
    trials.run(section, "git status --short", place)
    kept = (trials.folder / place / "extra.py").exists()
    row = "A file that you edited and the template drops"
    trials.cell(row, "cruft", f"{'kept' if kept else 'deleted'}, exit code {code}", section)


def try_hooks(trials: Trials) -> None:
    """Create a project from a template that runs code."""
    row, section = "A template's code, without asking you", "Templates that run code"
    commands = {
        "copier": "copier copy --defaults ../copier-hook demo",
        "cruft": "cookiecutter --no-input ../cookie-hook",
        "cookie": f"copier copy --defaults {trials.cookie} demo",
    }
    for column, command in commands.items():
        (trials.folder / f"hook-{column}").mkdir()
        code, _ = trials.run(section, command, f"hook-{column}")
        ran = (trials.folder / f"hook-{column}" / "hook-ran").exists()
        trials.cell(row, column, "runs" if ran else f"refused, exit code {code}", section)
    trials.cell(row, "kit", "none", "trust.md")
    trials.cell(row, "maturin", "none", "Commands")
    trials.cell(row, "uv", "none", "Commands")
    trials.cell(row, "backstage", "actions of the server", f"{BACKSTAGE}builtin-actions")


def list_commands(trials: Trials) -> None:
    """Show the commands of each tool, for what it does not have; link what pyo3-kit has to its pages."""
    for command in (
        "maturin --help | sed -n '/^Commands:/,/^$/p'",
        "uv --help | sed -n '/^Commands:/,/^$/p'",
        "cruft --help | grep --after-context=12 Commands",
        "copier --help | sed -n '/^Sub-commands:/,$p'",
    ):
        trials.run("Commands", command)
    rows = {
        "Attach an existing project": ("../how-to/adopt-a-project.md", {"cruft": "`cruft link`"}),
        "Lint the PyO3 code": ("../how-to/check-a-project.md", {"cookie": "no; packaging and CI by sp-repo-review"}),
        "Migrate to a newer PyO3": ("../how-to/migrate-a-project.md", {}),
        "Update many repositories": ("../how-to/keep-a-fleet-current.md", {}),
    }
    for row, (page, others) in rows.items():
        for column in COLUMNS:
            text = "yes" if column == "kit" else others.get(column, "no")
            sections = {"kit": page, "cookie": COOKIE, "backstage": BACKSTAGE}
            trials.cell(row, column, text, sections.get(column, "Commands"))
    kinds = {
        "kit": ("PyO3", "../reference/questions.md"),
        "maturin": ("PyO3, cffi, uniffi, programs", "https://www.maturin.rs/tutorial"),
        "uv": ("all of Python", "https://docs.astral.sh/uv/concepts/projects/init/"),
        "cruft": ("anything", "https://cruft.github.io/cruft/"),
        "copier": ("anything", "https://copier.readthedocs.io"),
        "cookie": ("Python, C++, Rust", COOKIE),
        "backstage": ("anything; needs a server", BACKSTAGE),
    }
    for column, (text, address) in kinds.items():
        trials.cell("Kinds of projects", column, text, address)


def page(trials: Trials, revision: str) -> Iterator[str]:
    """Yield the parts of the page."""
    versions = ", ".join(f"{tool} {version}" for tool, version in trials.versions.items())
    yield HEAD.format(date=datetime.date.today(), versions=versions, revision=revision)
    yield f"| | {' | '.join(COLUMNS.values())} |"
    yield f"|---|{'---|' * len(COLUMNS)}"
    for row, cells in trials.cells.items():
        yield f"| **{row}** | {' | '.join(cells[column] for column in COLUMNS)} |"
    yield ADVICE.format(settings=SETTINGS.rstrip("\n"))
    for section, lines in trials.sections.items():
        yield "\n".join(["", f"## {section}", "", "```console", *lines, "```"])


def main() -> int:
    """Run all trials and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cookie", type=Path, required=True, help="a clone of scientific-python/cookie")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trials = Trials(Path(folder).resolve(), arguments.cookie.resolve())
        revision = subprocess.run(
            ["git", "describe", "--tags", "--abbrev=0"], cwd=trials.cookie, capture_output=True, text=True, check=True
        ).stdout.strip()
        write_templates(trials)
        try_new(trials)
        try_updates(trials)
        try_hooks(trials)
        list_commands(trials)
        PAGE.write_text("\n".join(page(trials, revision)) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
