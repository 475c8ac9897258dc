"""Arguments that several commands share, each worded once."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from graph.model import Millis


def moment(text: str) -> Millis:
    """`2015-03-01` or `2015-03-01T12:30`, UTC unless it says otherwise, as epoch milliseconds."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no moment; write 2026-03-01 or 2026-03-01T12:30"
        ) from None
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


def resolution(text: str) -> float | None:
    """A positive number, or `auto` (None): the most stable one."""
    if text == "auto":
        return None
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no resolution; write 1.0, 0.5 or auto")
    return number


def formats(parser: argparse.ArgumentParser) -> None:
    """--json and --csv, as `how`: "table", "json" or "csv"."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument(
        "--json",
        dest="how",
        action="store_const",
        const="json",
        default="table",
        help="for programs",
    )
    how.add_argument(
        "--csv", dest="how", action="store_const", const="csv", help="for spreadsheets"
    )


def limit(parser: argparse.ArgumentParser, of: str = "rows") -> None:
    """--limit: how many rows are printed."""
    parser.add_argument("--limit", type=int, default=20, help=f"{of} to print (default: 20)")


def listening(parser: argparse.ArgumentParser) -> None:
    """--host and --port of what serves."""
    parser.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1, this machine only")
    parser.add_argument(
        "--port", type=int, default=8000, help="default: 8000; 0 takes any free one"
    )


def quiet(parser: argparse.ArgumentParser) -> None:
    """--quiet, of what takes long."""
    parser.add_argument("--quiet", action="store_true", help="draw no progress")


def background(parser: argparse.ArgumentParser) -> None:
    """--posts and --prices: real life to plant campaigns into."""
    parser.add_argument(
        "--posts",
        type=Path,
        help="posts of the X API v1.1, to plant campaigns among real posts too",
    )
    parser.add_argument("--prices", type=Path, help="daily prices that go with them (CSV)")
