"""`sentinelmarket train-text`: the readers of texts that ship, on texts that we generate."""

from __future__ import annotations

import argparse
from pathlib import Path

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, default=Path("build/text"))
    parser.add_argument(
        "--real",
        type=Path,
        nargs=2,
        metavar=("POSTS", "PRICES"),
        help="real posts (X API v1.1) and daily prices (Yahoo) to judge on as well; no weight"
        " changes by them",
    )
    arguments.quiet(parser)


def _train(args: argparse.Namespace, settings: Settings) -> int:
    from api.bar import bars as drawn
    from api.text_real import read_real
    from api.text_training import run_train_text

    real = read_real(*args.real) if args.real else None
    with drawn(args.quiet) as progress:
        run_train_text(args.out, real, progress=progress)
    print(f"Weights, manifest and card: {args.out}")
    return 0


COMMAND = Command(
    "train-text",
    "train the readers of texts on texts that we generate",
    "train-text --out build/text",
    _arguments,
    _train,
)
