"""What campaigns are planted into: accounts, their posts and the bars, real or made.

Both kinds are one value, so that families of campaigns do not know which they act in. The people of
a background are presumed innocent; of real ones nobody knows it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graph.errors import UsageError
from graph.model import Account, Bar, Millis, Post

FEWEST = 4  # posts: who is seen less often has no rhythm that could be kept
ELSEWHERE = 0.12  # of the accounts live on a second platform
SECOND_PLATFORM = "telegram"


@dataclass(frozen=True)
class Background:
    """Posts by time, accounts by id, bars by stock and time; all posts are in [`first`, `last`).

    `stocks` are those with bars, the most talked of first, with the company's name. `sayings` are
    ordinary texts about one stock that no post of the background holds; {T} is its cashtag.
    """

    name: str
    posts: tuple[Post, ...]
    accounts: tuple[Account, ...]
    bars: tuple[Bar, ...]
    first: Millis
    last: Millis
    stocks: Mapping[str, str]
    sayings: tuple[str, ...]

    def quiet(self) -> tuple[str, ...]:
        """The stocks that campaigns are about: all but the tenth that everybody talks of."""
        tickers = tuple(self.stocks)
        return tickers[len(tickers) // 10 :]


def seen_often(posts: Iterable[Post], fewest: int = FEWEST) -> list[Post]:
    """The posts of accounts with at least `fewest` of them."""
    kept = list(posts)
    counts = Counter(post.account_id for post in kept)
    return [post for post in kept if counts[post.account_id] >= fewest]


def talked_of(posts: Iterable[Post], among: Collection[str]) -> list[str]:
    """The tickers of `among`, the most named first, then by name."""
    counts = Counter(ticker for post in posts for ticker in post.tickers)
    return sorted(among, key=lambda ticker: (-counts[ticker], ticker))


def spread_out(
    rng: random.Random,
    posts: Sequence[Post],
    accounts: Sequence[Account],
    share: float = ELSEWHERE,
) -> tuple[list[Post], list[Account]]:
    """The same people, a share of them, drawn blindly, on a second platform.

    Nothing else of them changes. Sources that we can read have one platform, relays need two.
    """
    moved = rng.sample(sorted(a.id for a in accounts), round(share * len(accounts)))
    named = {old: f"{SECOND_PLATFORM}:{old.partition(':')[2]}" for old in moved}
    return [_moved_post(post, named) for post in posts], [_moved(one, named) for one in accounts]


def checked(background: Background) -> Background:
    """The background. Raises UsageError where it has too few accounts or stocks to plant into."""
    if len(background.accounts) < 60 or len(background.stocks) < 8:
        raise UsageError(
            f"{background.name} has {len(background.accounts)} accounts that posted {FEWEST} times"
            f" and {len(background.stocks)} stocks; 60 and 8 are needed. Ask for more days"
        )
    return background


def _moved(account: Account, named: Mapping[str, str]) -> Account:
    if account.id not in named:
        return account
    return replace(account, id=named[account.id], platform=SECOND_PLATFORM)


def _moved_post(post: Post, named: Mapping[str, str]) -> Post:
    mentions = tuple(named.get(one, one) for one in post.mentions)
    if post.account_id not in named:
        return post if mentions == post.mentions else replace(post, mentions=mentions)
    home = named[post.account_id]
    return replace(post, account_id=home, platform=SECOND_PLATFORM, mentions=mentions)
