"""Requests to the server: archives, the interface for programs, errors, and what hostile clients send."""

from __future__ import annotations

import asyncio
import io
import json
import socket
import tarfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from pyo3_kit.web.app import HEADERS
from pyo3_kit.web.renderers import Renderers, Slow
from pyo3_kit.web.setup import BODY_LIMIT, Setup
from pyo3_kit.web.wanted import Wanted
from tests.support.command import ROOT, run_kit
from tests.support.server import server
from tests.update.templates import write

pytestmark = pytest.mark.slow

TEXTS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</code></pre><b>",
    "{{ cycler.__init__.__globals__ }}",
    "{% include '/etc/passwd' %}",
    "${jndi:ldap://example.org}",
    "a\r\nSet-Cookie: b=c",
    "$(touch /tmp/x)`id`",
    "\u202etxt.exe\u200b",
    "\x00\x1b[31m",
    "\udcff",
    "!!python/object/apply:os.system [id]",
    "x" * 9_000,
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Host and port of the server, which is under a path."""
    with server("--root-path", "/kit", folder=tmp_path_factory.mktemp("server")) as url:
        assert url.endswith("/kit/")
        yield urlsplit(url).netloc


def request(
    address: str, path: str, body: Any = None, method: str = "", headers: dict[str, str] | None = None
) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection(address, timeout=60)
    content = json.dumps(body).encode() if isinstance(body, dict) else body
    connection.request(method or ("GET" if body is None else "POST"), path, content, headers or {})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def sent(address: str, path: str, body: Any = None) -> dict[str, Any]:
    response, content = request(address, path, body)
    loaded = json.loads(content)
    assert isinstance(loaded, dict)
    return {**loaded, "status": response.status, "type": response.headers["content-type"]}


def test_archives_hold_what_new_writes(address: str, tmp_path: Path) -> None:
    query = urlencode({"project_name": "fast-lib", "async_runtime": "true", "author_name": "", "author_email": ""})
    response, content = request(address, f"/starter.zip?{query}")
    assert response.headers["content-disposition"] == 'attachment; filename="fast-lib.zip"'
    archive = zipfile.ZipFile(io.BytesIO(content))
    files = {name: archive.read(name) for name in archive.namelist()}
    data = [word for pair in ("async_runtime=true", "author_name=", "author_email=") for word in ("--data", pair)]
    assert run_kit("new", "fast-lib", "--defaults", "--no-git", *data, folder=tmp_path).code == 0
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in written}
    content = request(address, "/starter.tar.gz", query.encode())[1]
    with tarfile.open(fileobj=io.BytesIO(content)) as packed:
        assert {entry.name for entry in packed} == set(files)
        assert packed.getmember("fast-lib/Cargo.toml").mode == 0o644


def test_programs_get_problems_with_the_question(address: str) -> None:
    problem = sent(address, "/starter.zip?project_name=fast-lib&async_bridge=completion-queue")
    assert (problem["status"], problem["type"]) == (422, "application/problem+json")
    assert problem["question"] == "async_bridge"
    assert problem["problems"] == {"async_bridge": "An async bridge needs async_runtime=yes."}
    assert sent(address, "/api/preview", {"answers": {"nothing": 1}})["question"] == "nothing"
    assert "no preset" in sent(address, "/api/evaluate", {"preset": "other"})["detail"]
    assert sent(address, "/nothing")["status"] == 404
    assert sent(address, "/api/preview")["status"] == 405


def test_programs_evaluate_and_compare(address: str) -> None:
    evaluated = sent(
        address, "/api/evaluate", {"preset": "lean", "change": {"name": "ci", "value": "gitlab"}, "answers": {}}
    )
    assert evaluated["answers"] == {"ci": "gitlab"}
    assert evaluated["valid"]
    assert evaluated["recorded"]["starter"] == "minimal"
    body = {"answers": {"bytes_feature": True}, "before": {"answers": {}}}
    preview = sent(address, "/api/preview", body)
    changed = {change["path"]: change["kind"] for change in preview["changes"]}
    assert changed["Cargo.toml"] == "changed"
    manifest = next(file for file in preview["files"] if file["path"] == "Cargo.toml")
    assert "bytes" in manifest["content"]
    described = sent(address, "/openapi.json")
    assert described["servers"] == [{"url": "/kit"}]
    assert set(described["paths"]) >= {"/api/questions", "/api/presets", "/api/evaluate", "/api/preview"}


def test_every_answer_has_the_headers(address: str) -> None:
    for path in ("/", "/kit/", "/kit/health", "/static/page.js", "/starter.zip?ci=x", "/nothing", "/openapi.json"):
        response, content = request(address, path)
        assert {name: response.headers[name] for name in HEADERS} == HEADERS
        assert "server" not in response.headers
        if path in ("/", "/kit/"):
            assert response.status == 200
            # Nothing is absolute: a proxy can put the page anywhere.
            assert b'src="/' not in content
            assert b'action="/' not in content
    redirected, _ = request(address, "/kit")
    assert (redirected.status, urlsplit(redirected.headers["location"]).path) == (307, "/kit/")


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/%2e%2e/errors.py",
        "/static//etc/passwd",
        "/static/page.html.jinja",
        "/..%00/",
        "//etc/passwd",
    ],
)
def test_no_path_leads_to_a_file_of_the_server(address: str, path: str) -> None:
    response, content = request(address, path)
    assert response.status == 404
    assert b"root:" not in content
    assert b"import" not in content


def test_parameters_lead_nowhere_either(address: str) -> None:
    for name in ("_file", "_before", "_find", "_answers_file", "_preset", "project_name", "_template", "template"):
        response, content = request(address, f"/?{urlencode({name: '../../../etc/passwd'})}")
        assert response.status in (200, 422)
        assert b"root:x" not in content
    text = "_src_path: /etc\n_commit: v0.1.0\nproject_name: a\n"
    response, content = request(address, "/", urlencode({"_answers_file": text}).encode())
    assert b"names another template" in content


def test_hostile_answers_are_data(address: str) -> None:
    """Each is shown as it is, is in the files as the template quotes it, or is refused; no page has it as markup."""
    for text in TEXTS:
        query = urlencode({"project_description": text}, errors="surrogatepass")
        response, content = request(address, f"/?{query}")
        assert response.status in (200, 422), text
        if "<" in text:
            assert text.encode("utf-8", "replace") not in content
        assert request(address, f"/starter.zip?{query}")[0].status in (200, 422)
    expression = "{{ 7 * 191 }}{% include '/etc/passwd' %}"
    files = sent(address, "/api/preview", {"answers": {"project_description": expression}})["files"]
    assert expression in next(file["content"] for file in files if file["path"] == "Cargo.toml")


def test_requests_that_are_too_large_or_malformed(address: str) -> None:
    large = b"a=" + b"x" * 10_000_000
    with HTTPConnectionThatMayBreak(address) as answer:
        assert answer(large) in (413, None)
    chunked, _ = request(address, "/", iter([b"x" * BODY_LIMIT, b"y"]), "POST")
    assert chunked.status == 413
    assert request(address, "/?a=" + "x" * 60_000)[0].status == 414
    assert sent(address, "/api/preview", b"[" * 100_000)["status"] == 422
    assert sent(address, "/api/preview", b"[]")["status"] == 422
    assert sent(address, "/api/preview", b'{"answers": {"project_name": "\\ud800"}}')["status"] == 422
    assert sent(address, "/starter.zip", b"a=%ff")["status"] == 422
    many = urlencode([(f"a{number}", "1") for number in range(600)])
    assert sent(address, "/starter.zip", many.encode())["status"] == 422


class HTTPConnectionThatMayBreak:
    """Sends what the server does not read to the end: it may hang up before its answer arrives."""

    def __init__(self, address: str) -> None:
        self.connection = HTTPConnection(address, timeout=60)

    def __enter__(self) -> Any:
        return self.send

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def send(self, body: bytes) -> int | None:
        try:
            self.connection.request("POST", "/", body)
            return self.connection.getresponse().status
        except (BrokenPipeError, ConnectionResetError):
            return None


def test_many_clients_and_slow_ones(address: str) -> None:
    """Two hundred at once get their answers while a hundred others send a byte and wait."""
    host, _, port = address.partition(":")
    slow = [socket.create_connection((host, int(port))) for _ in range(100)]
    try:
        for at, client in enumerate(slow):
            client.sendall(b"G" if at % 2 else b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na")
        names = [f"lib-{number % 20}" for number in range(200)]
        with ThreadPoolExecutor(200) as pool:
            answers = list(pool.map(lambda name: request(address, f"/starter.zip?project_name={name}"), names))
        assert [response.status for response, _ in answers] == [200] * 200
        assert all(content == answers[at % 20][1] for at, (_, content) in enumerate(answers))
    finally:
        for client in slow:
            client.close()


def test_a_render_that_takes_too_long_is_cut_off(tmp_path: Path) -> None:
    """So is one that takes too much memory; the next request is answered by another process."""
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    large = "{{ 'x' * 4000000000 }}"
    write(
        tmp_path / "template",
        {
            "copier.yml": "kind:\n  type: str\n  default: none\n",
            "a.txt.jinja": f"{{% if kind == 'endless' %}}{endless}{{% elif kind == 'large' %}}{large}{{% endif %}}",
        },
    )

    async def ask() -> None:
        renderers = Renderers(Setup(str(tmp_path / "template"), renderers=1, seconds=1))
        try:
            with pytest.raises(Slow, match="cut off"):
                await renderers.look(Wanted(answers={"kind": "endless"}))
            look = await renderers.look(Wanted(answers={"kind": "large"}))
            assert "memory" in look.message
            assert (await renderers.look(Wanted(answers={"kind": "none"}))).files is not None
            assert len(list(renderers.scratch.iterdir())) == 1, "the renderer that was killed left its folder"
        finally:
            renderers.close()
        assert not renderers.scratch.exists()

    asyncio.run(ask())


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    for words, message in (
        (("--port", "70000"), "is not a port"),
        (("--preset", "nothing"), "no preset"),
        (("--template", str(tmp_path)), "not a Copier template"),
    ):
        result = run_kit("serve", *words, folder=ROOT)
        assert (result.code, result.out) == (2, "")
        assert message in result.err
