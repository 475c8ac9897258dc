"""Yahoo CSV: every line becomes a bar or a reject that says why."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from graph.errors import SourceRefused, SourceUnavailable
from graph.model import Bar
from ingest.market import yahoo_csv
from ingest.rejects import Reject
from tests.conftest import data_file

HEAD = "Date,Open,High,Low,Close,Adj Close,Volume"
GOOD = "2015-03-02,10,12,9,11,5.5,1000"
MARCH_2 = 1_425_254_400_000


def written(folder: Path, *lines: str, name: str = "acme.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def one(folder: Path, row: str, head: str = HEAD) -> Bar | Reject:
    (found,) = yahoo_csv.read(written(folder, head, row))
    return found


def test_a_line_is_a_bar_known_when_the_session_has_closed(tmp_path: Path) -> None:
    closed = MARCH_2 + 21 * 3_600_000
    assert one(tmp_path, GOOD) == Bar("ACME", MARCH_2, closed, 10, 12, 9, 11, 5.5, 1000)


def test_the_symbol_column_names_the_stock(tmp_path: Path) -> None:
    found = one(tmp_path, GOOD + ",brk-b", HEAD + ",Symbol")
    assert isinstance(found, Bar)
    assert found.ticker == "BRK-B"


@pytest.mark.parametrize("name", ["acme.csv", "ACME.csv.gz", "acme"])
def test_else_the_files_name_does(name: str) -> None:
    assert yahoo_csv.ticker_of(Path("prices") / name) == "ACME"


def test_without_adj_close_it_is_the_close(tmp_path: Path) -> None:
    found = one(tmp_path, "2015-03-02,10,12,9,11,1000", "Date,Open,High,Low,Close,Volume")
    assert isinstance(found, Bar)
    assert found.adj_close == found.close == 11


def test_columns_may_stand_in_any_order_and_case_after_a_byte_order_mark(tmp_path: Path) -> None:
    found = one(tmp_path, "7,9,12,10,11,2015-03-02", "\ufeffvolume,LOW,high,open,close,date")
    assert isinstance(found, Bar)
    assert (found.open, found.high, found.low, found.close, found.volume) == (10, 12, 9, 11, 7)


def test_a_gzipped_file_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    for name in ("acme.csv.gz", "acme.csv"):
        (tmp_path / name).write_bytes(gzip.compress(f"{HEAD}\n{GOOD}\n".encode()))
        assert [type(found) for found in yahoo_csv.read(tmp_path / name)] == [Bar]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2015-03-02,null,null,null,null,null,null", "open is 'null', which is no number"),
        ("2015-03-02,,,,,,", "open is empty"),
        ("2015-03-02,10,12,9,-11,5.5,1000", "close is -11, which no close can be"),
        ("2015-03-02,10,12,9,11,5.5,-1", "volume is -1, which no volume can be"),
        ("2015-03-02,10,12,9,nan,5.5,1000", "close is nan, which no close can be"),
        ("2015-03-02,10,12,9,11,inf,1000", "adj close is inf, which no adj close can be"),
        ("2015-03-02,0,12,9,11,5.5,1000", "open is 0; a price is above zero"),
        ("2015-03-02,10,9,12,11,5.5,1000", "high 9 is below low 12"),
        ("02/03/2015,10,12,9,11,5.5,1000", "date '02/03/2015' is not a day written YYYY-MM-DD"),
        ("2015-02-30,10,12,9,11,5.5,1000", "date '2015-02-30' is not a day written YYYY-MM-DD"),
        ("2015-03-02,10,12", "has 3 columns where 7 are needed"),
    ],
)
def test_a_bad_line_is_a_reject_with_its_place_and_reason(
    tmp_path: Path, row: str, reason: str
) -> None:
    found = list(yahoo_csv.read(written(tmp_path, HEAD, GOOD, row, GOOD)))
    assert [type(item) for item in found] == [Bar, Reject, Bar]
    assert found[1] == Reject("acme.csv", 3, reason, row)


def test_an_empty_symbol_is_a_reject(tmp_path: Path) -> None:
    found = one(tmp_path, GOOD + ", ", HEAD + ",Symbol")
    assert isinstance(found, Reject)
    assert found.reason == "names no stock: Symbol is empty"


def test_other_columns_are_refused_with_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match=r"no column Open, Volume.*Date,Open,High,Low,Close"):
        list(yahoo_csv.read(written(tmp_path, "Date,High,Low,Close")))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "acme.csv").write_bytes(HEAD.encode() + b"\n\xff\xfe\x00\x81")
    with pytest.raises(SourceRefused, match="not CSV text"):
        list(yahoo_csv.read(tmp_path / "acme.csv"))


def test_a_file_that_ends_in_the_middle_is_refused_after_its_good_lines(tmp_path: Path) -> None:
    days = [f"2015-03-02,{n},{n + 1},{n},{n},{n / 2},{n * 7919}" for n in range(1, 20_000)]
    whole = gzip.compress("\n".join([HEAD, *days]).encode())
    (tmp_path / "acme.csv.gz").write_bytes(whole[: len(whole) // 2])
    lines = yahoo_csv.read(tmp_path / "acme.csv.gz")
    assert isinstance(next(lines), Bar)
    with pytest.raises(SourceRefused, match="damaged or ends in the middle"):
        list(lines)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="cannot be read"):
        list(yahoo_csv.read(tmp_path / "none.csv"))


def test_looking_at_the_head_is_enough_to_know_the_format() -> None:
    assert yahoo_csv.looks_like(HEAD + ",Symbol\n" + GOOD)
    assert not yahoo_csv.looks_like('{"created_at": "Mon Mar 02 00:00:00 +0000 2015"}')
    assert not yahoo_csv.looks_like("")


def test_every_line_of_the_real_file_is_a_bar_or_one_of_three_empty_days() -> None:
    found = list(yahoo_csv.read(data_file("stocknet_prices_daily.csv.gz")))
    rejects = [item for item in found if isinstance(item, Reject)]
    assert len(found) == 108_592
    assert [(r.line, r.reason) for r in rejects] == [
        (line, "open is empty") for line in (16_058, 54_202, 89_426)
    ]
    assert len({item.ticker for item in found if isinstance(item, Bar)}) == 88
