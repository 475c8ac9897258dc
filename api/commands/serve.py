"""`sentinelmarket serve`: the page and GraphQL."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings

WEB = Path(__file__).parents[1] / "web"


def _serve(args: argparse.Namespace, settings: Settings) -> int:
    from api.serve import claim
    from api.stores import open_both
    from api.texts import TextReads, scorer_of

    claimed = claim(args.host, args.port)
    reads = TextReads(lambda: scorer_of(settings))
    if settings.text_model:
        print(f"Reading texts with {reads.model}", flush=True)  # refused here, not on the page
    store, bars = open_both(settings)
    return serving(store, bars, args.host, claimed, reads)


def serving(store: Any, bars: Any, host: str, claimed: Any, reads: Any = None) -> int:
    """Serves on a port that is already ours, until Ctrl-C."""
    from api.app import LOOPBACK, create_app
    from api.serve import serve

    port = claimed.getsockname()[1]
    where = f"http://{host}:{port}"
    print(f"Page: {where}/   GraphQL: {where}/graphql   (Ctrl-C stops it)", flush=True)
    hosts = LOOPBACK if host in LOOPBACK else ("*",)
    serve(create_app(store, bars, WEB, hosts, reads), host, port, claimed)
    return 0


COMMAND = Command("serve", "the page and GraphQL", "serve --port 8080", arguments.listening, _serve)
