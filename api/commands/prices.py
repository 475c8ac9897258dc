"""`sentinelmarket prices`: bars of some stocks from Yahoo, into the file of bars."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings

if TYPE_CHECKING:
    from ingest.market.yahoo_client import YahooClient

DAY_MS = 86_400_000


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("tickers", nargs="+", metavar="TICKER", help="as Yahoo writes it: ACME.NS")
    parser.add_argument(
        "--since", type=arguments.moment, required=True, help="the first day, like 2026-03-01"
    )
    parser.add_argument(
        "--until", type=arguments.moment, help="the day after the last (default: tomorrow)"
    )
    parser.add_argument(
        "--minutes", action="store_true", help="a bar a minute; Yahoo keeps them for 30 days"
    )
    parser.add_argument(
        "--facts", action="store_true", help="also what Yahoo says of the companies today"
    )
    arguments.formats(parser)
    arguments.quiet(parser)


def client(settings: Settings) -> YahooClient:
    """Who asks Yahoo, and keeps its answers in the home."""
    from ingest.market.yahoo_client import YahooClient

    return YahooClient(settings.home / "yahoo")


def _prices(args: argparse.Namespace, settings: Settings) -> int:
    from api import show
    from api.bar import bars as drawn
    from graph.bars import Bars
    from graph.errors import SourceUnavailable, UsageError
    from ingest.market.take import take
    from ingest.market.yahoo import YahooSource

    until = int(time.time() * 1000) + DAY_MS if args.until is None else args.until
    since, until = (one // DAY_MS * DAY_MS for one in (args.since, until))
    if since >= until:
        raise UsageError("--since is not before --until; there is no day between them")
    asked = client(settings)
    source = YahooSource(asked, args.tickers, since, until, "1m" if args.minutes else "1d")
    names = [f"yahoo:{ticker}" for ticker in args.tickers]
    with Bars(settings.bars) as bars, drawn(args.quiet) as progress:
        found = chain(source.told(), source.facts() if args.facts else ())
        taken = take(bars, source, settings.rejects, names, progress, found)
    counts = {name: value for name, value in asdict(taken).items() if name != "trouble"}
    show.rows([counts], args.how, tuple(counts))
    if args.how == "table" and taken.rejected:
        print(f"Records that could not be used: {settings.rejects}")
    if taken.trouble:
        raise SourceUnavailable(taken.trouble)
    return 0


COMMAND = Command(
    "prices",
    "get daily or minute prices from Yahoo",
    "prices RELIANCE.NS AAPL --since 2026-01-01",
    _arguments,
    _prices,
)
