"""How a cluster behaves, a small function a measure: its ties, posts, people, voices, and what went
on around it. features.py says what each is called and which way it speaks.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from gnn.view import DAY, HOUR, View

LATELY = 20 * DAY
LEAST_P = 1e-30


# -- ties ---------------------------------------------------------------------------------------


def mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0


def median(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if len(values) else None


def density(view: View) -> float:
    pairs = len(view.members) * (len(view.members) - 1) / 2
    return len(view.ties) / pairs if pairs else 0.0


def trace_share(*traces: str) -> Callable[[View], float]:
    """Ties that one of the traces saw. Traces of texts are nested and a meeting is counted under
    the strictest: who said the same in the same words also said the same."""
    return lambda view: mean([float(not set(traces).isdisjoint(tie.traces)) for tie in view.ties])


def surprise(view: View) -> float:
    """How many times more shared acts than chance gives, the median tie, as log10."""
    ratios = [math.log10((tie.co_actions + 1) / (tie.expected + 1)) for tie in view.ties]
    return median(ratios) or 0.0


# -- posts and time -----------------------------------------------------------------------------


def share(view: View, holds: Callable[[str], bool]) -> float:
    return mean([float(holds(post)) for post in view.ids])


def gap_minutes(view: View) -> float:
    return (median(np.diff(view.at).tolist()) or 0.0) / 60_000


def span_days(view: View) -> float:
    return float(view.at[-1] - view.at[0]) / DAY if len(view.at) else 0.0


def within_hour(view: View) -> float:
    if len(view.at) < 2:
        return 0.0
    close = np.diff(view.at) <= HOUR
    return float((np.append(close, False) | np.append(False, close)).mean())


def busiest_hour(view: View) -> float:
    if not len(view.at):
        return 0.0
    until = np.searchsorted(view.at, view.at + HOUR, side="right")
    return float((until - np.arange(len(view.at))).max() / len(view.at))


def waves(view: View) -> float:
    return float(1 + (np.diff(view.at) > DAY).sum()) if len(view.at) else 0.0


def distinct_texts(view: View) -> float:
    return len({row.text_id for row in view.rows}) / len(view.rows) if view.rows else 1.0


def commonest_text(view: View) -> float:
    counts = Counter(row.text_id for row in view.rows if row.text_id)
    return max(counts.values()) / len(view.rows) if counts else 0.0


def distinct_links(view: View) -> float | None:
    links = [link for post in view.ids for link in view.world.links.get(post, ())]
    return len(set(links)) / len(links) if links else None


def client(view: View) -> float | None:
    known = Counter(row.client for row in view.rows if row.client)
    return max(known.values()) / known.total() if known else None


# -- stocks -------------------------------------------------------------------------------------


def top_share(view: View) -> float:
    return view.named[view.top] / len(view.ids) if view.top else 0.0


def entropy(view: View) -> float:
    total = view.named.total()
    return -math.fsum(n / total * math.log2(n / total) for n in view.named.values()) + 0.0


# -- people -------------------------------------------------------------------------------------


def member_posts(view: View) -> float:
    return float(sum(view.world.posts_by.get(member, 0) for member in view.members))


def posts_per_member(view: View) -> float:
    return len(view.rows) / len(view.members) if view.members else 0.0


def evidence_share(view: View) -> float:
    total = member_posts(view)
    return sum(row.account in view.members for row in view.rows) / total if total else 0.0


def repeaters(view: View) -> float:
    counts = Counter(row.account for row in view.rows)
    return mean([float(counts[member] > 1) for member in sorted(view.members)])


def created(view: View) -> list[int]:
    known = (view.world.profiles.get(member) for member in view.members)
    return sorted(p.created_at for p in known if p is not None and p.created_at is not None)


def age_days(view: View) -> float | None:
    first = int(view.at[0]) if len(view.at) else view.world.as_of
    return median([(first - created) / DAY for created in created(view)])


def young(view: View) -> float | None:
    first = int(view.at[0]) if len(view.at) else view.world.as_of
    return mean_or_none([float(first - created < 90 * DAY) for created in created(view)])


def born_together(view: View) -> float | None:
    made = np.array(created(view), dtype=np.int64)
    if len(made) < 2:
        return None
    close = np.diff(made) <= 7 * DAY
    return float((np.append(close, False) | np.append(False, close)).mean())


def mean_or_none(values: Sequence[float]) -> float | None:
    return mean(values) if values else None


def followers(view: View) -> float | None:
    known = (view.world.profiles.get(member) for member in view.members)
    return median(sorted(p.followers for p in known if p is not None and p.followers is not None))


def stocks_per_member(view: View) -> float:
    counts = [float(len(view.world.stocks_by.get(member, ()))) for member in view.members]
    return median(counts) or 0.0


# -- crowd and market ---------------------------------------------------------------------------


def popularity(view: View) -> float | None:
    if view.top is None or not view.world.namers:
        return None
    people = set(view.world.crowds[view.top].accounts)
    return len(people) / view.world.namers


def outsiders(view: View) -> float | None:
    if view.top is None:
        return None
    crowd = view.world.crowds[view.top]
    first, last = np.searchsorted(crowd.at, [view.at[0] - HOUR, view.at[-1] + HOUR])
    return float(len(set(crowd.accounts[first:last]) - view.members))


def others_surge(view: View) -> float | None:
    """Accounts a day outside the cluster that name its main stock meanwhile, over those LATELY
    before, as log10: where everybody talks, nobody needs to be asked."""
    others = outsiders(view)
    before = known_before(view)
    if others is None or before is None:
        return None
    days = max(float(view.at[-1] - view.at[0]) / DAY, 1.0)
    return math.log10((others / days + 0.1) / (before * DAY / LATELY + 0.1))


def ours(view: View) -> float:
    """Members over everyone who named the top stock while the cluster did."""
    others = outsiders(view)
    if others is None or not view.members:
        return 0.0
    return len(view.members) / (len(view.members) + others)


def largest_move(view: View) -> float | None:
    return max((abs(event.z) for event in view.events), default=None)


def lead_hours(view: View) -> float | None:
    """First post before the nearest event; negative: the event came first."""
    if not view.events:
        return None
    leads = [(event.at - int(view.at[0])) / HOUR for event in view.events]
    return max(-72.0, min(72.0, min(leads, key=abs)))


# -- voices and before --------------------------------------------------------------------------


def widest(view: View) -> float:
    """Members that the widest voice has, as a share."""
    widest = max((voice.accounts for voice in view.cluster.voices), default=0)
    return min(widest / max(len(view.members), 1), 1.0)


def surest(view: View) -> float:
    p = min((voice.p_value for voice in view.cluster.voices), default=1.0)
    return -math.log10(max(p, LEAST_P))


def voice_share(kind: str) -> Callable[[View], float]:
    return lambda view: mean([float(voice.kind == kind) for voice in view.cluster.voices])


def answers(view: View) -> float:
    return mean([float(row.answer) for row in view.rows])


def newcomers(view: View) -> float | None:
    """Members that had never named the main stock before the cluster's first post."""
    if view.top is None:
        return None
    crowd = view.world.crowds[view.top]
    before = set(crowd.accounts[: int(np.searchsorted(crowd.at, view.at[0]))])
    return mean([float(member not in before) for member in sorted(view.members)])


def known_before(view: View) -> float | None:
    """Accounts that named the main stock in the LATELY before the cluster's first post."""
    if view.top is None:
        return None
    crowd = view.world.crowds[view.top]
    since, until = np.searchsorted(crowd.at, [view.at[0] - LATELY, view.at[0]])
    return float(len(set(crowd.accounts[since:until])))


def surge(view: View) -> float | None:
    """Posts a day on the main stock while the cluster acts, over those LATELY before, as log10."""
    if view.top is None:
        return None
    crowd = view.world.crowds[view.top]
    since, first = np.searchsorted(crowd.at, [view.at[0] - LATELY, view.at[0]])
    last = np.searchsorted(crowd.at, view.at[-1], side="right")
    days = max(float(view.at[-1] - view.at[0]) / DAY, 1.0)
    return math.log10(((last - first) / days + 0.1) / ((first - since) * DAY / LATELY + 0.1))


def said_alike(view: View) -> float:
    """Of the members' posts on the main stock meanwhile, those that are evidence."""
    if view.top is None:
        return 0.0
    crowd = view.world.crowds[view.top]
    since, until = np.searchsorted(crowd.at, [view.at[0], view.at[-1] + 1])
    ours = sum(account in view.members for account in crowd.accounts[since:until])
    shown = sum(
        row.account in view.members and view.top in view.world.tickers.get(post, ())
        for post, row in zip(view.ids, view.rows, strict=True)
    )
    return shown / ours if ours else 0.0
