"""Clusters of successive runs, matched by the members they share: who goes on, who came, who went.

A *lineage* is one cluster followed over runs. Its *front* is how it was last seen; the clusters of
a run are matched against the fronts (Greene, Doyle and Cunningham 2010, who call them so), also
against those of lineages that ended: a ring that comes back after weeks is known again.

The rules, for a front of F members and a cluster of C that share B of them:

- *kin*: B is at least 2 (LEAST), and B/|F∪C| is at least 0.3 (JACCARD, as in Greene et al.) or B is
  at least half of the smaller one (CONTAINED; Takaffoli et al. 2011 match by such a share). The
  second clause sees a small cluster go into a large one, and a small part leave a large one.
- *may go on*: kin, and B is at least 0.3 of C (CARRIED). What an analyst said of a lineage must
  not cover a cluster that is nearly all new.
- Of all pairs that may go on, the one that shares most members is matched first, then by Jaccard,
  then by id; each lineage and each cluster once. So the largest part of a split keeps the lineage,
  and a merge keeps that of the ancestor that gives it most. Lineages that ended are asked last.

What becomes of them (Kind): a matched lineage had a growth, a shrink or a continuation (as many
members, perhaps others), or a return where it had ended, and a reuse for each stock it turned to.
An unmatched cluster is a split where a lineage that went on elsewhere might have gone on as it,
otherwise a birth. An unmatched lineage is a merge where it is kin of a cluster, otherwise a death.

Nothing here depends on an order. Scores do not look at it: it gives a name to what was found.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

LEAST = 2  # members in common
JACCARD = 0.3
CONTAINED = 0.5  # of the smaller one
CARRIED = 0.3  # of the cluster, so that it may bear the lineage's name
PUSHED = 0.3  # of the posts that name stocks: a stock that a cluster is about
TURN_LEAST = 5  # evidence posts on a new stock that make a turn, and
TURN_MEMBERS = 0.5  # at least so many a member, and
TURN_SHARE = 0.4  # of all that came: a feed names whatever there is


class Kind(StrEnum):
    """What became of a lineage in a run."""

    BIRTH = "birth"
    CONTINUATION = "continuation"
    GROWTH = "growth"
    SHRINK = "shrink"
    MERGE = "merge"
    SPLIT = "split"
    DEATH = "death"
    RETURN = "return"
    REUSE = "reuse"


@dataclass(frozen=True, slots=True)
class Group:
    """A cluster as one run found it. `named`: evidence posts by the stock they name."""

    id: str
    members: frozenset[str]
    named: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Front:
    """A lineage as it was last seen. `tickers`: the stocks it was about so far, oldest first."""

    lineage: str
    cluster: str
    members: frozenset[str]
    tickers: tuple[str, ...]
    named: Mapping[str, int]
    alive: bool = True


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a lineage. `other` is the other lineage or the stock, where there is one."""

    kind: Kind
    lineage: str
    cluster: str
    other: str | None
    size: int  # members after it
    joined: int
    gone: int
    says: str  # the sentence a person reads


@dataclass(frozen=True, slots=True)
class Story:
    """One run beside what was before it.

    `of`: cluster id → lineage id, a lineage for every cluster. `events` by lineage, kind and other.
    `fronts`: the lineages whose front changed, by id, each with the front it had (None: new).
    """

    of: Mapping[str, str]
    events: tuple[Event, ...]
    fronts: tuple[tuple[Front, Front | None], ...]


@dataclass(frozen=True, slots=True)
class _Overlap:
    """A front and a cluster that share members."""

    front: Front
    group: Group
    both: int

    @property
    def jaccard(self) -> float:
        return self.both / (len(self.front.members) + len(self.group.members) - self.both)

    @property
    def kin(self) -> bool:
        smaller = min(len(self.front.members), len(self.group.members))
        near = self.jaccard >= JACCARD or self.both >= CONTAINED * smaller
        return self.both >= LEAST and near

    @property
    def may_go_on(self) -> bool:
        return self.kin and self.both >= CARRIED * len(self.group.members)

    @property
    def rank(self) -> tuple[int, float, str, list[str]]:
        return (-self.both, -self.jaccard, self.front.lineage, sorted(self.group.members))


def follow(before: Sequence[Front], now: Sequence[Group], salt: str = "") -> Story:
    """What became of the lineages `before` in a run that found `now`, whatever the order of both.

    A new lineage is named by the members it began with; where that name is taken, `salt` (the
    run's id) makes another. Clusters may share accounts; raises ValueError for two of the same.
    """
    groups = sorted(now, key=lambda group: (sorted(group.members), group.id))
    _apart(groups)
    overlaps = [o for o in _overlaps(before, groups) if o.kin]
    matched = _match(overlaps)
    names = {g.id: o.front.lineage for g in groups if (o := matched.get(g.id))}
    taken = {front.lineage for front in before}
    for group in groups:
        if group.id not in names:
            names[group.id] = _new_name(group.members, salt, taken)
            taken.add(names[group.id])
    events = [*_of_clusters(groups, matched, overlaps, names), *_ended(before, overlaps, names)]
    return Story(
        names,
        tuple(sorted(events, key=lambda e: (e.lineage, e.kind, e.other or ""))),
        tuple(sorted(_fronts(before, groups, matched, names), key=lambda pair: pair[0].lineage)),
    )


def _apart(groups: Sequence[Group]) -> None:
    for one, other in pairwise(groups):  # in the order of their members
        if one.members == other.members:
            raise ValueError(f"{one.id} and {other.id} have the same accounts; make them one")


def _overlaps(before: Iterable[Front], groups: Iterable[Group]) -> Iterator[_Overlap]:
    homes: defaultdict[str, list[Group]] = defaultdict(list)
    for group in groups:
        for account in group.members:
            homes[account].append(group)
    for front in before:
        found = {g.id: g for a in front.members for g in homes.get(a, ())}
        shared = Counter(g.id for a in front.members for g in homes.get(a, ()))
        yield from (_Overlap(front, found[id], both) for id, both in shared.items())


def _match(overlaps: Sequence[_Overlap]) -> dict[str, _Overlap]:
    """By cluster id the lineage that goes on as it: living ones first, most members first."""
    matched: dict[str, _Overlap] = {}
    used: set[str] = set()
    may = [o for o in overlaps if o.may_go_on]
    for overlap in sorted(may, key=lambda o: (not o.front.alive, *o.rank)):
        if overlap.group.id not in matched and overlap.front.lineage not in used:
            matched[overlap.group.id] = overlap
            used.add(overlap.front.lineage)
    return matched


def _new_name(members: Iterable[str], salt: str, taken: set[str]) -> str:
    """As the id of a cluster of these members, or another where a lineage has that name."""
    for number in range(len(taken) + 2):
        parts = sorted(members) + ([salt, str(number)] if number else [])
        name = "l-" + hashlib.blake2b("\n".join(parts).encode(), digest_size=8).hexdigest()
        if name not in taken:
            return name
    raise AssertionError("more hashes collide than there are names")


def _of_clusters(
    groups: Sequence[Group],
    matched: Mapping[str, _Overlap],
    overlaps: Sequence[_Overlap],
    names: Mapping[str, str],
) -> Iterator[Event]:
    """What happened to the lineage of each cluster."""
    for group in groups:
        if overlap := matched.get(group.id):
            yield _went_on(overlap)
            yield from _reuses(overlap)
            continue
        parents = [o for o in overlaps if o.group is group and o.front.alive and o.may_go_on]
        yield _began(group, names[group.id], min(parents, key=lambda o: o.rank, default=None))


def _went_on(overlap: _Overlap) -> Event:
    front, group = overlap.front, overlap.group
    joined, gone = len(group.members) - overlap.both, len(front.members) - overlap.both
    kind = Kind.CONTINUATION
    if joined != gone:
        kind = Kind.GROWTH if joined > gone else Kind.SHRINK
    if not front.alive:
        kind = Kind.RETURN
    before, after = len(front.members), len(group.members)
    says = {
        Kind.CONTINUATION: f"went on with {after} accounts",
        Kind.GROWTH: f"grew from {before} to {after} accounts",
        Kind.SHRINK: f"shrank from {before} to {after} accounts",
        Kind.RETURN: f"came back with {after} accounts, {overlap.both} of them from before",
    }[kind] + (f" ({joined} joined, {gone} left)" if joined or gone else "")
    return Event(kind, front.lineage, group.id, None, after, joined, gone, says)


def _reuses(overlap: _Overlap) -> Iterator[Event]:
    front, group = overlap.front, overlap.group
    for ticker, posts in _turned(front, group):
        says = f"turned to ${ticker}: {posts} evidence posts on it since it was last seen"
        yield Event(Kind.REUSE, front.lineage, group.id, ticker, len(group.members), 0, 0, says)


def _turned(front: Front, group: Group) -> list[tuple[str, int]]:
    """Stocks that the lineage was not about so far, and that much of what came since names."""
    gained = {t: n - front.named.get(t, 0) for t, n in sorted(group.named.items())}
    gained = {t: n for t, n in gained.items() if n > 0}
    line = max(TURN_LEAST, TURN_MEMBERS * len(group.members), TURN_SHARE * sum(gained.values()))
    return [(t, n) for t, n in gained.items() if n >= line and t not in front.tickers]


def _began(group: Group, lineage: str, parent: _Overlap | None) -> Event:
    size = len(group.members)
    if parent is None:
        says = f"first seen with {size} accounts"
        return Event(Kind.BIRTH, lineage, group.id, None, size, size, 0, says)
    other = parent.front.lineage
    says = f"split off from {other}: {parent.both} of its {size} accounts were there"
    return Event(Kind.SPLIT, lineage, group.id, other, size, size - parent.both, 0, says)


def _ended(
    before: Sequence[Front], overlaps: Sequence[_Overlap], names: Mapping[str, str]
) -> Iterator[Event]:
    """What happened to the living lineages that no cluster carries on."""
    carried = set(names.values())
    for front in before:
        if front.alive and front.lineage not in carried:
            into = [o for o in overlaps if o.front is front]
            yield _end(front, min(into, key=lambda o: o.rank, default=None), names)


def _end(front: Front, into: _Overlap | None, names: Mapping[str, str]) -> Event:
    size = len(front.members)
    if into is None:
        says = f"ended: no cluster holds enough of its {size} accounts any more"
        return Event(Kind.DEATH, front.lineage, front.cluster, None, 0, 0, size, says)
    other, after = names[into.group.id], len(into.group.members)
    says = f"went into {other}: {into.both} of its {size} accounts are there now"
    return Event(Kind.MERGE, front.lineage, into.group.id, other, after, 0, size - into.both, says)


def _fronts(
    before: Sequence[Front],
    groups: Sequence[Group],
    matched: Mapping[str, _Overlap],
    names: Mapping[str, str],
) -> Iterator[tuple[Front, Front | None]]:
    """Fronts that are not as they were, each with the one before."""
    for group in groups:
        overlap = matched.get(group.id)
        old = overlap.front if overlap else None
        new = Front(names[group.id], group.id, group.members, _about(old, group), group.named)
        if new != old:
            yield new, old
    carried = set(names.values())
    for front in before:
        if front.alive and front.lineage not in carried:
            yield replace(front, alive=False), front


def _about(front: Front | None, group: Group) -> tuple[str, ...]:
    """The stocks that a lineage was about so far."""
    if front is not None:
        return front.tickers + tuple(t for t, _ in _turned(front, group))
    line = PUSHED * sum(group.named.values())
    counts: defaultdict[int, list[str]] = defaultdict(list)
    for ticker, posts in group.named.items():
        if posts >= line:
            counts[-posts].append(ticker)
    return tuple(t for posts in sorted(counts) for t in sorted(counts[posts]))
