"""Everything we raise. An error says what the caller should do.

SentinelError
├── BadRecord            skip it: it lands in the rejects file with file, line and reason
├── SourceUnavailable    try later
├── SourceRefused        stop: this input or this credential will not work
├── StoreUnavailable     the graph store cannot be reached or started: the message says what to do
├── QueryFailed          a statement failed: the message names its file
└── UsageError           the question cannot be answered as asked: the message has the known values
"""

from __future__ import annotations


class SentinelError(Exception):
    """Root of everything we raise on purpose; its text is meant for a person."""


class BadRecord(SentinelError):
    """One record cannot be used. Skip it and count it; never stop a load for it."""


class SourceUnavailable(SentinelError):
    """The source does not answer now. Try later."""


class SourceRefused(SentinelError):
    """The input as a whole cannot be used. Stop."""


class StoreUnavailable(SentinelError):
    """The graph store cannot be reached or started."""


class QueryFailed(SentinelError):
    """A statement failed."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"cypher/{name}.cypher failed: {reason}")
        self.name = name


class UsageError(SentinelError):
    """What was asked for does not exist or makes no sense; the message says what does."""
