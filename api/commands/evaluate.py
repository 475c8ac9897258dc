"""`sentinelmarket evaluate`: the report on what the models are worth."""

from __future__ import annotations

import argparse
from pathlib import Path

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, default=Path("build/evaluation"))
    arguments.quiet(parser)


def _evaluate(args: argparse.Namespace, settings: Settings) -> int:
    from api.bar import bars as drawn
    from api.training import run_evaluate

    with drawn(args.quiet) as progress:
        run_evaluate(args.out, progress=progress)
    print(f"Report: {args.out / 'evaluation.md'}")
    return 0


COMMAND = Command(
    "evaluate",
    "write the report on what the models are worth",
    "evaluate --out build/evaluation",
    _arguments,
    _evaluate,
)
