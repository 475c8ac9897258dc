"""Who plays which part in a cluster: source, leader, amplifier.

- *source*: its posts are reposted by members in bursts: at least a third of the other members, and
  at least 2, within an hour.
- *leader*: of those that are no source, who most often comes first of the two in a co-action.
- *amplifier*: everybody else.

How much speaks for each is its score (accounts.py), which does not grow with activity as sums of
weights do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

import polars as pl

from graph.detection.accounts import account_scores
from graph.detection.observed import Observed
from graph.model import Member, Millis, Tie
from graph.windows import DAY

BURST: Millis = DAY // 24
LEAST, SHARE = 2, 1 / 3  # other members that repost it within a burst

Echoes = dict[str, list[tuple[Millis, str]]]  # author → when reposted by whom, earliest first


def echoes(observed: Observed, accounts: Collection[str]) -> Echoes:
    """Reposts among `accounts`; who repeats itself is left out."""
    authors = observed.posts.select(repost_of="post", author="account")
    rows = (
        observed.posts.filter(pl.col("repost_of").is_not_null())
        .filter(pl.col("account").is_in(list(accounts)))
        .join(authors, on="repost_of")
        .filter(pl.col("author").is_in(list(accounts)) & (pl.col("author") != pl.col("account")))
        .sort("at", "post")
    )
    found: defaultdict[str, list[tuple[Millis, str]]] = defaultdict(list)
    for author, at, account in rows.select("author", "at", "account").iter_rows():
        found[author].append((at, account))
    return dict(found)


def members(
    accounts: Sequence[str], ties: Sequence[Tie], heard: Echoes, active: int
) -> tuple[Member, ...]:
    """Members with their parts, the surest first; of equal ones the one with more ties.

    `heard`: reposts among them, and of others; `active`: how many accounts could be tied.
    """
    firsts: Counter[str] = Counter()
    tied: Counter[str] = Counter()
    sources = _sources(accounts, heard)
    for tie in ties:
        tied.update((tie.left, tie.right))
        for act in tie.evidence:
            if act.seconds:
                firsts[tie.left if act.seconds > 0 else tie.right] += 1
    leading = {a: n for a, n in firsts.items() if a not in sources}
    lead = min(leading, key=lambda a: (-leading[a], a)) if leading else None
    score = _scores(ties, active)
    ranked = sorted(accounts, key=lambda a: (-score.get(a, 0.0), -tied[a], a))
    return tuple(Member(a, _role(a, sources, lead), score.get(a, 0.0)) for a in ranked)


def _scores(ties: Sequence[Tie], active: int) -> dict[str, float]:
    sides = {side: [getattr(tie, side) for tie in ties] for side in ("left", "right", "p_value")}
    kinds = {"left": pl.String, "right": pl.String, "p_value": pl.Float64}
    found = account_scores(pl.DataFrame(sides, schema=kinds), active)
    return dict(found.select("account", "score").iter_rows())


def _role(account: str, sources: Collection[str], lead: str | None) -> str:
    if account in sources:
        return "source"
    return "leader" if account == lead else "amplifier"


def _sources(accounts: Sequence[str], heard: Echoes) -> set[str]:
    line = max(LEAST, SHARE * (len(accounts) - 1))
    inside = set(accounts)
    return {
        author
        for author in accounts
        if _most_at_once([row for row in heard.get(author, ()) if row[1] in inside]) >= line
    }


def _most_at_once(rows: Sequence[tuple[Millis, str]]) -> int:
    """The most different accounts among (at, account), sorted, within BURST."""
    inside: Counter[str] = Counter()
    most = first = 0
    for at, account in rows:
        inside[account] += 1
        while rows[first][0] < at - BURST:
            gone = rows[first][1]
            inside[gone] -= 1
            if not inside[gone]:
                del inside[gone]
            first += 1
        most = max(most, len(inside))
    return most
