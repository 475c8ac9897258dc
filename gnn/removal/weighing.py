"""What a cluster's score is without some of its posts, scored again by the model itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import numpy as np

from gnn.calibrate import logit
from gnn.removal.scene import Rescore, Scene, scenes
from graph.model import Risk


class Weighing:
    """Scores one cluster without posts, in the smallest part of its market that does.

    Each set of posts is scored once. `risk` is that of the cluster as it is.
    """

    def __init__(self, whole: Scene, rescore: Rescore, known: Risk | None = None) -> None:
        """`known`: the cluster's risk in the whole market, where it was scored already."""
        self._rescore = rescore
        self.risk = known or whole.risk(rescore)
        wanted = _figures(self.risk)
        tried = ((scene, scene.risk(rescore)) for scene in scenes(whole))
        equal = [scene for scene, found in tried if _figures(found) == wanted]
        self._scenes = equal or [whole]
        evidence = set(whole.cluster.posts)
        named = whole.observed.named.iter_rows()
        self._named = [(post, ticker) for post, ticker in named if post in evidence]
        self._known: dict[frozenset[str], Risk] = {frozenset(): self.risk}

    def without(self, posts: Collection[str]) -> Risk:
        """The risk as if these posts had never been seen."""
        gone = frozenset(posts)
        if gone not in self._known:
            self._known[gone] = self._scene(gone).without(gone).risk(self._rescore)
        return self._known[gone]

    def moved(self, posts: Collection[str], already: Collection[str] = ()) -> float:
        """By how much the log odds change when these posts go too; below 0: the risk falls."""
        gone = frozenset(already)
        return log_odds(self.without(gone | frozenset(posts))) - log_odds(self.without(gone))

    @property
    def scored(self) -> int:
        """How many sets of posts were scored."""
        return len(self._known)

    def _scene(self, gone: frozenset[str]) -> Scene:
        """The first that has the people who named the stock that is named most after that."""
        counts = Counter(ticker for post, ticker in self._named if post not in gone)
        most = max(counts.values(), default=0)
        leading = {ticker for ticker, posts in counts.items() if posts == most}
        return next(s for s in self._scenes if leading <= s.tickers or s is self._scenes[-1])


def log_odds(risk: Risk) -> float:
    """Of a risk's probability."""
    return float(logit(np.array(risk.probability)))


def _figures(risk: Risk) -> tuple[float, int]:
    return risk.probability, risk.score
