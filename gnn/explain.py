"""What moved a score, exactly: set one measure to what harmless ones typically show, score again.

The difference in calibrated log odds is the effect. Nothing is approximated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from gnn.calibrate import Platt
from gnn.dataset import Table
from gnn.features import CLUSTER
from gnn.measure import Feature, columns, group, scaled, shown
from gnn.train import Model, tree_columns
from gnn.view import Floats
from graph.errors import UsageError
from graph.model import Factor

FACTORS = 8  # a person reads no more
_LEAST = 0.02  # log odds; a factor that moves less says nothing

# (row, for each variant the columns to set to typical) -> calibrated log odds of each variant
Rescore = Callable[[int, Sequence[Sequence[int]]], Floats]


def cluster_rescorer(model: Model, table: Table) -> Rescore:
    """Scores one cluster of a market again, once for each set of columns put to typical values."""
    platt = model.platt.get(model.chosen, Platt())
    typical = scaled(CLUSTER, model.typical[None, :])[0]
    if model.chosen not in _ONCE:
        raise UsageError(f"what {model.chosen} says cannot be explained; {', '.join(_ONCE)} can be")
    once = _ONCE[model.chosen]

    def rescore(row: int, replaced: Sequence[Sequence[int]]) -> Floats:
        return platt.log_odds(once(model, table, row, variants(table.x[row], typical, replaced)))

    return rescore


def factors(
    declared: Sequence[Feature[Any]],
    row: int,
    values: Floats,
    typical: Floats,
    found: float,
    rescore: Rescore,
) -> tuple[Factor, ...]:
    """The measures that moved this row's score most, largest effect first, at most FACTORS."""
    names = columns(declared)
    groups = [[names.index(name) for name in group(feature)] for feature in declared]
    effects = found - rescore(row, groups)
    told = [
        Factor(f.name, _sentence(f, values[at], typical[at]), float(values[at[0]]), float(effect))
        for f, at, effect in zip(declared, groups, effects, strict=True)
        if abs(effect) >= _LEAST
    ]
    return tuple(sorted(told, key=lambda factor: (-abs(factor.effect), factor.name))[:FACTORS])


def variants(values: Floats, typical: Floats, replaced: Sequence[Sequence[int]]) -> Floats:
    """A copy of one row for each set of columns, with these at their typical values."""
    changed = np.repeat(values[None, :], len(replaced), axis=0)
    for row, at in enumerate(replaced):
        changed[row, list(at)] = typical[list(at)]
    return changed


def _sentence(feature: Feature[Any], values: Floats, typical: Floats) -> str:
    unknown = len(values) > 1 and values[1] > 0
    value = "unknown" if unknown else shown(feature, float(values[0]))
    return f"{feature.words}: {value} (harmless ones: {shown(feature, float(typical[0]))})"


def _logistic(model: Model, table: Table, row: int, changed: Floats) -> Floats:
    return model.logistic.log_odds(changed)


def _trees(model: Model, table: Table, row: int, changed: Floats) -> Floats:
    return model.trees.log_odds(tree_columns(changed))


def _stack(model: Model, table: Table, row: int, changed: Floats) -> Floats:
    if model.stack is None:
        raise UsageError("this model has no stack yet; `sentinelmarket train` makes one")
    odds = [_ONCE[part](model, table, row, changed) for part in model.stack.names]
    return model.stack.log_odds(np.stack(odds, axis=1))


_ONCE: dict[str, Callable[[Model, Table, int, Floats], Floats]] = {
    "logistic": _logistic,
    "trees": _trees,
    "stack": _stack,
}
