"""`sentinelmarket run`: detect, score and alert on what was loaded."""

from __future__ import annotations

import argparse
from pathlib import Path

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings
from graph.errors import UsageError

COLUMNS = ("score", "band", "accounts", "tickers", "traces", "why")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of",
        type=arguments.moment,
        help="see nothing that was known later (default: all)",
    )
    parser.add_argument(
        "--min-weight",
        type=float,
        help="ties at least this strong, in -log10 p (default: grows with the accounts, from 2.5)",
    )
    parser.add_argument(
        "--method", default="leiden", help="leiden, louvain or networkx (default: leiden)"
    )
    parser.add_argument(
        "--resolution",
        type=arguments.resolution,
        default=1.0,
        help="of communities, higher is smaller; auto takes the most stable (default: 1)",
    )
    parser.add_argument(
        "--trace",
        action="append",
        default=[],
        metavar="NAME",
        help="look for this too, may be repeated: co_repost, lockstep, co_hashtag, …",
    )
    parser.add_argument(
        "--no-meaning", action="store_true", help="do not compare meanings (faster)"
    )
    parser.add_argument(
        "--official",
        type=Path,
        metavar="FILE",
        help="accounts that speak for a company or agency, an id or handle a line",
    )
    arguments.limit(parser, "clusters")
    arguments.formats(parser)
    arguments.quiet(parser)


def _run(args: argparse.Namespace, settings: Settings) -> int:
    from api import look, show
    from api.bar import bars as drawn
    from api.pipeline import run
    from api.stores import open_both
    from graph.detection import Settings as Choices
    from graph.detection.asking import DEFAULT

    official = _official(args.official)
    store, bars = open_both(settings)
    try:
        with drawn(args.quiet) as progress:
            choices = Choices(
                min_weight=args.min_weight,
                method=args.method,
                resolution=args.resolution,
                meaning=not args.no_meaning,
                traces=tuple(dict.fromkeys((*DEFAULT, *args.trace))),
            )
            outcome = run(
                store,
                bars,
                settings,
                as_of=args.as_of,
                choices=choices,
                official=official,
                progress=progress,
            )
        if args.how == "table":
            row = outcome.run
            if args.resolution is None:
                print(f"resolution {outcome.found.resolution:g}: its clusters are the most stable")
            print(
                f"{row.posts} posts, {row.ties} ties, {row.clusters} clusters,"
                f" {len(outcome.alerts)} alerts (run {row.id})"
            )
            if outcome.drifted:
                print(f"Drift: {outcome.drifted}")
        show.rows(look.clusters(store, limit=args.limit), args.how, COLUMNS, "Clusters")
    finally:
        bars.close()
        store.close()
    return 0


def _official(path: Path | None) -> frozenset[str]:
    """The accounts that a file lists; none without one."""
    from graph.detection.benign import read_allowed

    if path is None:
        return frozenset()
    try:
        return read_allowed(path.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} cannot be read as a list of official accounts ({error}); it has an id (x:123)"
            " or a handle a line"
        ) from None


COMMAND = Command(
    "run", "detect, score and alert, once", "run --as-of 2026-04-01", _arguments, _run
)
