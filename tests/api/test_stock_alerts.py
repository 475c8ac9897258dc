"""`sentinelmarket stock-alerts`: from what is stored to the alert, and what it refuses."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import polars as pl
import pytest

from api.cli import main
from api.stock_alerts import _add_shapes, found, posts_of, stock_alerts
from graph.bars import Bars
from graph.detection.observed import from_values
from graph.errors import UsageError
from graph.model import Bar, Post
from graph.store import GraphStore
from tests.ingest.market_days import DAY, FIRST
from tests.ingest.test_joint_alert import START, pushed, talk

AS_OF = FIRST + 240 * DAY


def posts() -> list[Post]:
    return [
        Post(f"x:p{n}", account, at, at, text, "x", tickers=(ticker,), links=tuple(links))
        for n, (ticker, at, account, text, links) in enumerate(talk().iter_rows())
    ]


def stored(bars: Bars) -> None:
    rows = pushed().with_columns(known_at=pl.col("at") + 21 * DAY // 24)
    names = [f.name for f in Bar.__dataclass_fields__.values()]
    bars.put([Bar(*row) for row in rows.select(names).iter_rows()])


def test_a_ring_that_moves_a_price_is_told_as_it_was_known(tmp_path: Path) -> None:
    with Bars(tmp_path / "bars.sqlite") as bars:
        stored(bars)
        told = stock_alerts(bars, from_values(posts(), [], AS_OF))
        assert [alert.ticker for alert in told] == ["S00"]
        before = FIRST + START * DAY
        assert not stock_alerts(bars, from_values(posts(), [], before))


def test_reposts_do_not_sing_and_a_stock_is_called_as_its_prices_are() -> None:
    one = Post("x:1", "x:a", FIRST, FIRST, "up", "x", tickers=("QX",), links=("https://a.example",))
    again = Post("x:2", "x:b", FIRST, FIRST, "up", "x", tickers=("QX",), repost_of="x:1")
    rows = posts_of(from_values([one, again], [], FIRST + 1), {"QX": "QX.NS"})
    assert rows.rows() == [("QX.NS", FIRST, "x:a", "up", ["https://a.example"])]


def test_each_alert_says_what_its_price_looks_like(tmp_path: Path) -> None:
    with Bars(tmp_path / "bars.sqlite") as bars:
        stored(bars)
        observed = from_values(posts(), [], AS_OF)
        rows = [asdict(alert) for alert in stock_alerts(bars, observed)]
        _add_shapes(rows, bars, AS_OF)
        assert rows[0]["shape"].startswith("It rose over ")
        assert -1 <= rows[0]["shape_score"] <= 4


def test_without_posts_it_says_what_to_do(store: GraphStore, tmp_path: Path) -> None:
    with Bars(tmp_path / "bars.sqlite") as bars, pytest.raises(UsageError, match="ingest FILE"):
        found(store, bars)


def test_an_hour_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--home", str(tmp_path), "stock-alerts", "--close-hour", "25"])
    assert "close-hour" in capsys.readouterr().err
