"""How many alerts a market presumed innocent raises, against how many planted pumps are kept.

    python -m tests.bench.market_budget PRICES.csv.gz POSTS.jsonl.gz [OUT.json]

PRICES is a Yahoo CSV and POSTS are of X API v1.1, about the same stocks (StockNet). An alert is a
run of stock-days, at most MERGE days apart, on which the price rose, the volume rose and the
distinct accounts of the day rose, each by at least its line, in spreads. `day` asks all three of
one day; `week` takes the rise over 1, 3 or 5 days and the most of volume and accounts of five;
`sum` asks of the week that the three, each counted from 0 to MOST, sum to the first line.

Rule and lines are chosen on the first half of the span and on TUNED seeds: the most pumps kept
within BUDGET alerts. They are then frozen and judged on the second half and on JUDGED seeds.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import product
from math import inf
from pathlib import Path
from typing import Any

import polars as pl

from graph.model import Bar
from ingest import x_v11
from ingest.market import yahoo_csv
from ingest.market.detectors import named
from ingest.market.detectors.abnormal_return import with_car
from ingest.market.detectors.attention_spike import attention
from ingest.market.detectors.figures import with_abnormal
from ingest.market.detectors.finding import prepared
from ingest.market.detectors.volume_spike import with_volume_z
from ingest.record import Record
from ingest.synthetic.market import plant
from ingest.synthetic.settings import MarketSettings
from ingest.synthetic.truth import Campaign

DAY = 86_400_000
BUDGET = 8
MERGE = 7  # days
TUNED, JUDGED = range(3000, 3008), range(3100, 3108)
PRICES = (1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0)
VOLUMES, ATTENTIONS = (0.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0), (0.0, 1.0, 2.0, 3.0, 4.0, 6.0)
SUMS = (5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 14.0, 16.0, 18.0)
MOST = 8.0
LINES = (
    *product(("day", "week"), PRICES, VOLUMES, ATTENTIONS),
    *product(("sum",), SUMS, (0.0, 1.0), (0.0, 1.0, 2.0)),
)
SIZES = (0.0, 0.1, 0.3)  # price effect: a fraction
BEFORE, AFTER = 1, 5  # days around a pump within which an alert is its own
CLOSE_TO_MIDNIGHT = 8  # hours from New York's close at 16:00 to the end of its day
BARS = ["ticker", "at", "known_at", "open", "high", "low", "close", "adj_close", "volume"]
COLUMNS = {"price": "abnormal_z", "volume": "volume_z", "attention": "heard"}
Line = tuple[str, float, float, float]  # rule, price (or sum), volume, attention


@dataclass(frozen=True)
class Pumps:
    """Planted markets of some seeds: their figures, and their pumps with price effect and posts."""

    figures: pl.DataFrame
    campaigns: tuple[tuple[str, Campaign], ...]  # prefix of the ticker, campaign


def figures(bars: Sequence[Bar], posts: pl.DataFrame, zone: str) -> pl.DataFrame:
    """ticker, at and, for each rule, price, volume and attention in spreads; a row a stock-day."""
    frame = prepared(
        named("abnormal_return"), pl.DataFrame([astuple(b) for b in bars], BARS, orient="row")
    )
    judged = with_volume_z(with_abnormal(frame))
    for size in (3, 5):
        car = with_car(judged, size)["car_z"].fill_nan(None)
        judged = judged.with_columns(car.alias(f"car_{size}"))
    told = attention(in_sessions(posts, judged["at"].unique(), zone), 24)
    judged = judged.join(told.select("ticker", "at", heard="z"), on=["ticker", "at"], how="left")
    day = {n: pl.col(c).fill_nan(None) for n, c in COLUMNS.items()}
    most = {n: day[n].rolling_max(5, min_samples=1).over("ticker") for n in ("volume", "attention")}
    return judged.select(
        "ticker",
        "at",
        *(expression.alias(f"day_{name}") for name, expression in day.items()),
        pl.max_horizontal(day["price"], "car_3", "car_5").alias("week_price"),
        *(expression.alias(f"week_{name}") for name, expression in most.items()),
    )


def in_sessions(posts: pl.DataFrame, days: pl.Series, zone: str) -> pl.DataFrame:
    """Posts (ticker, at, account) with `at` their session: after the close, the next one."""
    local = pl.from_epoch("at", "ms").dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    day = (local.dt.offset_by(f"{CLOSE_TO_MIDNIGHT}h")).dt.date().cast(pl.Int64) * DAY
    sessions = pl.DataFrame({"session": days.sort()})
    placed = posts.with_columns(day=day).sort("day")
    placed = placed.join_asof(sessions, left_on="day", right_on="session", strategy="forward")
    return placed.drop_nulls("session").select("ticker", "account", at="session").sort("ticker")


def alerts(rows: pl.DataFrame, line: Line) -> pl.DataFrame:
    """The first day (`at`) and the last (`until`) of each alert."""
    rule, price, volume, heard = line
    span = "week" if rule == "sum" else rule
    figure = {name: pl.col(f"{span}_{name}") for name in COLUMNS}
    total = pl.sum_horizontal(column.clip(0, MOST) for column in figure.values())
    on = (total if rule == "sum" else figure["price"]) >= price
    # A line of 0 asks nothing: days without posts have no figure of attention.
    on &= figure["volume"] >= volume if volume else pl.lit(True)
    on &= figure["attention"] >= heard if heard else pl.lit(True)
    days = rows.filter(on.fill_null(False)).sort("ticker", "at")
    new = (pl.col("at").diff().over("ticker") > MERGE * DAY).fill_null(True)
    runs = days.with_columns(run=new.cast(pl.Int64).cum_sum())
    return runs.group_by("ticker", "run").agg(at=pl.col("at").min(), until=pl.col("at").max())


def kept(pumps: Pumps, line: Line) -> float:
    """Which part of the pumps has an alert."""
    return sum(met(pumps, line)) / len(pumps.campaigns)


def met(pumps: Pumps, line: Line) -> list[bool]:
    """For each pump, whether an alert on its stock lies around it."""
    raised: dict[str, list[tuple[int, int]]] = {}
    for ticker, _, first, last in alerts(pumps.figures, line).iter_rows():
        raised.setdefault(ticker, []).append((first, last))
    return [
        any(
            last >= c.start - BEFORE * DAY and first <= c.end + AFTER * DAY
            for first, last in raised.get(prefix + c.ticker, [])
        )
        for prefix, c in pumps.campaigns
    ]


def planted(seeds: Sequence[int]) -> Pumps:
    """The markets of these seeds side by side; pumps in which the price moved."""
    parts: list[pl.DataFrame] = []
    campaigns: list[tuple[str, Campaign]] = []
    for seed in seeds:
        market, prefix = plant(MarketSettings(seed=seed)), f"{seed}:"
        rows = ((t, post.at, post.account_id) for post in market.posts for t in post.tickers)
        found = figures(market.bars, _posts(rows), "UTC")
        parts.append(found.with_columns(ticker=pl.lit(prefix) + pl.col("ticker")))
        campaigns += [(prefix, c) for c in market.truth.campaigns if c.price_effect > 0]
    return Pumps(pl.concat(parts), tuple(campaigns))


def innocent(prices: Path, posts: Path) -> pl.DataFrame:
    """The figures of the real market."""
    bars = [item for item in yahoo_csv.read(prices) if isinstance(item, Bar)]
    records = (item for item in x_v11.read(posts) if isinstance(item, Record))
    rows = (
        (ticker, record.posts[0].at, record.posts[0].account_id)
        for record in records
        for ticker in record.posts[0].tickers
    )
    told = _posts(rows)
    first, last = (told["at"].sort()[place] for place in (0, -1))
    found = figures(bars, told, "America/New_York")
    return found.filter(pl.col("at").is_between(first, last))


def _posts(rows: Iterator[tuple[str, int, str]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=["ticker", "at", "account"], orient="row")


def curve(rows: pl.DataFrame, pumps: Pumps) -> dict[Line, tuple[int, float]]:
    """Alerts and part of pumps kept, at every rule and line."""
    return {line: (len(alerts(rows, line)), kept(pumps, line)) for line in LINES}


def chosen(found: dict[Line, tuple[int, float]]) -> Line:
    """The line that keeps most pumps within the budget; of equals, that of the fewest alerts."""
    within = {line: figures for line, figures in found.items() if figures[0] <= BUDGET}
    return max(within, key=lambda line: (within[line][1], -within[line][0], line))


def front(found: dict[Line, tuple[int, float]]) -> list[Line]:
    """Lines that no other one beats, from few alerts to many."""
    best, lines = -1.0, []
    for line in sorted(found, key=lambda line: (found[line][0], -found[line][1], line)):
        if found[line][1] > best:
            best = found[line][1]
            lines.append(line)
    return lines


def by_size(pumps: Pumps, line: Line) -> dict[str, tuple[int, int]]:
    """(kept, planted) by how far the price went."""
    told = met(pumps, line)
    effects = [c.price_effect for _, c in pumps.campaigns]
    bands = zip(SIZES, (*SIZES[1:], inf), strict=True)
    return {
        f"from {low:.0%}": (
            sum(hit for hit, e in zip(told, effects, strict=True) if low <= e < high),
            sum(low <= e < high for e in effects),
        )
        for low, high in bands
    }


def measure(prices: Path, posts: Path) -> dict[str, Any]:
    """The curve on both halves, and the frozen line."""
    rows = innocent(prices, posts)
    middle = (int(rows["at"].min()) + int(rows["at"].max())) // 2  # type: ignore[arg-type]
    tuned = curve(rows.filter(pl.col("at") <= middle), planted(TUNED))
    pumps = planted(JUDGED)
    judged = curve(rows.filter(pl.col("at") > middle), pumps)
    line = chosen(tuned)
    return {
        "pumps": len(pumps.campaigns),
        "frozen": {"line": line, "tuned": tuned[line], "judged": judged[line]},
        "by_size": by_size(pumps, line),
        "front": [(at, tuned[at], judged[at]) for at in front(tuned)],
        "all": [(at, tuned[at], judged[at]) for at in tuned],
    }


def show(found: dict[str, Any]) -> str:
    """The table a person reads."""
    head = " rule price volume attention  alerts   kept | judged: alerts, kept"
    rows = [
        f"{rule:>5} {price:>5g} {volume:>6g} {heard:>9g} {tuned[0]:>7} {tuned[1]:>6.1%}"
        f" | {judged[0]:>6} {judged[1]:>6.1%}"
        for (rule, price, volume, heard), tuned, judged in found["front"]
    ]
    line, (count, part) = found["frozen"]["line"], found["frozen"]["judged"]
    sizes = ", ".join(f"{name} {hit} of {all_}" for name, (hit, all_) in found["by_size"].items())
    end = [
        f"frozen: {' '.join(map(str, line))} (budget {BUDGET})",
        f"judged: {count} alerts, {part:.1%} of {found['pumps']} pumps kept; by effect: {sizes}",
    ]
    return "\n".join([head, *rows, *end])


def main(arguments: Sequence[str]) -> int:
    """Runs on the files named; returns the exit code."""
    if len(arguments) < 2:
        print(__doc__)
        return 2
    found = measure(Path(arguments[0]), Path(arguments[1]))
    print(show(found))
    out = Path(arguments[2] if len(arguments) > 2 else "build/bench/market_budget.json")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
