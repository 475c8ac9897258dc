"""NSE's daily file until 2024-07-05, `cm01JAN2024bhav.csv`.

Each line, the header too, ends with a comma. Files of the nineties have no ISIN or TOTALTRADES.
"""

from __future__ import annotations

from ingest.market import india
from ingest.market.fields import day_of_month_name
from ingest.market.layout import Layout, Line
from ingest.market.quote import Quote
from ingest.market.venues import NSE


def _quote(line: Line) -> Quote:
    series = india.nse_share(line["series"])
    return india.quote(line, NSE, line["symbol"], day_of_month_name(line["date"]), series)


LAYOUT = Layout(
    name="nse-bhavcopy",
    what="NSE prices as written until 2024-07-05",
    expected="SYMBOL,SERIES,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,TOTTRDQTY,TOTTRDVAL,"
    "TIMESTAMP,TOTALTRADES,ISIN",
    needed={
        "symbol": ("SYMBOL",),
        "series": ("SERIES",),
        "open": ("OPEN",),
        "high": ("HIGH",),
        "low": ("LOW",),
        "close": ("CLOSE",),
        "volume": ("TOTTRDQTY",),
        "date": ("TIMESTAMP",),
    },
    optional={
        "last": ("LAST",),
        "previous": ("PREVCLOSE",),
        "turnover": ("TOTTRDVAL",),
        "trades": ("TOTALTRADES",),
        "isin": ("ISIN",),
    },
    quote=_quote,
)
