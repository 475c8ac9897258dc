"""`sentinelmarket why`: the evidence between two accounts, or why there is none."""

from __future__ import annotations

import argparse
from typing import Any

from api.commands import arguments
from api.commands.command import Command
from api.settings import Settings

NUMBERS = (
    "weight",
    "p_value",
    "q_value",
    "by_value",
    "anytime_p",
    "synchrony_p",
    "co_actions",
    "expected",
)
APART = ("trace", "object", "window", "nearest")
POSTS = ("left_at", "left_text", "right_at", "right_text", "seconds", "trace", "window")


def _arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("left", metavar="LEFT", help="an account, by handle or id")
    parser.add_argument("right", metavar="RIGHT", help="another one")
    arguments.formats(parser)


def _why(args: argparse.Namespace, settings: Settings) -> int:
    from api import show
    from api.stores import open_both
    from api.why import why

    store, bars = open_both(settings)
    try:
        found = why(store, args.left, args.right)
    finally:
        bars.close()
        store.close()
    if args.how == "json":
        show.rows([found], "json", ())
    elif args.how == "csv":
        show.rows(found["evidence"], "csv", POSTS)
    else:
        _told(found)
    return 0


def _told(found: dict[str, Any]) -> None:
    """The sentence, then what it rests on."""
    from api import show

    who = [f"{found[side]} (@{found[f'{side}_handle'] or '?'})" for side in ("left", "right")]
    show.console().print(f"{who[0]} and {who[1]} are {found['says']}", markup=False)
    if found["tied"]:
        show.rows([found], "table", NUMBERS)
        if found["parts"]:
            show.rows(found["parts"], "table", tuple(found["parts"][0]), "What each trace says")
    if found["evidence"]:
        show.rows(found["evidence"], "table", POSTS, "Posts")
    if asked := [row for row in found.get("asked", ()) if row["times"]]:
        show.rows(asked, "table", tuple(asked[0]), "What they shared")
    if apart := found.get("apart"):
        show.rows(apart, "table", APART, "What both did, but not together")
    print(show.CAVEAT)


COMMAND = Command(
    "why",
    "the evidence between two accounts, or why there is none",
    "why x:1001 x:1002",
    _arguments,
    _why,
)
