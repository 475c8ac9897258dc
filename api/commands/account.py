"""`sentinelmarket account`: everything known about an account."""

from __future__ import annotations

import argparse

from api.commands import arguments
from api.commands.command import Command
from api.commands.looking import looked
from api.settings import Settings


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID")
    arguments.formats(parser)


def _account(args: argparse.Namespace, settings: Settings) -> int:
    from api import look

    return looked(args, settings, lambda s: [look.account(s, args.id)])


COMMAND = Command(
    "account", "everything known about an account", "account x:1001", _arguments, _account
)
