"""What is measured of a cluster, each thing declared once: its name, its words, its measure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from gnn.measure import SCHEMA, Feature, Features, measure
from gnn.view import DAY, HOUR, View, says_giveaway, views, world
from graph.detection.observed import Observed
from graph.model import Cluster, PriceEvent, Tie

__all__ = ["CLUSTER", "SCHEMA", "TRACES", "Feature", "Features", "cluster_features"]

TRACES = ("same_text", "near_text", "same_meaning", "co_link", "co_ticker")
_TRACE_WORDS = {
    "same_text": "ties in which both posted the same text",
    "near_text": "ties in which both posted nearly the same text",
    "same_meaning": "ties in which both said the same in other words",
    "co_link": "ties in which both shared the same link",
    "co_ticker": "ties in which both named the same stock at the same time",
}


def cluster_features(
    observed: Observed,
    ties: Sequence[Tie],
    clusters: Sequence[Cluster],
    events: Sequence[PriceEvent],
) -> Features:
    """Measures of each cluster as known at `observed.as_of`, in the order of `clusters`."""
    found = views(world(observed, events), ties, clusters)
    return measure(CLUSTER, found, [view.cluster.id for view in found])


# -- ties ---------------------------------------------------------------------------------------


def _mean(values: Sequence[float]) -> float:
    return math.fsum(values) / len(values) if values else 0.0


def _median(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if len(values) else None


def _density(view: View) -> float:
    pairs = len(view.members) * (len(view.members) - 1) / 2
    return len(view.ties) / pairs if pairs else 0.0


def _trace_share(trace: str) -> Callable[[View], float]:
    return lambda view: _mean([float(trace in tie.traces) for tie in view.ties])


def _surprise(view: View) -> float:
    """How many times more shared acts than chance gives, the median tie, as log10."""
    ratios = [math.log10((tie.co_actions + 1) / (tie.expected + 1)) for tie in view.ties]
    return _median(ratios) or 0.0


# -- posts and time -----------------------------------------------------------------------------


def _share(view: View, holds: Callable[[str], bool]) -> float:
    return _mean([float(holds(post)) for post in view.ids])


def _gap_minutes(view: View) -> float:
    return (_median(np.diff(view.at).tolist()) or 0.0) / 60_000


def _span_days(view: View) -> float:
    return float(view.at[-1] - view.at[0]) / DAY if len(view.at) else 0.0


def _within_hour(view: View) -> float:
    if len(view.at) < 2:
        return 0.0
    close = np.diff(view.at) <= HOUR
    return float((np.append(close, False) | np.append(False, close)).mean())


def _busiest_hour(view: View) -> float:
    if not len(view.at):
        return 0.0
    until = np.searchsorted(view.at, view.at + HOUR, side="right")
    return float((until - np.arange(len(view.at))).max() / len(view.at))


def _waves(view: View) -> float:
    return float(1 + (np.diff(view.at) > DAY).sum()) if len(view.at) else 0.0


def _distinct_texts(view: View) -> float:
    return len({row.text_id for row in view.rows}) / len(view.rows) if view.rows else 1.0


def _commonest_text(view: View) -> float:
    counts = Counter(row.text_id for row in view.rows if row.text_id)
    return max(counts.values()) / len(view.rows) if counts else 0.0


def _distinct_links(view: View) -> float | None:
    links = [link for post in view.ids for link in view.world.links.get(post, ())]
    return len(set(links)) / len(links) if links else None


def _client(view: View) -> float | None:
    known = Counter(row.client for row in view.rows if row.client)
    return max(known.values()) / known.total() if known else None


# -- stocks -------------------------------------------------------------------------------------


def _top_share(view: View) -> float:
    return view.named[view.top] / len(view.ids) if view.top else 0.0


def _entropy(view: View) -> float:
    total = view.named.total()
    return -math.fsum(n / total * math.log2(n / total) for n in view.named.values()) + 0.0


# -- people -------------------------------------------------------------------------------------


def _member_posts(view: View) -> float:
    return float(sum(view.world.posts_by.get(member, 0) for member in view.members))


def _posts_per_member(view: View) -> float:
    return len(view.rows) / len(view.members) if view.members else 0.0


def _evidence_share(view: View) -> float:
    total = _member_posts(view)
    return sum(row.account in view.members for row in view.rows) / total if total else 0.0


def _repeaters(view: View) -> float:
    counts = Counter(row.account for row in view.rows)
    return _mean([float(counts[member] > 1) for member in sorted(view.members)])


def _created(view: View) -> list[int]:
    known = (view.world.profiles.get(member) for member in view.members)
    return sorted(p.created_at for p in known if p is not None and p.created_at is not None)


def _age_days(view: View) -> float | None:
    first = int(view.at[0]) if len(view.at) else view.world.as_of
    return _median([(first - created) / DAY for created in _created(view)])


def _young(view: View) -> float | None:
    first = int(view.at[0]) if len(view.at) else view.world.as_of
    return _mean_or_none([float(first - created < 90 * DAY) for created in _created(view)])


def _born_together(view: View) -> float | None:
    created = np.array(_created(view), dtype=np.int64)
    if len(created) < 2:
        return None
    close = np.diff(created) <= 7 * DAY
    return float((np.append(close, False) | np.append(False, close)).mean())


def _mean_or_none(values: Sequence[float]) -> float | None:
    return _mean(values) if values else None


def _followers(view: View) -> float | None:
    known = (view.world.profiles.get(member) for member in view.members)
    return _median(sorted(p.followers for p in known if p is not None and p.followers is not None))


def _stocks_per_member(view: View) -> float:
    counts = [float(len(view.world.stocks_by.get(member, ()))) for member in view.members]
    return _median(counts) or 0.0


# -- crowd and market ---------------------------------------------------------------------------


def _popularity(view: View) -> float | None:
    if view.top is None or not view.world.namers:
        return None
    people = set(view.world.crowds[view.top].accounts)
    return len(people) / view.world.namers


def _outsiders(view: View) -> float | None:
    if view.top is None:
        return None
    crowd = view.world.crowds[view.top]
    first, last = np.searchsorted(crowd.at, [view.at[0] - HOUR, view.at[-1] + HOUR])
    return float(len(set(crowd.accounts[first:last]) - view.members))


def _ours(view: View) -> float:
    """Members over everyone who named the top stock while the cluster did."""
    outsiders = _outsiders(view)
    if outsiders is None or not view.members:
        return 0.0
    return len(view.members) / (len(view.members) + outsiders)


def _largest_move(view: View) -> float | None:
    return max((abs(event.z) for event in view.events), default=None)


def _lead_hours(view: View) -> float | None:
    """First post before the nearest event; negative: the event came first."""
    if not view.events:
        return None
    leads = [(event.at - int(view.at[0])) / HOUR for event in view.events]
    return max(-72.0, min(72.0, min(leads, key=abs)))


CLUSTER: tuple[Feature[View], ...] = (
    Feature(
        "size",
        "accounts in the cluster",
        lambda v: float(len(v.members)),
        "count",
        log=True,
        raises=1,
    ),
    Feature("density", "pairs of members that are tied", _density, "share", raises=1),
    Feature(
        "tie_weight",
        "strength of the average tie (-log10 p)",
        lambda v: _mean([tie.weight for tie in v.ties]),
        log=True,
        raises=1,
    ),
    Feature(
        "tie_weight_max",
        "strength of the strongest tie (-log10 p)",
        lambda v: max((tie.weight for tie in v.ties), default=0.0),
        log=True,
    ),
    Feature(
        "surprise", "shared acts over what chance gives (log10, median tie)", _surprise, raises=1
    ),
    Feature(
        "co_actions",
        "shared acts in the median tie",
        lambda v: _median([float(tie.co_actions) for tie in v.ties]) or 0.0,
        "count",
        log=True,
        raises=1,
    ),
    Feature(
        "kinds",
        "different traces in the average tie",
        lambda v: _mean([float(len(tie.traces)) for tie in v.ties]),
        raises=1,
    ),
    *(
        Feature(f"trace_{trace}", _TRACE_WORDS[trace], _trace_share(trace), "share")
        for trace in TRACES
    ),
    Feature(
        "names_stock",
        "evidence posts that name a stock",
        lambda v: _share(v, lambda post: post in v.world.tickers),
        "share",
        raises=1,
    ),
    Feature("top_share", "evidence posts that name its main stock", _top_share, "share", raises=1),
    Feature("entropy", "spread over stocks (bits)", _entropy, raises=-1),
    Feature("gap", "median time between its posts", _gap_minutes, "minutes", log=True),
    Feature("span", "time from its first post to its last", _span_days, "days", log=True),
    Feature("within_hour", "evidence posts within an hour of another", _within_hour, "share"),
    Feature("busiest_hour", "evidence posts in its busiest hour", _busiest_hour, "share"),
    Feature("waves", "separate waves of posts", _waves, "count", log=True, raises=1),
    Feature("distinct_texts", "distinct texts per evidence post", _distinct_texts),
    Feature(
        "commonest_text", "evidence posts with one and the same text", _commonest_text, "share"
    ),
    Feature(
        "linked",
        "evidence posts with a link",
        lambda v: _share(v, lambda post: post in v.world.links),
        "share",
    ),
    Feature("distinct_links", "distinct links per link shared", _distinct_links, missing=1.0),
    Feature(
        "giveaway",
        "evidence posts that speak of winning something",
        lambda v: _mean([float(says_giveaway(row.text)) for row in v.rows]),
        "share",
        raises=-1,
    ),
    Feature(
        "reposts",
        "evidence posts that are reposts",
        lambda v: _mean([float(row.repost) for row in v.rows]),
        "share",
        raises=-1,
    ),
    Feature("one_client", "evidence posts from one program", _client, "share", missing=0.0),
    Feature("member_posts", "posts by its members, all together", _member_posts, "count", log=True),
    Feature("posts_per_member", "evidence posts a member", _posts_per_member, log=True, raises=1),
    Feature(
        "evidence_share", "members' posts that are evidence", _evidence_share, "share", raises=1
    ),
    Feature("repeaters", "members with more than one evidence post", _repeaters, "share", raises=1),
    Feature("age", "median age of its accounts", _age_days, "days", missing=1_000.0, log=True),
    Feature("young", "accounts younger than 90 days", _young, "share", missing=0.0, raises=1),
    Feature(
        "born_together",
        "accounts made within a week of another member",
        _born_together,
        "share",
        missing=0.0,
        raises=1,
    ),
    Feature("followers", "median followers", _followers, "count", missing=200.0, log=True),
    Feature(
        "stocks_per_member", "stocks the median member ever named", _stocks_per_member, log=True
    ),
    Feature(
        "popularity",
        "accounts in the whole market that name its main stock",
        _popularity,
        "share",
        missing=0.4,
        raises=-1,
    ),
    Feature(
        "outsiders",
        "other accounts that named its main stock meanwhile",
        _outsiders,
        "count",
        missing=200.0,
        log=True,
        raises=-1,
    ),
    Feature(
        "ours", "members among all who named its main stock meanwhile", _ours, "share", raises=1
    ),
    Feature(
        "events",
        "price events near its posts",
        lambda v: float(len(v.events)),
        "count",
        log=True,
        raises=1,
    ),
    Feature(
        "largest_move",
        "largest price event near its posts (z)",
        _largest_move,
        missing=0.0,
        log=True,
        raises=1,
    ),
    Feature(
        "lead", "its first post before the nearest price event", _lead_hours, "hours", missing=0.0
    ),
)
