"""Runs the service on a port that is really free, and stops it in good order."""

from __future__ import annotations

import errno
import socket
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from graph.errors import UsageError

LOOPBACK = "127.0.0.1"
PORT = 8000
GRACE = 5  # seconds that open answers get when it stops


def claim(host: str = LOOPBACK, port: int = PORT) -> socket.socket:
    """A bound socket: call it before long work, so that a busy port is known at once.

    Port 0 takes any free one. Raises UsageError where the port is taken, is not allowed, or the
    host is not this machine's.
    """
    if not 0 <= port < 65_536:
        raise UsageError(f"Port {port} does not exist; choose one from 1024 to 65535 with --port")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        claimed = socket.socket(family, kind)
    except OSError as error:
        raise UsageError(f"{host}:{port} is not an address to serve on: {error}") from error
    try:
        claimed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        claimed.bind(address)
        claimed.listen(128)
    except OSError as error:
        claimed.close()
        raise UsageError(_sentence(host, port, error)) from error
    return claimed


def serve(
    app: ASGIApp, host: str = LOOPBACK, port: int = PORT, claimed: socket.socket | None = None
) -> None:
    """Serves until Ctrl-C or SIGTERM; the app's shutdown closes the store.

    Raises UsageError, before anything starts, where the port is taken.
    """
    listening = claimed or claim(host, port)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=GRACE
    )
    with listening, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def _sentence(host: str, port: int, error: Exception) -> str:
    match getattr(error, "errno", None):
        case errno.EADDRINUSE:
            return f"Port {port} is taken; choose another with --port"
        case errno.EACCES:
            return f"Port {port} is not allowed for you; choose one above 1023 with --port"
        case _:
            return f"{host}:{port} cannot be served on: {error}"
