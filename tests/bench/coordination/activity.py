"""Does an account's score say more than how much the account posts?

    python -m tests.bench.coordination.activity [--runs 20] [--markets 5]

On shuffled data, where chance alone rules: Spearman's rank correlation of the score with the number
of posts, over all accounts that post, mean of the runs; it must lie within 0.05 of 0. On planted
markets: area under the ROC curve for members of rings that took part in anything, of the score and
of the number of posts, and their difference with a 95 % interval, by bootstrap of accounts within
markets: for quiet rings, and for rings that post so much more than others that the number of posts
alone finds them as well as it finds real promoters. The score is graph/detection/accounts.py's;
beside it stands the strength that a cluster's member is shown with, the sum of strong weights.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.stats import rankdata, spearmanr

from graph.detection import _active
from graph.detection.accounts import account_scores
from graph.detection.asking import accounts_of, questions
from graph.detection.coaction import meet
from graph.detection.lines import lines
from graph.detection.margins import margins
from graph.detection.significance import judge_by
from graph.detection.ties import tables
from tests.bench.coordination.results import show, write
from tests.bench.coordination.rings import Market, market, name
from tests.bench.coordination.sets import DATA, SPAN, Set, sets, window_of
from tests.graph.swaps import swapped

WITHIN = 0.05
Floats = npt.NDArray[np.float64]


def null(one: Set, runs: int) -> dict[str, Any]:
    """Rank correlations with the number of posts on shuffles of a set."""
    met = [meet(q.acts, window_of(q), SPAN, q.neighbours) for q in one.questions]
    by = [margins(found) for found in met]
    posts = _posts(one)
    found: dict[str, list[float]] = {"score": [], "strength": []}
    for run in range(runs):
        judged = []
        for question, before, chances in zip(one.questions, met, by, strict=True):
            again = meet(swapped(before, run), window_of(question), SPAN, question.neighbours)
            judged.append(judge_by(again.keys, len(posts), chances, 1.0))
        ties = _ties(pl.concat(judged), len(one.questions), len(posts))
        for key, values in _both(ties, pl.Series(range(len(posts))), one.active).items():
            found[key].append(_correlation(values[posts > 0], posts[posts > 0]))
    return {"set": one.name, "runs": runs} | {k: float(np.mean(v)) for k, v in found.items()}


def _posts(one: Set) -> Floats:
    """Distinct posts of each account over all questions."""
    seen = [
        pl.DataFrame({"account": q.acts.account, "post": q.acts.posts.gather(q.acts.row)})
        for q in one.questions
    ]
    account = pl.concat(seen).unique()["account"].to_numpy()
    return np.bincount(account, minlength=len(one.questions[0].acts.accounts)).astype(np.float64)


def _ties(judged: pl.DataFrame, questions: int, accounts: int) -> pl.DataFrame:
    """left, right (codes), p_value, weight: as ties.py combines what was asked."""
    best = judged.group_by("pair").agg(pl.col("p_value").min())
    p = np.minimum(best["p_value"].to_numpy() * questions, 1.0)
    return best.select(
        (pl.col("pair") // accounts).alias("left"), (pl.col("pair") % accounts).alias("right")
    ).with_columns(pl.Series("p_value", p), pl.Series("weight", -np.log10(p)))


def _both(ties: pl.DataFrame, accounts: pl.Series, active: int) -> dict[str, Floats]:
    """The score and the strength of each of `accounts`, 0 where it has no tie."""
    strong = ties.filter(pl.col("weight") >= lines(active).strong)
    ends = [strong.select(pl.col(side).alias("account"), "weight") for side in ("left", "right")]
    strength = pl.concat(ends).group_by("account").agg(pl.col("weight").sum())
    all_of_them = pl.DataFrame({"account": accounts.cast(ties["left"].dtype)})
    joined = all_of_them.join(
        account_scores(ties, active), on="account", how="left", maintain_order="left"
    ).join(strength, on="account", how="left", maintain_order="left")
    return {
        "score": joined["score"].fill_null(0.0).to_numpy(),
        "strength": joined["weight"].fill_null(0.0).to_numpy(),
    }


def _correlation(one: Floats, other: Floats) -> float:
    return float(spearmanr(one, other).statistic) if np.ptp(one) > 0 else 0.0


def planted(seeds: list[int], busy: bool) -> dict[str, Any]:
    """Areas under the curve on markets, and score minus posts with its interval."""
    seen = [_market(market(seed, busy=busy)) for seed in seeds]
    said = {key: float(np.mean([_auc(m[key], m["planted"]) for m in seen])) for key in SCORES}
    draw = np.random.default_rng(1)
    apart = [np.mean([_apart(draw, m) for m in seen]) for _ in range(1_000)]
    low, high = np.quantile(apart, [0.025, 0.975])
    row: dict[str, Any] = {"rings": "busy" if busy else "quiet", "markets": len(seeds)}
    return row | said | {"score - posts": [said["score"] - said["posts"], low, high]}


SCORES = ("score", "strength", "posts")


def _market(made: Market) -> dict[str, Floats]:
    seen = made.observed
    found = tables(questions(seen), accounts_of(seen), SPAN, active=_active(seen), keep=0.5).ties
    accounts = accounts_of(seen)
    posts = seen.posts["account"].value_counts().sort("account")["count"].to_numpy()
    took_part = {name(a) for ring in made.rings for part in ring.took_part for a in part.tolist()}
    inside = accounts.is_in(sorted(took_part)).to_numpy()
    return _both(found, accounts, _active(seen)) | {
        "posts": posts.astype(np.float64),
        "planted": inside,
    }


def _auc(values: Floats, planted: npt.NDArray[np.bool_]) -> float:
    ranks, inside = rankdata(values), int(planted.sum())
    return float(
        (ranks[planted].sum() - inside * (inside + 1) / 2) / inside / (len(values) - inside)
    )


def _apart(draw: np.random.Generator, seen: dict[str, Floats]) -> float:
    """Score's area minus posts' on accounts drawn again."""
    drawn = draw.integers(0, len(seen["posts"]), len(seen["posts"]))
    inside = seen["planted"][drawn].astype(np.bool_)
    return _auc(seen["score"][drawn], inside) - _auc(seen["posts"][drawn], inside)


def main() -> int:
    """Prints the tables and writes them as JSON; 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--markets", type=int, default=5)
    parser.add_argument("--sets", default="russian,stocknet,generated")
    parser.add_argument("--data", type=Path, default=DATA)
    args = parser.parse_args()
    nulls = [null(one, args.runs) for one in sets(args.data, args.sets)]
    show(f"{'shuffled':12}{'score':>8}{'strength':>10}   rank correlation with posts")
    for row in nulls:
        show(f"{row['set']:12}{row['score']:8.3f}{row['strength']:10.3f}")
    seeds = list(range(101, 101 + args.markets))
    areas = [planted(seeds, busy) for busy in (False, True)]
    show(f"{'rings':12}{'score':>8}{'strength':>10}{'posts':>8}   score - posts")
    for row in areas:
        apart, low, high = row["score - posts"]
        line = "".join(f"{row[k]:{w}.3f}" for k, w in zip(SCORES, (8, 10, 8), strict=True))
        show(f"{row['rings']:12}{line}   {apart:.3f} [{low:.3f}, {high:.3f}]")
    write("activity", {"null": nulls, "planted": areas})
    good = all(abs(r["score"]) <= WITHIN for r in nulls)
    return 0 if good and all(r["score - posts"][1] > 0 for r in areas) else 1


if __name__ == "__main__":
    raise SystemExit(main())
