"""Why two accounts are not tied: what they shared, how far apart, and what chance gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.runs import told
from api.who import Row
from graph.detection.between import Answer, Between, between, met_objects, shared_objects
from graph.detection.observed import from_values
from graph.model import Millis, Post
from graph.store import GraphStore

SHOWN = 50  # co-actions, and objects apart, that an answer lists at most
REPOST = "a post"  # what it repeats does not matter here
STOCKS = 12  # shared stocks of which every post is read to tell chance; of more, those they met on


def untied(store: GraphStore, one: Row, other: Row, run: Row) -> Row:
    """The answer of `api.why.why` for two accounts without a tie; `evidence` has ids only."""
    left, right = one["id"], other["id"]
    found = _between(store, left, right, run["as_of"])
    acts = [
        {
            "left": m.act.left_post,
            "right": m.act.right_post,
            "trace": m.act.trace,
            "object": m.act.object,
            "window": m.act.window,
            "seconds": m.act.seconds,
            "accounts": m.accounts,
        }
        for m in found.meetings[:SHOWN]
    ]
    return {
        "says": _says_untied(found, run),
        "tied": False,
        "left": left,
        "right": right,
        "left_handle": one["handle"],
        "right_handle": other["handle"],
        "run_id": run["id"],
        "evidence": acts,
        "asked": [_asked(answer) for answer in found.answers],
        "apart": [
            {
                "trace": a.trace,
                "object": a.object,
                "window": a.window,
                "seconds": a.seconds,
                "nearest": _span(a.seconds),
            }
            for a in sorted(found.apart, key=lambda a: (a.seconds, a.trace, a.object))[:SHOWN]
        ],
    }


def _asked(answer: Answer) -> Row:
    names = ("trace", "window", "times", "expected", "p_value")
    return {name: getattr(answer, name) for name in names}


def _says_untied(found: Between, run: Row) -> str:
    """Why there is no tie, in a sentence or two."""
    meaning = (
        " Whether they said the same in other words is not asked here."
        if told(run).get("meaning")
        else ""
    )
    if not found.meetings and not found.apart:
        return "not tied: they never shared a text, a link or a stock." + meaning
    if not found.meetings:
        nearest = min(found.apart, key=lambda a: a.seconds)
        return (
            f"not tied: they share {_many(len(found.apart), 'object')}, but never within a window;"
            f" nearest {_span(nearest.seconds)} apart, by {nearest.trace} at"
            f" {_object(nearest.trace, nearest.object)}, where {nearest.window} counts." + meaning
        )
    return f"not tied: {_met(found)}. {_line(found, run)}{meaning}"


def _met(found: Between) -> str:
    """What they shared within a window, and how much of that chance would give."""
    parts = []
    for answer in found.answers:
        if answer.times:
            times = "once" if answer.times == 1 else f"{answer.times} times"
            chance = _chance(answer)
            parts.append(f"within {answer.window} they {answer.says} {times}{chance}")
    crowds = [m for m in found.meetings if m.too_popular]
    if crowds:
        most = max(m.accounts for m in crowds)
        parts.append(
            f"{_many(len(crowds), 'meeting')} in a crowd of up to {most:,} accounts, which ties"
            " nobody"
        )
    return "; ".join(parts)


def _chance(answer: Answer) -> str:
    if answer.expected is None:
        return ""
    least = "at least " if answer.p_value is None else ""
    return f" (chance gives {least}{answer.expected:.2g})"


def _line(found: Between, run: Row) -> str:
    """That this is too little, and where to look for a number that is missing here."""
    line = told(run).get("min_weight", 2.5)
    too_little = (
        f"Run {run['id']} ties from a weight of {line:g} on (p {10**-line:.2g} after all"
        " corrections), and this had less."
    )
    if all(a.expected is not None for a in found.answers if a.times):
        return too_little
    return (
        f"{too_little} Where no chance stands here, it is taken over all posts, which takes a"
        " whole run; a run keeps it for ties only."
    )


def _between(store: GraphStore, left: str, right: str, as_of: Millis) -> Between:
    """What both posted, and what others did at the objects at which they met."""
    rows = store.read("explain/posts_of_pair", left=left, right=right, as_of=as_of)
    posts = [_post(r, tickers=r["stocks"], links=r["links"], text=r["text"]) for r in rows]
    mine = from_values(posts, (), as_of)
    links, texts, stocks = (
        met_objects(mine, left, right, trace) for trace in ("co_link", "same_text", "co_ticker")
    )
    if links:
        rows = store.read("explain/posts_at_links", ids=links, as_of=as_of)
        posts += [_post(row, links=[row["link"]]) for row in rows]
    if texts:
        rows = store.read("explain/posts_of_texts", ids=texts, as_of=as_of)
        posts += [_post(row, text=row["text"]) for row in rows]
    if stocks:
        every = shared_objects(mine, left, right, "co_ticker")
        stocks = every if len(every) <= STOCKS else stocks
        rows = store.read("explain/posts_on_stocks", ids=stocks, as_of=as_of)
        posts += [_post(row, tickers=row["stocks"]) for row in rows]
    return between(from_values(_joined(posts), (), as_of), left, right, whole=stocks)


def _post(
    row: Mapping[str, Any], text: str = "", tickers: Sequence[str] = (), links: Sequence[str] = ()
) -> Post:
    return Post(
        id=row["id"],
        account_id=row["account_id"],
        at=row["at"],
        known_at=row["known_at"],
        text=text or "",
        platform="",
        tickers=tuple(tickers),
        links=tuple(links),
        repost_of=REPOST if row["repost"] else None,
    )


def _joined(posts: Iterable[Post]) -> list[Post]:
    """Each post once; a sight of it that has no text or links gives way to one that has."""
    best: dict[str, Post] = {}
    for post in posts:
        other = best.setdefault(post.id, post)
        if other is not post:
            best[post.id] = Post(
                id=post.id,
                account_id=post.account_id,
                at=post.at,
                known_at=post.known_at,
                text=other.text or post.text,
                platform="",
                tickers=tuple(sorted({*other.tickers, *post.tickers})),
                links=tuple(sorted({*other.links, *post.links})),
                repost_of=post.repost_of,
            )
    return list(best.values())


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _object(trace: str, object: str) -> str:
    """What was shared, as a person says it; a text's key says nothing."""
    return "one text" if trace.endswith("_text") else f"${object}" if "ticker" in trace else object


def _span(seconds: float) -> str:
    """A distance in time as a person says it."""
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} seconds"
