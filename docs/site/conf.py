"""The docs site: Sphinx builds it from the Markdown of docs/, which a code host shows as well.

`python dev.py docs --site` builds it into build/site. docs/index.md is the site's map: its lists become the navigation.
"""

from __future__ import annotations

import posixpath
import re
import shutil
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PUBLISHED = DOCS / "schemas"
METADATA = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
HOST = METADATA["urls"]["Repository"]


def colours(link: str, sidebar: str) -> dict[str, str]:
    """Return the theme's colours of what can be followed."""
    return {
        "color-brand-primary": link,
        "color-brand-content": link,
        "color-brand-visited": link,
        "color-sidebar-link-text": sidebar,
        "color-sidebar-link-text--top-level": sidebar,
    }


project = "pyo3-kit"
version = release = METADATA["version"]
project_copyright = METADATA["authors"][0]["name"]
extensions = ["myst_parser", "sphinx_copybutton"]
root_doc = "index"
exclude_patterns = ["images", "schemas", "site"]
myst_heading_anchors = 4
copybutton_prompt_text = "$ "

html_theme = "furo"
html_title = f"pyo3-kit {version}"
html_baseurl = METADATA["urls"]["Documentation"]
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = html_show_sourcelink = html_use_index = False
pygments_style = "friendly"
pygments_dark_style = "github-dark"
html_theme_options = {
    "light_css_variables": colours("#a23c0a", "#52565c"),
    "dark_css_variables": colours("#ff9d6b", "#b4b9c0"),
    "source_repository": f"{HOST}/",
    "source_branch": f"v{version}",
    "source_directory": "docs/",
    "top_of_page_buttons": ["view"],
}

# The pages of single rules and practices are linked from the page of all, and would make the sidebar long.
NOT_IN_SIDEBAR = ("reference/rules/", "reference/practices/")
SIDEBAR: dict[str, str] = {}
SECTION = re.compile(r"^- \*\*(?P<title>[^*]+):\*\*(?P<links>(?:.*\n)(?:  .*\n)*)", re.MULTILINE)
LINK = re.compile(r"\]\((?P<path>[^)#]+)\.md\)")


def add_navigation(_: Sphinx, name: str, source: list[str]) -> None:
    """Make the lists of the map the tables of contents that Sphinx makes the sidebar from."""
    if name == root_doc:
        for section in SECTION.finditer(source[0]):
            pages = "\n".join(link["path"] for link in LINK.finditer(section["links"]))
            source[0] += f"\n```{{toctree}}\n:hidden:\n:caption: {section['title']}\n\n{pages}\n```\n"
    elif name.startswith(NOT_IN_SIDEBAR):
        source[0] = f"---\norphan: true\n---\n{source[0]}"


class LinkToHost(SphinxTransform):
    """Make links to files of the repository that are not pages of the site lead to the code host."""

    # Before Sphinx collects the files to download.
    default_priority = 10

    def apply(self, **_: Any) -> None:
        """Replace MyST's references; a file that does not exist is a warning."""
        folder = DOCS / posixpath.dirname(self.env.docname)
        for link in list(self.document.findall(addnodes.pending_xref)):
            if link.get("refdomain") == "doc" and link["reftarget"] not in self.env.found_docs:
                # MyST has resolved the path.
                self._replace(link, Path(f"{link['reftarget']}.md"), link.get("reftargetid"))
        for download in list(self.document.findall(addnodes.download_reference)):
            self._replace(download, folder / download["reftarget"], None)

    def _replace(self, link: nodes.Element, path: Path, anchor: str | None) -> None:
        path = Path(posixpath.normpath(path.as_posix()))
        if not path.exists() or not path.is_relative_to(ROOT):
            logging.getLogger(__name__).warning("no file %s in the repository", path, location=link)
            return
        if PUBLISHED in path.parents:
            address = posixpath.relpath(path.relative_to(DOCS), posixpath.dirname(self.env.docname))
            link.replace_self(nodes.reference("", "", *link.children, refuri=address, internal=True))
            return
        kind = "tree" if path.is_dir() else "blob"
        address = f"{HOST}/{kind}/v{version}/{path.relative_to(ROOT).as_posix()}{f'#{anchor}' if anchor else ''}"
        link.replace_self(nodes.reference("", "", *link.children, refuri=address, internal=False))


def add_landing(app: Sphinx, document: nodes.document) -> None:
    """Put what scripts/build_readme.py made below the introduction of the first page."""
    if app.env.docname == root_doc:
        introduction = next(document.findall(nodes.paragraph))
        landing = (DOCS / "site" / "landing.html").read_text(encoding="utf-8")
        app.env.note_dependency(str(DOCS / "site" / "landing.html"))
        introduction.parent.insert(introduction.parent.index(introduction) + 1, nodes.raw("", landing, format="html"))


def embed_charts(app: Sphinx, document: nodes.document) -> None:
    """Put charts into the page itself, where they follow the theme and can be read as text."""
    for image in list(document.findall(nodes.image)):
        if "images/gains" in image["uri"]:
            path = Path(posixpath.normpath((DOCS / posixpath.dirname(app.env.docname) / image["uri"]).as_posix()))
            app.env.note_dependency(str(path))
            image.replace_self(nodes.raw("", path.read_text(encoding="utf-8"), format="html"))


def share_sidebar(_: Sphinx, name: str, __: str, context: dict[str, Any], ___: nodes.document | None) -> None:
    """Make the sidebar of pages that are not in it once: it takes most of the time, and is the same in all of them."""
    if name.startswith(NOT_IN_SIDEBAR):
        make = context["toctree"]
        context["toctree"] = lambda **options: SIDEBAR.get("html") or SIDEBAR.setdefault("html", make(**options))


def use_whole_width(_: Sphinx, name: str, __: str, context: dict[str, Any], ___: nodes.document | None) -> None:
    """Leave out the first page's table of contents."""
    if name == root_doc:
        context["furo_hide_toc"] = True


def publish_schemas(app: Sphinx, _: Exception | None) -> None:
    """Copy the schemas to the addresses that they name as theirs."""
    shutil.copytree(PUBLISHED, app.outdir / PUBLISHED.name, dirs_exist_ok=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register what is above."""
    app.connect("source-read", add_navigation)
    app.connect("doctree-read", add_landing)
    # Before Sphinx collects the images.
    app.connect("doctree-read", embed_charts, priority=400)
    # Before furo makes it.
    app.connect("html-page-context", share_sidebar, priority=400)
    app.connect("html-page-context", use_whole_width, priority=900)
    app.connect("build-finished", publish_schemas)
    app.add_transform(LinkToHost)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
