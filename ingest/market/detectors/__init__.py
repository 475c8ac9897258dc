"""One way for a stock to be unusual a file. README.md says what each finds and how to add one."""

from __future__ import annotations

from graph.errors import UsageError
from ingest.market.detectors import (
    abnormal_return,
    attention_spike,
    change_point,
    delivery_drop,
    drift,
    illiquidity,
    joint,
    spread,
    volume_spike,
)
from ingest.market.detectors.finding import SCHEMA, Detector, detect

__all__ = ["ALL", "SCHEMA", "Detector", "detect", "named"]

# The costly ones last: they look only at what the others named.
_EVERY: tuple[Detector, ...] = (
    volume_spike.DETECTOR,
    abnormal_return.DETECTOR,
    drift.DETECTOR,
    spread.DETECTOR,
    illiquidity.DETECTOR,
    delivery_drop.DETECTOR,
    attention_spike.DETECTOR,
    joint.DETECTOR,
    change_point.DETECTOR,
)

ALL: dict[str, Detector] = {detector.name: detector for detector in _EVERY}


def named(name: str) -> Detector:
    """The detector of this name. Raises UsageError, naming those there are."""
    if name not in ALL:
        raise UsageError(f"There is no detector {name!r}. There are {', '.join(ALL)}.")
    return ALL[name]
