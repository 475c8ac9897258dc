"""`sentinelmarket why`: the evidence between two accounts."""

from __future__ import annotations

import argparse

from api.commands import arguments
from api.commands.command import Command
from api.commands.looking import looked
from api.settings import Settings


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("left", metavar="LEFT")
    parser.add_argument("right", metavar="RIGHT")
    arguments.formats(parser)


def _why(args: argparse.Namespace, settings: Settings) -> int:
    from api import look

    return looked(args, settings, lambda s: [look.why(s, args.left, args.right)])


COMMAND = Command("why", "the evidence between two accounts", "why x:1001 x:1002", _arguments, _why)
