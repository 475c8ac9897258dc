"""`sentinelmarket clusters`: what was found, most dangerous first."""

from __future__ import annotations

import argparse

from api.commands import arguments
from api.commands.command import Command
from api.commands.looking import looked
from api.settings import Settings

COLUMNS = (
    "score",
    "band",
    "cluster",
    "accounts",
    "posts",
    "tickers",
    "traces",
    "from",
    "to",
    "why",
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--min-score", type=int, default=0)
    parser.add_argument("--ticker", default="", help="only clusters that name this stock")
    arguments.limit(parser)
    arguments.formats(parser)


def _clusters(args: argparse.Namespace, settings: Settings) -> int:
    from api import look

    return looked(
        args, settings, lambda s: look.clusters(s, args.min_score, args.ticker, args.limit), COLUMNS
    )


COMMAND = Command(
    "clusters",
    "what was found, most dangerous first",
    "clusters --min-score 50 --json",
    _arguments,
    _clusters,
)
