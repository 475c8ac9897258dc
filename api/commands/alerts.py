"""`sentinelmarket alerts`: what was raised, newest first."""

from __future__ import annotations

import argparse

from api.commands import arguments
from api.commands.command import Command
from api.commands.looking import looked
from api.settings import Settings

COLUMNS = ("score", "alert", "title", "tickers", "state", "reason", "raised")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--state", default="", choices=("", "open", "acknowledged", "dismissed", "muted")
    )
    arguments.limit(parser)
    arguments.formats(parser)


def _alerts(args: argparse.Namespace, settings: Settings) -> int:
    from api import look

    return looked(args, settings, lambda s: look.alerts(s, args.state, args.limit), COLUMNS)


COMMAND = Command(
    "alerts", "what was raised, newest first", "alerts --state open --csv", _arguments, _alerts
)
