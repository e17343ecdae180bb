"""The docs site builds without a warning, its links lead somewhere, and it needs nothing from elsewhere."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from dev import BUILD_SITE
from tests.support.browser import browser, need_browser
from tests.support.command import ROOT

# What a browser loads for a page; a link with `rel="canonical"` is only followed.
LOADING = {
    ("img", "src"),
    ("img", "srcset"),
    ("script", "src"),
    ("source", "srcset"),
    ("iframe", "src"),
    ("object", "data"),
}
LOADING_RELATIONS = {"stylesheet", "icon", "shortcut icon", "preload", "prefetch", "preconnect", "modulepreload"}
STYLE = re.compile(r"url\(\s*['\"]?(?!data:|#)([^)'\"]+)|@import\s+['\"]([^'\"]+)")


class Page(HTMLParser):
    """The anchors of a page, the addresses that it links to, and those that it loads."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.anchors = {"", "top"}
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.anchors |= {values["id"]} if "id" in values else set()
        if tag == "a" and "href" in values:
            self.links.add(values["href"])
        if tag == "link" and values.get("rel", "").lower() in LOADING_RELATIONS:
            self.loaded.add(values["href"])
        self.loaded |= {value for name, value in values.items() if (tag, name) in LOADING}
        self.loaded |= {"".join(url) for url in STYLE.findall(values.get("style", ""))}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    _, *command = BUILD_SITE
    done = subprocess.run(
        [sys.executable, *command, "-d", folder / "doctrees", "docs", folder / "html"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    return {path.relative_to(site).as_posix(): Page(path) for path in site.rglob("*.html")}


@pytest.mark.slow
def test_every_link_within_the_site_resolves(site: Path, pages: dict[str, Page]) -> None:
    broken = set()
    followed = 0
    for name, page in pages.items():
        for link in page.links | page.loaded:
            parts = urlsplit(urljoin(name, link))
            if parts.scheme or parts.netloc:
                continue
            followed += 1
            target = unquote(parts.path)
            known = pages.get(target)
            if not (site / target).is_file() or (known and unquote(parts.fragment) not in known.anchors):
                broken.add((name, link))
    assert followed > 1000
    assert broken == set()


@pytest.mark.slow
def test_a_link_to_the_repository_names_a_file_of_it(pages: dict[str, Page]) -> None:
    prefix = re.compile(r"https://github\.com/pyo3-kit/pyo3-kit/(?:blob|tree|raw)/[^/]+/([^?#]+)")
    named = {match[1] for page in pages.values() for link in page.links if (match := prefix.match(link))}
    assert {"SECURITY.md", "docs/tutorial.md"} <= named
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.slow
def test_the_site_loads_nothing_from_elsewhere(site: Path, pages: dict[str, Page]) -> None:
    loaded = {url for page in pages.values() for url in page.loaded}
    loaded |= {"".join(url) for path in site.rglob("*.css") for url in STYLE.findall(path.read_text(encoding="utf-8"))}
    assert loaded
    assert {url for url in loaded if urlsplit(url).scheme or urlsplit(url).netloc} == set()


@pytest.mark.slow
def test_the_map_lists_every_page(pages: dict[str, Page]) -> None:
    """Pages of single rules and practices are listed on the page of all; Sphinx warns if another is not in the map."""
    listed = {urljoin(name, urlsplit(link).path) for name, page in pages.items() for link in page.links}
    assert pages.keys() - listed - {"search.html"} == set()


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=os.fspath(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.mark.slow
def test_the_search_finds_a_rule_without_another_server(served: str) -> None:
    need_browser()
    with browser() as driver:
        driver.get(f"{served}search.html?q=frozen")
        found: set[str] = set()
        deadline = time.monotonic() + 30
        while not found and time.monotonic() < deadline:
            links = driver.execute_script(
                "return [...document.querySelectorAll('#search-results li a')].map(a => a.href)"
            )
            found = {urlsplit(link).path for link in links}
        assert "/reference/rules/PYO081.html" in found
        events = (json.loads(entry["message"])["message"] for entry in driver.get_log("performance"))  # type: ignore[no-untyped-call]
        requested = [
            event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"
        ]
    assert len(requested) > 3
    assert [url for url in requested if not url.startswith((served, "data:"))] == []
