"""What is kept of prices: columns as Arrow, tables as SQL that both databases take.

Bars of each interval have a table of their own, by the number of the stock, the time, and when the
bar was known. What a bar says in words (exchange, currency, ISIN, series) is kept by number too: a
minute of ten thousand stocks repeats four words, and an index of numbers is half as large.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

VERSION = 2
INTERVALS = ("1d", "1m")
PRICES = ("open", "high", "low", "close", "adj_close", "volume")
COLUMNS = ("ticker", "at", "known_at", *PRICES)
SCHEMA = pa.schema(
    [("ticker", pa.string()), ("at", pa.int64()), ("known_at", pa.int64())]
    + [(name, pa.float64()) for name in PRICES]
)
WORDS = ("isin", "exchange", "currency", "series")
FIGURES = ("last", "previous_close", "turnover", "delivered")
# What a source may say besides, each null where it does not; as in ingest.market.quote.Quote.
EXTRAS = pa.schema(
    [(name, pa.string()) for name in WORDS]
    + [(name, pa.float64()) for name in FIGURES]
    + [("trades", pa.int64())]
)
FULL = pa.schema([*SCHEMA, *EXTRAS])
SAME_PRICE = 0.005  # of the currency: files differ in how many digits they write

Merge = Literal["last", "filled", "least", "most"]

_KEY = ("stock", "at", "known_at")
# How a bar lies in its table.
STORED = pa.schema(
    [("stock", pa.int32()), ("at", pa.int64()), ("known_at", pa.int64())]
    + [(name, pa.float64()) for name in PRICES]
    + [(name, pa.int32()) for name in WORDS]
    + [*EXTRAS][len(WORDS) :]
)
_TYPES = {
    pa.string(): "TEXT",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE PRECISION",
}
# What becomes of a column where its key comes again, of {old} that stands and {new} that came.
_MERGED: Mapping[Merge, str] = {
    "last": "{new}",
    "filled": "coalesce({new}, {old})",
    "least": "CASE WHEN {new} < {old} THEN {new} ELSE {old} END",
    "most": "CASE WHEN {new} > {old} THEN {new} ELSE {old} END",
}
# What only an earlier file said stays, if both speak of the same bar: deliveries of one price must
# not stand beside another.
_FILLED_IF_SAME = (
    'CASE WHEN abs({table}."close" - excluded."close") > ' + str(SAME_PRICE) + " "
    "THEN {new} ELSE coalesce({new}, {old}) END"
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A table of things that became known at some moment, beside the bars.

    A text of its key that is not said is "" in the table and null outside.
    """

    name: str
    schema: pa.Schema  # with `ticker`, in the order of reading
    key: tuple[str, ...]  # beside the stock
    merges: Mapping[str, Merge]  # what is not of the key

    @property
    def stored(self) -> pa.Schema:
        """The columns as they lie in the table: the stock's number for its ticker."""
        rest = [field for field in self.schema if field.name != "ticker"]
        return pa.schema([pa.field("stock", pa.int32()), *rest])


# A security under a ticker, under this symbol and name, and the first and last day seen so.
LISTINGS = Dated(
    "listings",
    pa.schema(
        [(name, pa.string()) for name in ("ticker", "isin", "exchange", "currency", "symbol")]
        + [("name", pa.string())]
        + [(name, pa.int64()) for name in ("since", "until", "known_at")]
    ),
    ("isin", "exchange", "currency", "symbol", "name"),
    {"since": "least", "until": "most", "known_at": "least"},
)
# Two sources that tell of one split are one action, known when the first told.
ACTIONS = Dated(
    "actions",
    pa.schema(
        [
            ("ticker", pa.string()),
            ("kind", pa.string()),
            ("at", pa.int64()),
            ("known_at", pa.int64()),
            ("ratio", pa.float64()),
            ("amount", pa.float64()),
            ("isin", pa.string()),
        ]
    ),
    ("kind", "at", "ratio", "amount"),
    {"known_at": "least", "isin": "filled"},
)
FACTS = Dated(
    "facts",
    pa.schema(
        [
            ("ticker", pa.string()),
            ("name", pa.string()),
            ("value", pa.float64()),
            ("at", pa.int64()),
            ("known_at", pa.int64()),
            ("currency", pa.string()),
            ("source", pa.string()),
        ]
    ),
    ("name", "at", "known_at", "source"),
    {"value": "last", "currency": "last"},
)
DATED = (LISTINGS, ACTIONS, FACTS)


def table_of(interval: str) -> str:
    """The table of an interval's bars."""
    return f"bars_{interval}"


OURS = frozenset(
    {"sentinelmarket_bars", "stocks", "words", "bars"}
    | {table_of(interval) for interval in INTERVALS}
    | {kind.name for kind in DATED}
)


def created(end: str) -> list[str]:
    """The statements that make every table but that of the version.

    `end` ends a table that is read by its key alone: SQLite then keeps the rows in that order.
    """
    bars = (_create(table_of(one), STORED, _KEY, (*_KEY, *PRICES), end) for one in INTERVALS)
    dated = (
        _create(kind.name, kind.stored, ("stock", *kind.key), _always(kind), end) for kind in DATED
    )
    return [
        'CREATE TABLE stocks ("id" INTEGER NOT NULL PRIMARY KEY, "ticker" TEXT NOT NULL UNIQUE)',
        'CREATE TABLE words ("id" INTEGER NOT NULL PRIMARY KEY, "word" TEXT NOT NULL UNIQUE)',
        *bars,
        *dated,
    ]


def staging(schema: pa.Schema) -> str:
    """A table of this connection alone, for rows on their way."""
    return f"CREATE TEMP TABLE staged ({_declared(schema, ())})"


def upsert_bars(interval: str) -> str:
    """What is staged into the bars of an interval, changing nothing that stands so already."""
    table = table_of(interval)
    merged = dict.fromkeys(PRICES, _MERGED["last"])
    merged |= dict.fromkeys(EXTRAS.names, _FILLED_IF_SAME.replace("{table}", table))
    return _upsert(table, STORED.names, _KEY, merged)


def upsert_dated(kind: Dated) -> str:
    """What is staged into a table of dated things."""
    merged = {name: _MERGED[how] for name, how in kind.merges.items()}
    return _upsert(kind.name, kind.stored.names, ("stock", *kind.key), merged)


def numbers(values: Iterable[int]) -> str:
    """Whole numbers as they stand between IN's brackets."""
    return ", ".join(str(int(value)) for value in values) or "NULL"


def names(columns: Sequence[str]) -> str:
    """Columns as a statement lists them."""
    return ", ".join(f'"{name}"' for name in columns)


def _always(kind: Dated) -> tuple[str, ...]:
    """The columns that are never null."""
    needed = [name for name, how in kind.merges.items() if how in ("least", "most")]
    return ("stock", *kind.key, *needed)


def _create(
    table: str, schema: pa.Schema, key: Sequence[str], always: Sequence[str], end: str
) -> str:
    return (
        f"CREATE TABLE {table} ({_declared(schema, always)}, PRIMARY KEY ({names(key)})) {end}"
    ).strip()


def _declared(schema: pa.Schema, always: Sequence[str]) -> str:
    return ", ".join(
        f'"{field.name}" {_TYPES[field.type]}{" NOT NULL" if field.name in always else ""}'
        for field in schema
    )


def _upsert(
    table: str, columns: Sequence[str], key: Sequence[str], merged: Mapping[str, str]
) -> str:
    sides = {name: {"old": f'{table}."{name}"', "new": f'excluded."{name}"'} for name in merged}
    becomes = {name: how.format(**sides[name]) for name, how in merged.items()}
    assigned = ", ".join(f'"{name}" = {value}' for name, value in becomes.items())
    differs = " OR ".join(
        f"{sides[name]['old']} IS DISTINCT FROM {value}" for name, value in becomes.items()
    )
    # "WHERE true": without it SQLite takes ON for the beginning of a join.
    return (
        f"INSERT INTO {table} ({names(columns)}) SELECT {names(columns)} FROM staged WHERE true "
        f"ON CONFLICT ({names(key)}) DO UPDATE SET {assigned} WHERE {differs}"
    )
