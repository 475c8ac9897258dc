"""The tables of market_budget, as a person reads them."""

from __future__ import annotations

from typing import Any


def show(found: dict[str, Any]) -> str:
    """Every table, one after the other."""
    frozen, judged = found["frozen"], found["judged"]
    parts = [
        "Plain rules at z of 3, alerts a year: "
        + ", ".join(f"{rule} {n:g}" for rule, n in found["plain_alerts_a_year"].items()),
        "Pumps that pass each plain condition of z 3, tuned:",
        *(f"  {name}: {_pairs(row)}" for name, row in found["losses"].items()),
        *_curves(found["tuned"]),
        f"frozen: {frozen['rule']} at {frozen['line']:.3f} (product: {frozen['product']})",
        "judged, second half and other seeds: the whole curve of that rule",
        *_points(found["judged_curve"]),
        f"judged at the frozen line: {judged['alerts']} alerts",
        *(_shares(name, judged[name]) for name in ("markets", "real bars")),
        "  real bars by course: " + _named(judged["by_family"]),
        f"  lead to the peak, real bars: {judged['lead']}",
        f"  decoys in real bars: {judged['decoys']}",
        f"  the same where their headlines are known: {judged['decoys_with_news']}",
    ]
    return "\n".join(parts)


def _curves(curves: dict[str, list[dict[str, Any]]]) -> list[str]:
    rows = ["tuned, first half: part kept (markets / real bars) within so many alerts"]
    for rule, points in curves.items():
        told = "  ".join(
            f"{p['alerts']}: {p['kept']['markets']:.0%}/{p['kept']['real bars']:.0%}"
            for p in points
        )
        rows.append(f"  {rule:<25} {told}")
    return rows


def _points(points: list[dict[str, Any]]) -> list[str]:
    head = "    line  alerts  markets  real bars"
    return [
        head,
        *(
            f"  {p['line']:>6.2f} {p['alerts']:>7} {p['kept']['markets']:>8.1%} "
            f"{p['kept']['real bars']:>10.1%}"
            for p in points
        ),
    ]


def _shares(name: str, row: dict[str, Any]) -> str:
    return "\n".join(
        [
            f"  {name}: {_share(row['all'])}",
            "    by size: " + _named(row["by_size"]),
            "    by kind: " + _named(row["by_kind"]),
        ]
    )


def _named(rows: dict[str, Any]) -> str:
    return "; ".join(f"{name} {_share(row)}" for name, row in rows.items())


def _share(row: dict[str, Any]) -> str:
    part = row["kept"] / row["of"] if row["of"] else 0.0
    return f"{row['kept']} of {row['of']} ({part:.0%}, {row['low']:.0%} to {row['high']:.0%})"


def _pairs(row: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.0%}" for name, value in row.items())
