"""Detection over a stream: what a batch over the posts in the horizon says, whatever came when.

Posts come in any order, late ones too, and may be taken back. After each step the engine stands
where `ties.tables` would stand on the posts it holds, to the last bit. Those are the posts with
`at >= open_from`, the newest time known less the horizon; older ones are forgotten, so that memory
is what the horizon holds. A post that comes for a time already closed is counted and not taken.

A step costs what it changes: the stretches of the timelines that the posts reach (stretches.py).
Reading judges every pair anew, because every post moves the margins of its stratum a little
(asked.py).

It covers the traces whose acts hang on the post alone, or on whose post it points to (answers.py).
near_text, same_meaning and same_image group what was posted by what else was posted, lockstep and
account_metadata look at all posts of a platform or an account: run a batch for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import cast

import numpy as np
import polars as pl

from graph.detection.acts import Codes
from graph.detection.coaction import MOST_POPULAR
from graph.detection.incremental.held import Held
from graph.detection.incremental.lines import ALONE, POINTING, Line
from graph.detection.incremental.refresh import tables
from graph.detection.incremental.stretches import BEGAN, Scratch
from graph.detection.incremental.touching import co_actions, meetings
from graph.detection.observed import Observed
from graph.detection.ties import Tables
from graph.detection.traces.trace import ACTS, Trace
from graph.errors import UsageError
from graph.model import Millis


@dataclass(frozen=True, slots=True)
class Arrived:
    """Posts of an update. `taken` in; `repeated`, because held already; `closed`, older than what
    is held; `ahead`, dated after the observation, to be brought again. `left`: posts held before
    that left the horizon because of it."""

    taken: int = 0
    repeated: int = 0
    closed: int = 0
    ahead: int = 0
    left: int = 0

    def __add__(self, other: Arrived) -> Arrived:
        return Arrived(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class Removed:
    """Posts taken back, and those that were not held: never seen, taken back before, or closed."""

    removed: int
    unknown: tuple[str, ...]


class Incremental:
    """An engine over `traces`, the most telling first; each is asked in each of its windows.

    `span` is the length of a stratum and `horizon` how far back posts are held, in milliseconds.
    Raises UsageError for a trace that it does not cover, and for lengths that cannot be.
    """

    def __init__(
        self,
        traces: Sequence[Trace],
        span: Millis,
        horizon: Millis,
        most_popular: int = MOST_POPULAR,
    ) -> None:
        if span <= 0 or horizon <= 0:
            raise UsageError("a stratum and a horizon last at least a millisecond")
        beyond = [trace.name for trace in traces if trace.name not in (*ALONE, *POINTING)]
        if beyond or not traces:
            covered = ", ".join((*ALONE, *POINTING))
            raise UsageError(f"{(*beyond, 'nothing')[0]} is not covered; there are {covered}")
        self._span, self._horizon, self._most_popular = span, horizon, most_popular
        self._lines = [Line(trace, span, most_popular) for trace in traces]
        self._held, self._scratch = Held(), Scratch()
        self.newest: Millis = 0
        self.counted = Arrived()

    def __len__(self) -> int:
        """Posts held."""
        return len(self._held.posts)

    @property
    def open_from(self) -> Millis:
        """The time from which on posts are held."""
        return max(self.newest - self._horizon, 0)

    def update(self, observed: Observed) -> Arrived:
        """Takes posts in, in any order and of any time from `open_from` on. A post brings all its
        acts at once; one that is held already stays as it is (see `edit`).

        Raises UsageError, and changes nothing, where a time or a stratum cannot be.
        """
        new = self._new(observed)
        known = new.filter(pl.col("at") <= observed.as_of)
        newest = max(self.newest, cast(int, known["at"].max() or 0))
        floor = max(newest - self._horizon, 0)
        taken = known.filter(pl.col("at") >= floor)
        acts = [line.acts(replace(observed, posts=taken)) for line in self._lines]
        self.newest = newest
        gone = self._held.before(floor)
        came = self._put(taken)
        self._change(acts, came, gone)
        arrived = Arrived(
            taken=taken.height,
            repeated=observed.posts.height - new.height,
            closed=known.height - taken.height,
            ahead=new.height - known.height,
            left=len(gone),
        )
        self.counted += arrived
        return arrived

    def remove(self, posts: Sequence[str]) -> Removed:
        """Takes posts back, as if they had never come. The horizon does not move back."""
        names = list(dict.fromkeys(posts))
        codes = self._held.posts.found(names)
        unknown = tuple(name for name, code in zip(names, codes, strict=True) if code < 0)
        nothing = pl.DataFrame(schema=ACTS)
        self._change([nothing] * len(self._lines), codes[:0], codes[codes >= 0])
        return Removed(len(names) - len(unknown), unknown)

    def edit(self, observed: Observed) -> Arrived:
        """Posts as they are now in place of what was held of them; unknown ones are taken in."""
        self._new(observed)
        self.remove(observed.posts["post"].to_list())
        return self.update(observed)

    def _new(self, observed: Observed) -> pl.DataFrame:
        """Distinct posts that are not held."""
        posts = observed.posts.unique("post", keep="first", maintain_order=True)
        low, high = cast(int, posts["at"].min() or 0), cast(int, posts["at"].max() or 0)
        if low < 0 or high // self._span >= 1 << BEGAN:
            raise UsageError(
                f"times of posts lie from {low} to {high}, but must lie from 0 to "
                f"{(self._span << BEGAN) - 1}, which is {1 << BEGAN} strata"
            )
        held = self._held.posts.found(posts["post"].to_list()) >= 0
        return posts.filter(~held)

    def _put(self, posts: pl.DataFrame) -> Codes:
        own = posts["repost_of"].is_null().to_numpy()
        names, accounts = posts["post"].to_list(), posts["account"].to_list()
        came = self._held.put(names, accounts, posts["at"].to_numpy(), own)
        self._scratch.reach(self._held.accounts.room)
        return came

    def _change(self, acts: Sequence[pl.DataFrame], came: Codes, gone: Codes) -> None:
        for line, frame in zip(self._lines, acts, strict=True):
            line.change(frame, came, gone, self._held, self._scratch)
        self._held.leave(gone)

    def tables(
        self,
        keep: float = 1.0,
        fdr: float = 1.0,
        least: int = 1,
        half_life: Millis | None = None,
    ) -> Tables:
        """What `ties.tables` says of the posts held, with the accounts that posted anything of
        their own as the family. Only `episode` in the evidence is numbered otherwise."""
        return tables(self._lines, self._held, self._most_popular, keep, fdr, least, half_life)

    def co_actions(self, posts: Sequence[str]) -> pl.DataFrame:
        """What `posts` take part in, and how often those pairs met so far: see `touching`.

        Raises UsageError for a post that is not held.
        """
        names = list(dict.fromkeys(posts))
        codes = self._held.posts.found(names)
        if (codes < 0).any():
            raise UsageError(f"post {names[int(np.argmin(codes))]!r} is not held")
        return co_actions(self._lines, self._held, codes, self._most_popular)

    def meetings(self) -> pl.DataFrame:
        """How often each pair met, by trace, window and level of popularity: see `touching`."""
        return meetings(self._lines, self._held)
