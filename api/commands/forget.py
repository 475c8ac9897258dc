"""`sentinelmarket forget`: an account or a span of time is removed."""

from __future__ import annotations

import argparse

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings
from graph.errors import UsageError


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--account", metavar="ID")
    parser.add_argument("--since", type=arguments.moment, metavar="T")
    parser.add_argument("--until", type=arguments.moment, metavar="T")


def _forget(args: argparse.Namespace, settings: Settings) -> int:
    from api.stores import open_both
    from graph.forget import forget_account, forget_span

    if (args.account is None) == (args.since is None or args.until is None):
        raise UsageError("say what to forget: --account ID, or --since T and --until T")
    store, bars = open_both(settings)
    try:
        gone = (
            forget_account(store, args.account)
            if args.account
            else forget_span(store, args.since, args.until)
        )
    finally:
        bars.close()
        store.close()
    print(
        f"{gone.nodes_deleted} nodes and {gone.edges_deleted} edges are gone;"
        " `sentinelmarket run` finds anew without them"
    )
    return 0


COMMAND = Command(
    "forget", "remove an account or a span of time", "forget --account x:1001", _arguments, _forget
)
