"""Windows of time as people write them: 10s, 5m, 1h, 7d."""

from __future__ import annotations

import re

from graph.errors import UsageError
from graph.model import Millis

_UNITS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
DAY: Millis = _UNITS["d"]


def millis(window: str) -> Millis:
    """`"10m"` → 600000. Raises UsageError for anything else."""
    match = re.fullmatch(r"(\d+)([smhd])", window.strip())
    if not match or int(match[1]) == 0:
        raise UsageError(f"{window!r} is no window of time; write 10s, 5m, 1h or 7d")
    return int(match[1]) * _UNITS[match[2]]
