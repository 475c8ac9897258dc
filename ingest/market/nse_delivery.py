"""NSE's daily file with deliveries, `sec_bhavdata_full_01012024.csv`.

A space follows each comma. LAST_PRICE stands before CLOSE_PRICE. Turnover is in lakhs. There is no
ISIN: `listings.py` finds it. Where nothing is known of deliveries, `-` stands.
"""

from __future__ import annotations

from dataclasses import replace

from graph.errors import BadRecord
from ingest.market import india
from ingest.market.fields import day_of_month_name, optional
from ingest.market.layout import Layout, Line
from ingest.market.quote import Quote
from ingest.market.venues import NSE


def _quote(line: Line) -> Quote:
    series = india.nse_share(line["series"])
    found = india.quote(line, NSE, line["symbol"], day_of_month_name(line["date"]), series)
    delivered = optional(line["delivered"], "deliveries")
    if delivered is not None and delivered > found.bar.volume:
        raise BadRecord(f"deliveries {delivered:g} are more than the volume {found.bar.volume:g}")
    lakhs = found.turnover
    turnover = None if lakhs is None else lakhs * india.LAKH
    return replace(found, delivered=delivered, turnover=turnover)


LAYOUT = Layout(
    name="nse-delivery",
    what="NSE prices with deliveries",
    expected="SYMBOL, SERIES, DATE1, PREV_CLOSE, OPEN_PRICE, HIGH_PRICE, LOW_PRICE, "
    "LAST_PRICE, CLOSE_PRICE, AVG_PRICE, TTL_TRD_QNTY, TURNOVER_LACS, NO_OF_TRADES, DELIV_QTY, "
    "DELIV_PER",
    needed={
        "symbol": ("SYMBOL",),
        "series": ("SERIES",),
        "date": ("DATE1",),
        "open": ("OPEN_PRICE",),
        "high": ("HIGH_PRICE",),
        "low": ("LOW_PRICE",),
        "close": ("CLOSE_PRICE",),
        "volume": ("TTL_TRD_QNTY",),
        "delivered": ("DELIV_QTY",),
    },
    optional={
        "last": ("LAST_PRICE",),
        "previous": ("PREV_CLOSE",),
        "turnover": ("TURNOVER_LACS",),
        "trades": ("NO_OF_TRADES",),
    },
    quote=_quote,
)
