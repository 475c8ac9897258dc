"""What market files say reaches the store whole: bars, what stands beside them, whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from graph.backends.bolt import BoltStore
from graph.bars import EXTRAS, Bars
from graph.errors import SourceRefused
from graph.model import Bar
from ingest.formats import detect
from ingest.load import Loaded, load
from ingest.market.actions import Action
from ingest.market.columns import column_map
from ingest.market.fundamentals import Fact
from ingest.market.keep import Kept, actions_of, facts_of, keep, keep_table, table
from ingest.market.nse_listed import Company
from ingest.market.quote import DAY_MS, MINUTE_MS, Quote
from ingest.rejects import read as read_rejects
from tests.ingest import india_lines as india
from tests.ingest.india_lines import ISIN, JANUARY_1, JULY_8, KNOWN
from tests.ingest.market_days import LATE
from tests.ingest.market_sources import zipped
from tests.ingest.x_records import record, write

NOW = JULY_8 + 30 * DAY_MS
BONUS = (
    '[{"symbol": "ACME", "series": "EQ", "subject": "Bonus 3:1", "exDate": "02-Jan-2024", '
    f'"caBroadcastDate": "20-Dec-2023 18:00:00", "isin": "{ISIN}"}}]'
)
ACTIONS = "ticker,kind,ex_date,ratio,amount\nacme.ns,dividend,2024-03-01,,5\n"
FACTS = "ticker,known_at,shares,debt\nacme.ns,2024-01-05,1000,7\n"
LIST = (
    "SYMBOL,NAME OF COMPANY, SERIES, DATE OF LISTING, PAID UP VALUE, MARKET LOT, ISIN NUMBER, FACE "
    f"VALUE\nACME,Acme Logistics Limited,EQ,01-JAN-2001,10,1,{ISIN},10\n"
)


@pytest.fixture
def bars(tmp_path: Path) -> Iterator[Bars]:
    with Bars(tmp_path / "bars.sqlite") as opened:
        yield opened


def quote(ticker: str, **said: Any) -> Quote:
    return Quote(Bar(ticker, JULY_8, JULY_8 + KNOWN, 10, 12, 9, 11, 11, 500), **said)


def file(folder: Path, name: str, *lines: str) -> Path:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / name


def beside(bars: Bars) -> list[dict[str, Any]]:
    """What is said beside each bar, without what is not."""
    found = bars.read(columns=["ticker", *EXTRAS.names], as_of=LATE).to_pylist()
    return [{name: value for name, value in row.items() if value is not None} for row in found]


def test_a_quote_keeps_all_that_it_says(bars: Bars) -> None:
    said = {"isin": ISIN, "exchange": "NSE", "currency": "INR", "series": "EQ"}
    figures = {"last": 10.5, "previous_close": 10.0, "turnover": 5500.0, "delivered": 200.0}
    one = quote("ACME.NS", **said, **figures, trades=9, symbol="ACME", name="Acme Ltd")
    assert keep(bars, [one], "1d", NOW) == Kept(bars=1, bars_changed=1, listings_changed=1)
    assert beside(bars) == [{"ticker": "ACME.NS", **said, **figures, "trades": 9}]
    assert bars.listings(as_of=LATE).to_pylist() == [
        {
            "ticker": "ACME.NS",
            "isin": ISIN,
            "exchange": "NSE",
            "currency": "INR",
            "symbol": "ACME",
            "name": "Acme Ltd",
            "since": JULY_8,
            "until": JULY_8,
            "known_at": JULY_8 + KNOWN,
        }
    ]
    assert not keep(bars, [one], "1d", NOW).changed


def test_minutes_are_kept_as_minutes_and_seen_on_their_day(bars: Bars) -> None:
    at = JULY_8 + 4 * 60 * MINUTE_MS
    one = Quote(Bar("ACME.NS", at, at + MINUTE_MS, 10, 12, 9, 11, 11, 5), isin=ISIN)
    assert keep(bars, [one], "1m", NOW).bars_changed == 1
    assert (bars.count("1d"), bars.count("1m")) == (0, 1)
    assert bars.listings(as_of=LATE)["since"].to_pylist() == [JULY_8]


def test_what_says_neither_isin_nor_name_is_no_listing(bars: Bars) -> None:
    kept = keep(bars, [quote("ACME.NS", symbol="ACME", exchange="NSE")], "1d", NOW)
    assert kept == Kept(bars=1, bars_changed=1)
    assert bars.listings(as_of=LATE).num_rows == 0


def test_two_exchanges_told_apart_by_a_column_alone_are_two_listings(bars: Bars) -> None:
    """Else the second would overwrite the first."""
    given = [quote("ACME", exchange="NSE"), quote("ACME", exchange="BSE"), quote("ACME.BO")]
    given += [quote("ACME", exchange="NMS"), quote("OTHER")]
    keep(bars, given, "1d", NOW)
    assert beside(bars) == [
        {"ticker": "ACME", "exchange": "NMS"},
        {"ticker": "ACME.BO", "exchange": "BSE", "currency": "INR"},
        {"ticker": "ACME.NS", "exchange": "NSE", "currency": "INR"},
        {"ticker": "OTHER"},
    ]


def test_a_table_without_the_rest_is_bars(bars: Bars) -> None:
    short = table([quote("ACME")]).select(
        ["ticker", "at", "known_at", "open", "high", "low", "close", "adj_close", "volume"]
    )
    assert keep_table(bars, short, "1d") == Kept(bars=1, bars_changed=1)


def test_nothing_is_kept_of_nothing(bars: Bars) -> None:
    assert keep(bars, [], "1d", NOW) == Kept()


def test_actions_and_facts_come_back_as_they_were_given(bars: Bars) -> None:
    action = Action("ACME.NS", "bonus", JULY_8, JULY_8 - 5, 4.0, 0.0, ISIN)
    fact = Fact("ACME.NS", "debt", 7.0, JULY_8, JULY_8 + 1, "INR", "a.csv")
    plain = Fact("ACME.NS", "shares", 9.0, JULY_8, JULY_8 + 1)
    kept = keep(bars, [action, fact, plain], "1d", NOW)
    assert kept == Kept(actions=1, actions_changed=1, facts=2, facts_changed=2)
    assert actions_of(bars.actions(as_of=LATE)) == [action]
    assert facts_of(bars.facts(as_of=LATE)) == [fact, plain]


def test_todays_list_of_companies_says_nothing_of_before(bars: Bars) -> None:
    listed_on = JANUARY_1 - 8000 * DAY_MS
    kept = keep(bars, [Company("ACME.NS", "Acme Limited", ISIN, listed_on)], "1d", NOW)
    assert (kept.listings_changed, kept.facts_changed) == (1, 1)
    assert bars.listings(as_of=NOW - 1).num_rows == 0
    assert bars.listings(as_of=NOW)["name"].to_pylist() == ["Acme Limited"]
    assert bars.facts(as_of=listed_on)["name"].to_pylist() == ["listed_on"]
    assert bars.names(as_of=NOW).tickers("ACME") == ("ACME.NS",)


def loaded(store: BoltStore, bars: Bars, *paths: Path, **how: Any) -> Loaded:
    assert bars.path is not None
    return load(store, bars, paths, rejects=bars.path.parent / "rejects.jsonl", **how)


def test_prices_and_deliveries_of_one_day_are_one_bar_whatever_their_order(
    embedded_store: BoltStore, bars: Bars, tmp_path: Path
) -> None:
    prices = file(tmp_path, "cm01JAN2024bhav.csv", india.NSE_HEAD, india.NSE_ACME)
    delivered = file(tmp_path, "sec.csv", india.DELIVERY_HEAD, india.DELIVERY_ACME)
    loaded(embedded_store, bars, prices, delivered)
    (first,) = beside(bars)
    assert (first["isin"], first["delivered"], first["trades"]) == (ISIN, 18124, 810)
    with Bars(tmp_path / "other.sqlite") as other:
        loaded(embedded_store, other, delivered, prices)
        (second,) = beside(other)
    assert second == first | {"turnover": 18975099.9}  # in lakhs, the other file rounds it
    assert not loaded(embedded_store, bars, delivered).changed


def test_a_load_stores_actions_figures_and_listings(
    embedded_store: BoltStore, bars: Bars, tmp_path: Path
) -> None:
    files = {
        "nse-actions": file(tmp_path, "a.json", BONUS),
        "actions-csv": file(tmp_path, "b.csv", ACTIONS),
        "fundamentals-csv": file(tmp_path, "c.csv", FACTS),
        "nse-list": file(tmp_path, "EQUITY_L.csv", LIST),
    }
    assert {name: detect(path) for name, path in files.items()} == {name: name for name in files}
    found = loaded(embedded_store, bars, *files.values())
    assert (found.records, found.rejected) == (5, 0)
    assert (found.actions, found.actions_changed) == (2, 2)
    assert (found.facts, found.facts_changed, found.listings_changed) == (3, 3, 1)
    assert found.changed
    kinds = bars.actions(["ACME.NS"], as_of=LATE)["kind"].to_pylist()
    assert kinds == ["bonus", "dividend"]
    assert bars.facts(as_of=LATE)["name"].to_pylist() == ["debt", "listed_on", "shares"]
    assert not loaded(embedded_store, bars, *files.values()).changed


@pytest.mark.parametrize("name", ["b.csv", "c.csv"])
def test_in_a_zip_too(name: str, tmp_path: Path) -> None:
    text = {"b.csv": ACTIONS, "c.csv": FACTS}[name]
    wanted = {"b.csv": "actions-csv", "c.csv": "fundamentals-csv"}[name]
    assert detect(zipped(tmp_path / "z.zip", {name: text})) == wanted


def test_a_bad_line_of_actions_or_figures_is_a_reject(
    embedded_store: BoltStore, bars: Bars, tmp_path: Path
) -> None:
    actions = file(tmp_path, "b.csv", ACTIONS + "acme.ns,gift,2024-03-01,,5")
    facts = file(tmp_path, "c.csv", FACTS + "acme.ns,,1000,7")
    found = loaded(embedded_store, bars, actions, facts)
    assert [(one.records, one.rejected) for one in found.files] == [(2, 1), (3, 1)]
    assert (found.actions, found.facts) == (1, 2)


def test_parquet_is_stored_by_the_column_with_all_it_says(
    embedded_store: BoltStore, bars: Bars, tmp_path: Path
) -> None:
    path = tmp_path / "minutes.parquet"
    at = JULY_8 + 4 * 60 * MINUTE_MS
    pl.DataFrame(
        {
            "ticker": ["ACME.NS", "ACME.NS", "B.NS"],
            "time": [at, at + MINUTE_MS, at],
            **{name: [10.0, 10.0, -1.0] for name in ("open", "high", "low", "close")},
            "volume": [5, 6, 7],
            "isin": [ISIN, ISIN, None],
            "name": ["Acme", "Acme", None],
            "turnover": [50.0, None, None],
        }
    ).write_parquet(path)
    columns = column_map("interval=1m")
    found = loaded(embedded_store, bars, path, columns=columns)
    assert (found.records, found.rejected, found.bars, found.bars_changed) == (3, 1, 2, 2)
    assert found.listings_changed == 1
    stored = bars.read(interval="1m", columns=["at", "isin", "currency", "turnover"], as_of=LATE)
    assert stored.to_pylist() == [
        {"at": at, "isin": ISIN, "currency": "INR", "turnover": 50.0},
        {"at": at + MINUTE_MS, "isin": ISIN, "currency": "INR", "turnover": None},
    ]
    assert not loaded(embedded_store, bars, path, columns=columns).changed


def test_a_long_symbol_that_is_listed_is_a_stock_in_posts(
    embedded_store: BoltStore, bars: Bars, tmp_path: Path
) -> None:
    """Prices are read first, in whatever place they are named; $NOBODYS stays a word."""
    line = india.changed(india.UDIFF_NSE, 7, "ACMELOGI")
    prices = file(tmp_path, "day.csv", india.UDIFF_HEAD, line)
    posts = write(tmp_path / "posts.jsonl", [record(1, text="$ACMELOGI beats $NOBODYS")])
    found = loaded(embedded_store, bars, posts, prices)
    assert [one.format for one in found.files] == ["x-v1.1-jsonl", "udiff"]
    edges = embedded_store.read("ingest/every_edge")
    assert [e["stop"] for e in edges if e["type"] == "MENTIONS"] == ["ACMELOGI"]
    assert bars.names(as_of=LATE).main("ACMELOGI") == "ACMELOGI.NS"


def test_a_damaged_parquet_is_said_and_the_other_files_are_loaded(
    embedded_store: BoltStore, bars: Bars, tmp_path: Path
) -> None:
    broken = tmp_path / "a.parquet"
    broken.write_bytes(b"PAR1 and then nothing of it")
    prices = file(tmp_path, "day.csv", india.UDIFF_HEAD, india.UDIFF_NSE)
    with pytest.raises(SourceRefused, match=r"a.parquet is not Parquet, or is damaged"):
        loaded(embedded_store, bars, broken, prices)
    assert bars.tickers() == ["ACME.NS"]
    (reject,) = read_rejects(tmp_path / "rejects.jsonl")
    assert (Path(reject.file).name, reject.line) == ("a.parquet", 1)
