"""`sentinelmarket audit`: a run measured again, as of its moment."""

from __future__ import annotations

import argparse
import sys

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "run",
        metavar="RUN",
        nargs="?",
        help="a run, as `sentinelmarket run` prints it (default: the newest)",
    )
    arguments.quiet(parser)


def _audit(args: argparse.Namespace, settings: Settings) -> int:
    from api.audit import SHOWN, audit
    from api.bar import bars as drawn
    from api.feature_rows import read
    from api.runs import newest_run
    from api.stores import open_both

    rows = None if args.run is None else read(settings.home, args.run)  # before a store is opened
    store, bars = open_both(settings)
    try:
        rows = rows or read(settings.home, newest_run(store)["id"])
        with drawn(args.quiet) as progress:
            found = audit(store, bars, rows, progress)
    finally:
        bars.close()
        store.close()
    if found.equal:
        print(f"Every bit is equal: {rows.told}" + ("" if found.scored else f"; {_OTHER_MODEL}"))
        if rows.drifted:
            print(f"Drift: {rows.drifted}")
        return 0
    for text in found.differences:
        print(text)
    more = " or more" if len(found.differences) == SHOWN else ""
    print(
        f"sentinelmarket: run {rows.run} is not what the store gives as of its moment"
        f" ({len(found.differences)}{more} differences); something was deleted since, or what"
        " became known later is seen",
        file=sys.stderr,
    )
    return 1


_OTHER_MODEL = "scores were not compared, because another model is in use since"

COMMAND = Command(
    "audit",
    "measure a run again as of its moment, and say whether every bit is equal",
    "audit r-0123456789abcdef",
    _arguments,
    _audit,
)
