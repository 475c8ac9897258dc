"""How many alerts a market presumed innocent raises, against how many planted pumps are kept.

    python -m tests.bench.market_budget PRICES.csv.gz POSTS.jsonl.gz [OUT.json]

PRICES is a Yahoo CSV and POSTS are of X API v1.1, about the same stocks (StockNet). An alert is a
run of stock-days, at most seven days apart, whose score is at the line. A pump is kept where such a
stock-day of its stock lies between a day before it and five days after.

Rule and line are chosen on the first half of the span and on TUNED seeds: the rule of RULES that
keeps most pumps within SPARE alerts (half of the BUDGET, so that a half twice as busy still fits).
They are then frozen and judged on the second half and on JUDGED seeds. ingest.market.joint_alert
holds the rule and line that were chosen; the table says where they differ from this run's.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from statsmodels.stats.proportion import proportion_confint

from ingest.market.joint_alert import LINE, runs
from tests.bench.market_sets import (
    AFTER,
    BEFORE,
    DAY,
    Labelled,
    Target,
    innocent,
    planted,
    planted_in,
    real,
)

BUDGET, SPARE = 8, 4
MARKETS = {"tuned": range(3000, 3008), "judged": range(3200, 3208)}
COPIES = {"tuned": range(5000, 5003), "judged": range(5200, 5203)}
SIZES = (0.0, 0.1, 0.2, 0.4, 0.8)
STEPS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 48)  # numbers of alerts at which a curve is read
FAMILIES = ("ramp_peak_dump", "slow_drip", "opening_spike")


def _known(name: str, most: float = inf) -> pl.Expr:
    return pl.col(name).fill_nan(None).fill_null(0.0).clip(0.0, most)


def _jump() -> pl.Expr:
    return pl.max_horizontal(*(_known(f"rise_{span}", 6) for span in (1, 3, 5, 10)))


RULES: dict[str, pl.Expr] = {
    "price and volume": pl.min_horizontal(_known("rise_1"), _known("volume_1")),
    "price, volume, attention": pl.min_horizontal(
        *(_known(name) for name in ("rise_1", "volume_1", "heard_1"))
    ),
    "sum of these": sum((_known(n, 8) for n in ("rise_1", "volume_1", "heard_1")), pl.lit(0.0)),
    "chorus": _known("chorus_z", 8),
    "chorus + jump/2": _known("chorus_z", 8) + _jump() / 2,
    "chorus + rise/2": _known("chorus_z", 8) + pl.col("rise") / 2,
    "score": pl.col("score"),  # the product's: chorus + rise/2 + volume/4
}


@dataclass(frozen=True)
class Part:
    """One half: the innocent market, and the pumps of its seeds."""

    innocent: pl.DataFrame
    pumps: dict[str, Labelled]  # "markets", "real bars"


def scored(days: pl.DataFrame, rule: str) -> pl.DataFrame:
    """ticker, at, score by this rule."""
    return days.select("ticker", "at", score=RULES[rule])


def best_in(days: pl.DataFrame, targets: Sequence[Target]) -> np.ndarray[Any, np.dtype[Any]]:
    """The highest score of a stock-day that belongs to each pump; -inf where there is none."""
    rows = pl.DataFrame(
        [(n, t.stock, t.first - BEFORE * DAY, t.last + AFTER * DAY) for n, t in enumerate(targets)],
        schema=["number", "ticker", "since", "until"],
        orient="row",
    )
    near = rows.join(days, on="ticker").filter(pl.col("at").is_between("since", "until"))
    best = near.group_by("number").agg(pl.col("score").max())
    found = np.full(len(targets), -inf)
    found[best["number"].to_numpy()] = best["score"].to_numpy()
    return found


def lines(days: pl.DataFrame, most: int = max(STEPS)) -> dict[int, float]:
    """For each of STEPS, the lowest line that raises at most so many alerts."""
    found: dict[int, float] = {}
    values = days.filter(pl.col("score") > 0)["score"].unique().sort(descending=True)
    for value in values:
        count = len(runs(days, value))
        found |= {step: value for step in STEPS if count <= step}
        if count > most:
            break
    return found


def part_of(half: str, bars: pl.DataFrame, posts: pl.DataFrame, days: pl.DataFrame) -> Part:
    """`half`: "tuned" is the first, "judged" the second."""
    first, last = int(days["at"].min()), int(days["at"].max())  # type: ignore[arg-type]
    middle = (first + last) // 2 // DAY * DAY
    span = (first, middle) if half == "tuned" else (middle + DAY, last)
    return Part(
        days.filter(pl.col("at").is_between(*span)),
        {
            "markets": planted(MARKETS[half]),
            "real bars": planted_in(bars, posts, COPIES[half], *span),
        },
    )


def curve(part: Part, rule: str) -> list[dict[str, Any]]:
    """Line, alerts and part of pumps kept, at each of STEPS."""
    days = scored(part.innocent, rule)
    best = {
        name: best_in(scored(pumps.days, rule), pumps.targets) for name, pumps in part.pumps.items()
    }
    return [
        {
            "line": line,
            "alerts": len(runs(days, line)),
            "kept": {name: round(float((b >= line).mean()), 3) for name, b in best.items()},
        }
        for line in sorted(set(lines(days).values()), reverse=True)
    ]


def chosen(curves: dict[str, list[dict[str, Any]]]) -> tuple[str, float]:
    """The rule and line that keep most pumps (the mean of both makes) within SPARE alerts."""
    points = [
        (sum(point["kept"].values()), -point["alerts"], point["line"], rule)
        for rule, curve_ in curves.items()
        for point in curve_
        if point["alerts"] <= SPARE
    ]
    best = max(points)
    return best[3], best[2]


def judged(part: Part, rule: str, line: float) -> dict[str, Any]:
    """Alerts, pumps kept by make, size and kind, lead time and decoys, at a frozen line."""
    found: dict[str, Any] = {"alerts": len(runs(scored(part.innocent, rule), line))}
    for name, pumps in part.pumps.items():
        hit = best_in(scored(pumps.days, rule), pumps.targets) >= line
        found[name] = {"all": share(hit), "by_size": by_size(pumps.targets, hit)}
        found[name]["by_kind"] = _by(pumps.targets, hit, lambda t: t.kind)
    copies = part.pumps["real bars"]
    told = runs(scored(copies.days, rule), line)
    hit = best_in(scored(copies.days, rule), copies.targets) >= line
    found["by_family"] = _by(copies.targets, hit, lambda t: t.family)
    found["lead"] = lead(copies, told)
    found["decoys"] = decoys(copies, told)
    if copies.with_news is not None:
        found["decoys_with_news"] = decoys(copies, runs(scored(copies.with_news, rule), line))
    return found


def share(hit: np.ndarray[Any, np.dtype[Any]]) -> dict[str, Any]:
    """Kept, planted, and Wilson's interval of 95 %."""
    kept, count = int(hit.sum()), len(hit)
    low, high = proportion_confint(kept, count, method="wilson")
    return {"kept": kept, "of": count, "low": round(float(low), 3), "high": round(float(high), 3)}


def by_size(targets: Sequence[Target], hit: np.ndarray[Any, np.dtype[Any]]) -> dict[str, Any]:
    """By how far the price went."""
    bands = list(zip(SIZES, (*SIZES[1:], inf), strict=True))

    def band(target: Target) -> str:
        return next(f"from {low:.0%}" for low, high in bands if low <= target.size < high)

    return _by(targets, hit, band)


def _by(
    targets: Sequence[Target], hit: np.ndarray[Any, np.dtype[Any]], of: Callable[[Target], str]
) -> dict[str, Any]:
    names = [of(target) for target in targets]
    return {
        name: share(hit[[other == name for other in names]])
        for name in sorted(set(names), key=lambda n: (len(n), n))
    }


def lead(pumps: Labelled, told: pl.DataFrame) -> dict[str, Any]:
    """Sessions from a kept pump's first alert to its peak; above 0 is before it."""
    ahead: list[int] = []
    for target in pumps.targets:
        since, until = target.first - BEFORE * DAY, target.last + AFTER * DAY
        own = told.filter(
            (pl.col("ticker") == target.stock)
            & (pl.col("until") >= since)
            & (pl.col("at") <= until)
        )
        if not len(own) or target.peak is None:
            continue
        days = pumps.days.filter(pl.col("ticker") == target.stock)["at"].sort().to_numpy()
        places = np.searchsorted(days, [max(int(own["at"][0]), since), target.peak])
        ahead.append(int(places[1] - places[0]))
    if not ahead:
        return {"pumps": 0}
    return {
        "pumps": len(ahead),
        "before_the_peak": round(float(np.mean(np.array(ahead) > 0)), 3),
        "by_the_peak": round(float(np.mean(np.array(ahead) >= 0)), 3),
        "sessions": {f"{q:.0%}": float(np.quantile(ahead, q)) for q in (0.1, 0.25, 0.5, 0.75, 0.9)},
    }


def decoys(pumps: Labelled, told: pl.DataFrame) -> dict[str, Any]:
    """For each kind of decoy, how many have an alert within ten days (index days: how many alerts
    begin within five, on all stocks, pumps' own left out)."""
    busy = {(t.stock, t.first - BEFORE * DAY, t.last + AFTER * DAY) for t in pumps.targets}
    free = [
        (ticker, at)
        for ticker, at, _ in told.iter_rows()
        if not any(s == ticker and a <= at <= b for s, a, b in busy)
    ]
    found: dict[str, Any] = {}
    for prefix, decoy in pumps.decoys:
        row = found.setdefault(decoy.kind, {"planted": 0, "alerts": 0})
        row["planted"] += 1
        reach = 5 if decoy.ticker == "" else 10
        row["alerts"] += sum(
            ticker.startswith(prefix + decoy.ticker)
            and (decoy.ticker == "" or ticker == prefix + decoy.ticker)
            and decoy.at - DAY <= at <= decoy.at + reach * DAY
            for ticker, at in free
        )
    return found


def losses(part: Part, line: float = 3.0) -> dict[str, Any]:
    """What each condition of the plain joint rule keeps, on any day of a pump, and on one day."""
    asked = {"price": "rise_1", "volume": "volume_1", "attention": "heard_1"}
    found: dict[str, Any] = {}
    for name, pumps in part.pumps.items():
        row = {
            word: float(
                (best_in(pumps.days.select("ticker", "at", score=_known(c)), pumps.targets) >= line)
                .mean()
                .round(3)
            )
            for word, c in asked.items()
        }
        both = best_in(scored(pumps.days, "price, volume, attention"), pumps.targets) >= line
        found[name] = {**row, "all on one day": float(both.mean().round(3))}
    return found


def measure(prices: Path, posts: Path) -> dict[str, Any]:
    """Everything that the tables show."""
    bars, told = real(prices, posts)
    days = innocent(bars, told)
    tuned = part_of("tuned", bars, told, days)
    curves = {rule: curve(tuned, rule) for rule in RULES}
    rule, line = chosen(curves)
    second = part_of("judged", bars, told, days)
    years = (int(days["at"].max()) - int(days["at"].min())) / (365.25 * DAY)  # type: ignore[arg-type]
    return {
        "years": round(years, 2),
        "plain_alerts_a_year": {
            rule: round(len(runs(scored(days, rule), 3.0)) / years, 1) for rule in list(RULES)[:2]
        },
        "losses": losses(tuned),
        "tuned": curves,
        "frozen": {"rule": rule, "line": line, "product": LINE},
        "judged": judged(second, rule, line),
        "judged_curve": curve(second, rule),
        "tuned_at_line": judged(tuned, rule, line),
    }


def main(arguments: Sequence[str]) -> int:
    """Runs on the files named; returns the exit code."""
    from tests.bench.market_tables import show

    if len(arguments) < 2:
        print(__doc__)
        return 2
    if missing := [name for name in arguments[:2] if not Path(name).is_file()]:
        print(f"alert budget: skipped, there is no {' and no '.join(missing)}")
        return 0
    found = measure(Path(arguments[0]), Path(arguments[1]))
    print(show(found))
    out = Path(arguments[2] if len(arguments) > 2 else "build/bench/market_budget.json")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
