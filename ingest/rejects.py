"""What a load could not use: counted, kept with its place and its reason, never dropped in silence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reject:
    """One record that was not used."""

    file: str
    line: int  # 1 is the first line of the file
    reason: str
    record: str  # as it stood in the file
