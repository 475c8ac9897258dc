"""`sentinelmarket evaluate`: the report on what the models are worth."""

from __future__ import annotations

import argparse
from pathlib import Path

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings
from graph.errors import UsageError


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, default=Path("build/evaluation"))
    arguments.background(parser)
    parser.add_argument(
        "--commit",
        default="",
        help="hash that the judged markets follow from (default: that of the checked-out commit)",
    )
    parser.add_argument("--markets", type=int, default=60, help="judged on each background")
    arguments.quiet(parser)


def _evaluate(args: argparse.Namespace, settings: Settings) -> int:
    from api.bar import bars as drawn
    from api.samples import files
    from api.training import head, run_evaluate

    if args.markets < 1:
        raise UsageError(f"--markets {args.markets}: at least one market has to be judged")
    commit = args.commit or head()
    with drawn(args.quiet) as progress:
        run_evaluate(args.out, commit, files(args), progress, count=args.markets)
    print(f"Report: {args.out / 'evaluation.md'}")
    return 0


COMMAND = Command(
    "evaluate",
    "write the report on what the models are worth",
    "evaluate --out build/evaluation",
    _arguments,
    _evaluate,
)
