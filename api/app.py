"""The service: GraphQL at /graphql, the page everywhere else, health for machines.

Nothing is loaded from elsewhere: the page is a committed bundle, and the headers hold it to that.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL

from api.graphql.loaders import BarSource, Context
from api.graphql.schema import build_schema, context
from api.texts import TextReads
from graph.errors import QueryFailed, StoreUnavailable
from graph.store import GraphStore

LOOPBACK = ("127.0.0.1", "localhost")  # a page elsewhere cannot reach us under another name
HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",  # charts and graph set styles on their elements
            "img-src 'self' data: blob:",
            "worker-src 'self' blob:",  # sigma's layout worker
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
NOT_BUILT = "The page is not built. `make ui` builds it; /graphql works without it.\n"
FOR_EVER = "public, max-age=31536000, immutable"


def create_app(
    store: GraphStore,
    bars: BarSource,
    web: Path,
    hosts: Sequence[str] = LOOPBACK,
    reads: TextReads | None = None,
) -> Starlette:
    """The service over a store, its bars and the built page in `web`; closes both when it stops.

    `hosts` are the names it answers to: give ("*",) where it is meant to be reached from elsewhere.
    `reads` scores texts; without it the reader that ships does.
    """
    return Starlette(
        routes=[
            Route("/graphql", Graph(store, bars, reads), methods=["GET", "POST"]),
            Route("/healthz", _alive),
            Route("/readyz", _readiness(store)),
            Mount("/", Page(directory=web, html=True, check_dir=False)),
        ],
        middleware=[
            Middleware(Guarded),
            Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts)),
            Middleware(GZipMiddleware, minimum_size=2_000, compresslevel=4),
        ],
        lifespan=_closing(store, bars),
    )


class Graph(GraphQL[Context, None]):
    """GraphQL over HTTP, with a context of its own for each request."""

    def __init__(self, store: GraphStore, bars: BarSource, reads: TextReads | None = None) -> None:
        super().__init__(build_schema(), graphql_ide=None)
        self._store, self._bars, self._reads = store, bars, reads or TextReads()

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        """Nothing is shared between requests but the store and the reader of texts."""
        return context(self._store, self._bars, reads=self._reads)

    def encode_json(self, data: object) -> bytes:
        """Answers are large; orjson takes a tenth of the time."""
        return orjson.dumps(data)


class Page(StaticFiles):
    """The built page: any address without a file is the page itself, which has the routes."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Hashed assets may be kept for ever, everything else is asked for again."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or Path(path).suffix:
                raise
            response = await self._index(scope)
        kept = response.status_code < 400 and path.startswith("assets/")
        response.headers["Cache-Control"] = FOR_EVER if kept else "no-cache"
        return response

    async def check_config(self) -> None:
        """A page that is not built is said by the answer, not by an exception."""

    async def _index(self, scope: Scope) -> Response:
        try:
            return await super().get_response("index.html", scope)
        except HTTPException:
            return PlainTextResponse(NOT_BUILT, status_code=503)


class Guarded:
    """Adds the security headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything through but the start of an answer, which gets its headers."""

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, send_guarded)


async def _alive(request: Request) -> Response:
    return JSONResponse({"alive": True})


def _readiness(store: GraphStore) -> Callable[[Request], Any]:
    async def ready(request: Request) -> Response:
        try:
            rows = await asyncio.to_thread(store.read, "read/newest_run")
        except (StoreUnavailable, QueryFailed) as error:
            return JSONResponse({"ready": False, "why": str(error)}, status_code=503)
        return JSONResponse({"ready": True, "run": rows[0]["id"] if rows else None})

    return ready


def _closing(store: GraphStore, bars: BarSource) -> Callable[[Starlette], Any]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await asyncio.to_thread(store.close)
        await asyncio.to_thread(bars.close)

    return lifespan
