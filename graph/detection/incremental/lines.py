"""One trace under change: its timeline, and by window what stands of incidences and meetings."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import compress

import numpy as np
import polars as pl

from graph.detection.acts import Codes
from graph.detection.incremental.answers import Aside, answering, as_if_unknown, own
from graph.detection.incremental.chains import Chains
from graph.detection.incremental.classes import Classes
from graph.detection.incremental.held import Held
from graph.detection.incremental.names import Names, grown
from graph.detection.incremental.stretches import PLACE, Scratch, difference
from graph.detection.incremental.tally import Tally
from graph.detection.incremental.timeline import Moves, Timeline
from graph.detection.margins import Floats
from graph.detection.observed import Observed
from graph.detection.traces.trace import Trace
from graph.errors import UsageError
from graph.model import Millis
from graph.windows import millis


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in one window of a trace. `fits`: chances and spread by stratum, last fitted."""

    trace: str
    window: str
    millis: Millis
    incidences: Tally = field(default_factory=Tally)
    meetings: Tally = field(default_factory=Tally)
    classes: Classes = field(default_factory=Classes)
    fits: dict[int, tuple[Floats, Floats]] = field(default_factory=dict)


# Traces whose acts hang on nothing but the post, and those that hang on whose post it points to.
ALONE = (
    "same_text",
    "hashtag_sequence",
    "co_link",
    "co_mention",
    "co_hashtag",
    "co_domain",
    "co_ticker",
)
POINTING = ("co_reply", "co_repost")


class Line:
    """A trace's acts by object and time, and what they make in each of its windows."""

    def __init__(self, trace: Trace, span: Millis, most_popular: int) -> None:
        self.trace = trace
        self.timeline = Timeline()
        self.objects, self.places = Names(), Names()
        self.place: Codes = np.zeros(1024, dtype=np.int32)  # by object
        self.standing = [
            Standing(trace.name, window, millis(window))
            for window in sorted(trace.windows, key=millis)
        ]
        self._span, self._most_popular = span, most_popular
        self._chains = Chains()
        self._aside = Aside() if trace.name in POINTING else None

    def acts(self, observed: Observed) -> pl.DataFrame:
        """The acts of posts that come. Raises UsageError where an object would lie in two strata,
        or where there are too many of these."""
        pointing = self._aside is not None
        acts = as_if_unknown(self.trace, observed) if pointing else self.trace.acts(observed)
        objects, places = acts["object"].to_list(), acts["stratum"].to_list()
        said = dict(zip(objects, places, strict=True))
        code, place = self.objects.found(objects), self.places.found(places)
        moved = (code >= 0) & (self.place[code] != place)
        for n, (name, where) in enumerate(zip(objects, places, strict=True)):
            if moved[n] or said[name] != where:
                raise UsageError(
                    f"{self.trace.name}: {name!r} is in stratum {where!r} and in another one; an "
                    "object has one stratum"
                )
        if len(self.places) + len(set(places)) > 1 << PLACE:
            raise UsageError(f"{self.trace.name}: more than {1 << PLACE} strata at one time")
        return acts

    def change(
        self, acts: pl.DataFrame, came: Codes, gone: Codes, held: Held, scratch: Scratch
    ) -> None:
        """Takes acts in, and those of the posts `gone` out. `came`: all posts that come; all of
        them are held, and those that go are still held."""
        post = held.posts.found(acts["post"].to_list())
        objects, places = acts["object"].to_list(), acts["stratum"].to_list()
        if self._aside is not None:
            post, objects, gone = self._sifted(self._aside, post, objects, came, gone, held)
            places = [""] * len(objects)
        out, left = self._chains.pop(gone)
        new, where = self.objects.taken(objects), self.places.taken(places)
        self.objects.hold(new)
        self.places.hold(where)
        self.place = grown(self.place, self.objects.room)
        self.place[new] = where
        both = np.concatenate([out, post])
        add = np.arange(len(both)) >= len(out)
        moves = Moves(np.concatenate([left, new]), held.at[both], held.account[both], both, add)
        self._move(moves, scratch)
        self._chains.put(post, new)
        self.places.leave(self.place[left])
        self.objects.leave(left)

    def acts_of(self, posts: Codes) -> tuple[Codes, Codes]:
        """The acts of distinct posts: the post and the object of each."""
        return self._chains.of(posts)

    def _sifted(
        self, aside: Aside, post: Codes, names: list[str], came: Codes, gone: Codes, held: Held
    ) -> tuple[Codes, list[str], Codes]:
        """Of acts that point to posts, those that count, with those that count again; and the
        posts to take out, with those that count no more."""
        again, again_to = aside.back(gone, held)
        no_more, no_more_to = answering(came, held, self.objects, self.timeline)
        stays = ~np.isin(no_more, gone)
        aside.put(no_more[stays], [*compress(no_more_to, stays)])
        for_itself = own(post, names, held, gone)
        aside.put(post[for_itself], [*compress(names, for_itself)])
        return (
            np.concatenate([post[~for_itself], again]),
            [*compress(names, ~for_itself), *again_to],
            np.union1d(gone, no_more).astype(np.int32),
        )

    def _move(self, moves: Moves, scratch: Scratch) -> None:
        """Tells each window what changes, then the timeline."""
        if not len(moves.at):
            return
        drawn = self.timeline.redrawn(moves)
        for one in self.standing:
            change = difference(
                self.timeline,
                drawn,
                self.place,
                one.millis,
                self._span,
                self._most_popular,
                scratch,
            )
            one.incidences.note(change.incidences)
            one.meetings.note(change.meetings)
            one.classes.note(change)
        self.timeline.take(drawn)
