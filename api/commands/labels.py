"""`sentinelmarket labels`: what was said of whom, into the graph, out of it and listed."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings

if TYPE_CHECKING:
    from graph.model import Millis
    from graph.store import GraphStore

COLUMNS = ("verdict", "tier", "confidence", "kind", "subject", "provenance", "known_at", "reason")
FILE_HELP = (
    "CSV with the columns kind (account, cluster, stock-day), subject, verdict (promotion,"
    " harmless, unclear), tier (gold, silver, bronze, synthetic), confidence, provenance,"
    " known_at and, where there is one, reason"
)


def _arguments(parser: argparse.ArgumentParser) -> None:
    typed = parser.add_subparsers(required=True, metavar="import | export | list", dest="what")
    taken = typed.add_parser(
        "import",
        help="take the labels of a CSV file; rows that cannot be taken go to the rejects file",
        epilog="Example: sentinelmarket labels import enforcement.csv",
    )
    taken.add_argument("file", type=Path, metavar="FILE.csv", help=FILE_HELP)
    given = typed.add_parser(
        "export",
        help="write every label, superseded ones too, as CSV that import takes back",
        epilog="Example: sentinelmarket labels export -o labels.csv",
    )
    given.add_argument("-o", "--out", type=Path, metavar="FILE.csv", help="default: print it")
    listed = typed.add_parser(
        "list",
        help="show what stands: of each source its last word",
        epilog="Example: sentinelmarket labels list --tier silver --as-of 2026-03-01",
    )
    listed.add_argument("--tier", default="", choices=("gold", "silver", "bronze", "synthetic"))
    listed.add_argument("--subject", default="", help="only what is said of this one")
    arguments.limit(listed, "labels")
    arguments.formats(listed)
    for one in (given, listed):
        one.add_argument("--as-of", type=arguments.moment, metavar="T", help="as was known then")


def _labels(args: argparse.Namespace, settings: Settings) -> int:
    from api.stores import open_both

    store, bars = open_both(settings)
    try:
        does = {"import": _import, "export": _export, "list": _list}
        does[args.what](args, settings, store)
    finally:
        bars.close()
        store.close()
    return 0


def _import(args: argparse.Namespace, settings: Settings, store: GraphStore) -> None:
    from api.label_files import import_labels
    from ingest.rejects import RejectsFile

    done = import_labels(store, args.file, _now())
    with RejectsFile(settings.rejects, [str(args.file)]) as kept:
        for reject in done.rejects:
            kept.add(reject)
            print(f"line {reject.line}: {reject.reason}", file=sys.stderr)
    print(f"{done.rows} rows: {done.written} labels written, {done.there} there already", end="")
    print(f", {len(done.rejects)} not taken ({settings.rejects})" if done.rejects else "")


def _export(args: argparse.Namespace, settings: Settings, store: GraphStore) -> None:
    from api.label_files import export_labels
    from graph.label_store import EVER, read_labels

    found = read_labels(store, EVER if args.as_of is None else args.as_of)
    if args.out is None:
        export_labels(found, sys.stdout)
        return
    part = args.out.with_name(args.out.name + ".part")
    with part.open("w", encoding="utf-8", newline="") as out:
        export_labels(found, out)
    part.replace(args.out)
    print(f"{len(found)} labels: {args.out}")


def _list(args: argparse.Namespace, settings: Settings, store: GraphStore) -> None:
    from api import show
    from graph.label_store import EVER, labels_of, read_labels
    from graph.labels import current, said

    as_of = EVER if args.as_of is None else args.as_of
    one = args.subject
    found = labels_of(store, [one], as_of) if one else read_labels(store, as_of)
    stands = [x for x in current(found, as_of) if args.tier in ("", x.tier)]
    stands.sort(key=lambda x: (-x.known_at, x.source))
    rows = [{name: getattr(x, name) for name in COLUMNS} for x in stands[: args.limit]]
    show.rows([row | {"known_at": said(row["known_at"])} for row in rows], args.how, COLUMNS)
    if args.how == "table":
        print("A label is what somebody said, never a finding of guilt.")


def _now() -> Millis:
    return time.time_ns() // 1_000_000


COMMAND = Command(
    "labels",
    "what was said of accounts, clusters and stock-days: take it from a file, write it, list it",
    "labels import enforcement.csv",
    _arguments,
    _labels,
)
