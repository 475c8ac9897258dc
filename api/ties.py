"""Posts in, ties out, without a store: what `sentinelmarket ties` does.

Three kinds of files are read: CooRTweet's CSV, the toolkit's CSV, and posts of X API v1.1. One run
reads one kind. What was read, what was dropped and why goes to standard error, the ties to a file.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api import ties_files
from api.ties_auto import is_auto
from graph.errors import UsageError
from graph.store import Progress
from graph.windows import millis

# An option that only some modes know, and which those are; None is the mode without --parity.
_ONLY = {
    "min_actions": (None,),
    "fdr": (None,),
    "engine": (None,),
    "directed": (None,),
    "clusters": (None,),
    "method": (None,),
    "min_weight": (None, "toolkit"),
    "loops": ("coortweet", "toolkit"),
    "similarity": ("toolkit",),
    "min_participation": ("coortweet",),
    "edge_weight": ("coortweet",),
    "fast_window": ("coortweet",),
    "subgraph": ("coortweet",),
    "accounts": ("coortweet",),
}


def run(args: argparse.Namespace) -> int:
    """Reads, ties, writes and tells. Raises UsageError before any work where it makes no sense."""
    _check(args)
    if args.parity == "coortweet":
        from api.ties_parity import coortweet as tie
    elif args.parity == "toolkit":
        from api.ties_parity import toolkit as tie
    elif args.engine == "spark":
        from api.ties_spark import on_spark as tie
    else:
        from api.ties_judged import judged as tie
    with progress(args.quiet) as report:
        said = tie(args, report)
    print("\n".join(said), file=sys.stderr)
    return 0


def _check(args: argparse.Namespace) -> None:
    for name, modes in _ONLY.items():
        if getattr(args, name) is not None and args.parity not in modes:
            where = " or ".join(f"--parity {m}" if m else "no --parity" for m in modes)
            raise UsageError(f"--{name.replace('_', '-')} goes with {where}")
    if args.fdr is not None and not 0 <= args.fdr <= 1:
        raise UsageError(f"--fdr is a share from 0 to 1, not {args.fdr:g}")
    if args.engine == "spark":
        from api import ties_spark

        ties_spark.check(args)
    if args.method is not None and args.clusters is None:
        raise UsageError("--method goes with --clusters FILE")
    windows = [] if is_auto(args) else args.window
    for window in (*windows, *filter(None, [args.fast_window])):
        millis(window)
    ties_files.check(args.out, (*ties_files.TABLES, *ties_files.GRAPHS))
    for path in (args.evidence, args.clusters, args.accounts):
        ties_files.check(path)
    written = [p.resolve() for p in (args.out, args.evidence, args.clusters, args.accounts) if p]
    if len({*written, *(path.resolve() for path in args.files)}) < len(written) + len(
        {path.resolve() for path in args.files}
    ):
        raise UsageError("two of the files are one and the same; give each a name of its own")


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """A callback that draws where a person looks, and does nothing elsewhere."""
    if quiet or not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from api.bar import bars

    with bars() as drawn:
        yield drawn or (lambda step, done, total: None)


def one(values: list[str], option: str, default: str) -> str:
    """The only value of a repeatable option, where a mode takes one."""
    if len(values) > 1:
        raise UsageError(f"with --parity {option} is given once, as the original takes one")
    return values[0] if values else default


def places(paths: list[Path]) -> str:
    """Files as a person reads them."""
    return ", ".join(str(path) for path in paths)
