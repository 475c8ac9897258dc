"""One request's reads: each statement runs once for all the rows that ask for it.

A field of a hundred clusters asks a hundred times; the loader gathers the ids and the store sees
one call. Stores block, so every call goes through a thread. Statements that take `run_id` get the
newest finished run; without one they find nothing. Those that take `as_of` see what that run saw.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

import pyarrow as pa
from strawberry.dataloader import DataLoader

from api.texts import Pair as Scores
from api.texts import TextReads
from cypher import contract
from graph.errors import UsageError
from graph.model import Millis
from graph.store import GraphStore

Row = dict[str, Any]
Pair = tuple[str, str]
Span = tuple[str, Millis, Millis]  # ticker, since, until
K = TypeVar("K")
T = TypeVar("T")

ROWS_A_REQUEST = 100_000


class BarSource(Protocol):
    """What the API needs of graph.bars.Bars."""

    def read(
        self,
        tickers: Sequence[str] | None = None,
        since: Millis | None = None,
        until: Millis | None = None,
        *,
        as_of: Millis,
    ) -> pa.Table: ...

    def close(self) -> None: ...


class Context:
    """What a request's resolvers share: reads through loaders, the newest run, the time."""

    def __init__(
        self,
        store: GraphStore,
        bars: BarSource,
        clock: Callable[[], Millis],
        reads: TextReads | None = None,
    ) -> None:
        self.reads = reads or TextReads()
        self._store = store
        self._bars = bars
        self._loaders: dict[Any, DataLoader[Any, Any]] = {}
        self._newest: asyncio.Task[Row | None] | None = None
        self._rows = 0
        self.now = clock

    async def run(self) -> Row | None:
        """The newest finished run, read once a request."""
        if self._newest is None:
            self._newest = asyncio.create_task(self._read_run())
        return await self._newest

    async def as_of(self) -> Millis:
        """What readers may see: nothing that was known after the newest run looked."""
        newest = await self.run()
        return int(newest["as_of"]) if newest else self.now()

    async def read(self, name: str, **params: Any) -> list[Row]:
        """A statement's rows. Raises UsageError where a request asks for too many in all."""
        asked = contract(name).params
        if "run_id" in asked:
            newest = await self.run()
            params["run_id"] = newest["id"] if newest else ""
        if "as_of" in asked:
            params["as_of"] = await self.as_of()
        rows = await asyncio.to_thread(self._store.read, name, **params)
        self._rows += len(rows)
        if self._rows > ROWS_A_REQUEST:
            raise UsageError(f"this asks for more than {ROWS_A_REQUEST:,} rows; ask for fewer")
        return rows

    async def ask(self, question: Callable[[GraphStore], T]) -> T:
        """The answer to a question of several reads that the command line asks too."""
        return await asyncio.to_thread(question, self._store)

    async def change(self, work: Callable[[GraphStore], T]) -> T:
        """What several writes come to, and forgets what was read before them."""
        done = await asyncio.to_thread(work, self._store)
        self._loaders.clear()
        return done

    async def write(self, name: str, **params: Any) -> None:
        """Runs a writing statement, and forgets what was read before it."""
        await asyncio.to_thread(self._store.write, name, **params)
        self._loaders.clear()

    def one(self, name: str) -> DataLoader[str, Row | None]:
        """Loads by id the row of a statement that takes `ids`; None where there is none."""

        async def load(ids: list[str]) -> list[Row | None]:
            found = {row["id"]: row for row in await self.read(name, ids=ids)}
            return [found.get(key) for key in ids]

        return self._kept((name,), load)

    def many(self, name: str, **fixed: Any) -> DataLoader[str, list[Row]]:
        """Loads by id the rows whose `owner` it is."""

        async def load(ids: list[str]) -> list[list[Row]]:
            found: dict[str, list[Row]] = defaultdict(list)
            for row in await self.read(name, ids=ids, **fixed):
                found[row["owner"]].append(row)
            return [found[key] for key in ids]

        return self._kept((name, *sorted(fixed.items())), load)

    def acts(self) -> DataLoader[Pair, Row | None]:
        """Loads the shared acts of a tie, by its two accounts."""

        async def load(pairs: list[Pair]) -> list[Row | None]:
            rows = await self.read("read/evidence_of_ties", pairs=[list(pair) for pair in pairs])
            found = {(row["left"], row["right"]): row for row in rows}
            return [found.get(pair) for pair in pairs]

        return self._kept(("acts",), load)

    def texts(self) -> DataLoader[str, Scores]:
        """Loads promotion and sentiment by text."""

        async def load(texts: list[str]) -> list[Scores]:
            return await asyncio.to_thread(self.reads.read, texts)

        return self._kept(("texts",), load)

    def bars(self, since: Millis | None, until: Millis | None) -> DataLoader[str, list[Row]]:
        """Loads a stock's bars of a span, earliest first, as known when the newest run looked."""

        async def load(tickers: list[str]) -> list[list[Row]]:
            as_of = await self.as_of()
            table = await asyncio.to_thread(self._bars.read, tickers, since, until, as_of=as_of)
            found: dict[str, list[Row]] = defaultdict(list)
            for row in table.to_pylist():
                found[row["ticker"]].append(row)
            return [found[ticker] for ticker in tickers]

        return self._kept(("bars", since, until), load)

    async def _read_run(self) -> Row | None:
        rows = await asyncio.to_thread(self._store.read, "read/newest_run")
        return rows[0] if rows else None

    def _kept(self, key: Any, load: Callable[[list[K]], Any]) -> DataLoader[K, Any]:
        if key not in self._loaders:
            self._loaders[key] = DataLoader(load_fn=load)
        return self._loaders[key]


def clock() -> Millis:
    """Now, epoch milliseconds."""
    return time.time_ns() // 1_000_000
