"""Which cashtags name a stock.

A cashtag is `$` and a symbol. The rule, and why:

- A symbol is one to six letters, which is every US ticker and what X itself marks up; it may carry
  a share class (`$BRK.B`) or an exchange (`$SHOP.TO`). With an exchange it may be longer and hold
  digits, `&` and `-`, because Indian and Asian symbols do: `$TATAMOTORS.NS`, `$500325.BO`.
- One letter is enough: `$T`, `$C` and `$F` are AT&T, Citigroup and Ford.
- It stands free. `A$AP`, `L$D`, `U$D`, `FIR$T` and `$T$` are spelling, `$$` is a gesture.
- It begins with a letter unless an exchange follows: `$100`, `$5k`, `$1B` are sums of money.
- A suffix read from running text has the case of its symbol, so that the end of a sentence without
  a space (`$AAPL.Great`, `$T.i think`) is no share class.
- Words that people dress up with a dollar (`$LOVE`, `$CASH`, `$WAG`) are no stocks, although some
  are listed somewhere: the slang is far more frequent. A ticker in `known` (for instance one that
  prices were loaded for) always wins over that list.
- Futures and the like (`$ES_F`) are no stocks.

Symbols are upper case. `$brk.b` and `$BRK.B` are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

CLASSES = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_EXCHANGES = (
    "NS BO NSE BSE TO TSX CN CA NE AX ASX NZ L LN LSE DE FF PA FP AS BR MC MI SW VX ST CO OL HE "
    "IC WA VI AT LS IR IS TA SA MX BA SN HK SS SZ TW TWO KS KQ JP SI JK KL BK ME JO OB PK OTC "
    "US"
)
_SLANG = (
    "LOVE CASH MONEY RICH BOSS SWAG WAG TACK TACKS BAND BANDS BAG BAGS BILLS DOLLAR DOLLARS BUCK "
    "BUCKS GOLD PAID PAY BROKE SAVE SAVING SALE DEAL DEALS FREE WIN LUV LIFE LIKE LOL OMG GOD KING "
    "QUEEN SEXY GIRL GIRLS BOY BOYS SQUAD GANG TEAM CREW HUSTLE TRILL STOCK STOCKS TICKER TICKR "
    "SYMBOL SHARE SHARES FOLLOW RETWT TRADE TRADER TRADES MARKET BUY BUYING BUYS SELL SELLS "
    "LONG SHORT CALL CALLS PUTS BULL BEAR NASDAQ NYSE AMEX INDEX USD EUR GBP CAD AUD JPY INR BTC "
    "ETH XXX YOUR NAME"
)
EXCHANGES = frozenset(_EXCHANGES.split())
SLANG = frozenset(_SLANG.split())
NO_TICKERS: frozenset[str] = frozenset()

_PLAIN = re.compile(r"[A-Za-z]{1,6}")
_LISTED = re.compile(r"[A-Za-z0-9][A-Za-z0-9&-]{0,14}")
_CASHTAG = re.compile(
    r"(?<![\w$&@#./])\$([A-Za-z0-9][A-Za-z0-9&-]{0,14})(\.[A-Za-z]{1,3}(?![\w$]))?(?![\w$&])"
)


@lru_cache(maxsize=50_000)
def ticker(symbol: str, known: frozenset[str] = NO_TICKERS) -> str | None:
    """The ticker that a symbol without its `$` stands for, or None where it names no stock."""
    upper = symbol.strip().upper()
    if upper in known:
        return upper
    stem, _, suffix = upper.partition(".")
    if not _well_formed(stem, suffix) or stem in SLANG:
        return None
    return f"{stem}.{suffix}" if suffix else stem


def in_text(text: str, known: frozenset[str] = NO_TICKERS) -> tuple[str, ...]:
    """The tickers that a text names, each once, in its order."""
    return distinct(
        ticker(_symbol(match[1], match[2] or ""), known) for match in _CASHTAG.finditer(text)
    )


def distinct(found: Iterable[str | None]) -> tuple[str, ...]:
    """What was found, each once, in order, without what was none."""
    return tuple(dict.fromkeys(one for one in found if one))


def _symbol(stem: str, suffix: str) -> str:
    same_case = (stem.upper() == stem and suffix.upper() == suffix) or (
        stem.lower() == stem and suffix.lower() == suffix
    )
    return stem + suffix if suffix and same_case else stem


def _well_formed(stem: str, suffix: str) -> bool:
    if suffix in EXCHANGES:
        return bool(_LISTED.fullmatch(stem))
    return bool(_PLAIN.fullmatch(stem)) and (suffix == "" or suffix in CLASSES)
