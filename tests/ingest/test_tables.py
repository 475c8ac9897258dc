"""The two CSV shapes of the field: what is read, what is dropped and said, what is refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from graph.errors import SourceRefused, SourceUnavailable
from ingest.tables import Dropped, columns, read, shape_of

COORTWEET = "object_id,account_id,content_id,timestamp_share\n"
TOOLKIT = "message_id,user_id,username,repost_id,reply_id,message,timestamp,urls\n"


def table(tmp_path: Path, text: str | bytes, name: str = "t.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_coortweet_table_is_read_by_its_names(tmp_path: Path) -> None:
    path = table(tmp_path, "more,timestamp_share,account_id,object_id,content_id\nx,7,ann,o,c\n")
    found = read(path)
    assert (found.shape, found.read, found.dropped) == ("coortweet", 1, ())
    assert found.rows.rows(named=True) == [
        {"object_id": "o", "account_id": "ann", "content_id": "c", "at": 7_000}
    ]


def test_a_toolkit_table_keeps_the_columns_asked_for(tmp_path: Path) -> None:
    path = table(tmp_path, TOOLKIT + '1,ann,Ann,,9,"buy, now\n""today""",1.5,a.example b.example\n')
    assert read(path).rows.row(0, named=True) == {
        "message_id": "1",
        "user_id": "ann",
        "username": "Ann",
        "repost_id": "",
        "reply_id": "9",
        "message": 'buy, now\n"today"',
        "urls": "a.example b.example",
        "at": 1_500,
    }
    assert read(path, ["user_id", "urls"]).rows.columns == ["user_id", "urls", "at"]


def test_columns_that_a_table_need_not_have_are_empty(tmp_path: Path) -> None:
    path = table(tmp_path, "message_id,user_id,timestamp\n1,ann,5\n")
    assert read(path, ["user_id", "urls"]).rows.rows() == [("ann", "", 5_000)]
    assert columns(path) == {"message_id", "user_id", "timestamp"}


@pytest.mark.parametrize(
    ("time", "at"),
    [
        ("1623881091", 1_623_881_091_000),
        ("1623881091.25", 1_623_881_091_250),
        (" 7 ", 7_000),
        ("-1", -1_000),
        ("2021-06-16 22:04:51", 1_623_881_091_000),
        ("2021-06-16T22:04:51Z", 1_623_881_091_000),
        ("2021-06-17T00:04:51.500+02:00", 1_623_881_091_500),
    ],
)
def test_times_are_seconds_or_dates(tmp_path: Path, time: str, at: int) -> None:
    assert read(table(tmp_path, f"{COORTWEET}o,ann,c,{time}\n")).rows["at"].to_list() == [at]


def test_gzip_and_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    text = "\ufeff" + COORTWEET.replace("\n", "\r\n") + "o,ann,c,1\r\n"
    for data in (text.encode(), gzip.compress(text.encode())):
        assert read(table(tmp_path, data)).rows.row(0) == ("o", "ann", "c", 1_000)


def test_each_bad_row_is_counted_under_its_first_reason(tmp_path: Path) -> None:
    rows = [
        "o,ann,c1,1",
        "o,ann,c2,soon",
        ",ann,c3,1",
        "o,,,",
        "o,ann,c4,inf",
        "o,ann,c5,1,2",
        "",
        "o,ann",
        "o,bob,c6,2",
    ]
    found = read(table(tmp_path, COORTWEET + "\n".join(rows) + "\n"))
    assert found.rows["content_id"].to_list() == ["c1", "c6"]
    assert found.read == 9
    assert found.dropped == (
        Dropped("no timestamp_share that is a time", 2, 2),
        Dropped("no object_id", 2, 3),
        Dropped("no account_id", 1, 4),
        Dropped("more fields than the header has", 1, 6),
        Dropped("no content_id", 1, 8),
    )
    assert found.read == found.rows.height + sum(one.rows for one in found.dropped)


def test_bytes_that_are_no_text_lose_no_row(tmp_path: Path) -> None:
    data = TOOLKIT.encode() + b"1,ann,,,,caf\xe9,1,\n2,bob,,,,ok,1,\n"
    found = read(table(tmp_path, data))
    assert found.rows["message"].to_list() == ["caf\ufffd", "ok"]
    assert found.notes == ("bytes that are not UTF-8 became \ufffd",)


def test_a_header_without_rows_is_an_empty_table(tmp_path: Path) -> None:
    found = read(table(tmp_path, COORTWEET))
    assert (found.read, found.rows.height) == (0, 0)


def test_the_shape_is_found_by_the_header_alone(tmp_path: Path) -> None:
    assert shape_of(table(tmp_path, TOOLKIT)) == "toolkit"
    assert shape_of(table(tmp_path, COORTWEET)) == "coortweet"
    assert shape_of(table(tmp_path, "Date,Open,High\n1,2,3\n")) is None
    assert shape_of(table(tmp_path, "")) is None


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"a,b\n1,2\n", "in neither shape; a header names the columns .*'a,b'"),
        (b"", "it is empty"),
        (
            COORTWEET.encode() + b"o,ann,c,x\no,bob,c,y\n",
            "none of its 2 rows can be used: 2 × no t",
        ),
        (COORTWEET.encode() + b'o,ann,"c,1\no,bob,d,1\n', "a quotation mark is opened and never"),
        (gzip.compress(COORTWEET.encode() + b"o,ann,c,1\n" * 99)[:-12], "ends in the middle"),
    ],
)
def test_a_wholly_wrong_file_is_refused_with_a_sentence(
    tmp_path: Path, data: bytes, says: str
) -> None:
    with pytest.raises(SourceRefused, match=says):
        read(table(tmp_path, data))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match=r"none\.csv cannot be read"):
        read(tmp_path / "none.csv")
