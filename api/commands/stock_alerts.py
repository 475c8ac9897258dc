"""`sentinelmarket stock-alerts`: days on which accounts said one new thing while a price rose."""

from __future__ import annotations

import argparse

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings

COLUMNS = ("day", "ticker", "score", "thing", "explanation", "shape")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ticker", nargs="?", default="", metavar="TICKER")
    parser.add_argument(
        "--as-of", type=arguments.moment, help="as it was known then, like 2026-03-01"
    )
    parser.add_argument("--zone", default="UTC", help="of the exchange, like Asia/Kolkata")
    parser.add_argument(
        "--close-hour",
        type=int,
        default=21,
        choices=range(1, 25),
        metavar="HOUR",
        help="a post after it belongs to the next session (default: 21, of UTC)",
    )
    arguments.formats(parser)


def _stock_alerts(args: argparse.Namespace, settings: Settings) -> int:
    from api import show
    from api.stock_alerts import found
    from api.stores import open_both

    store, bars = open_both(settings)
    try:
        rows = found(store, bars, args.as_of, args.ticker, args.zone, args.close_hour)
    finally:
        bars.close()
        store.close()
    told = [{"day": show.moment(row["at"])[:10], **row} for row in rows]
    show.rows(told, args.how, COLUMNS)
    if args.how == "table":
        print(show.CAVEAT)
    return 0


COMMAND = Command(
    "stock-alerts",
    "days on which accounts said one new thing of a stock while its price rose",
    "stock-alerts QAXR",
    _arguments,
    _stock_alerts,
)
