"""Prices in any CSV and in Parquet: by usual names, or as a person maps the columns."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from graph.bars import COLUMNS, EXTRAS
from graph.errors import SourceRefused, UsageError
from graph.model import Bar
from ingest.formats import chosen, detect
from ingest.market import mapped_csv
from ingest.market.columns import ColumnMap, column_map
from ingest.market.layout import CsvSource
from ingest.market.parquet import ParquetSource
from ingest.market.quote import Quote
from ingest.rejects import Reject

HEAD = "time,open,high,low,close,volume"
JANUARY_1 = 1_704_067_200_000
NINE_FIFTEEN = 1_704_080_700_000  # in India, on that day
HOUR = 3_600_000


def csv(folder: Path, map: str, *lines: str) -> list[Quote | Reject]:
    path = folder / "acme.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return list(CsvSource(mapped_csv.layout(column_map(map)), path).quotes())


def parquet(folder: Path, map: str, *lines: str) -> list[Quote | Reject]:
    """The same lines as Parquet, every column a string as CSV has it."""
    names, *rows = ([field.strip() for field in line.split(",")] for line in lines)
    columns = dict(zip(names, map_columns(rows), strict=True))
    pl.DataFrame(columns).write_parquet(folder / "acme.parquet")
    return list(ParquetSource(folder / "acme.parquet", column_map(map)).quotes())


def map_columns(rows: list[list[str]]) -> list[list[str]]:
    return [list(column) for column in zip(*rows, strict=True)]


@pytest.fixture(params=[csv, parquet], ids=["csv", "parquet"])
def read(request: pytest.FixtureRequest) -> Any:
    return request.param


def one(read: Any, folder: Path, map: str, *lines: str) -> Quote:
    (found,) = read(folder, map, *lines)
    assert isinstance(found, Quote), found
    return found


def test_usual_names_need_no_map_and_the_file_names_the_stock(read: Any, tmp_path: Path) -> None:
    found = one(read, tmp_path, "", HEAD, "2024-01-01,10,12,9,11,500")
    closed = JANUARY_1 + 21 * HOUR
    assert found == Quote(Bar("ACME", JANUARY_1, closed, 10, 12, 9, 11, 11, 500))


def test_a_map_wins_over_a_usual_name(read: Any, tmp_path: Path) -> None:
    head = "time,open,high,low,close,real close,volume"
    found = one(read, tmp_path, "close=real close", head, "2024-01-01,10,12,9,11,9.5,500")
    assert found.bar.close == 9.5


def test_everything_a_quote_may_hold_can_be_mapped(read: Any, tmp_path: Path) -> None:
    head = f"{HEAD},s,i,x,c,r,n,l,p,t,d,v,k,a"
    map = (
        "ticker=s,isin=i,exchange=x,currency=c,series=r,name=n,last=l,previous=p,trades=t,"
        "delivered=d,turnover=v,known_at=k,adj_close=a"
    )
    values = "acme,INE999A01015,NSE,inr,EQ,Acme Ltd,10.5,10.1,77,200,5500.5,2024-01-02 08:00,5.5"
    found = one(read, tmp_path, map, head, f"2024-01-01,10,12,9,11,500,{values}")
    known = JANUARY_1 + 32 * HOUR
    assert found == Quote(
        Bar("ACME", JANUARY_1, known, 10, 12, 9, 11, 5.5, 500),
        isin="INE999A01015",
        exchange="NSE",
        currency="INR",
        series="EQ",
        name="Acme Ltd",
        last=10.5,
        previous_close=10.1,
        turnover=5500.5,
        trades=77,
        delivered=200,
    )


@pytest.mark.parametrize(
    ("map", "time", "at"),
    [
        ("", "2024-01-01", JANUARY_1),
        ("", "2024-01-01 00:00:00+05:30", JANUARY_1),  # the day that is written
        ("", "1704067200", JANUARY_1),
        ("zone=Asia/Kolkata", "1704047400", JANUARY_1),  # midnight in India
        ("interval=1m", "2024-01-01 03:45", NINE_FIFTEEN),
        ("interval=1m,zone=Asia/Kolkata", "2024-01-01 09:15:00", NINE_FIFTEEN),
        ("interval=1m,zone=Asia/Kolkata", "2024-01-01T03:45:00Z", NINE_FIFTEEN),
        ("interval=1m", "2024-01-01T09:15:00+05:30", NINE_FIFTEEN),
        ("interval=1m", "1704080700", NINE_FIFTEEN),
        ("interval=1m", "1704080700000", NINE_FIFTEEN),
    ],
)
def test_times(read: Any, tmp_path: Path, map: str, time: str, at: int) -> None:
    bar = one(read, tmp_path, map, HEAD, f"{time},10,12,9,11,500").bar
    assert bar.at == at
    assert bar.known_at == at + (60_000 if "1m" in map else 21 * HOUR)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2024-01-01,,12,9,11,500", "open is empty"),
        ("2024-01-01,ten,12,9,11,500", "open is 'ten', which is no number"),
        ("2024-01-01,10,12,9,-11,500", "close is -11, which no close can be"),
        ("2024-01-01,10,inf,9,11,500", "high is inf, which no high can be"),
        ("2024-01-01,10,nan,9,11,500", "high is nan, which no high can be"),
        ("2024-01-01,10,12,0,11,500", "low is 0; a price is above zero"),
        ("2024-01-01,10,12,9,11,-1", "volume is -1, which no volume can be"),
        ("2024-01-01,10,8,9,11,500", "high 8 is below low 9"),
        ("01/02/2024,10,12,9,11,500", "date '01/02/2024' is not a day written YYYY-MM-DD"),
    ],
)
def test_a_bad_row_says_why(read: Any, tmp_path: Path, row: str, reason: str) -> None:
    good = "2024-01-01,10,12,9,11,500"
    found = read(tmp_path, "", HEAD, good, row, good)
    assert [type(item) for item in found] == [Quote, Reject, Quote]
    assert found[1].reason.replace(".0", "") == reason
    assert found[1].record == row


@pytest.mark.parametrize(
    ("map", "row", "reason"),
    [
        ("interval=1m", "soon,10,12,9,11,500", "time 'soon' is neither written YYYY-MM-DD HH:MM"),
        ("interval=1m", "2024-01-01 09:15:01,10,12,9,11,500", "is not the beginning of a minute"),
        ("known_at=k", "2024-01-02,10,12,9,11,500,2024-01-01", "known_at lies before the time"),
        ("isin=k", "2024-01-02,10,12,9,11,500,INE999A01016", "ISIN 'INE999A01016' is not well"),
        ("ticker=k", "2024-01-02,10,12,9,11,500,", "names no stock: ticker is empty"),
        ("adj_close=k", "2024-01-02,10,12,9,11,500,0", "adj_close is 0; a price is above zero"),
    ],
)
def test_a_bad_field_beside_the_prices_too(
    read: Any, tmp_path: Path, map: str, row: str, reason: str
) -> None:
    head = f"{HEAD},k" if row.count(",") > 5 else HEAD
    (found,) = read(tmp_path, map, head, row)
    assert isinstance(found, Reject)
    assert reason in found.reason


def test_a_column_that_was_mapped_and_is_not_there_is_refused(read: Any, tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match=r"acme\.\w+ is not a file of prices.*column TURNOVER"):
        read(tmp_path, "turnover=TURNOVER", HEAD, "2024-01-01,10,12,9,11,500")
    with pytest.raises(SourceRefused, match="no column date, volume"):
        read(tmp_path, "", "open,high,low,close", "10,12,9,11")


def test_grouped_digits_are_one_number_and_a_decimal_comma_is_none(tmp_path: Path) -> None:
    rows = (
        '2024-01-01,"1,210.50","1,220","1,200","1,215","12,34,567"',
        '2024-01-01,"12,50",1,1,1,1',
    )
    good, bad = csv(tmp_path, "", HEAD, *rows)
    assert isinstance(good, Quote)
    assert (good.bar.open, good.bar.volume) == (1210.5, 1_234_567)
    assert isinstance(bad, Reject)
    assert bad.reason == "open is '12,50', which is no number"


def typed(folder: Path, times: pl.Series, map: str = "") -> list[Quote | Reject]:
    prices = {name: [10.0] for name in ("open", "high", "low", "close", "volume")}
    pl.DataFrame({"time": times, **prices}).write_parquet(folder / "acme.parquet")
    return list(ParquetSource(folder / "acme.parquet", column_map(map)).quotes())


@pytest.mark.parametrize(
    ("times", "map", "at"),
    [
        (pl.Series([date(2024, 1, 1)]), "", JANUARY_1),
        (pl.Series([datetime(2024, 1, 1)]), "", JANUARY_1),
        (
            pl.Series([datetime(2023, 12, 31, 18, 30, tzinfo=UTC)]).dt.convert_time_zone(
                "Asia/Kolkata"
            ),
            "",
            JANUARY_1,
        ),
        (pl.Series([datetime(2024, 1, 1, 3, 45)]), "interval=1m", NINE_FIFTEEN),
        (
            pl.Series([datetime(2024, 1, 1, 9, 15)]),
            "interval=1m,zone=Asia/Kolkata",
            NINE_FIFTEEN,
        ),
        (
            pl.Series([datetime(2024, 1, 1, 3, 45, tzinfo=UTC)]),
            "interval=1m,zone=Asia/Kolkata",
            NINE_FIFTEEN,
        ),
    ],
)
def test_typed_times_of_parquet(tmp_path: Path, times: pl.Series, map: str, at: int) -> None:
    (found,) = typed(tmp_path, times, map)
    assert isinstance(found, Quote)
    assert found.bar.at == at


def test_typed_times_of_parquet_that_are_none(tmp_path: Path) -> None:
    (none,) = typed(tmp_path, pl.Series([None], dtype=pl.Date))
    (off,) = typed(tmp_path, pl.Series([datetime(2024, 1, 1, 3, 45, 1)]), "interval=1m")
    assert isinstance(none, Reject)
    assert isinstance(off, Reject)
    assert none.reason == "date is empty"
    assert off.reason.endswith("is not the beginning of a minute")


def test_tables_hold_what_the_quotes_do(tmp_path: Path) -> None:
    rows = [f"2024-01-0{n},10,12,9,{close},500" for n, close in ((1, 11), (2, -1), (3, 12))]
    found = parquet(tmp_path, "", HEAD, *rows)
    ((table, rejects),) = ParquetSource(tmp_path / "acme.parquet").tables()
    assert [Bar(**row) for row in table.select(COLUMNS).to_pylist()] == [
        q.bar for q in found if isinstance(q, Quote)
    ]
    assert set(EXTRAS.names) <= set(table.column_names)
    assert rejects == [r for r in found if isinstance(r, Reject)]
    assert rejects[0].line == 2


def test_bytes_that_are_no_parquet_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and then nothing of it")
    with pytest.raises(SourceRefused, match=r"a\.parquet is not Parquet, or is damaged"):
        list(ParquetSource(tmp_path / "a.parquet").quotes())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("clsoe=X", "'clsoe=X' maps no field; .* of time, open, .*, zone, interval"),
        ("close", "'close' maps no field"),
        ("close=", "'close=' maps no field"),
        ("zone=Mars/Base", "'Mars/Base' is no time zone"),
        ("interval=5m", "interval '5m' is not one of 1d, 1m"),
    ],
)
def test_a_wrong_map_says_what_is_right(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        column_map(text)


def test_a_map_is_read_as_it_is_written() -> None:
    assert column_map(" close = LAST PRICE , zone=Asia/Kolkata,interval=1m ") == ColumnMap(
        {"close": "LAST PRICE"}, "Asia/Kolkata", "1m"
    )


def test_usual_names_are_found_by_looking_and_others_by_the_map(tmp_path: Path) -> None:
    plain, odd = tmp_path / "plain.csv", tmp_path / "odd.csv"
    plain.write_text(f"{HEAD}\n2024-01-01,10,12,9,11,500\n", encoding="utf-8")
    odd.write_text("time,open,high,low,C,volume\n2024-01-01,10,12,9,11,500\n", encoding="utf-8")
    pl.read_csv(odd).write_parquet(tmp_path / "odd.parquet")
    pl.read_csv(plain).write_parquet(tmp_path / "plain.parquet")
    assert detect(plain) == "prices-csv"
    assert detect(tmp_path / "plain.parquet") == "prices-parquet"
    with pytest.raises(SourceRefused):
        detect(odd)
    columns = column_map("close=C")
    for path, name in ((odd, "prices-csv"), (tmp_path / "odd.parquet", "prices-parquet")):
        format = chosen(path, None, columns)
        assert format.name == name
        (bar,) = format.read(path, frozenset())
        assert isinstance(bar, Quote)
    with pytest.raises(UsageError, match="goes with prices-csv and not with udiff"):
        chosen(odd, "udiff", columns)
