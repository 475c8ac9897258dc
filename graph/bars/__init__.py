"""Price bars, and what is known of stocks beside them, in SQLite or PostgreSQL.

`store.py` is the class; `schema.py` has the columns and statements, `engine.py` the two databases,
`migrations.py` their tables made and brought up to date, `names.py` which tickers are one stock.
"""

from graph.bars.names import Names
from graph.bars.schema import (
    ACTIONS,
    COLUMNS,
    EXTRAS,
    FACTS,
    FULL,
    INTERVALS,
    LISTINGS,
    PRICES,
    SCHEMA,
    VERSION,
)
from graph.bars.store import BATCH, Bars

__all__ = [
    "ACTIONS",
    "BATCH",
    "COLUMNS",
    "EXTRAS",
    "FACTS",
    "FULL",
    "INTERVALS",
    "LISTINGS",
    "PRICES",
    "SCHEMA",
    "VERSION",
    "Bars",
    "Names",
]
