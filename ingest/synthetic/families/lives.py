"""Everybody's ordinary posts, which make room for what is planted.

Whatever an account does for a campaign or in a crowd takes the place of a post of its own. How much
it posts, its profile, and nearly all that one can count of it stay as they were.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable

from graph.model import Account, Millis, Post
from ingest.synthetic.background import Background
from ingest.synthetic.families.acts import Act, dress
from ingest.synthetic.settings import DAY

_TAGS = 60
_YOUNG = 0.25  # of the accounts
_LOOK_BACK = DAY


class Lives:
    """The posts of a background that are still there. Posts that others refer to always stay.

    Accounts made after `young_from` are too young for anybody to take them over.
    """

    def __init__(self, background: Background) -> None:
        self.background = background
        self.accounts: dict[str, Account] = {one.id: one for one in background.accounts}
        made = sorted(one.created_at or 0 for one in background.accounts)
        self.young_from = made[int((1 - _YOUNG) * (len(made) - 1))]
        self.gone: set[str] = set()
        self.done: list[Act] = []
        self._own: dict[str, list[Post]] = defaultdict(list)
        referred = {p.repost_of or p.quote_of or p.reply_to for p in background.posts}
        self._kept: set[str] = {key for key in referred if key is not None}
        for post in background.posts:
            self._own[post.account_id].append(post)
        self._open = [p for p in background.posts if p.repost_of is None and p.tickers]
        self._times = [post.at for post in self._open]
        self._tags = _popular_tags(background.posts)

    def own(self, account: str) -> list[Post]:
        """Its ordinary posts that are still there, by time."""
        return self._own[account]

    def spare(self, account: str, share: float) -> int:
        """How many posts it can give up, at most this share of all; at least one always stays."""
        own = self._own[account]
        free = sum(post.id not in self._kept for post in own)
        return max(0, min(free, len(own) - 1, max(1, int(share * len(own)))))

    def recent(
        self, rng: random.Random, at: Millis, but: str, ticker: str | None = None
    ) -> Post | None:
        """A post of the day before `at` to answer, not by `but`, about a stock if one is named.

        It stays from now on.
        """
        end = bisect_left(self._times, at)
        start = bisect_left(self._times, at - _LOOK_BACK)
        near = [p for p in self._open[start:end] if p.id not in self.gone and p.account_id != but]
        about = [p for p in near if ticker in p.tickers] if ticker else []
        if not (about or near):
            return None
        found = rng.choice(about or near)
        self._kept.add(found.id)
        return found

    def plant(self, rng: random.Random, acts: Iterable[Act], part: str) -> list[Act]:
        """Does those acts whose author has a post to give up, in order of time; returns them."""
        planted: set[int] = set()
        made = []
        for act in sorted(acts, key=lambda act: (act.at, act.repeats is not None, act.author)):
            to = act.repeats or act.quotes or act.answers
            if isinstance(to, Act) and id(to) not in planted:
                continue
            slot = self._give_up(rng, act)
            if slot is None:
                continue
            act.part = part
            dress(rng, act, slot, self._tags, self.background.sayings)
            planted.add(id(act))
            made.append(act)
        self.done.extend(made)
        return made

    def repeats(self, account: str) -> bool:
        """Whether it has a repeat of another's post to give up."""
        return any(p.repost_of and p.id not in self._kept for p in self._own[account])

    def answers(self, account: str) -> bool:
        """Whether it has an answer to give up."""
        return any(p.reply_to and p.id not in self._kept for p in self._own[account])

    def silence(self, account: str, since: Millis) -> int:
        """How many ordinary posts it has from then on that may be given up."""
        return sum(post.at >= since and post.id not in self._kept for post in self._own[account])

    def _give_up(self, rng: random.Random, act: Act) -> Post | None:
        """The post most like the act in what it is and whether it links. The last one stays."""
        own = self._own[act.author]
        free = [post for post in own if post.id not in self._kept]
        if len(own) < 2 or not free:
            return None
        slot = min(free, key=lambda post: (*_unlike(act, post), rng.random()))
        own.remove(slot)
        self.gone.add(slot.id)
        return slot


def _unlike(act: Act, post: Post) -> tuple[bool, bool, bool, bool]:
    early = act.since is not None and post.at < act.since
    kind = (act.repeats is not None) != (post.repost_of is not None)
    answer = (act.answers is not None) != (post.reply_to is not None)
    return early, kind, answer, bool(act.links) != bool(post.links)


def _popular_tags(posts: Iterable[Post]) -> list[str]:
    counts: dict[str, int] = defaultdict(int)
    for post in posts:
        for tag in post.hashtags:
            counts[tag] += 1
    return sorted(counts, key=lambda tag: (-counts[tag], tag))[:_TAGS]
