"""The service over HTTP: answers, headers, the page's addresses, a busy port, a clean stop."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.serve import claim, serve
from graph.bars import Bars
from graph.errors import StoreUnavailable, UsageError
from graph.store import GraphStore
from tests.api import market
from tests.api.conftest import shared


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A built page."""
    (tmp_path / "web" / "assets").mkdir(parents=True)
    (tmp_path / "web" / "index.html").write_text("<title>page</title>")
    (tmp_path / "web" / "assets" / "app-1234.js").write_text("1")
    return tmp_path / "web"


@pytest.fixture(scope="module")
def embedded_market(request: pytest.FixtureRequest) -> Iterator[GraphStore]:
    """The market, for all tests here."""
    with shared("embedded", request) as found:
        market.put_market(found)
        yield found


@pytest.fixture
def client(embedded_market: GraphStore, bars: Bars, web: Path) -> TestClient:
    return TestClient(create_app(embedded_market, bars, web), base_url="http://127.0.0.1")


def test_graphql_answers_a_post_and_a_get(client: TestClient) -> None:
    document = "{ clusters(first: 1) { nodes { name } } }"
    answer = {"data": {"clusters": {"nodes": [{"name": "4 accounts on $T0"}]}}}
    assert client.post("/graphql", json={"query": document}).json() == answer
    assert client.get("/graphql", params={"query": document}).json() == answer


def test_nothing_changes_by_a_get_or_a_form(client: TestClient) -> None:
    change = 'mutation { setAlertState(id: "a-c-00", state: MUTED) { id } }'
    assert client.get("/graphql", params={"query": change}).status_code == 400
    assert client.post("/graphql", content=change, headers={"content-type": "text/plain"}).is_error
    listed = client.post("/graphql", json={"query": "{ alerts(state: MUTED) { nodes { id } } }"})
    assert listed.json()["data"]["alerts"]["nodes"] == []


@pytest.mark.parametrize("path", ["/", "/clusters/c-00", "/stocks/T0"])
def test_an_address_without_a_file_is_the_page(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (200, "<title>page</title>")
    assert answer.headers["cache-control"] == "no-cache"
    assert "script-src 'self';" in answer.headers["content-security-policy"]
    assert "worker-src 'self' blob:" in answer.headers["content-security-policy"]


def test_hashed_assets_may_be_kept_and_missing_ones_are_missing(client: TestClient) -> None:
    assert "immutable" in client.get("/assets/app-1234.js").headers["cache-control"]
    assert client.get("/assets/app-0000.js").status_code == 404
    assert client.get("/..%2f..%2fbars.sqlite").status_code == 404


def test_a_name_that_is_not_ours_is_refused(client: TestClient) -> None:
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400


def test_health_is_told_to_machines(client: TestClient, bars: Bars, web: Path) -> None:
    assert client.get("/healthz").json() == {"alive": True}
    assert client.get("/readyz").json() == {"ready": True, "run": "r-1"}
    broken = TestClient(create_app(Unreachable(), bars, web), base_url="http://localhost")  # type: ignore[arg-type]
    assert broken.get("/readyz").status_code == 503
    assert broken.get("/readyz").json()["why"] == "start it again"


class Unreachable:
    """A store that is gone."""

    def read(self, name: str, /, **params: Any) -> Any:
        raise StoreUnavailable("start it again")


def test_without_a_built_page_it_says_how_to_build_it(
    embedded_market: GraphStore, bars: Bars, tmp_path: Path
) -> None:
    client = TestClient(
        create_app(embedded_market, bars, tmp_path / "no"), base_url="http://localhost"
    )
    assert client.get("/").status_code == 503
    assert "make ui" in client.get("/").text


def test_a_busy_port_is_said_before_anything_starts() -> None:
    with claim(port=0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"Port {port} is taken; choose another with --port"):
            serve(never, port=port)


@pytest.mark.parametrize(("host", "port"), [("no.such.host.invalid", 8000), ("127.0.0.1", 99_999)])
def test_an_impossible_address_is_refused(host: str, port: int) -> None:
    with pytest.raises(UsageError):
        claim(host, port)


async def never(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("it started")


class Closing:
    """Says whether it was closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


def test_it_serves_until_it_is_interrupted_and_then_closes_the_store(web: Path) -> None:
    store, bars = Closing(), Closing()
    claimed: socket.socket = claim(port=0)
    address = f"http://127.0.0.1:{claimed.getsockname()[1]}/healthz"
    seen: list[int] = []

    def visit() -> None:
        try:
            seen.append(httpx.get(address, timeout=20).status_code)
        finally:
            os.kill(os.getpid(), signal.SIGINT)

    visitor = threading.Thread(target=visit)
    visitor.start()
    serve(create_app(store, bars, web), claimed=claimed)  # type: ignore[arg-type]
    visitor.join()
    assert seen == [200]
    assert store.closed
    assert bars.closed
