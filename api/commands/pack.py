"""`sentinelmarket pack`: all that shows a cluster, as one file."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from api.commands.command import Command
from api.settings import Settings


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="a cluster, or its lineage or alert")
    parser.add_argument(
        "-o", "--out", type=Path, metavar="FILE", help="a JSON file (default: standard output)"
    )


def _pack(args: argparse.Namespace, settings: Settings) -> int:
    from api import pack
    from api.stores import open_both

    store, bars = open_both(settings)
    try:
        found = pack.pack(store, args.id)
    finally:
        bars.close()
        store.close()
    if args.out is None:
        sys.stdout.write(pack.as_json(found).decode())
        return 0
    pack.write(found, args.out)
    print(f"{len(found['members'])} members, {len(found['evidence'])} pairs of posts: {args.out}")
    print(found["says"])
    return 0


COMMAND = Command(
    "pack",
    "all that shows a cluster, as one file",
    "pack c-0123456789abcdef -o pack.json",
    _arguments,
    _pack,
)
