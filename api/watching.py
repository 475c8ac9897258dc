"""Posts as they come, and what they make of the posts before: a cluster that passes the alert line.

The stream asks the traces that hang on the post alone (graph/detection/incremental/). What compares
texts or meanings with everything else waits for a whole run. A sighting is therefore early, and the
run after it says the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gnn.score import Scorer
from graph.detection import Settings, grouped, largest_p
from graph.detection.incremental import Arrived, Incremental
from graph.detection.joined import joined, since
from graph.detection.lineage import CARRIED
from graph.detection.observed import Observed, from_values
from graph.detection.traces import co_link, co_ticker, same_text
from graph.model import Cluster, Millis, PriceEvent, Risk, Tie
from graph.windows import DAY
from ingest.record import Record

TRACES = (same_text.TRACE, co_link.TRACE, co_ticker.TRACE)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A cluster at or above the line that was not told before, or whose band is a higher one."""

    cluster: Cluster
    risk: Risk
    before: int | None  # the score it was told with last; None: it is new


@dataclass(frozen=True, slots=True)
class Standing:
    """Ties, strongest first, clusters, and their risks by cluster id."""

    ties: tuple[Tie, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    risks: Mapping[str, Risk] = field(default_factory=dict)


@dataclass(slots=True)
class _Told:
    accounts: frozenset[str]
    score: int
    band: str


@dataclass(slots=True)
class Watch:
    """What stands after the posts so far, over the last `horizon` milliseconds of posts."""

    scorer: Scorer
    alert_at: int
    horizon: Millis = 30 * DAY
    events: Sequence[PriceEvent] = ()
    settings: Settings = field(default_factory=Settings)
    seen: Observed = field(init=False)
    _engine: Incremental = field(init=False)
    _told: list[_Told] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._engine = Incremental(TRACES, self.settings.stratum_days * DAY, self.horizon)
        self.seen = from_values((), (), 0)

    def __len__(self) -> int:
        """Posts held."""
        return len(self._engine)

    def records(self, found: Iterable[Record]) -> Arrived:
        """Takes in what a source gave, as known when its newest post was."""
        all_of_them = list(found)
        posts = [post for one in all_of_them for post in one.posts]
        people = [one for record in all_of_them for one in record.accounts]
        newest = max((post.known_at for post in posts), default=0)
        return self.take(from_values(posts, people, max(newest, self.seen.as_of)))

    def take(self, came: Observed) -> Arrived:
        """Takes in posts as frames."""
        arrived = self._engine.update(came)
        self.seen = joined(self.seen, came)
        first = self.seen.posts["at"].min()
        if isinstance(first, int) and first < self._engine.open_from - DAY:
            self.seen = since(self.seen, self._engine.open_from)  # a day at a time
        return arrived

    def standing(self) -> Standing:
        """What the posts so far make, told or not."""
        found = self._engine.tables(keep=largest_p(self.seen, self.settings))
        if found.ties.is_empty():
            return Standing()
        made = grouped(found, self.seen, self.settings)
        risks = self.scorer.clusters(self.seen, made.ties, made.clusters, self.events)
        return Standing(made.ties, made.clusters, risks)

    def look(self, now: Standing | None = None) -> list[Sighting]:
        """What is to be told now, gravest first. `now`: what stands, where it was asked already."""
        made = now or self.standing()
        risks = made.risks
        above = [c for c in made.clusters if risks[c.id].score >= self.alert_at]
        above.sort(key=lambda c: (-risks[c.id].score, c.id))
        sightings = (self._sighting(cluster, risks[cluster.id]) for cluster in above)
        return [one for one in sightings if one is not None]

    def _sighting(self, cluster: Cluster, risk: Risk) -> Sighting | None:
        """Remembers the cluster; None where it was told before in the same band or a higher one.

        It was told before where CARRIED of it was there then, the rule by which lineages go on.
        """
        accounts = frozenset(member.account_id for member in cluster.members)
        known = [t for t in self._told if len(t.accounts & accounts) >= CARRIED * len(accounts)]
        if not known:
            self._told.append(_Told(accounts, risk.score, risk.band))
            return Sighting(cluster, risk, None)
        old = max(known, key=lambda t: len(t.accounts & accounts))
        old.accounts |= accounts
        if risk.band == old.band or risk.score <= old.score:
            return None
        before, old.score, old.band = old.score, risk.score, risk.band
        return Sighting(cluster, risk, before)
