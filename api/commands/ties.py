"""`sentinelmarket ties`: posts in, ties out, without a store, as the field's own tools work."""

from __future__ import annotations

import argparse
import gc
from pathlib import Path

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings

EXAMPLE = "ties posts.csv --trace co_link --window 1m -o ties.parquet --evidence evidence.csv"


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument(
        "-o",
        "--out",
        type=Path,
        required=True,
        metavar="OUT",
        help="where the ties go; the ending says how: .parquet, .csv, .graphml or .gexf",
    )
    parser.add_argument(
        "--trace",
        action="append",
        default=[],
        metavar="NAME",
        help="what to look for, may be repeated (default: all that the files can show)",
    )
    parser.add_argument(
        "--window",
        action="append",
        default=[],
        metavar="W",
        help="10s, 5m, 1h or 7d, may be repeated (default: those of the trace); auto reads it off"
        " the first posts and judges the others",
    )
    parser.add_argument(
        "--min-weight",
        type=float,
        help="ties at least this strong, in -log10 p (with --parity toolkit: messages, default: 2)",
    )
    parser.add_argument("--min-actions", type=int, help="ties of at least this many co-actions")
    parser.add_argument(
        "--fdr",
        type=float,
        help="share of false ties accepted (default: 0.05; 1 keeps every pair that met)",
    )
    parser.add_argument(
        "--directed", action="store_true", default=None, help="a row per trace and direction"
    )
    parser.add_argument("--evidence", type=Path, metavar="FILE", help="a row per co-action")
    parser.add_argument("--clusters", type=Path, metavar="FILE", help="account and cluster")
    parser.add_argument(
        "--method", help="of --clusters: leiden, louvain or networkx (default: leiden)"
    )
    parser.add_argument(
        "--engine",
        choices=("local", "spark"),
        help="spark: for tables that do not fit this machine; OUT becomes a folder of Parquet",
    )
    _parity(parser.add_argument_group("the rules of another tool"))
    arguments.quiet(parser)


def _parity(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--parity",
        choices=("coortweet", "toolkit"),
        help="CooRTweet 2.1.3, or coordination-network-toolkit 1.5.2; --trace names its network",
    )
    group.add_argument(
        "--loops", action="store_true", default=None, help="keep accounts tied to themselves"
    )
    group.add_argument(
        "--similarity", type=float, help="toolkit: co_similar_tweet's (default: 0.8)"
    )
    group.add_argument(
        "--min-participation", type=int, help="coortweet: rows of an account (default: 2)"
    )
    group.add_argument(
        "--edge-weight", type=float, help="coortweet: quantile of the threshold (default: 0.5)"
    )
    group.add_argument("--fast-window", metavar="W", help="coortweet: the window of its fast net")
    group.add_argument(
        "--subgraph", type=int, choices=(0, 1, 2, 3), help="coortweet: which one (default: 0)"
    )
    group.add_argument(
        "--accounts", type=Path, metavar="FILE", help="coortweet: its table of accounts"
    )


def _ties(args: argparse.Namespace, settings: Settings) -> int:
    gc.disable()  # a tenth of a second of looking for garbage among what is being imported
    try:
        from api import ties

        return ties.run(args)
    finally:
        gc.enable()


COMMAND = Command("ties", "posts in, ties out, without a store", EXAMPLE, _arguments, _ties)
