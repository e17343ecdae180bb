"""Write the output of the commands in README.md and on the first page of the docs site by running them.

A block of the README that follows `<!-- output: NAME -->` belongs to one of the scenes below; docs/site/landing.html
is written whole. With `--check`, write nothing and exit with 1 if one is out of date; the size of a new project may
differ.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from generated import options, write_or_check

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "README.md"
LANDING = ROOT / "docs" / "site" / "landing.html"
HOME = "/home/ada"
"""Shown instead of the temporary folder."""

GIT_CONFIG = "[user]\nname = Ada Lovelace\nemail = ada@example.org\n[init]\ndefaultBranch = main\n"
MANIFEST = """\
[package]
name = "geo"
version = "0.1.0"
edition = "2024"

[lib]
crate-type = ["cdylib"]

[dependencies]
pyo3 = "0.30"

[profile.release]
lto = "fat"
codegen-units = 1
strip = true
"""
LIBRARY = """\
use pyo3::prelude::*;

#[pyclass]
struct Point {
    #[pyo3(get)]
    x: f64,
}

#[pyfunction]
fn leftmost(points: Vec<f64>) -> f64 {
    points.into_iter().reduce(f64::min).unwrap()
}

#[pymodule]
fn geo(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Point>()?;
    module.add_function(wrap_pyfunction!(leftmost, module)?)
}
"""
BLOCK = re.compile(r"(?<=<!-- output: )(?P<name>\w+)( -->\n\n```console\n)(?P<text>.*?)(?=```\n)", re.DOTALL)
SIZE = re.compile(r"\d+\.\d kB")
DIFF = re.compile(r"^([-+])(?!--|\+\+).*$", re.MULTILINE)
COLOUR = re.compile(r"\x1b\[([\d;]*)m")
BLOCKS = {"new", "update", "check"}
PANEL = """\
<figure class="scene scene-{name}">
<figcaption><a href="{link}">{title}</a> {text}</figcaption>
<pre>{screen}</pre>
</figure>
"""
PANELS = {
    "tree": ("Start a library", "tutorial.html", "with tests, linters and CI."),
    "fix": ("Check any PyO3 project", "how-to/check-a-project.html", "and apply safe fixes."),
    "update": ("Update it later", "how-to/update-a-project.html", "and keep your edits."),
}


def main() -> int:
    """Write the blocks, or with `--check` compare them; see the module docstring for the exit code."""
    check = options(__doc__).parse_args().check
    if os.name == "nt":
        print("README.md: skipped; its output is that of a Unix terminal")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        scenes = play(Path(folder).resolve())
    old = PAGE.read_text(encoding="utf-8")
    blocks = {block["name"] for block in BLOCK.finditer(old)}
    if missing := BLOCKS - blocks:
        sys.exit(f"README.md has no block for {', '.join(sorted(missing))}.")
    new = BLOCK.sub(lambda block: f"{block[1]}{block[2]}{COLOUR.sub('', scenes[block[1]])}", old)
    landing = "".join(draw(name, *panel, scenes[name]) for name, panel in PANELS.items())
    return write_or_check({PAGE: new, LANDING: f'<div class="scenes">\n{landing}</div>\n'}, same=alike, check=check)


def alike(one: str, other: str) -> bool:
    """Whether two texts differ in the size of a project at most."""
    return SIZE.sub("", one) == SIZE.sub("", other)


def draw(name: str, title: str, link: str, text: str, screen: str) -> str:
    """Return a terminal's screen as HTML, with a class for each colour."""
    parts, classes = [], ""
    for position, part in enumerate(COLOUR.split(screen)):
        if position % 2:
            classes = " ".join(f"t{code}" for code in part.split(";") if code not in ("", "0"))
        elif part:
            shown = DIFF.sub(mark, html.escape(part, quote=False))
            parts.append(f'<span class="{classes}">{shown}</span>' if classes else shown)
    return PANEL.format(name=name, title=title, link=link, text=text, screen="".join(parts).rstrip())


def mark(line: re.Match[str]) -> str:
    """Return a line of a diff in its colour."""
    return f'<span class="{"removed" if line[1] == "-" else "added"}">{line[0]}</span>'


def play(folder: Path) -> dict[str, str]:
    """Run the commands in a folder that contains nothing else; return what a terminal shows, by scene."""
    sys.path.insert(0, str(ROOT / "src"))
    from pyo3_kit.template.releases import releases

    (folder / "gitconfig").write_text(GIT_CONFIG, encoding="utf-8")
    oldest, newest = releases()[0].version, releases()[-1].version
    scenes = {
        "new": show(folder, "new fast-lib --defaults"),
    }
    scenes["tree"] = scenes["new"] + tree(folder / "fast-lib")

    show(folder, f"new old-lib --defaults --ref {oldest}")
    page = folder / "old-lib" / "CONTRIBUTING.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n## Reviews\n\nAsk Grace.\n", encoding="utf-8")
    run(folder / "old-lib", "git", "commit", "--quiet", "--all", "--message=Say whom to ask")
    scenes["update"] = show(folder / "old-lib", f"update --to {newest} --dry-run")

    (folder / "geo" / "src").mkdir(parents=True)
    (folder / "geo" / "Cargo.toml").write_text(MANIFEST, encoding="utf-8")
    (folder / "geo" / "src" / "lib.rs").write_text(LIBRARY, encoding="utf-8")
    scenes["check"] = show(folder / "geo", "check")
    scenes["fix"] = "\n".join(show(folder / "geo", f"check --select PYO081{more}") for more in ("", " --diff"))
    return scenes


def tree(folder: Path) -> str:
    """Return the files of a project as a tree, without those of Git."""

    def lines(folder: Path, indent: str) -> Iterator[str]:
        paths = sorted(
            (path for path in folder.iterdir() if path.name != ".git"), key=lambda path: (path.is_file(), path.name)
        )
        for path in paths:
            last = path == paths[-1]
            yield f"{indent}{'└── ' if last else '├── '}{path.name}{'/' if path.is_dir() else ''}"
            if path.is_dir():
                yield from lines(path, indent + ("    " if last else "│   "))

    return "\n".join(["", f"{folder.name}/", *lines(folder, ""), ""])


def show(folder: Path, command: str) -> str:
    """Run `pyo3-kit`; return the command and its output, as in a terminal."""
    output = run(folder, sys.executable, "-m", "pyo3_kit", *command.split())
    temporary = folder if (folder / "gitconfig").exists() else folder.parent
    return f"$ pyo3-kit {command}\n{output.replace(str(temporary), HOME)}"


def run(folder: Path, *command: str) -> str:
    """Run a program without the settings of whoever runs this; return its output, errors included."""
    root = folder if (folder / "gitconfig").exists() else folder.parent
    own = {
        "COLUMNS": "100",
        "TERM": "xterm-256color",
        "GIT_CEILING_DIRECTORIES": str(root),
        "GIT_CONFIG_GLOBAL": str(root / "gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        # `new` suggests uv where there is one, as in the environment that `dev.py` makes.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT / "src"),
        "XDG_CONFIG_HOME": str(root / "config"),
    }
    removed = {"CI", "FORCE_COLOR", "NO_COLOR", "PYO3_KIT_CONFIG", "VIRTUAL_ENV"}
    variables = {name: value for name, value in os.environ.items() if name not in removed and name[:4] != "GIT_"}
    # Output and errors in the order of a terminal: to a pipe, output is written last.
    reading, writing = os.openpty()
    process = subprocess.Popen(
        command, cwd=folder, env=variables | own, stdin=subprocess.DEVNULL, stdout=writing, stderr=writing
    )
    os.close(writing)
    output = b"".join(read_chunks(reading)).decode().replace("\r\n", "\n")
    os.close(reading)
    if process.wait() > 1:
        sys.exit(f"{' '.join(command)} failed:\n{output}")
    return output


def read_chunks(reading: int) -> Iterator[bytes]:
    """Yield what is written to a terminal until its last writer has ended, which Linux reports as an error."""
    try:
        while chunk := os.read(reading, 65536):
            yield chunk
    except OSError:
        return


if __name__ == "__main__":
    sys.exit(main())
