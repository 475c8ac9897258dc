"""Detection over a stream of posts, equal to the batch at every moment: see engine.py.

engine = Incremental([same_text.TRACE, co_link.TRACE], span=30 * DAY, horizon=30 * DAY)
engine.update(observed)          # any order, late posts too
engine.remove(["x:17"])          # deleted posts
engine.tables(fdr=0.05).ties     # what ties.tables says of the posts held
"""

from __future__ import annotations

from graph.detection.incremental.engine import Arrived, Incremental, Removed

__all__ = ["Arrived", "Incremental", "Removed"]
