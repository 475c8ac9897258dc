"""Every acceptance test of the coordination engine, and a deliberate mistake that it catches.

    python -m tests.graph.mutations [NUMBER...]

Makes a private copy of HEAD for each mistake, makes the mistake there and runs the test, which must
fail. `tests/graph/test_mutations.py` holds that each mistake can still be made.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Mutation:
    """`point` of "How it is judged"; `old` stands once in `file` and becomes `new`."""

    point: str
    mistake: str
    file: str
    old: str
    new: str
    test: str


CALIBRATION = "tests/graph/test_calibration.py::test_p_and_q_hold_what_they_say"
QUALITY = "tests/graph/test_quality.py::"
MUTATIONS = (
    Mutation(
        "1 parity, CooRTweet",
        "the participation filter is not asked again after pairing",
        "graph/detection/parity/coortweet.py",
        "return _participating(shares, found, min_participation)",
        "return found",
        "tests/graph/test_parity_coortweet.py",
    ),
    Mutation(
        "1 parity, toolkit",
        "reposts count as posts of a text",
        "graph/detection/parity/toolkit.py",
        'own = once.filter(pl.col("repost_id") == "")',
        "own = once",
        "tests/graph/test_parity_toolkit.py",
    ),
    Mutation(
        "the engine, exact windows",
        "a window does not include its end",
        "graph/detection/loops.py",
        "while j < t and at[j] - at[i] <= window:",
        "while j < t and at[j] - at[i] < window:",
        "tests/graph/test_coaction.py",
    ),
    Mutation(
        "3 calibration, a pair's p",
        "several levels are tried and not corrected for",
        "graph/detection/significance.py",
        "best *= differing(mean, likely, listed)",
        "best *= 1",
        CALIBRATION,
    ),
    Mutation(
        "3 calibration, runs that accept",
        "the family is the pairs with a p and not all pairs",
        "graph/detection/significance.py",
        "ranked = p_values[order] * tests / np.arange(1, len(p_values) + 1)",
        "ranked = p_values[order] * len(p_values) / np.arange(1, len(p_values) + 1)",
        CALIBRATION,
    ),
    Mutation(
        "3 calibration, rejections",
        "chances of two accounts are half of what they are",
        "graph/detection/margins.py",
        "return p * q * max(1 - room / spread, FLOOR)",
        "return p * q * max(1 - room / spread, FLOOR) / 2",
        CALIBRATION,
    ),
    Mutation(
        "3 calibration, power",
        "chances are four times what they are, so little is ever surprising",
        "graph/detection/margins.py",
        "meeting=(of.c_met / np.maximum(possible, 1))[ties],",
        "meeting=(of.c_met * 0 + 4.0)[ties],",
        CALIBRATION,
    ),
    Mutation(
        "4 quality, precision",
        "co_ticker takes chance over all stocks, so fans are tied",
        "graph/detection/traces/co_ticker.py",
        'return as_acts(named, "ticker", pl.col("ticker"))',
        'return as_acts(named, "ticker")',
        f"{QUALITY}test_ring_pairs_are_found",
    ),
    Mutation(
        "4 quality, recall",
        "what several traces say is not combined: the largest p counts",
        "graph/detection/ties.py",
        'judged.sort("pair", "p_value", "question").unique(',
        'judged.sort("pair", "p_value", "question", descending=[False, True, False]).unique(',
        f"{QUALITY}test_ring_pairs_are_found",
    ),
    Mutation(
        "5 activity, null",
        "an account's p is not corrected for how many it could have met",
        "graph/detection/accounts.py",
        '(pl.col("p_value") * partners / rank)',
        '(pl.col("p_value") / rank)',
        f"{QUALITY}test_where_chance_rules",
    ),
    Mutation(
        "5 activity, planted",
        "an account is as sure as its least sure tie",
        "graph/detection/accounts.py",
        'pl.col("p_value").min().clip(LEAST_P, 1)',
        'pl.col("p_value").max().clip(LEAST_P, 1)',
        f"{QUALITY}test_an_accounts_score",
    ),
    Mutation(
        "6 communities",
        "leiden is given ten thousand times the resolution",
        "graph/detection/communities.py",
        "list(edges), resolution=resolution, iterations",
        "list(edges), resolution=resolution * 1e4, iterations",
        f"{QUALITY}test_every_method",
    ),
    Mutation(
        "the shuffles themselves",
        "too few exchanges: shuffles remember where they began",
        "tests/graph/swaps.py",
        "for _ in range(per * size):",
        "for _ in range(size // 10):",
        "tests/graph/test_significance.py::test_shuffles_forget",
    ),
)


def caught(mutation: Mutation) -> bool:
    """Whether the test fails in a copy of HEAD with the mistake. Raises ValueError if it is not
    there to be made, or if pytest ends with anything but failed tests."""
    packed = subprocess.run(["git", "archive", "HEAD"], capture_output=True, check=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        path = Path(folder) / mutation.file
        text = path.read_text(encoding="utf-8")
        if text.count(mutation.old) != 1:
            raise ValueError(f"{mutation.file} does not have this once: {mutation.old}")
        path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
        file, _, name = mutation.test.partition("::")
        chosen = [file, "-k", name] if name else [file]
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", *chosen],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": folder},
            capture_output=True,
            text=True,
        )
    if ended.returncode not in (0, 1):
        raise ValueError(f"pytest ended with {ended.returncode}: {ended.stdout[-500:]}")
    return ended.returncode == 1


def main(arguments: list[str]) -> int:
    """Prints a line a mutation; 1 if a mistake is not caught."""
    chosen = [int(n) for n in arguments] or range(len(MUTATIONS))
    missed = 0
    for n in chosen:
        one = MUTATIONS[n]
        found = caught(one)
        missed += not found
        print(f"{n:2} {'caught' if found else 'MISSED':8}{one.point:34}{one.mistake}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
