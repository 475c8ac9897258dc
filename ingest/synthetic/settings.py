"""What a planted market is made of. Same settings, same market, byte for byte."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from graph.errors import UsageError
from graph.model import Millis

SECOND: Millis = 1_000
MINUTE: Millis = 60 * SECOND
HOUR: Millis = 60 * MINUTE
DAY: Millis = 24 * HOUR

KINDS = ("copied_burst", "reworded_jitter", "link_drip")
_MOST_STOCKS = 600
_FEWEST = {"accounts": 60, "stocks": 8, "days": 30}


@dataclass(frozen=True, slots=True)
class MarketSettings:
    """Sizes and seed. `campaigns` of None is one for each hundred accounts, and one of each kind.

    `start` is the first day with posts; bars begin `history_days` business days before it.
    `member_pace` is how many times as much campaign members post in ordinary life: it is 1, and
    another value makes a market that the audit must refuse.
    """

    seed: int = 1
    accounts: int = 600
    stocks: int = 40
    days: int = 60
    campaigns: int | None = None
    kinds: tuple[str, ...] = KINDS
    start: datetime = datetime(2026, 3, 2, tzinfo=UTC)
    posts_per_account: float = 11.0
    history_days: int = 220
    after_days: int = 20
    member_pace: float = 1.0

    def __post_init__(self) -> None:
        self._check_sizes()
        unknown = sorted(set(self.kinds) - set(KINDS))
        if unknown or not self.kinds:
            raise UsageError(f"campaign kinds are {', '.join(KINDS)}; got {unknown or 'none'}")
        if self.start.tzinfo is None:
            raise UsageError("start needs a time zone, for instance datetime(..., tzinfo=UTC)")

    def _check_sizes(self) -> None:
        for name, fewest in _FEWEST.items():
            if getattr(self, name) < fewest:
                raise UsageError(f"a planted market needs at least {fewest} {name}")
        if self.stocks > _MOST_STOCKS:
            raise UsageError(f"there are invented tickers for at most {_MOST_STOCKS} stocks")
        if self.campaign_count * 20 > self.accounts * 0.6:
            raise UsageError("too many campaigns for so few accounts: one for 35 accounts at most")

    @property
    def campaign_count(self) -> int:
        if self.campaigns is not None:
            return self.campaigns
        return min(max(len(self.kinds), self.accounts // 100), int(self.accounts * 0.03))

    @property
    def first(self) -> Millis:
        """Midnight UTC of the first day with posts."""
        return int(self.start.timestamp() * 1000) // DAY * DAY

    @property
    def last(self) -> Millis:
        """End of the last day with posts."""
        return self.first + self.days * DAY
