"""The page in Debian's Chromium, over a service of its own; no network."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from api.app import create_app
from api.serve import claim
from graph.backends import embedded, embedded_database
from graph.bars import Bars
from tests.journeys.page_market import seed

CHROMIUM = shutil.which("chromium")
expect.set_options(timeout=20_000)  # a busy machine is no failure
WEB = Path(__file__).parents[2] / "api" / "web"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's browser; every host but our own does not resolve."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (Debian: apt-get install chromium)")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    alone = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    return {"executable_path": CHROMIUM, "args": [*quiet, alone]}


@contextmanager
def served(sidecar: embedded.Sidecar, name: str, folder: Path, *, empty: bool) -> Iterator[str]:
    """The address of the real service over a store and bars of its own."""
    sidecar.ensure_database(name)
    store, bars = embedded_database(sidecar, name), Bars(folder / "bars.sqlite")
    store.apply_schema()
    if not empty:
        seed(store, bars, folder)
    listening = claim(port=0)
    config = uvicorn.Config(create_app(store, bars, WEB), log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture(scope="module")
def address(
    browser: Browser,
    request: pytest.FixtureRequest,
    sidecar: embedded.Sidecar,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """A service that has a run to show. It needs the browser first, so as to skip early."""
    name = request.module.__name__.rpartition(".")[2]
    with served(sidecar, name, tmp_path_factory.mktemp(name), empty=False) as found:
        yield found


@pytest.fixture
def opened(page: Page, address: str) -> Iterator[Page]:
    """The first view; afterwards, that nothing went wrong unseen and no other host was asked."""
    errors: list[str] = []
    strangers: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(message.text)

    def asked(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(address).netloc:
            strangers.append(request.url)

    page.on("console", heard)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", asked)
    page.goto(address)
    yield page
    assert errors == []
    assert strangers == []


def worst(page: Page) -> Page:
    """The view of the cluster on top."""
    page.locator(".rows > li h3 a").first.click()
    expect(page.locator("#posts .post").first).to_be_visible()
    return page
