"""What the commands that only look share: open, ask, print."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from api.settings import Settings


def looked(
    args: argparse.Namespace,
    settings: Settings,
    question: Callable[[Any], list[dict[str, Any]]],
    columns: Sequence[str] = (),
) -> int:
    """Asks the store and prints; without `columns` the answer is one thing with many parts."""
    from api import show
    from api.stores import open_both

    store, bars = open_both(settings)
    try:
        found = question(store)
    finally:
        bars.close()
        store.close()
    if columns or args.how != "table":
        show.rows(found, args.how, columns)
    else:
        show.parts(found[0])
    if args.how == "table":
        print(show.CAVEAT)
    return 0
