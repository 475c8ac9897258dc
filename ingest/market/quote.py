"""A bar with what its source says besides: whose it is, and what stands beside the price.

`graph.model.Bar` is what is stored today. Whatever a store learns to keep, it finds here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from graph.model import Bar

Interval = Literal["1d", "1m"]
MINUTE_MS = 60_000
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Quote:
    """One bar of one listing. None is what the source does not say, never a guess."""

    bar: Bar
    isin: str | None = None  # the security, the same on every exchange
    exchange: str | None = None  # "NSE", "BSE"
    currency: str | None = None  # ISO 4217; of prices and turnover
    symbol: str | None = None  # as the exchange writes it, without our suffix
    series: str | None = None  # NSE series or BSE group
    name: str | None = None
    last: float | None = None  # the last trade; the close is an average of the last half hour
    previous_close: float | None = None  # not adjusted for what happened overnight
    turnover: float | None = None  # in currency, not in lakhs
    trades: int | None = None
    delivered: float | None = None  # shares that changed hands for good, of bar.volume

    @property
    def delivered_share(self) -> float | None:
        """Which part of the volume was delivered, 0 to 1; None where nothing is known of it."""
        if self.delivered is None or not self.bar.volume:
            return None
        return self.delivered / self.bar.volume
