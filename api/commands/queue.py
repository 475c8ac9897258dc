"""`sentinelmarket queue`: which clusters to judge next, and why these."""

from __future__ import annotations

import argparse
import time

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings

COLUMNS = ("place", "cluster_id", "score", "part", "propensity", "verdict", "says")
ESTIMATE = ("share", "low", "high", "judged", "drawn", "unseen")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--size", type=int, default=20, help="clusters to list (default: 20)")
    parser.add_argument(
        "--as-of", type=arguments.moment, metavar="T", help="as was known then; nothing is kept"
    )
    parser.add_argument(
        "--estimate",
        action="store_true",
        help="how many clusters are promotions, from what was drawn by chance and judged",
    )
    arguments.formats(parser)


def _queue(args: argparse.Namespace, settings: Settings) -> int:
    from dataclasses import asdict

    from api import show
    from api.review import audit, draw_review, review
    from api.stores import open_both

    store, bars = open_both(settings)
    try:
        if args.estimate:
            found = audit(store, args.as_of)
            show.rows([asdict(found)] if found else [], args.how, ESTIMATE)
            if found is None and args.how == "table":
                print("Nothing that was drawn by chance is judged yet.")
            return 0
        drawn = (
            draw_review(store, time.time_ns() // 1_000_000, args.size)
            if args.as_of is None
            else review(store, args.size, args.as_of)
        )
    finally:
        bars.close()
        store.close()
    show.rows([asdict(item) for item in drawn.items], args.how, COLUMNS)
    if args.how == "table":
        print(f"Of {drawn.unknown} clusters that nobody has decided on. {show.CAVEAT}")
    return 0


COMMAND = Command(
    "queue",
    "clusters to judge next: the likeliest, the least sure, and some by chance",
    "queue --size 20",
    _arguments,
    _queue,
)
