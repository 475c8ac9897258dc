"""What the end-of-day files of NSE and BSE have in common.

Prices are in rupees and as traded: nothing is ever adjusted for a split or a bonus. A stock is
`SYMBOL.NS` at NSE and `CODE.BO` at BSE, where the code is the one name that all its files share;
the two are one security by ISIN (`listings.py`).
"""

from __future__ import annotations

from graph.errors import BadRecord
from graph.model import Bar, Millis
from ingest.market.fields import count, isin, number, optional, price, sane, within
from ingest.market.layout import Line
from ingest.market.quote import Quote
from ingest.market.venues import Venue, known_at

# Shares and funds: the main board, trade for trade (BE, BZ), the board of small companies. What
# else the files hold is bonds, warrants and deals, or a share once more: BL is its block deals, T0
# its trades that settle on the same day.
NSE_SERIES = frozenset({"EQ", "BE", "BZ", "SM", "ST", "SZ"})
BSE_BONDS = frozenset({"F", "G"})
PRICES = ("open", "high", "low", "close")
LAKH = 100_000


def nse_share(series: str) -> str:
    """The series, if shares are traded in it. Raises BadRecord."""
    if series not in NSE_SERIES:
        raise BadRecord(
            f"series {series or '(none)'} is not one of {', '.join(sorted(NSE_SERIES))}"
        )
    return series


def bse_share(group: str, type: str = "Q") -> str:
    """The group, if shares are traded in it. `type` is SC_TYPE. Raises BadRecord."""
    if type != "Q" or group in BSE_BONDS:
        raise BadRecord(f"group {group or '(none)'} of type {type or '(none)'} holds no shares")
    return group


def quote(line: Line, venue: Venue, code: str, at: Millis, series: str) -> Quote:
    """The quote that a line holds under our names; `code` is what the ticker is made of.

    Raises BadRecord where a price is missing or they cannot stand together.
    """
    if not code:
        raise BadRecord("names no stock")
    ticker = f"{code.upper()}{venue.suffix}"
    opened, high, low, close = (price(line[name], name) for name in PRICES)
    volume = number(line["volume"], "volume")
    bar = Bar(ticker, at, known_at(ticker, at), opened, high, low, close, close, volume)
    return Quote(
        within(sane(bar)),
        isin=isin(line["isin"]),
        exchange=venue.exchange,
        currency=venue.currency,
        symbol=line["symbol"] or None,
        series=series,
        name=line["name"] or None,
        last=optional(line["last"], "last"),
        previous_close=optional(line["previous"], "previous close"),
        turnover=optional(line["turnover"], "turnover"),
        trades=count(line["trades"], "trades"),
    )
