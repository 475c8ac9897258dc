"""`ties --window auto`, as far as it can be told before anything heavy is imported."""

from __future__ import annotations

import argparse

from graph.errors import UsageError

AUTO = "auto"
STAND_IN = "1m"  # asked in one window, until it is known which


def is_auto(args: argparse.Namespace) -> bool:
    """Whether the windows are to be read off. Raises UsageError where others are named beside."""
    if AUTO not in args.window:
        return False
    if args.window != [AUTO]:
        raise UsageError("--window auto reads the windows off the posts; name no others beside it")
    if args.parity or args.engine == "spark":
        raise UsageError("--window auto goes with no --parity and not with --engine spark")
    return True


def with_stand_in(args: argparse.Namespace) -> argparse.Namespace:
    """The arguments to ask with before the windows are known."""
    return argparse.Namespace(**{**vars(args), "window": [STAND_IN]})
