"""`sentinelmarket train`: the models, on planted markets."""

from __future__ import annotations

import argparse
from pathlib import Path

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, default=Path("build/weights"))
    parser.add_argument(
        "--shapes", action="store_true", help="only the network that reads shapes of prices"
    )
    arguments.background(parser)
    arguments.quiet(parser)


def _train(args: argparse.Namespace, settings: Settings) -> int:
    from api.bar import bars as drawn
    from api.samples import files
    from api.training import run_train

    if args.shapes:
        from api.shapes import run_train_shapes

        run_train_shapes(args.out)
        print(f"Weights and manifest: {args.out}")
        return 0
    with drawn(args.quiet) as progress:
        run_train(args.out, files=files(args), progress=progress)
    print(f"Weights, manifest and model card: {args.out}")
    return 0


COMMAND = Command(
    "train", "train the models on planted markets", "train --out weights", _arguments, _train
)
