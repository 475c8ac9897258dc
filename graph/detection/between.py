"""What two accounts shared, whether or not it ties them: the traces and the engine, for one pair.

For two accounts it takes only their own posts and what else was posted at the objects they share,
so it can be asked of a store in a moment. What it cannot say from these is the chance of a meeting
where chance is taken over everybody (links, texts): that takes a whole run. For stocks it can,
because there chance is taken within the stock (traces/co_ticker.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from graph.detection.acts import Acts, encode
from graph.detection.coaction import MOST_POPULAR, evidence, meet
from graph.detection.observed import Observed
from graph.detection.significance import judge
from graph.detection.traces import ALL
from graph.detection.traces.trace import Trace
from graph.model import CoAction, Millis
from graph.windows import DAY, millis

ASKED = ("same_text", "near_text", "co_link", "co_ticker")  # most telling first
STRATUM_DAYS = 30
_EVERYBODY = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two posts that did the same thing within a window, and how many accounts did it then."""

    act: CoAction
    accounts: int  # in that episode, as far as its posts were given

    @property
    def too_popular(self) -> bool:
        """So many did it that the engine lets it tie nobody."""
        return self.accounts > MOST_POPULAR


@dataclass(frozen=True, slots=True)
class Answer:
    """One trace in one window.

    `expected`: meetings that chance gives, where it can be told from the posts; at least so many,
    where only some of the shared objects came with all their posts: there is no `p_value` then.
    `p_value` is that of this question alone, before it is multiplied by the number of questions.
    """

    trace: str
    says: str
    window: str
    times: int  # episodes in which both took part, those of too many accounts aside
    expected: float | None = None
    p_value: float | None = None


@dataclass(frozen=True, slots=True)
class Apart:
    """Something both did, but never within the trace's widest window of each other."""

    trace: str
    object: str
    window: str
    seconds: float  # between the nearest two posts


@dataclass(frozen=True, slots=True)
class Between:
    """What the posts say of two accounts; each two posts once, under what says most of them."""

    meetings: tuple[Meeting, ...]
    answers: tuple[Answer, ...]
    apart: tuple[Apart, ...]


def between(observed: Observed, left: str, right: str, whole: Collection[str] = ()) -> Between:
    """What `left` and `right` (left < right) shared, by every trace of ASKED in every window.

    `observed` holds their posts, and what others posted at the objects at which they met. `whole`
    are the stocks on which it holds every post, so that chance can be told there.
    """
    met: list[tuple[int, Meeting]] = []
    answers: list[Answer] = []
    apart: list[Apart] = []
    for trace, acts, near in _asked(observed, left, right):
        for window in trace.windows:
            found = list(_meetings(trace.name, window, acts, near, (left, right)))
            met += [(len(answers), meeting) for meeting in found]
            answer = Answer(trace.name, trace.says, window, _times(found))
            if trace.name == "co_ticker" and found:
                answer = _judged(answer, acts, (left, right), whole)
            answers.append(answer)
        apart += _apart(trace, acts, (left, right))
    return Between(tuple(_once(met)), tuple(answers), tuple(apart))


def shared_objects(observed: Observed, left: str, right: str, trace: str) -> list[str]:
    """The objects of a trace that both acted on, sorted."""
    acts = ALL[trace].acts(observed)
    return _both(acts, left, right)["object"].unique().sort().to_list()


def met_objects(observed: Observed, left: str, right: str, trace: str) -> list[str]:
    """Those at which they met in any of its windows; their own posts are enough to tell."""
    acts = _both(ALL[trace].acts(observed), left, right)
    found = {
        meeting.act.object
        for window in ALL[trace].windows
        for meeting in _meetings(trace, window, acts, None, (left, right))
    }
    return sorted(found)


def _asked(
    observed: Observed, left: str, right: str
) -> Iterator[tuple[Trace, pl.DataFrame, pl.DataFrame | None]]:
    """Each trace, its acts at objects that both acted on, and which texts are near each other."""
    for name in ASKED:
        trace = ALL[name]
        acts, near = trace.look(observed) if trace.look else (trace.acts(observed), None)
        yield trace, _both(acts, left, right), near


def _both(acts: pl.DataFrame, left: str, right: str) -> pl.DataFrame:
    mine = acts.filter(pl.col("account").is_in([left, right]))
    shared = mine.group_by("object").agg(pl.col("account").n_unique().alias("n"))
    return acts.join(shared.filter(pl.col("n") == 2).select("object"), on="object", how="semi")


def _meetings(
    trace: str, window: str, acts: pl.DataFrame, near: pl.DataFrame | None, pair: tuple[str, str]
) -> Iterator[Meeting]:
    if acts.is_empty():
        return
    coded = encode(acts)
    found = meet(coded, millis(window), STRATUM_DAYS * DAY, near, _EVERYBODY)
    for row in evidence(found, _key(coded, pair)).iter_rows(named=True):
        seconds = (row["right_at"] - row["left_at"]) / 1000
        act = CoAction(row["left_post"], row["right_post"], trace, row["object"], window, seconds)
        yield Meeting(act, row["popularity"])


def _key(acts: Acts, pair: tuple[str, str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    left, right = (int(acts.accounts.search_sorted(id)) for id in pair)
    return np.array([left * len(acts.accounts) + right], dtype=np.int64)


def _times(found: Iterable[Meeting]) -> int:
    return sum(not meeting.too_popular for meeting in found)


def _judged(
    answer: Answer, acts: pl.DataFrame, pair: tuple[str, str], whole: Collection[str]
) -> Answer:
    """The answer with chance, by the null of a run. The only place here that knows the null."""
    known = acts.filter(pl.col("object").is_in(list(whole)))
    if known.is_empty():
        return answer
    coded = encode(known)
    meetings = meet(coded, millis(answer.window), STRATUM_DAYS * DAY)
    rows = judge(meetings).filter(pl.col("pair") == _key(coded, pair)[0])
    if rows.is_empty():
        return answer
    (row,) = rows.iter_rows(named=True)
    complete = known.height == acts.height
    return replace(answer, expected=row["expected"], p_value=row["p_value"] if complete else None)


def _apart(trace: Trace, acts: pl.DataFrame, pair: tuple[str, str]) -> Iterator[Apart]:
    """Shared objects at which the two never came within the trace's widest window."""
    window = max(trace.windows, key=millis)
    left, right = (acts.filter(pl.col("account") == id) for id in pair)
    theirs = dict(right.group_by("object").agg("at").iter_rows())
    for object, mine in left.group_by("object").agg("at").sort("object").iter_rows():
        seconds = _nearest(mine, theirs[object]) / 1000
        if seconds * 1000 > millis(window):
            yield Apart(trace.name, object, window, seconds)


def _nearest(mine: Sequence[Millis], theirs: Sequence[Millis]) -> float:
    """The smallest difference of two moments, one of each side."""
    a, b = np.array(mine), np.sort(np.array(theirs))
    after = np.searchsorted(b, a)
    gaps = [np.abs(a - b[np.clip(at, 0, len(b) - 1)]).min() for at in (after - 1, after)]
    return float(min(gaps))


def _once(met: Iterable[tuple[int, Meeting]]) -> list[Meeting]:
    """Each two posts under the most telling question that saw them."""
    best: dict[tuple[str, str], tuple[int, Meeting]] = {}
    for rank, meeting in met:
        key = (meeting.act.left_post, meeting.act.right_post)
        if key not in best or rank < best[key][0]:
            best[key] = (rank, meeting)
    return [meeting for _, meeting in sorted(best.values(), key=lambda item: item[0])]
