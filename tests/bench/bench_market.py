"""What the event study costs and how much it raises on a market presumed innocent.

    python -m tests.bench.bench_market PRICES.csv.gz [OUT.json]

PRICES is a Yahoo CSV of many stocks. Prints a table and writes it as JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from graph.bars import Bars
from graph.model import Bar, PriceEvent
from ingest.market import yahoo_csv
from ingest.market.event_study import event_study
from ingest.market.events import ABNORMAL_RETURN, VOLUME_SPIKE, price_events

YEAR_MS = 365.25 * 86_400_000
EVER = 2**60
LINES = (3.0, 4.0, 5.0, 6.0)


def measure(prices: Path) -> dict[str, Any]:
    """Seconds of each step, stock-days judged, events a year at each line of z."""
    with tempfile.TemporaryDirectory() as folder, Bars(Path(folder) / "bars.db") as bars:
        begun = time.perf_counter()
        read = [item for item in yahoo_csv.read(prices) if isinstance(item, Bar)]
        parsed = time.perf_counter()
        bars.put(read)
        put = time.perf_counter()
        table = bars.read(as_of=EVER)
        loaded = time.perf_counter()
        days = event_study(table)
        studied = time.perf_counter()
        years = (int(days.at.max()) - int(days.at.min())) / YEAR_MS
        return {
            "bars": len(read),
            "stocks": len(bars.tickers()),
            "years": round(years, 2),
            "stock_days": len(days.at),
            "seconds": {
                "read": round(parsed - begun, 3),
                "put": round(put - parsed, 3),
                "load": round(loaded - put, 3),
                "event_study": round(studied - loaded, 3),
            },
            "events_a_year": {
                f"{line:g}": _a_year(price_events(table, EVER, z_at_least=line), years)
                for line in LINES
            },
        }


def _a_year(events: Sequence[PriceEvent], years: float) -> dict[str, float]:
    kinds = Counter(event.kind for event in events)
    days = Counter((event.ticker, event.at) for event in events)
    both = sum(count == 2 for count in days.values())
    counts = {
        ABNORMAL_RETURN: kinds[ABNORMAL_RETURN],
        VOLUME_SPIKE: kinds[VOLUME_SPIKE],
        "both": both,
    }
    return {name: round(count / years, 1) for name, count in counts.items()}


def show(found: dict[str, Any]) -> str:
    """The table a person reads."""
    seconds = ", ".join(f"{name} {value:.2f} s" for name, value in found["seconds"].items())
    rows = [
        f"{line:>5} {row[ABNORMAL_RETURN]:>16} {row[VOLUME_SPIKE]:>13} {row['both']:>6}"
        for line, row in found["events_a_year"].items()
    ]
    head = f"{found['bars']} bars of {found['stocks']} stocks over {found['years']} years"
    return "\n".join(
        [head, seconds, "events a year", "  |z|  abnormal_return  volume_spike   both", *rows]
    )


def main(arguments: Sequence[str]) -> int:
    """Runs on the file named; returns the exit code."""
    if not arguments:
        print(__doc__)
        return 2
    found = measure(Path(arguments[0]))
    print(show(found))
    out = Path(arguments[1] if len(arguments) > 1 else "build/bench/market.json")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
