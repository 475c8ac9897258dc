"""Every kind of bar source, for the contract suite: whole, something else, not there at all.

Each `good` source holds a good record, a bad one and a good one, in this order.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ingest.market import bse_legacy, mapped_csv, nse_delivery, nse_legacy, udiff
from ingest.market.columns import column_map
from ingest.market.layout import CsvSource, Layout
from ingest.market.parquet import ParquetSource
from ingest.market.source import BarSource
from ingest.market.yahoo_csv import LAYOUT as YAHOO
from tests.ingest import india_lines as india

Make = Callable[[Path], BarSource]


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of source in the three states that a caller must be able to tell apart."""

    name: str
    good: Make
    wrong: Make | None  # something else stands there; with a service, that is no answer
    absent: Make  # nothing stands there
    bad_line: int  # of the bad record in `good`


@dataclass(frozen=True, slots=True)
class Sample:
    """A layout with real-shaped lines: a header, a good line, a bad one, a good one."""

    layout: Layout
    file: str
    lines: Sequence[str]

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


SAMPLES = [
    Sample(
        YAHOO,
        "acme.csv",
        (
            "Date,Open,High,Low,Close,Adj Close,Volume",
            "2024-01-02,10.00,12.00,9.00,11.00,5.50,1000",
            "2024-01-03,null,null,null,null,null,null",
            "2024-01-04,11.00,12.50,10.00,12.00,6.00,1500",
        ),
    ),
    Sample(
        nse_legacy.LAYOUT,
        "cm01JAN2024bhav.csv",
        (
            india.NSE_HEAD,
            india.NSE_ACME,
            india.changed(india.NSE_ACME, 1, "GB"),
            india.changed(india.NSE_ACME, 0, "WIDGET"),
        ),
    ),
    Sample(
        nse_delivery.LAYOUT,
        "sec_bhavdata_full_01012024.csv",
        (
            india.DELIVERY_HEAD,
            india.DELIVERY_ACME,
            india.changed(india.DELIVERY_ACME, 8, "-"),
            india.changed(india.DELIVERY_ACME, 0, "WIDGET"),
        ),
    ),
    Sample(
        udiff.LAYOUT,
        "BhavCopy_NSE_CM_0_0_0_20240708_F_0000.csv",
        (
            india.UDIFF_HEAD,
            india.UDIFF_NSE,
            india.changed(india.UDIFF_NSE, 4, "STF"),
            india.UDIFF_BSE,
        ),
    ),
    Sample(
        bse_legacy.LAYOUT,
        "EQ010124.CSV",
        (
            india.BSE_HEAD,
            india.BSE_ACME,
            india.changed(india.BSE_ACME, 3, "D"),
            india.changed(india.BSE_ACME, 0, "599998"),
        ),
    ),
    Sample(
        mapped_csv.layout(column_map("time=When,close=Last price,ticker=Scrip")),
        "mapped.csv",
        (
            "Scrip,When,open,high,low,Last price,volume",
            'acme.ns,2024-01-01,"1,328.90",1346.85,1326,1329.05,"56,175"',
            'acme.ns,2024-01-02,"1,328.90",1346.85,1326,none,"56,175"',
            "widget,2024-01-01,3,4,2,3,0",
        ),
    ),
    Sample(
        mapped_csv.layout(column_map("interval=1m,zone=Asia/Kolkata")),
        "minutes.csv",
        (
            "ticker,time,open,high,low,close,volume",
            "ACME.NS,2024-01-01 09:15:00,10,11,9,10.5,500",
            "ACME.NS,2024-01-01 09:15:30,10,11,9,10.5,500",
            "ACME.NS,2024-01-01 09:16:00,10.5,11,10,11,700",
        ),
    ),
]


def zipped(path: Path, files: Mapping[str, str]) -> Path:
    """A zip of texts."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    path.write_bytes(memory.getvalue())
    return path


def _plain(sample: Sample) -> Case:
    def good(folder: Path) -> BarSource:
        (folder / sample.file).write_text(sample.text, encoding="utf-8")
        return CsvSource(sample.layout, folder / sample.file)

    return _case(sample, sample.layout.name, good)


def _gzip(sample: Sample) -> Case:
    def good(folder: Path) -> BarSource:
        path = folder / f"{sample.file}.gz"
        path.write_bytes(gzip.compress(sample.text.encode()))
        return CsvSource(sample.layout, path)

    return _case(sample, f"{sample.layout.name}, gzip", good)


def _zip(sample: Sample) -> Case:
    def good(folder: Path) -> BarSource:
        path = zipped(folder / "day.csv.zip", {sample.file: sample.text})
        return CsvSource(sample.layout, path)

    return _case(sample, f"{sample.layout.name}, zip", good)


def _case(sample: Sample, name: str, good: Make) -> Case:
    def wrong(folder: Path) -> BarSource:
        (folder / "wrong.csv").write_text("name,age\nann,5\n", encoding="utf-8")
        return CsvSource(sample.layout, folder / "wrong.csv")

    def absent(folder: Path) -> BarSource:
        return CsvSource(sample.layout, folder / "absent.csv")

    return Case(name, good, wrong, absent, bad_line=3)


def _parquet(text: str, name: str, map: str) -> Case:
    def good(folder: Path) -> BarSource:
        pl.read_csv(io.StringIO(text)).write_parquet(folder / "good.parquet")
        return ParquetSource(folder / "good.parquet", column_map(map))

    def wrong(folder: Path) -> BarSource:
        pl.DataFrame({"name": ["ann"], "age": [5]}).write_parquet(folder / "wrong.parquet")
        return ParquetSource(folder / "wrong.parquet", column_map(map))

    def absent(folder: Path) -> BarSource:
        return ParquetSource(folder / "absent.parquet", column_map(map))

    return Case(name, good, wrong, absent, bad_line=2)


DAYS = """Date,Open,High,Low,Close,Volume,Symbol
2024-01-01,10,12,9,11,1000,acme.ns
2024-01-02,10,12,9,-11,1000,acme.ns
2024-01-03,11,12.5,10,12,1500,widget
"""
MINUTES = """Epoch,Open,High,Low,Close,Volume,Symbol
1704080700,10,12,9,11,1000,acme.ns
1704080730,10,12,9,11,1000,acme.ns
1704080760000,11,12.5,10,12,1500,acme.ns
"""
PARQUET = [
    _parquet(DAYS, "prices-parquet", ""),
    _parquet(MINUTES, "prices-parquet, minutes", "time=Epoch,interval=1m"),
]

CASES = [*PARQUET, *(make(sample) for sample in SAMPLES for make in (_plain, _gzip, _zip))]
