"""Renders single files, without Copier's work around them: thousands of answers in seconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from jinja2 import Template

from tests.hostile.structure import Tree, parse, substitute
from tests.support.space import Answers, File, Space

ANSWERS_FILE = "{{ _copier_conf.answers_file }}.jinja"

# Structural answers that lead through every branch which holds text of the user; a test says that none is missed.
SHAPES: list[Answers] = [
    {},
    {"license": "MIT", "ci": "gitlab", "docs": "sphinx", "layout": "workspace"},
    {"license": "proprietary", "ci": "none", "starter": "minimal", "docs": "sphinx", "async_runtime": True},
    {"license": "BSD-3-Clause", "layout": "workspace", "disable_reference_pool": True, "async_runtime": True},
    {"license": "Apache-2.0", "pgo": True, "bytes_feature": True, "free_threaded": False, "pyo3": "0.28"},
]

HARMLESS = {
    "project_name": "harmless.project",
    "python_package": "harmless_package",
    "crate_name": "harmless-crate",
    "project_description": "Harmless description",
    "author_name": "Harmless author",
    "author_email": "harmless@example.com",
    "repository_url": "https://example.com/harmless/repository",
}


class Renderer:
    """The files whose content or path reads one of `questions`, rendered for any answers to them."""

    def __init__(self, space: Space, *questions: str) -> None:
        self.space = space
        root = space.root / "template"
        paths = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
        files = [File(path, self._reads(path), space.gates) for path in paths]
        self.files = [file for file in files if file.path == ANSWERS_FILE or file.answers & set(questions)]

    def trees(self, shape: Mapping[str, object], texts: Mapping[str, str]) -> dict[str, Tree] | None:
        """Each rendered file as a tree, by its path; None when an answer is refused."""
        values = self.space.resolve({"project_name": "my-lib", **shape, **texts})
        if values is None:
            return None
        remembered = {n: v for n, v in values.items() if n in self.space.questions and not self.space.hidden(n)}
        context = {**values, "_copier_answers": {"_src_path": "template", **remembered}}
        trees = {}
        for file in self._present(tuple(shape.items())):
            path = "/".join(self.space.render(part, values) for part in file.path.removesuffix(".jinja").split("/"))
            trees[path] = parse(path, self._template(file).render(context))
        return trees

    @cache  # noqa: B019 — a renderer lives as long as its test
    def _present(self, shape: tuple[tuple[str, object], ...]) -> list[File]:
        """The files that a project of this shape has; no gate reads a text or a name."""
        values = self.space.resolve({"project_name": "my-lib", **dict(shape)})
        assert values is not None
        return [file for file in self.files if self.space.target(file, values) is not None]

    def expected(self, shape: Mapping[str, object], texts: Mapping[str, str]) -> dict[str, Tree]:
        """The trees of a harmless project, with the texts written where its own stood."""
        harmless, words = _harmless(texts)
        trees = self._cached(tuple(shape.items()), tuple(harmless.items()))
        return {str(substitute(path, words)): substitute(tree, words) for path, tree in trees.items()}

    @cache  # noqa: B019
    def _cached(self, shape: tuple[tuple[str, object], ...], harmless: tuple[tuple[str, str], ...]) -> dict[str, Tree]:
        trees = self.trees(dict(shape), dict(harmless))
        assert trees is not None, "the harmless answers are refused"
        return trees

    @cache  # noqa: B019
    def _template(self, file: File) -> Template:
        source = (self.space.root / "template" / file.path).read_text(encoding="utf-8")
        return self.space.env.from_string(source if file.is_template else f"{{% raw %}}{source}{{% endraw %}}")

    def _reads(self, path: str) -> frozenset[str]:
        """What the file itself reads; the gates in front of it do not matter here, and would cost seconds."""
        source = (self.space.root / "template" / path).read_text(encoding="utf-8") if path.endswith(".jinja") else ""
        return frozenset(self.space.variables(source) | self.space.variables(path))


def _harmless(texts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Harmless answers that take the same branches as `texts`, and which words stand for which."""
    harmless = {name: HARMLESS[name] if text else "" for name, text in texts.items()}
    if url := texts.get("repository_url"):
        # The README drops a slash at the end, has badges for GitHub, and knows where these two show files.
        known = (one for one in ("github.com", "gitlab.com") if url.startswith(f"https://{one}/"))
        host = next(known, "example.com")
        harmless["repository_url"] = f"https://{host}/harmless/repository" + ("/" if url.endswith("/") else "")
    author = texts.get("author_name", "")
    if re.search(r'[,;:"<>@\[\]\\]', author) or re.search(r"[()]", re.sub(r"\([^()]*\)", "", author)):
        # What would end the header of a mail, or hide the address, has an entry of its own.
        harmless["author_name"] = "Harmless, author"
    words = {
        harmless[name].rstrip("/"): text.rstrip("/") if name == "repository_url" else text
        for name, text in texts.items()
    }
    if crate := texts.get("crate_name"):
        words[HARMLESS["crate_name"].replace("-", "_")] = crate.replace("-", "_")
    return harmless, words
