"""Acts that point to a post, which count only while it is not known to be the account's own.

Who answers or reposts himself does not act. Whether he does can change: the post that is pointed to
may come later, be taken back, or leave the horizon. Acts that do not count are kept aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from graph.detection.acts import Codes
from graph.detection.incremental.held import Held
from graph.detection.incremental.names import Names
from graph.detection.incremental.timeline import Timeline
from graph.detection.observed import Observed
from graph.detection.traces.trace import Trace

_MASK = "\x00"


def as_if_unknown(trace: Trace, observed: Observed) -> pl.DataFrame:
    """The acts there would be if nobody knew whose the posts are that are pointed to."""
    masked = observed.posts.with_columns((_MASK + pl.col("post")).alias("post"))
    acts = trace.acts(replace(observed, posts=masked))
    return acts.with_columns(pl.col("post").str.strip_prefix(_MASK))


def own(post: Codes, names: Sequence[str], held: Held, gone: Codes) -> npt.NDArray[np.bool_]:
    """Which acts point to a post of the same account that is held and not about to go."""
    to = held.posts.found(names)
    known = (to >= 0) & ~np.isin(to, gone)
    return np.asarray(known & (held.account[to] == held.account[post]))


def answering(
    came: Codes, held: Held, objects: Names, timeline: Timeline
) -> tuple[Codes, list[str]]:
    """Acts that stand and point to a post that `came`, of the same account; and to which."""
    names = held.posts.named(came)
    found = [np.zeros(0, dtype=np.int32)]
    to: list[str] = []
    for post, name, o in zip(came.tolist(), names, objects.found(names).tolist(), strict=True):
        if o >= 0:
            block = slice(timeline.begin[o], timeline.begin[o] + timeline.size[o])
            mine = timeline.post[block][timeline.account[block] == held.account[post]]
            found.append(mine)
            to += [name] * len(mine)
    return np.concatenate(found), to


class Aside:
    """Acts that do not count: the post that acts, and the name of the post it points to."""

    def __init__(self) -> None:
        self._to: dict[int, str] = {}
        self._from: dict[str, set[int]] = {}

    def put(self, posts: Codes, names: Sequence[str]) -> None:
        """Keeps acts."""
        for post, name in zip(posts.tolist(), names, strict=True):
            self._to[post] = name
            self._from.setdefault(name, set()).add(post)

    def back(self, gone: Codes, held: Held) -> tuple[Codes, list[str]]:
        """Forgets the acts of posts that go; returns those that count again without them."""
        for post in gone.tolist():
            if name := self._to.pop(post, ""):
                self._from[name].discard(post)
        posts: list[int] = []
        to: list[str] = []
        for name in held.posts.named(gone):
            for post in sorted(self._from.pop(name, ())):
                del self._to[post]
                posts.append(post)
                to.append(name)
        return np.array(posts, dtype=np.int32), to
