"""Do p-values and q-values hold what they say? Shuffles that keep both margins, and known ties.

    python -m tests.bench.coordination.calibration [--runs 200] [--sets russian,stocknet,generated]

For each set, trace and window, over so many shuffles of who acts (tests/graph/swaps.py):
- runs in which Benjamini-Hochberg at ALPHA over all pairs accepts anything: at most ALPHA and two
  standard errors;
- pairs with p at most .05, .01 and .001, over what the model expects over all pairs: at most 1.1;
- the chance of such a p under the model, exact, over the limit, for the worst pair: at most 1;
- with known ties put into each shuffle: the mean share of accepted pairs that are none (at most
  ALPHA and two standard errors), and how many are found of those that can be (at least 0.8).
A row `all questions` is the smallest p of a pair times the number of questions, as in ties.py.
Ends with 1 where a bound is broken.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from graph.detection.coaction import Meetings, meet
from graph.detection.margins import Margins, margins
from graph.detection.significance import benjamini_hochberg, judge, judge_by
from graph.detection.ties import Question
from tests.bench.coordination.expected import LIMITS, Expected, expected
from tests.bench.coordination.inject import STRENGTHS, inject, possible
from tests.bench.coordination.results import show, write
from tests.bench.coordination.sets import DATA, SPAN, Set, sets, window_of
from tests.graph.swaps import swapped

ALPHA = 0.05
MOST_OVER, LEAST_FOUND = 1.1, 0.8


@dataclass
class Tally:
    """What the runs of one question gave: a list entry a run."""

    small: list[list[int]] = field(default_factory=list)
    accepted: list[bool] = field(default_factory=list)
    wrong: list[float] = field(default_factory=list)
    # by strength: given, possible, found, found of the possible
    power: dict[int, list[int]] = field(default_factory=lambda: {k: [0] * 4 for k in STRENGTHS})

    def null(self, p: Any, tests: int) -> None:
        """A run without known ties; `p` are the p-values up to the largest limit."""
        self.small.append([int((p <= limit).sum()) for limit in LIMITS])
        self.accepted.append(bool((benjamini_hochberg(p, tests) <= ALPHA).any()))


def calibrate(one: Set, runs: int) -> list[dict[str, Any]]:
    """A row a question, and one for all questions together."""
    met = [meet(q.acts, window_of(q), SPAN, q.neighbours) for q in one.questions]
    by = [margins(found) for found in met]
    tallies = [Tally() for _ in one.questions]
    every = Tally()
    for run in range(runs):
        judged = []
        for n, question in enumerate(one.questions):
            shuffled = _again(question, met[n], run)
            judged.append(_null(shuffled, by[n], run))
            tallies[n].null(judged[n]["p_value"].to_numpy(), one.tests)
            _known(question, shuffled, one.tests, run, tallies[n])
        every.null(_smallest(judged), one.tests)
    rows = [
        _row(one.name, f"{q.trace} {q.window}", tally, expected(found, chances))
        for q, tally, found, chances in zip(one.questions, tallies, met, by, strict=True)
    ]
    return [*rows, _row(one.name, "all questions", every, None)]


def _again(question: Question, met: Meetings, seed: int) -> Meetings:
    return meet(swapped(met, seed), window_of(question), SPAN, question.neighbours)


def _null(shuffled: Meetings, by: Margins, run: int) -> pl.DataFrame:
    """p-values of a shuffle. Its margins are the original's; the first run fits them to be sure."""
    largest = max(LIMITS)
    known = judge_by(shuffled.keys, len(shuffled.acts.accounts), by, largest)
    if run == 0:
        fitted = judge(shuffled, largest)["p_value"].to_numpy()
        assert np.allclose(known["p_value"].to_numpy(), fitted, rtol=1e-6)
    return known


def _known(question: Question, base: Meetings, tests: int, seed: int, tally: Tally) -> None:
    """Puts known ties into `base` and counts what is accepted."""
    given = inject(base, seed)
    met = meet(given.acts, window_of(question), SPAN, question.neighbours)
    by = margins(met)
    judged = judge_by(met.keys, len(given.acts.accounts), by, ALPHA)
    q = benjamini_hochberg(judged["p_value"].to_numpy(), tests)
    accepted = judged["pair"].to_numpy()[q <= ALPHA]
    tally.wrong.append(float(1 - np.isin(accepted, given.pairs).mean()) if len(accepted) else 0.0)
    found, can = np.isin(given.pairs, accepted), possible(given, by, tests, ALPHA)
    for k, counts in tally.power.items():
        mine = given.strength == k
        seen = (mine, mine & can, mine & found, mine & can & found)
        tally.power[k] = [a + int(b.sum()) for a, b in zip(counts, seen, strict=True)]


def _smallest(judged: list[pl.DataFrame]) -> Any:
    """The smallest p of each pair, times the number of questions."""
    best = pl.concat(judged).group_by("pair").agg(pl.col("p_value").min())["p_value"].to_numpy()
    return np.minimum(best * len(judged), 1.0)


def _row(name: str, question: str, tally: Tally, model: Expected | None) -> dict[str, Any]:
    runs = len(tally.accepted)
    bound = ALPHA + 2 * (ALPHA * (1 - ALPHA) / runs) ** 0.5
    row: dict[str, Any] = {"set": name, "question": question, "runs": runs}
    row["accepting"] = float(np.mean(tally.accepted))
    broken = [] if row["accepting"] <= bound else [f"accepting > {bound:.3f}"]
    if model:
        small = np.array(tally.small)
        row["mean"] = small.mean(axis=0).tolist()
        row["expected"] = model.pairs.tolist()
        row["over"] = (small.mean(axis=0) / model.pairs).tolist()
        row["error"] = np.hypot(
            small.std(axis=0) / runs**0.5 / model.pairs, model.error / model.pairs
        ).tolist()
        broken += [f"p <= {a}" for a, r in zip(LIMITS, row["over"], strict=True) if r > MOST_OVER]
        row["worst"] = float(model.worst.max())
        broken += ["a pair's p"] if row["worst"] > 1 + 1e-6 else []
    if tally.wrong:
        broken += _known_row(row, tally)
    return row | {"broken": broken}


def _known_row(row: dict[str, Any], tally: Tally) -> list[str]:
    """Adds false discoveries and power; says what is broken."""
    row["wrong"] = float(np.mean(tally.wrong))
    row["wrong_error"] = float(np.std(tally.wrong) / len(tally.wrong) ** 0.5)
    given, can, found, both = np.array(list(tally.power.values())).sum(axis=0).tolist()
    row |= {"given": given, "possible": can, "found": found, "power": both / max(can, 1)}
    row["curve"] = {k: found / max(given, 1) for k, (given, _, found, _) in tally.power.items()}
    broken = [] if row["wrong"] <= ALPHA + 2 * row["wrong_error"] else ["false discoveries"]
    if not can:
        return [*broken, "nothing possible"]
    return broken if row["power"] >= LEAST_FOUND else [*broken, f"power < {LEAST_FOUND}"]


def table(rows: list[dict[str, Any]]) -> str:
    """For people."""
    lines = []
    for row in rows:
        over = " ".join(f"{r:5.2f}" for r in row.get("over", []))
        known = curve = ""
        worst = f"{row['worst']:.2f}" if "worst" in row else ""
        if "wrong" in row:
            known = f"{row['wrong']:.4f}  {row['possible']:5} {row['power']:.2f}"
            curve = " ".join(f"{share:.2f}" for share in row["curve"].values())
        lines.append(
            f"{row['set']:10}{row['question']:22}{row['accepting']:8.3f}   {over:18} {worst:6}"
            f"{known:22}{curve:36}{', '.join(row['broken']) or 'holds'}"
        )
    head = f"{'set':10}{'question':22}{'accepts':>8}   {'over .05 .01 .001':18} "
    head += f"{'worst':6}{'wrong  possible power':22}{'found of ' + str(list(STRENGTHS)):36}"
    return "\n".join([head, *lines])


def main() -> int:
    """Prints the table and writes it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--sets", default="russian,stocknet,generated")
    parser.add_argument("--data", type=Path, default=DATA)
    args = parser.parse_args()
    rows: list[dict[str, Any]] = []
    for one in sets(args.data, args.sets):
        rows += (new := calibrate(one, args.runs))
        show(table(new))
    write("calibration", rows)
    return 1 if any(row["broken"] for row in rows) else 0


if __name__ == "__main__":
    raise SystemExit(main())
