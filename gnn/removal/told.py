"""The evidence and what was left out, in words and with its figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from gnn.removal.items import Group, Piece
from gnn.removal.ranking import ALONE, Ranked
from gnn.removal.scene import Scene
from gnn.removal.weighing import Weighing, log_odds
from gnn.removal.words import counted, figure
from graph.detection.ties import MOST_EVIDENCE
from graph.model import Cluster, CoAction, Millis, Risk

SHOWN = 3  # shared acts told of a post
_TRACES = {
    "same_text": "the same text",
    "near_text": "nearly the same text",
    "same_meaning": "the same meaning",
    "co_link": "the same link",
    "co_ticker": "the same stock at the same time",
}
_ALIKE = {
    "phrase": "the same new phrase",
    "link": "the same new link",
    "post": "the same post, repeated, quoted or answered",
}
NOT_CONSIDERED = (
    "Whether chance would still tie two accounts: a tie that keeps any evidence keeps its p and its"
    " weight, and its shared acts shrink with its evidence. One without any evidence goes.",
    "Whether chance would still give what is said alike: it loses the accounts whose posts of it"
    " are gone and keeps its p; with too few accounts left it goes.",
    "Whether the cluster would still be found: its members, their roles, its coordination and the"
    " sentence that it is harmless stay as they are.",
    "News, fundamentals and price events of other kinds than abnormal returns and volume spikes of"
    " days: the score does not look at them.",
    "Posts of members that are no evidence, and posts of others: none of them is taken out.",
)
CAVEATS = (
    "A score is a risk indicator from public posts and prices, never a finding of guilt.",
    "The model was trained and calibrated on planted markets only: on real posts p is a ranking,"
    " not a rate.",
    "What a post is worth is what the score loses without it, not a cause: copies stand in for one"
    " another, so that of many no single one is worth much.",
)


@dataclass(frozen=True, slots=True)
class SharedAct:
    """One shared act of a post: with which other one, and how many seconds later that was."""

    trace: str
    object: str
    window: str
    with_id: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of evidence and what it is worth.

    `type`: post, object, trace, voice or member; `trace`: of an object or trace, and whether a
    voice is a phrase, a link or a post; `entities`: accounts of members, and stocks as $TICKER;
    `partners`: of a post, members with whom it shares something.
    `times`: of the first and the last post. `delta_score_if_removed` is the change in points when
    just these posts go (None where the post was not weighed alone), the next one in log odds.
    `place` counts from 1 among the posts that were put in order, and `score_without_first` is the
    score when that post and those before it are gone.
    """

    type: str
    name: str
    trace: str | None
    text: str
    entities: tuple[str, ...]
    times: tuple[str, ...]
    source_ids: tuple[str, ...]
    shared_acts: int
    delta_score_if_removed: int | None
    delta_log_odds_if_removed: float | None
    place: int | None = None
    score_without_first: int | None = None
    partners: int = 0
    shared: tuple[SharedAct, ...] = ()


def evidence(order: Ranked, found: Mapping[str, Piece], weighing: Weighing) -> tuple[Item, ...]:
    """A row a post, the most telling first."""
    rows = []
    for place, post in enumerate(order.posts, start=1):
        first = order.posts[:place] if place <= order.first else ()
        rows.append(_post(found[post], found, weighing, post in order.alone, first))
    return tuple(rows)


def group(one: Group, found: Mapping[str, Piece], weighing: Weighing) -> Item:
    """All posts of a group at once."""
    inside = [found[post] for post in one.posts]
    after = weighing.without(one.posts)
    acts = {act for piece in inside for act in piece.acts}
    if one.type == "object":
        acts = {act for act in acts if (act.trace, act.object) == (one.trace, one.name)}
    if one.type == "trace":
        acts = {act for act in acts if act.trace == one.trace}
    posts = counted(len(inside), "post")
    people = counted(len({piece.account for piece in inside}), "member")
    what = {
        "object": f"{posts} of {people} with {_with(one.trace)}",
        "trace": f"{posts} of {people} that show {_with(one.trace)}",
        "voice": f"{posts} of {people} with {_ALIKE.get(one.trace or '', 'the same thing')}",
        "member": f"{posts} of one member",
    }[one.type]
    of = (one.type, one.name, one.trace)
    return _item(of, what, inside, len(acts), weighing.risk, after)


def in_order(rows: Iterable[Item]) -> tuple[Item, ...]:
    """Groups by what they are worth, the most telling first."""
    return tuple(sorted(rows, key=lambda r: (r.delta_log_odds_if_removed or 0.0, r.type, r.name)))


def not_considered(order: Ranked, whole: Scene) -> tuple[str, ...]:
    """What was left out of this explanation, and of every one."""
    rest = len(order.posts) - len(order.alone)
    most = max((len(tie.evidence) for tie in whole.ties), default=0)
    return (
        *([_not_alone(rest)] if rest else []),
        *([_not_kept()] if most >= MOST_EVIDENCE else []),
        *NOT_CONSIDERED,
    )


def caveats(cluster: Cluster) -> tuple[str, ...]:
    """What to bear in mind."""
    return (*([f"It may be ordinary life: {cluster.benign}"] if cluster.benign else []), *CAVEATS)


def drops(fewest: int, all: int, risk: Risk, after: Risk) -> str:
    """What the smallest set does, in words."""
    return (
        f"Without {figure(fewest, 'count')} of {counted(all, 'evidence post')} the score is"
        f" {after.score} instead of {risk.score}, {after.band} instead of {risk.band}; with any one"
        " of them back it is not below its band."
    )


def nothing_drops(risk: Risk, floor: int, rest: int) -> str:
    """Where there is no such set, in words."""
    if not floor:
        return f"The score of {risk.score} is in the lowest band: there is none to drop to."
    return (
        f"Even without any evidence post the score is {rest}, not below {floor}: what holds it up"
        " is not the posts."
    )


def _not_alone(rest: int) -> str:
    return (
        f"{counted(rest, 'evidence post')} that share less with others than the"
        f" {figure(ALONE, 'count')} told first: weighed in groups only."
    )


def _not_kept() -> str:
    return f"Shared acts of a pair beyond the {figure(MOST_EVIDENCE, 'count')} closest in time."


def _post(
    piece: Piece,
    found: Mapping[str, Piece],
    weighing: Weighing,
    alone: bool,
    first: tuple[str, ...],
) -> Item:
    after = weighing.without((piece.post,)) if alone else None
    people = {found[other].account for other in piece.others if other in found}
    traces = Counter(act.trace for act in piece.acts)
    main = min(traces, key=lambda trace: (-traces[trace], trace)) if traces else None
    what = (
        f"has {_with(main)} as other posts: {counted(len(piece.acts), 'shared act')} with"
        f" {counted(len(people), 'member')}"
        if main
        else "says what other members say, without a shared act with any one of them"
        if piece.voices
        else "has no shared act that was kept"
    )
    of = ("post", piece.post, None)
    item = _item(of, what, [piece], len(piece.acts), weighing.risk, after)
    closest = sorted(piece.acts, key=lambda act: (abs(act.seconds), act.left_post, act.right_post))
    return Item(
        **{name: getattr(item, name) for name in _PLAIN},
        place=len(first) or None,
        score_without_first=weighing.without(first).score if first else None,
        partners=len(people),
        shared=tuple(_shared(act, piece.post) for act in closest[:SHOWN]),
    )


_PLAIN = (
    *("type", "name", "trace", "text", "entities", "times", "source_ids", "shared_acts"),
    *("delta_score_if_removed", "delta_log_odds_if_removed"),
)


def _item(
    of: tuple[str, str, str | None],
    what: str,
    inside: list[Piece],
    acts: int,
    risk: Risk,
    after: Risk | None,
) -> Item:
    change = None if after is None else after.score - risk.score
    if after is None or change is None:
        worth = "not weighed alone"
    else:
        it = "it" if len(inside) == 1 else "them"
        worth = f"without {it} alone the score is {after.score} ({figure(change, 'change')})"
    times = [piece.at for piece in inside]
    return Item(
        type=of[0],
        name=of[1],
        trace=of[2],
        text=f"{what}; {worth}",
        entities=_entities(inside),
        times=tuple(dict.fromkeys(map(_moment, (min(times), max(times))))) if times else (),
        source_ids=tuple(piece.post for piece in inside),
        shared_acts=acts,
        delta_score_if_removed=change,
        delta_log_odds_if_removed=None if after is None else log_odds(after) - log_odds(risk),
    )


def _entities(inside: Iterable[Piece]) -> tuple[str, ...]:
    rows = list(inside)
    accounts = sorted({piece.account for piece in rows})
    return (*accounts, *sorted({f"${ticker}" for piece in rows for ticker in piece.tickers}))


def _shared(act: CoAction, post: str) -> SharedAct:
    here = act.left_post == post
    other = act.right_post if here else act.left_post
    seconds = act.seconds if here else -act.seconds
    return SharedAct(act.trace, act.object, act.window, other, seconds)


def _with(trace: str | None) -> str:
    return _TRACES.get(trace or "", (trace or "").replace("_", " "))


def _moment(at: Millis) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat()
