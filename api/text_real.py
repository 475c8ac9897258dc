"""What the readers of texts say of real posts, and whether good words go before rising prices.

Nobody knows which real posts are promotions. They are presumed innocent, so a share called
promotional is a bound on false alarms and no rate of them. The earlier half of the posts chose
between two ways of fitting and is not judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from gnn.metrics import auroc, interval
from gnn.text.fit import fit_words
from gnn.text.words import Words, sentiment_of
from gnn.view import Floats, Ints
from graph.errors import UsageError
from graph.model import Bar, Post
from ingest.synthetic.background_real import read_archive
from ingest.synthetic.settings import DAY

_SEED = 3
_FEWEST = 200  # posts in the judged half
_NEXT_PENALTY = 0.001  # of the words that are asked for tomorrow's price
Returns = Mapping[tuple[str, int], float]  # by ticker and day since 1970


@dataclass(frozen=True)
class Real:
    """Real posts by time, repeats left out, in two halves, and daily bars."""

    earlier: tuple[Post, ...]
    later: tuple[Post, ...]
    bars: tuple[Bar, ...]

    @property
    def texts(self) -> list[str]:
        """The judged posts' texts, each once."""
        return list(dict.fromkeys(post.text for post in self.later))


def read_real(posts: Path, bars: Path) -> Real:
    """Both files. Raises UsageError where there are too few posts, and as the readers do."""
    archive = read_archive(posts, bars)
    own = [post for post in archive.posts if post.repost_of is None and post.text]
    half = len(own) // 2
    if half < _FEWEST:
        raise UsageError(
            f"{posts} has {len(own)} posts that are no repeats; {2 * _FEWEST} are needed to judge"
        )
    return Real(tuple(own[:half]), tuple(own[half:]), archive.bars)


def judged_on_real(models: Mapping[str, Words], real: Real) -> dict[str, Any]:
    """How many real posts each model calls promotional, and what sentiment is worth."""
    texts = real.texts
    called = {}
    for name, model in models.items():
        found = model.promotion(texts)
        called[name] = {
            f"at {line}": round(float((found >= line).mean()), 4) for line in (0.5, 0.9)
        }
    return {"posts": len(texts), "called_promotional": called, "sentiment": _sentiment(real)}


def _sentiment(real: Real) -> dict[str, Any]:
    """AUROC of a stock-day's mean sentiment against the sign of a return, with 95 % intervals."""
    after, same = returns(real.bars)
    mood = sentiment_of([post.text for post in real.later])
    asked = fit_words(*_labelled(real.earlier, after), penalty=_NEXT_PENALTY, free=True)
    learnt = asked.raw([post.text for post in real.later])
    return {
        "same_day": _against(real.later, mood, same),
        "next_day": _against(real.later, mood, after),
        "next_day_words_fitted_to_it": _against(real.later, learnt, after),
        "posts_without_such_words": round(float((mood == 0).mean()), 3),
    }


def returns(
    bars: Sequence[Bar],
) -> tuple[dict[tuple[str, int], float], dict[tuple[str, int], float]]:
    """From the last close up to a day to the next session's close, and of the day itself."""
    after, same = {}, {}
    by_stock: dict[str, list[Bar]] = defaultdict(list)
    for bar in bars:
        by_stock[bar.ticker].append(bar)
    for ticker, own in by_stock.items():
        own.sort(key=lambda bar: bar.at)
        for before, bar in pairwise(own):
            change = bar.adj_close / before.adj_close - 1
            same[ticker, bar.at // DAY] = change
            for day in range(before.at // DAY, bar.at // DAY):
                after[ticker, day] = change
    return after, same


def _labelled(posts: Sequence[Post], moved: Returns) -> tuple[list[str], Ints]:
    rows = [(p.text, moved[key]) for p in posts for key in _keys(p) if moved.get(key)]
    return [text for text, _ in rows], np.array([change > 0 for _, change in rows], dtype=np.int64)


def _against(posts: Sequence[Post], scores: Floats, moved: Returns) -> dict[str, Any]:
    """Stock-days by their posts' mean score; days are drawn whole for the interval."""
    said: dict[tuple[str, int], list[float]] = defaultdict(list)
    for post, value in zip(posts, scores, strict=True):
        for key in _keys(post):
            if moved.get(key):
                said[key].append(float(value))
    days: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for (ticker, day), values in sorted(said.items()):
        days[day].append((float(np.mean(values)), int(moved[ticker, day] > 0)))
    found = [np.array([value for value, _ in rows]) for rows in days.values()]
    truth = [np.array([up for _, up in rows], dtype=np.int64) for rows in days.values()]
    low, high = interval(auroc, found, truth, _SEED)
    value = auroc(np.concatenate(found), np.concatenate(truth)) if found else float("nan")
    return {
        "auroc": round(value, 3),
        "interval": [round(low, 3), round(high, 3)],
        "stock_days": len(said),
    }


def _keys(post: Post) -> list[tuple[str, int]]:
    return [(ticker, post.at // DAY) for ticker in post.tickers]
