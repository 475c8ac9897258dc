"""Joins planted windows and the network that reads them, which do not know each other.

`run_train_shapes` trains on every family and writes the weights; `unseen` judges the recipe on
families that it was not trained on, beside two plain baselines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import product
from pathlib import Path
from statistics import mean

import numpy as np
import polars as pl
from sklearn.metrics import roc_auc_score

from gnn.shape_net import SHIPPED, ShapeNet, fit_shapes, load_shapes, save_shapes, shape_log_odds
from gnn.view import Floats
from ingest.market.detectors import named
from ingest.market.detectors.finding import prepared
from ingest.market.patterns.library import of
from ingest.market.patterns.match import Match, matches, pump_scores
from ingest.market.patterns.planted import Noise, noise, plant_windows
from ingest.market.patterns.window import windows
from ingest.synthetic.courses import INNOCENT, PUMPS

TRAINED, JUDGED, SEED = 4000, 4100, 1
LEARNT, TESTED = 4000, 400  # windows
METHODS = ("network", "nearest case", "fallen from peak", "network and fall")
SURE = 4.0  # log odds from which the network counts as sure, where it is joined with the fall


@dataclass(frozen=True, slots=True)
class Unseen:
    """AUC of each method of METHODS, on one pump and one innocent family it was not trained on."""

    pump: str
    innocent: str
    windows: int
    auc: dict[str, float]


def judged(shapes: Floats) -> list[tuple[float, Match]]:
    """(score, nearest case) of each window; the score is `together` by the shipped network."""
    scores = together(shape_log_odds(load_shapes(), shapes), fallen(shapes))
    return list(zip(scores.tolist(), matches(shapes), strict=True))


def shapes_at(bars: pl.DataFrame, days: pl.DataFrame) -> dict[tuple[str, int], tuple[float, Match]]:
    """What the price of each stock (ticker) on each of `days` (at) looks like, by ticker and at.

    Costly, so `days` are those that something cheap pointed at. A day with too few bars before it
    has no shape.
    """
    marks = days.select("ticker", "at").unique().with_columns(triggered=True)
    frame = bars.join(marks, on=["ticker", "at"], how="left", maintain_order="left")
    frame = frame.with_columns(pl.col("triggered").fill_null(False))
    rows, shapes = windows(prepared(named("abnormal_return"), frame))
    keys = rows.select("ticker", "at").iter_rows()
    return {(ticker, at): told for (ticker, at), told in zip(keys, judged(shapes), strict=True)}


def run_train_shapes(out: Path = SHIPPED) -> None:
    """Trains on every family and writes weights and manifest, with the AUC on unseen ones."""
    model = _trained((*PUMPS, *INNOCENT), LEARNT)
    rows = unseen(noise(JUDGED, TESTED))
    about = {
        "trained_on": f"{LEARNT} planted windows of {', '.join((*PUMPS, *INNOCENT))}",
        "seeds": {"windows": TRAINED, "network": SEED, "judged": JUDGED},
        "unseen": [asdict(row) for row in rows],
        "mean_auc": means(rows),
    }
    save_shapes(model, out, about)


def unseen(ground: Noise, seed: int = JUDGED) -> list[Unseen]:
    """Each pair of a pump and an innocent family in turn left out of training and judged, planted
    into `ground`. What trains is planted into noise of our own."""
    return [_left_out(ground, seed, *pair) for pair in product(PUMPS, INNOCENT)]


def means(rows: Sequence[Unseen]) -> dict[str, float]:
    """Mean AUC of each method."""
    return {name: round(mean(row.auc[name] for row in rows), 3) for name in METHODS}


def _left_out(ground: Noise, seed: int, pump: str, innocent: str) -> Unseen:
    known = tuple(family for family in (*PUMPS, *INNOCENT) if family not in (pump, innocent))
    test = plant_windows(seed, (pump, innocent), ground)
    odds, fall = shape_log_odds(_trained(known, LEARNT), test.shapes), fallen(test.shapes)
    nearest = pump_scores(test.shapes, of(known))
    scores = dict(zip(METHODS, (odds, nearest, fall, together(odds, fall)), strict=True))
    auc = {name: round(float(roc_auc_score(test.pump, s)), 3) for name, s in scores.items()}
    return Unseen(pump, innocent, len(test.shapes), auc)


@cache
def _trained(families: tuple[str, ...], count: int) -> ShapeNet:
    learnt = plant_windows(TRAINED, families, noise(TRAINED, count))
    return fit_shapes(learnt.shapes, learnt.pump.astype(np.int64), SEED)


def together(odds: Floats, fall: Floats) -> Floats:
    """The network's odds, to SURE and over it, and the fall: each counts as much as the other."""
    return np.asarray(np.clip(odds, -SURE, SURE) / SURE + 2 * fall)


def fallen(shapes: Floats) -> Floats:
    """How much of the way up is gone at each window's end: what a pump leaves behind."""
    price = shapes[:, 0]
    peak = price.max(axis=1)
    return np.asarray((peak - price[:, -1]) / np.maximum(peak, 1e-9))
