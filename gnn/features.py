"""What is measured of a cluster, each thing declared once: its name, its words, its measure."""

from __future__ import annotations

from collections.abc import Sequence

from gnn import habits
from gnn.measure import SCHEMA, Feature, Features, measure
from gnn.view import View, says_giveaway, views, world
from graph.detection.observed import Observed
from graph.model import Cluster, PriceEvent, Tie

__all__ = ["CLUSTER", "SCHEMA", "TRACES", "Feature", "Features", "cluster_features"]

TRACES = ("same_text", "near_text", "same_meaning", "co_link", "co_ticker")
_SAW = {
    "same_text": TRACES[:1],
    "near_text": TRACES[:2],
    "same_meaning": TRACES[:3],
    "co_link": ("co_link",),
    "co_ticker": ("co_ticker",),
}
_TRACE_WORDS = {
    "same_text": "ties in which both posted the same text",
    "near_text": "ties in which both posted the same text, or nearly",
    "same_meaning": "ties in which both said the same, in the same words or others",
    "co_link": "ties in which both shared the same link",
    "co_ticker": "ties in which both named the same stock at the same time",
}
_VOICE_WORDS = {
    "phrase": "of these, phrases",
    "link": "of these, links",
    "post": "of these, posts that were repeated, quoted or answered",
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


CLUSTER: tuple[Feature[View], ...] = (
    Feature(
        "size",
        "accounts in the cluster",
        lambda v: float(len(v.members)),
        "count",
        log=True,
        raises=1,
    ),
    Feature("density", "pairs of members that are tied", habits.density, "share", raises=1),
    Feature(
        "tie_weight",
        "strength of the average tie (-log10 p)",
        lambda v: habits.mean([tie.weight for tie in v.ties]),
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
        "surprise",
        "shared acts over what chance gives (log10, median tie)",
        habits.surprise,
        raises=1,
    ),
    Feature(
        "co_actions",
        "shared acts in the median tie",
        lambda v: habits.median([float(tie.co_actions) for tie in v.ties]) or 0.0,
        "count",
        log=True,
        raises=1,
    ),
    Feature(
        "kinds",
        "different traces in the average tie",
        lambda v: habits.mean([float(len(tie.traces)) for tie in v.ties]),
        raises=1,
    ),
    *(
        Feature(f"trace_{trace}", _TRACE_WORDS[trace], habits.trace_share(*saw), "share", raises=1)
        for trace, saw in _SAW.items()
    ),
    Feature(
        "names_stock",
        "evidence posts that name a stock",
        lambda v: habits.share(v, lambda post: post in v.world.tickers),
        "share",
        raises=1,
    ),
    Feature(
        "top_share", "evidence posts that name its main stock", habits.top_share, "share", raises=1
    ),
    Feature("entropy", "spread over stocks (bits)", habits.entropy, raises=-1),
    Feature("gap", "median time between its posts", habits.gap_minutes, "minutes", log=True),
    Feature("span", "time from its first post to its last", habits.span_days, "days", log=True),
    Feature(
        "within_hour",
        "evidence posts within an hour of another",
        habits.within_hour,
        "share",
        raises=1,
    ),
    Feature(
        "busiest_hour", "evidence posts in its busiest hour", habits.busiest_hour, "share", raises=1
    ),
    Feature("waves", "separate waves of posts", habits.waves, "count", log=True, raises=1),
    Feature("distinct_texts", "distinct texts per evidence post", habits.distinct_texts),
    Feature(
        "commonest_text",
        "evidence posts with one and the same text",
        habits.commonest_text,
        "share",
        raises=1,
    ),
    Feature(
        "linked",
        "evidence posts with a link",
        lambda v: habits.share(v, lambda post: post in v.world.links),
        "share",
    ),
    Feature("distinct_links", "distinct links per link shared", habits.distinct_links, missing=1.0),
    Feature(
        "giveaway",
        "evidence posts that speak of winning something",
        lambda v: habits.mean([float(says_giveaway(row.text)) for row in v.rows]),
        "share",
        raises=-1,
    ),
    Feature(
        "reposts",
        "evidence posts that are reposts",
        lambda v: habits.mean([float(row.repost) for row in v.rows]),
        "share",
        raises=-1,
    ),
    Feature(
        "one_client",
        "evidence posts from one program",
        habits.client,
        "share",
        missing=0.0,
        raises=1,
    ),
    Feature(
        "member_posts", "posts by its members, all together", habits.member_posts, "count", log=True
    ),
    Feature(
        "posts_per_member", "evidence posts a member", habits.posts_per_member, log=True, raises=1
    ),
    Feature(
        "evidence_share",
        "members' posts that are evidence",
        habits.evidence_share,
        "share",
        raises=1,
    ),
    Feature(
        "repeaters", "members with more than one evidence post", habits.repeaters, "share", raises=1
    ),
    Feature(
        "age", "median age of its accounts", habits.age_days, "days", missing=1_000.0, log=True
    ),
    Feature("young", "accounts younger than 90 days", habits.young, "share", missing=0.0, raises=1),
    Feature(
        "born_together",
        "accounts made within a week of another member",
        habits.born_together,
        "share",
        missing=0.0,
        raises=1,
    ),
    Feature("followers", "median followers", habits.followers, "count", missing=200.0, log=True),
    Feature(
        "stocks_per_member",
        "stocks the median member ever named",
        habits.stocks_per_member,
        log=True,
    ),
    Feature(
        "popularity",
        "accounts in the whole market that name its main stock",
        habits.popularity,
        "share",
        missing=0.4,
        raises=-1,
    ),
    Feature(
        "outsiders",
        "other accounts that named its main stock meanwhile",
        habits.outsiders,
        "count",
        missing=200.0,
        log=True,
        raises=-1,
    ),
    Feature(
        "others_surge",
        "others a day that name its main stock meanwhile, over before (log10)",
        habits.others_surge,
        missing=0.0,
        raises=-1,
    ),
    Feature(
        "ours",
        "members among all who named its main stock meanwhile",
        habits.ours,
        "share",
        raises=1,
    ),
    Feature(
        "voices",
        "things said alike of a stock",
        lambda v: float(len(v.cluster.voices)),
        "count",
        log=True,
        raises=1,
    ),
    Feature(
        "voice_cover", "members that said the same thing of it", habits.widest, "share", raises=1
    ),
    Feature(
        "voice_sure", "how unlikely by language alone (-log10 p)", habits.surest, log=True, raises=1
    ),
    *(
        Feature(f"voice_{kind}", words, habits.voice_share(kind), "share")
        for kind, words in _VOICE_WORDS.items()
    ),
    Feature("answers", "evidence posts that answer or quote", habits.answers, "share"),
    Feature(
        "newcomers",
        "members that had not named its main stock before",
        habits.newcomers,
        "share",
        missing=0.0,
        raises=1,
    ),
    Feature(
        "known_before",
        "accounts that named its main stock in the 20 days before",
        habits.known_before,
        "count",
        missing=200.0,
        log=True,
        raises=-1,
    ),
    Feature(
        "surge",
        "posts a day on its main stock, over before (log10)",
        habits.surge,
        missing=0.0,
        raises=1,
    ),
    Feature(
        "said_alike",
        "members' posts on its main stock that are evidence",
        habits.said_alike,
        "share",
        raises=1,
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
        habits.largest_move,
        missing=0.0,
        log=True,
        raises=1,
    ),
    Feature(
        "lead",
        "its first post before the nearest price event",
        habits.lead_hours,
        "hours",
        missing=0.0,
    ),
)
