"""`ties --parity`: the tables of another tool by its rules, and what is known to be wrong there."""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl

from api import ties_files, ties_read
from api.ties import one
from graph.detection.parity import coortweet as shares
from graph.detection.parity import toolkit as messages
from graph.detection.parity.coortweet_network import account_stats, network, subgraph
from graph.detection.ready import ready
from graph.errors import UsageError
from graph.store import Progress
from graph.windows import millis

COORTWEET_WINDOW, TOOLKIT_WINDOW = "10s", "1s"  # their defaults
SHOWN = 10  # differences listed; the file has all
# The toolkit's name of what we call otherwise.
NAMES = {"co_repost": "co_retweet", "same_text": "co_tweet", "near_text": "co_similar_tweet"}


def coortweet(args: argparse.Namespace, report: Progress) -> list[str]:
    """Edges to --out, pairs to --evidence, accounts to --accounts; returns what to tell."""
    if args.trace:
        raise UsageError("CooRTweet knows one trace, its object_id; leave --trace away")
    if args.accounts and args.fast_window:
        raise UsageError("--accounts goes without --fast-window")
    read = _read(args.files, "coortweet", shares.SHARES, report)
    window = millis(one(args.window, "--window", COORTWEET_WINDOW))
    least = 2 if args.min_participation is None else args.min_participation
    report("pairing", 0, 2)
    pairs = shares.detect_groups(read.rows, window, least, bool(args.loops))
    if args.fast_window:
        pairs = shares.flag_speed_share(read.rows, pairs, millis(args.fast_window), least)
    report("making edges", 1, 2)
    whole = network(pairs, 0.5 if args.edge_weight is None else args.edge_weight)
    edges = subgraph(whole, args.subgraph or 0)
    ties_files.write(edges, args.out, ("from", "to"))
    if args.evidence:
        ties_files.write(pairs, args.evidence)
    if args.accounts:
        ties_files.write(account_stats(edges, pairs), args.accounts)
    report("done", 2, 2)
    counted = f"{pairs.height:,} pairs, {whole.height:,} edges, {edges.height:,} in {args.out}"
    return [*read.said, f"by CooRTweet 2.1.3's rules: {counted}", *_differences(edges)]


def toolkit(args: argparse.Namespace, report: Progress) -> list[str]:
    """Edges to --out, pairs of messages to --evidence; returns what to tell."""
    name = one(args.trace, "--trace", "co_link")
    name = NAMES.get(name, name)
    read = _read(args.files, "toolkit", messages.needs(name), report)
    window = millis(one(args.window, "--window", TOOLKIT_WINDOW))
    least = 2 if args.min_weight is None else int(args.min_weight)
    report("matching messages", 0, 2)
    similarity = 0.8 if args.similarity is None else args.similarity
    asked = messages.Network(read.rows, name, similarity)
    edges = asked.edges(window, least, bool(args.loops))
    report("writing", 1, 2)
    ties_files.write(edges, args.out, ("user_1", "user_2"), directed=True)
    if args.evidence:
        ties_files.write(asked.evidence(window, edges), args.evidence)
    report("done", 2, 2)
    rules = "by coordination-network-toolkit 1.5.2's rules"
    said = f"{rules}: {edges.height:,} edges of {name} in {args.out}"
    return [*read.said, said, *_defects(read.rows, name, bool(args.loops))]


def _read(
    paths: list[Path], shape: str, columns: tuple[str, ...], report: Progress
) -> ties_read.Rows:
    found = ties_read.shape(paths)
    if found != shape:
        raise UsageError(
            f"--parity {shape} reads tables of that tool; {paths[0]} is"
            f" {f'a {found} table' if found else 'none'}"
        )
    report("reading", 0, 1)
    with ready():
        return ties_read.rows(paths, columns)


def _differences(edges: pl.DataFrame) -> list[str]:
    """Edges whose symmetry CooRTweet gives otherwise."""
    suffix = "" if "weight" in edges.columns else "_full"
    ours, theirs = f"edge_symmetry_score{suffix}", f"edge_symmetry_score_coortweet{suffix}"
    differ = edges.filter((pl.col(ours) - pl.col(theirs)).abs() > 1e-9)
    lines = [
        f"edge_symmetry_score is another than in CooRTweet on {differ.height:,} of these edges:"
        f" it mixes the two accounts of an edge; column {theirs} has its own"
    ]
    listed = differ.head(SHOWN).select("from", "to", ours, theirs).rows()
    lines += [f"  {a} {b}: {mine:g}, there {other:g}" for a, b, mine, other in listed]
    return lines + (["  …"] if differ.height > SHOWN else [])


def _defects(rows: pl.DataFrame, name: str, loops: bool) -> list[str]:
    """What the toolkit gets wrong, where these messages show it."""
    lines = []
    if name == "co_link" and (bare := messages.without_link(rows)):
        lines.append(f"{bare:,} messages without a url count as sharing one, as they do there")
    if loops:
        lines.append("an account's edge with itself counts all its messages, as it does there")
    return lines
