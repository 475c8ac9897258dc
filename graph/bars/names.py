"""Which tickers are one stock, and which stock a post means by `$ACME`.

An ISIN is the same on every exchange: ACME.NS and 599999.BO are one stock, and so are the tickers
before and after a change of symbol. A ticker whose ISIN changes within days (a share is split into
ones of another face value) stays the same stock; a symbol that rested longer and came back under
another ISIN is another company's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import pyarrow as pa

DAY_MS = 86_400_000
NEXT_ISIN = 60 * DAY_MS  # from the last day under one ISIN to the first under the next
CURRENT = 30 * DAY_MS  # a ticker not seen for this long, while another of the stock was, is old
INDIA = ("NS", "BO")


class Names:
    """The names of stocks as known at one moment (see Bars.names)."""

    def __init__(self, listings: pa.Table, priced: Iterable[str] = ()) -> None:
        """`listings` has the columns of graph.bars.LISTINGS; `priced` are tickers with bars."""
        rows = listings.sort_by([("ticker", "ascending"), ("since", "ascending")]).to_pylist()
        histories: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            histories[row["ticker"]].append(row)
        self._priced = frozenset(priced)
        self._until = {one: max(row["until"] for row in histories[one]) for one in histories}
        stocks = _stocks(histories, self._priced)
        self._stock_of = {ticker: stock for stock, held in stocks.items() for ticker in held}
        self._tickers = {stock: self._ordered(held) for stock, held in stocks.items()}
        self._by_symbol = _symbols(histories, self._stock_of)

    def tickers(self, said: str) -> tuple[str, ...]:
        """All tickers of the stock that a post calls so, the one to judge first; () if none is.

        A ticker stands for its stock. A bare symbol that is no ticker itself stands for the one
        stock that trades under it somewhere; where it could be two companies, for neither.
        """
        stock = self._stock_of.get(said)
        if stock is None:
            found = self._by_symbol.get(said, set())
            if len(found) != 1:
                return ()
            (stock,) = found
        return self._tickers[stock]

    def main(self, said: str) -> str:
        """The one ticker that stands for the stock; what was said, where no stock is known by it.

        It has bars if any of them has. Of those that trade still, NSE's comes first, then BSE's.
        """
        return next(iter(self.tickers(said)), said)

    @property
    def symbols(self) -> frozenset[str]:
        """Everything that names one stock: tickers, and the symbols that stand for one."""
        sure = (symbol for symbol, stocks in self._by_symbol.items() if len(stocks) == 1)
        return frozenset(self._stock_of) | frozenset(sure)

    def _ordered(self, tickers: set[str]) -> tuple[str, ...]:
        latest = max(self._until.get(one, 0) for one in tickers)

        def rank(ticker: str) -> tuple[bool, bool, int, str]:
            old = self._until.get(ticker, latest) < latest - CURRENT
            suffix = _suffix(ticker)
            place = INDIA.index(suffix) if suffix in INDIA else len(INDIA)
            return ticker not in self._priced, old, place, ticker

        return tuple(sorted(tickers, key=rank))


def _stocks(
    histories: dict[str, list[dict[str, Any]]], priced: frozenset[str]
) -> dict[str, set[str]]:
    """The tickers of each stock, by any name of it that no other has."""
    same: dict[str, str] = {}
    codes = {ticker: _codes(history) for ticker, history in histories.items()}
    for spans in codes.values():
        for (before, _, last), (after, first, _) in pairwise(spans):
            if first - last <= NEXT_ISIN:
                same[_root(same, before)] = _root(same, after)
    stocks: dict[str, set[str]] = defaultdict(set)
    for ticker in priced | histories.keys():
        known = codes.get(ticker)
        stocks[_root(same, known[-1][0]) if known else _without_isin(ticker)].add(ticker)
    return dict(stocks)


def _codes(history: list[dict[str, Any]]) -> list[tuple[str, int, int]]:
    """The ISINs that a ticker had, one after the other, with the first and last day of each."""
    spans: dict[str, tuple[int, int]] = {}
    for row in history:
        if isin := row["isin"]:
            since, until = spans.get(isin, (row["since"], row["until"]))
            spans[isin] = min(since, row["since"]), max(until, row["until"])
    return sorted(((isin, *span) for isin, span in spans.items()), key=lambda one: one[1:])


def _symbols(
    histories: dict[str, list[dict[str, Any]]], stock_of: dict[str, str]
) -> dict[str, set[str]]:
    """The stocks that a bare symbol may mean."""
    found: dict[str, set[str]] = defaultdict(set)
    for ticker, stock in stock_of.items():
        symbols = [row["symbol"] for row in histories.get(ticker, []) if row["symbol"]]
        written = set(symbols[-1:])
        if _suffix(ticker):
            written.add(ticker.rpartition(".")[0])
        for symbol in written:
            if not symbol.isdigit():
                found[symbol.upper()].add(stock)
    return dict(found)


def _root(same: dict[str, str], isin: str) -> str:
    while (further := same.get(isin, isin)) != isin:
        isin = further
    return isin


def _without_isin(ticker: str) -> str:
    """Yahoo writes one symbol for both Indian exchanges; elsewhere a suffix is another stock."""
    return ticker.rpartition(".")[0] + ".IN" if _suffix(ticker) in INDIA else ticker


def _suffix(ticker: str) -> str:
    """Of an exchange; one letter is a share class, as in BRK.B."""
    suffix = ticker.rpartition(".")[2] if "." in ticker else ""
    return suffix if len(suffix) > 1 else ""
