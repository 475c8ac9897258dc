"""Sessions that Indian exchanges held on days on which they are usually shut.

The library has few of them, and pandas 3.1.1 loses even those. Each stands here with its hours in
Kolkata and where they were read; what was held in two parts counts from the first to the last.
A session that is not listed is still one where most stocks have a bar (`calendars.with_days`).
"""

from __future__ import annotations

from dataclasses import dataclass

REGULAR = ("09:15", "15:30")


@dataclass(frozen=True, slots=True)
class Special:
    """A session outside the ordinary week. `source` is who reported the exchange's notice."""

    day: str
    opens: str  # in the exchange's zone
    closes: str
    why: str
    source: str


INDIA = (
    Special("2015-02-28", *REGULAR, "budget on a Saturday", "pandas_market_calendars #480"),
    Special("2020-02-01", *REGULAR, "budget on a Saturday", "pandas_market_calendars #480"),
    Special("2020-11-14", "18:15", "19:15", "Muhurat", "zeenews.india.com, 2020-11-14"),
    Special("2021-11-04", "18:15", "19:15", "Muhurat", "freepressjournal.in, 2021-11-04"),
    Special("2022-10-24", "18:15", "19:15", "Muhurat", "livemint.com, 2022-10-21"),
    Special("2023-11-12", "18:15", "19:15", "Muhurat", "pandas_market_calendars #480"),
    Special("2024-01-20", *REGULAR, "in place of Monday", "exchange_calendars #471"),
    Special("2024-03-02", "09:15", "12:30", "recovery site", "hindustantimes.com, 2024-02-15"),
    Special("2024-05-18", "09:15", "12:40", "recovery site", "livemint.com, 2024-05-07"),
    Special("2024-11-01", "18:00", "19:00", "Muhurat", "business-standard.com, 2024-10-20"),
    Special("2025-02-01", *REGULAR, "budget on a Saturday", "exchange_calendars #479"),
    Special("2025-10-21", "13:45", "14:45", "Muhurat", "deccanherald.com, 2025-10-21"),
    Special("2026-02-01", *REGULAR, "budget on a Sunday", "business-standard.com, 2026-01-16"),
)
