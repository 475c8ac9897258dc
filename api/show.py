"""Rows for people as a table, for programs as JSON or CSV."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from rich.console import Console
from rich.markup import escape
from rich.table import Table

CAVEAT = "A score is a risk indicator from public posts and prices, never a finding of guilt."
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so


def rows(
    found: Sequence[Mapping[str, Any]], how: str, columns: Sequence[str], title: str = ""
) -> None:
    """Prints `found` as "table", "json" or "csv"; the table shows `columns` only."""
    if how == "json":
        sys.stdout.write(
            orjson.dumps(list(found), option=orjson.OPT_INDENT_2, default=str).decode() + "\n"
        )
    elif how == "csv":
        _csv(found, columns)
    else:
        _table(found, columns, title)


def _csv(found: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    names = list(found[0]) if found else list(columns)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in found)


def _cell(value: Any) -> Any:
    """Lists joined by spaces; text that a spreadsheet would take for a formula is quoted."""
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value


def _table(found: Sequence[Mapping[str, Any]], columns: Sequence[str], title: str) -> None:
    table = Table(title=title or None, title_justify="left", show_lines=False)
    for name in columns:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in found:
        table.add_row(*(escape(_text(row.get(name))) for name in columns))
    console().print(table)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def console() -> Console:
    """Standard output; wide where it is not a terminal, so that nothing is cut in a log."""
    return Console(width=None if sys.stdout.isatty() else 140, highlight=False)


def moment(at: int | None) -> str:
    """Epoch milliseconds as a person reads them, UTC."""
    return "" if at is None else f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M}"


def second(at: int | None) -> str:
    """The same to the second."""
    return "" if at is None else f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M:%S}"


def parts(found: Mapping[str, Any]) -> None:
    """One thing in full: plain values first, then a table for each list of rows."""
    lists = {k: v for k, v in found.items() if isinstance(v, list) and v and isinstance(v[0], dict)}
    plain = [{"what": k.replace("_", " "), "is": v} for k, v in found.items() if k not in lists]
    rows(plain, "table", ("what", "is"))
    for name, inner in lists.items():
        rows(inner, "table", tuple(inner[0]), name.replace("_", " ").capitalize())
