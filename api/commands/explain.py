"""`sentinelmarket explain`: what each piece of a cluster's evidence is worth."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings

FACTORS = ("group", "text", "effect")
EVIDENCE = ("place", "text", "entities", "times", "source_ids", "score_without_first")
GROUPS = ("type", "text", "delta_score_if_removed")
SHOWN = 10  # of each, in the table; JSON has all


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="CLUSTER", help="a cluster, or its lineage or alert")
    parser.add_argument(
        "-o", "--out", type=Path, metavar="FILE", help="write everything into a JSON file"
    )
    parser.add_argument("--json", action="store_true", help="print everything, for programs")
    arguments.quiet(parser)


def _explain(args: argparse.Namespace, settings: Settings) -> int:
    from api import pack
    from api.bar import bars as drawn
    from api.explaining import Explainer
    from api.stores import open_both

    store, bars = open_both(settings)
    try:
        with drawn(args.quiet or args.json) as progress:
            found = Explainer(store).of(args.id, progress).as_json()
    finally:
        bars.close()
        store.close()
    if args.out is not None:
        pack.write(found, args.out)
    if args.json:
        print(pack.as_json(found).decode(), end="")
    elif args.out is not None:
        print(f"{len(found['evidence'])} pieces of evidence: {args.out}")
        print(found["counterfactual"]["text"])
    else:
        _told(found)
    return 0


def _told(found: dict[str, Any]) -> None:
    """What a person reads first: the score, its reasons, the evidence, what would drop it."""
    from api import show

    head = f"{found['cluster']} scores {found['score']} ({found['band']}), as of {found['as_of']}"
    show.console().print(head, markup=False)
    show.rows(found["top_factors"], "table", FACTORS, "What moved the score (log odds)")
    show.rows(found["evidence"][:SHOWN], "table", EVIDENCE, "Evidence, the most telling first")
    show.rows(found["groups"][:SHOWN], "table", GROUPS, "What goes together")
    show.console().print(found["counterfactual"]["text"], markup=False)
    for line in (*found["not_considered"], *found["caveats"]):
        show.console().print(f"- {line}", markup=False)


COMMAND = Command(
    "explain",
    "what each piece of a cluster's evidence is worth",
    "explain c-0123456789abcdef -o why.json",
    _arguments,
    _explain,
)
