"""What moved a score, exactly: set one measure to what harmless ones typically show, score again.

The difference in calibrated log odds is the effect. Nothing is approximated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from gnn.calibrate import Platt
from gnn.dataset import Table
from gnn.features import CLUSTER
from gnn.measure import Feature, columns, group, scaled, shown
from gnn.model import sage_log_odds
from gnn.train import Model
from gnn.view import Floats
from graph.model import Factor

FACTORS = 8  # a person reads no more
_LEAST = 0.02  # log odds; a factor that moves less says nothing

# (row, columns to set to typical) -> calibrated log odds of that row
Rescore = Callable[[int, Sequence[int]], float]


def cluster_rescorer(model: Model, table: Table) -> Rescore:
    """Scores one cluster of a market again with some of its columns at their typical values."""
    platt = model.platt.get(model.chosen, Platt())
    typical = scaled(CLUSTER, model.typical[None, :])[0]
    once = _sage_once if model.chosen == "sage" else _logistic_once

    def rescore(row: int, replaced: Sequence[int]) -> float:
        changed = with_typical(table.x[row], typical, replaced)
        return float(platt.log_odds(np.array(once(model, table, row, changed))))

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
    every = (
        _factor(f, [names.index(n) for n in group(f)], row, values, typical, found, rescore)
        for f in declared
    )
    told = [factor for factor in every if abs(factor.effect) >= _LEAST]
    return tuple(sorted(told, key=lambda factor: (-abs(factor.effect), factor.name))[:FACTORS])


def with_typical(values: Floats, typical: Floats, replaced: Sequence[int]) -> Floats:
    """A copy of one row with the given columns at their typical values."""
    changed = values.copy()
    changed[list(replaced)] = typical[list(replaced)]
    return changed


def _factor(
    feature: Feature[Any],
    at: list[int],
    row: int,
    values: Floats,
    typical: Floats,
    found: float,
    rescore: Rescore,
) -> Factor:
    return Factor(
        name=feature.name,
        text=_sentence(feature, values[at], typical[at]),
        value=float(values[at[0]]),
        effect=found - rescore(row, at),
    )


def _sentence(feature: Feature[Any], values: Floats, typical: Floats) -> str:
    unknown = len(values) > 1 and values[1] > 0
    value = "unknown" if unknown else shown(feature, float(values[0]))
    return f"{feature.words}: {value} (harmless ones: {shown(feature, float(typical[0]))})"


def _logistic_once(model: Model, table: Table, row: int, changed: Floats) -> float:
    return float(model.logistic.log_odds(changed[None, :])[0])


def _sage_once(model: Model, table: Table, row: int, changed: Floats) -> float:
    graph = table.graph.clone()
    graph["cluster"].x[row] = torch.from_numpy(changed.astype(np.float32))
    return float(sage_log_odds(model.sage, graph)[0][row])
