"""BSE's daily file until 2024-07-05, `EQ010124.CSV`, and the kind of it with ISIN and date.

The plain kind says neither day nor ticker nor ISIN: the day stands in the file's name alone, and a
stock is its code. Names are padded with spaces. NO_OF_SHRS is the volume, NO_TRADES is not.
"""

from __future__ import annotations

import re

from graph.errors import BadRecord
from graph.model import Millis
from ingest.market import india
from ingest.market.fields import day_of_digits, day_of_month_name
from ingest.market.layout import Layout, Line
from ingest.market.quote import Quote
from ingest.market.venues import BSE

_IN_NAME = re.compile(r"EQ(?:_ISINCODE_)?(\d{6})(?!\d)", re.IGNORECASE)


def _refuse(line: Line) -> str | None:
    if line["date"] or _IN_NAME.match(line.file):
        return None
    return f"the day stands in its name alone, and {line.file} is not written like EQ010124.CSV"


def _quote(line: Line) -> Quote:
    group = india.bse_share(line["group"], line["type"])
    return india.quote(line, BSE, line["code"], _day(line), group)


def _day(line: Line) -> Millis:
    if line["date"]:
        return day_of_month_name(line["date"])
    found = _IN_NAME.match(line.file)
    if found is None:
        raise BadRecord("has no TRADING_DATE, and the file's name has no day")
    return day_of_digits(found[1])


LAYOUT = Layout(
    name="bse-bhavcopy",
    what="BSE prices as written until 2024-07-05",
    expected="SC_CODE,SC_NAME,SC_GROUP,SC_TYPE,OPEN,HIGH,LOW,CLOSE,LAST,PREVCLOSE,NO_TRADES,"
    "NO_OF_SHRS,NET_TURNOV,TDCLOINDI and a name like EQ010124.CSV",
    needed={
        "code": ("SC_CODE",),
        "name": ("SC_NAME",),
        "group": ("SC_GROUP",),
        "type": ("SC_TYPE",),
        "open": ("OPEN",),
        "high": ("HIGH",),
        "low": ("LOW",),
        "close": ("CLOSE",),
        "volume": ("NO_OF_SHRS",),
    },
    optional={
        "last": ("LAST",),
        "previous": ("PREVCLOSE",),
        "trades": ("NO_TRADES",),
        "turnover": ("NET_TURNOV",),
        "isin": ("ISIN_CODE",),
        "date": ("TRADING_DATE",),
    },
    quote=_quote,
    refuse=_refuse,
)
