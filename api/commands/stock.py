"""`sentinelmarket stock`: everything known about a stock."""

from __future__ import annotations

import argparse

from api.commands import arguments
from api.commands.command import Command
from api.commands.looking import looked
from api.settings import Settings


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("ticker", metavar="TICKER")
    arguments.formats(parser)


def _stock(args: argparse.Namespace, settings: Settings) -> int:
    from api import look

    return looked(args, settings, lambda s: [look.stock(s, args.ticker)])


COMMAND = Command("stock", "everything known about a stock", "stock QAXR", _arguments, _stock)
