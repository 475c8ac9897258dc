"""`sentinelmarket demo`: the whole path on a planted market."""

from __future__ import annotations

import argparse
from dataclasses import replace

from api.commands import arguments
from api.commands.command import Command
from api.commands.serve import serving
from api.settings import Settings


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-serve", action="store_true", help="print and exit")
    parser.add_argument("--seed", type=int, default=7, help="which market (default: 7)")
    arguments.listening(parser)
    arguments.quiet(parser)


def _demo(args: argparse.Namespace, settings: Settings) -> int:
    from api.serve import claim

    claimed = None if args.no_serve else claim(args.host, args.port)
    from api import demo  # after the port: models take seconds to import
    from api.bar import bars as drawn

    home = replace(
        settings,
        home=demo.folder(settings),
        graph_uri=None,
        graph_heap="1g",
        bars_path=None,
        bars_uri=None,
    )
    with drawn(args.quiet) as progress:
        store, bars, outcome, truth = demo.prepare(home, args.seed, progress)
    demo.tell(store, outcome, truth)
    if claimed is None:
        bars.close()
        store.close()
        return 0
    return serving(store, bars, args.host, claimed)


COMMAND = Command(
    "demo",
    "the whole path on a planted market, then the page",
    "demo --no-serve",
    _arguments,
    _demo,
)
