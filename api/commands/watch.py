"""`sentinelmarket watch`: files of posts that grow, and an alert as soon as posts make one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from api.commands.command import Command
from api.settings import Settings

EXAMPLE = "watch posts.jsonl --publish 300"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="posts of X API v1.1, a JSON object a line, to which somebody appends",
    )
    parser.add_argument(
        "--every",
        type=float,
        default=0.1,
        metavar="SECONDS",
        help="how often the files are looked at (default: 0.1)",
    )
    parser.add_argument(
        "--days",
        type=int,
        default=30,
        help="how far back posts count, also those in the graph (default: 30)",
    )
    parser.add_argument(
        "--publish",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="after an alert a whole run puts it on the page, at most so often (default: 60;"
        " 0: never)",
    )
    parser.add_argument(
        "--once", action="store_true", help="end where the files end, instead of waiting for more"
    )
    parser.add_argument("--json", action="store_true", help="an alert a line, for programs")


def _watch(args: argparse.Namespace, settings: Settings) -> int:
    from api.stores import open_both
    from api.watch_files import follow

    store, bars = open_both(settings)
    try:
        return follow(args, settings, store, bars)
    except KeyboardInterrupt:
        print("stopped; what was read is in the graph", file=sys.stderr)
        return 0
    finally:
        bars.close()
        store.close()


COMMAND = Command(
    "watch",
    "follow a file of posts and alert as soon as they make a cluster",
    EXAMPLE,
    _arguments,
    _watch,
)
