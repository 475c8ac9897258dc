"""How a measure is declared, and how declared measures become a matrix.

Values are in natural units, so that an explanation can show them; a model scales them itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from gnn.view import Floats

SCHEMA = 3  # raise it when a feature is added, dropped or measured differently

Subject = TypeVar("Subject")


@dataclass(frozen=True, slots=True)
class Feature(Generic[Subject]):
    """One measure. `missing` stands in where `of` gives None; None: it is never absent.

    `show` is how a person reads the value: share, count, number, minutes, hours or days.
    `raises` is what more of it may do to a risk: 1 only raise, -1 only lower; 0: it has no say in
    the regression, because it tells kinds of campaigns apart rather than campaigns from life.
    """

    name: str
    words: str
    of: Callable[[Subject], float | None]
    show: str = "number"
    missing: float | None = None
    log: bool = False  # models take log(1 + value): it spans orders of magnitude
    raises: int = 0


@dataclass(frozen=True, slots=True)
class Features:
    """A row an id, a column a name. matrix: float64 [len(ids), len(names)], never nan."""

    ids: tuple[str, ...]
    names: tuple[str, ...]
    matrix: Floats


def measure(
    declared: Sequence[Feature[Subject]], subjects: Sequence[Subject], ids: Sequence[str]
) -> Features:
    """Every declared measure of every subject, in order; see `columns`."""
    names = columns(declared)
    rows = [[value for f in declared for value in _cells(f, subject)] for subject in subjects]
    matrix = np.array(rows, dtype=np.float64).reshape(len(subjects), len(names))
    return Features(tuple(ids), names, matrix)


def directions(declared: Sequence[Feature[Subject]]) -> Floats:
    """`raises` of every column; that a value is absent (the flag beside it) says nothing."""
    signs = [
        float(feature.raises) if name == feature.name else 0.0
        for feature in declared
        for name in group(feature)
    ]
    return np.array(signs)


def columns(declared: Sequence[Feature[Subject]]) -> tuple[str, ...]:
    """The columns that the declared measures fill, in order."""
    return tuple(name for feature in declared for name in group(feature))


def group(feature: Feature[Subject]) -> tuple[str, ...]:
    """The columns of one measure: itself, and its flag where it can be absent."""
    flag = () if feature.missing is None else (f"{feature.name}_missing",)
    return (feature.name, *flag)


def shown(feature: Feature[Subject], value: float) -> str:
    """A value as a person reads it."""
    if feature.show == "share":
        return f"{value:.0%}".replace("%", " %")
    if feature.show == "count":
        return f"{value:,.0f}"
    if feature.show in ("minutes", "hours", "days"):
        return f"{value:.3g} {feature.show}"
    return f"{value:.3g}"


def _cells(feature: Feature[Subject], subject: Subject) -> tuple[float, ...]:
    value = feature.of(subject)
    if feature.missing is None:
        if value is None:
            raise ValueError(f"feature {feature.name} must always have a value")
        return (float(value),)
    return (feature.missing, 1.0) if value is None else (float(value), 0.0)


def scaled(declared: Sequence[Feature[Subject]], matrix: Floats) -> Floats:
    """What a model takes: log(1 + value) where so declared, the rest as it is."""
    logs = np.array([f.log and name == f.name for f in declared for name in group(f)], dtype=bool)
    return np.where(logs, np.log1p(np.maximum(matrix, 0.0)), matrix)
