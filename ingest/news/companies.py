"""Which stocks a text names, and how surely.

A cashtag (`$ACME`) and a listing (`NSE: ACME`) name a stock outright. A name of several words
(`Acme Logistics`) is sure enough: it is matched by whole words that begin with a capital, without
its legal form, the longest first, so that Reliance Power is not Reliance Industries. A name of one
word (`Wipro`) and a bare symbol (`TCS`) are weak, and where they are common words, as Target is,
only the name with its legal form counts. A name that two companies share names neither.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from ingest import tickers as cashtags

How = Literal["cashtag", "listing", "name", "word", "symbol"]

_LEGAL = {
    "limited": "limited",
    "ltd": "limited",
    "incorporated": "incorporated",
    "inc": "incorporated",
    "corporation": "corporation",
    "corp": "corporation",
    "company": "company",
    "co": "company",
    **{form: form for form in ("plc", "llc", "llp", "nv", "sa", "ag", "se", "spa", "ab", "asa")},
}
_SMALL = frozenset({"and", "of", "for", "the", "de", "la"})
_SHORTEST = 3  # letters of a word or a symbol that stands for a company by itself
_COMMON_WORDS = (
    "alpha apple arc arch bank best bharat black block blue box bridge cable cement coach crown "
    "delta dish dollar dover eagle edge energy escorts ever express finance first force ford fox "
    "frontier gap garden general global gold green guess home hub idea india indian infra just key "
    "life light linde live look marathon match media meta national next nice nova oil omega orange "
    "page pool post power prime progress public quality reliance ring royal rush sage seal section "
    "service shell silver slack snap sonic spirit spring sprint square star steel storm sugar sun "
    "sweet tandem target team tempo title titan track trade trent twin ucal union united unity "
    "universal value vector vertex victory visa vista wave wolf world yield zoom "
    "agm amc bse ceo cfo cio coo cpi ebit emi esg etf eur fed fii fpi gdp gst gbp icu imf inr ipo "
    "iso jpy ltd nav nbfc nri nse nyse pat pli psu qip rbi roe sebi sec uae upi usa usd usfda wto"
)
COMMON = frozenset(_COMMON_WORDS.split())
# The exchanges that texts write before a symbol, and the suffix that our tickers have for them.
LISTINGS = {
    "NSE": ".NS",
    "BSE": ".BO",
    "LSE": ".L",
    "LON": ".L",
    "TSX": ".TO",
    **dict.fromkeys(("NASDAQ", "NYSE", "AMEX", "OTCMKTS", "OTC"), ""),
}
BSE_DIGITS = 6
_LISTING = re.compile(rf"\b({'|'.join(LISTINGS)})\s*:\s*\$?([A-Z0-9][A-Z0-9&-]*(?:\.[A-Z])?)(?!\w)")
_TOKEN = re.compile(r"&|\w+(?:['’]\w+)*")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A stock that a text names."""

    ticker: str
    how: How
    text: str  # the words that name it


class Companies:
    """The companies that can be named: (ticker, name, ISIN or None) of each listing."""

    def __init__(self, listings: Iterable[tuple[str, str, str | None]] = ()) -> None:
        known = list(listings)
        self._tickers = frozenset(ticker for ticker, _, _ in known)
        self._names = _index(known)
        self._longest = max(map(len, self._names), default=0)
        self._symbols = _symbols(self._tickers)

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """The stocks that a text names, the surest way first, each ticker once."""
        found = chain(
            (Mention(t, "cashtag", f"${t}") for t in cashtags.in_text(text, self._tickers)),
            _listings(text),
            self._by_words(text),
        )
        first: dict[str, Mention] = {}
        for mention in sorted(found, key=lambda one: _SUREST.index(one.how)):
            first.setdefault(mention.ticker, mention)
        return tuple(first.values())

    def _by_words(self, text: str) -> Iterator[Mention]:
        """Names and bare symbols, no word used twice."""
        raw = _TOKEN.findall(text)
        words = tuple(map(_word, raw))
        shouted = text.upper() == text
        place = 0
        while place < len(raw):
            length = self._name_at(raw, words, place)
            if length:
                key = words[place : place + length]
                how: How = "name" if length > 1 else "word"
                said = " ".join(raw[place : place + length])
                yield from (Mention(ticker, how, said) for ticker in self._names[key])
            elif not shouted and (found := self._symbols.get(raw[place])):
                yield from (Mention(ticker, "symbol", raw[place]) for ticker in found)
            place += length or 1

    def _name_at(self, raw: Sequence[str], words: Words, place: int) -> int:
        """How many words from here on are the longest name; 0 for none."""
        for length in range(min(self._longest, len(raw) - place), 0, -1):
            if words[place : place + length] in self._names and all(
                _is_name(token) for token in raw[place : place + length]
            ):
                return length
        return 0


_SUREST: tuple[How, ...] = ("cashtag", "listing", "name", "word", "symbol")


def _listings(text: str) -> Iterator[Mention]:
    for match in _LISTING.finditer(text):
        exchange, symbol = match.groups()
        closed = text[match.end() : match.end() + 1] == ")"
        if _is_symbol(symbol) or closed:
            yield Mention(symbol + LISTINGS[exchange], "listing", match[0])


def _is_symbol(text: str) -> bool:
    """Can it be nothing else? `BSE: 30,000` is an index, `NSE: A new high` an article."""
    return len(text) == BSE_DIGITS if text.isdigit() else len(text) > 1


def _index(known: Sequence[tuple[str, str, str | None]]) -> dict[Words, tuple[str, ...]]:
    """The tickers of each way to write a name, where it is the name of one company only."""
    full = {ticker: tuple(map(_word, _TOKEN.findall(name))) for ticker, name, _ in known}
    isins = {full[ticker]: isin for ticker, _, isin in known if isin}
    owners: dict[Words, dict[object, set[str]]] = defaultdict(lambda: defaultdict(set))
    for ticker, _, isin in known:
        words = full[ticker]
        company = isin or isins.get(words) or words
        for key in {words, _without_form(words)}:
            if _can_stand(key):
                owners[key][company].add(ticker)
    return {
        key: tuple(sorted(*companies.values()))
        for key, companies in owners.items()
        if len(companies) == 1
    }


def _symbols(known: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The tickers of each bare symbol that is no common word."""
    found: dict[str, set[str]] = defaultdict(set)
    for ticker in known:
        symbol = ticker.partition(".")[0]
        if len(symbol) >= _SHORTEST and symbol.isalpha() and symbol.casefold() not in COMMON:
            found[symbol].add(ticker)
    return {symbol: tuple(sorted(tickers)) for symbol, tickers in found.items()}


def _without_form(words: Words) -> Words:
    start = 1 if words[:1] == ("the",) else 0
    end = len(words)
    while end > start and words[end - 1] in _LEGAL.values():
        end -= 1
    return words[start:end]


def _can_stand(key: Words) -> bool:
    """May these words alone name a company?"""
    if len(key) != 1:
        return bool(key)
    return len(key[0]) >= _SHORTEST and key[0] not in COMMON and not key[0].isdigit()


def _word(token: str) -> str:
    """A token as it is compared: without case and possessive, a legal form written out."""
    plain = token.casefold().replace("’", "'").removesuffix("'s")
    return _LEGAL.get(plain, "and" if plain == "&" else plain)


def _is_name(token: str) -> bool:
    """Is it written as part of a name?"""
    return any(map(str.isupper, token)) or token[0].isdigit() or token.casefold() in _SMALL | {"&"}
