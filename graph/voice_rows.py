"""What a cluster's accounts say alike, as the `voices` property of a cluster holds it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import orjson

from graph.model import Voice


def voices_json(voices: Iterable[Voice]) -> str:
    """JSON: [{kind, what, accounts, first_at, last_at, p_value}], times in ms."""
    return orjson.dumps([asdict(voice) for voice in voices]).decode()


def voices_of(text: str | None) -> tuple[Voice, ...]:
    """The voices of that property; none where a run of an older program kept none."""
    return tuple(Voice(**row) for row in orjson.loads(text or "[]"))
