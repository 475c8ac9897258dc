"""`sentinelmarket ingest`: files into the graph."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--format", help="say the format instead of having it found by looking")
    parser.add_argument(
        "--map",
        metavar="FIELD=COLUMN,...",
        help="which column of prices is what: close=CLOSE_PRICE,zone=Asia/Kolkata,interval=1m",
    )
    arguments.formats(parser)
    arguments.quiet(parser)


def _ingest(args: argparse.Namespace, settings: Settings) -> int:
    from api.bar import bars as drawn
    from api.stores import open_both
    from ingest.load import load
    from ingest.market.columns import column_map

    columns = None if args.map is None else column_map(args.map)
    store, bars = open_both(settings)
    try:
        with drawn(args.quiet) as progress:
            loaded = load(
                store,
                bars,
                args.files,
                format=args.format,
                rejects=settings.rejects,
                progress=progress,
                columns=columns,
            )
    finally:
        bars.close()
        store.close()
    _told(loaded, args.how)
    if args.how == "table" and loaded.rejected:
        print(f"Records that could not be used: {settings.rejects}")
    return 0


def _told(loaded: Any, how: str) -> None:
    """What a load read, a file a row, and what it counted and changed."""
    from api import show

    files = [asdict(file) | {"path": str(file.path)} for file in loaded.files]
    counts: dict[str, Any] = {
        k: v for k, v in asdict(loaded).items() if k not in ("counters", "files")
    }
    counts |= asdict(loaded.counters) | {"changed": loaded.changed}
    if how == "json":
        show.rows([counts | {"files": files}], how, tuple(counts))
    elif how == "csv":
        show.rows([counts], how, tuple(counts))
    else:
        show.rows(files, how, ("path", "format", "records", "rejected"))
        show.rows(
            [{"what": k.replace("_", " "), "count": v} for k, v in counts.items()],
            how,
            ("what", "count"),
        )


COMMAND = Command(
    "ingest", "load posts, prices and news", "ingest posts.jsonl.gz prices.csv", _arguments, _ingest
)
