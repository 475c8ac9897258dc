"""Labels: who said of what that it is a promotion or harmless, how sure, and known since when.

A label is never changed. A later one about the same subject, of the same tier and from the same
source, takes its place for whoever looks later; who looks as of an earlier moment still sees the
earlier one. `unclear` says that somebody looked and could not tell, or took an earlier word back.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from graph.errors import UsageError
from graph.model import AlertState, Millis

SOURCE_LENGTH, REASON_LENGTH = 200, 2_000
ANALYST = "analyst"  # the source of every verdict given on the page or by the API
_SECRET = re.compile(
    r"://[^/\s]*@|\b(?:password|passwd|secret|\w*api_?key|access_?token)\s*[=:]\s*\S", re.I
)


class SubjectKind(StrEnum):
    """What a label is about. A cluster is meant as its lineage, which stays."""

    ACCOUNT = "account"  # platform:id
    CLUSTER = "cluster"  # l-…, the lineage; c-… only where none is known
    STOCK_DAY = "stock-day"  # TICKER:YYYY-MM-DD


class Verdict(StrEnum):
    """What a label says."""

    PROMOTION = "promotion"
    HARMLESS = "harmless"
    UNCLEAR = "unclear"


class Tier(StrEnum):
    """How a label came about, the strongest first."""

    GOLD = "gold"  # enforcement: a regulator or a court
    SILVER = "silver"  # an analyst's verdict
    BRONZE = "bronze"  # a rule, or what became of the price
    SYNTHETIC = "synthetic"  # planted


@dataclass(frozen=True, slots=True)
class Label:
    """One statement about one subject.

    `confidence` in (0, 1]. `provenance` is the source, in words, without secrets. `known_at` is
    when the statement could be known, not when what it speaks of happened. `through` is the
    cluster whose verdict this one was drawn from: such a label says nothing new of that cluster.
    """

    kind: SubjectKind
    subject: str
    verdict: Verdict
    tier: Tier
    confidence: float
    provenance: str
    known_at: Millis
    reason: str | None = None
    through: str | None = None
    recorded_at: Millis = 0  # when it was written into the graph; 0: not yet

    @property
    def source(self) -> tuple[str, str, str, str]:
        """What a later label must share to supersede this one."""
        return (self.kind.value, self.subject, self.tier.value, self.provenance)

    @property
    def id(self) -> str:
        """One id a source and moment: the same label written again is the same."""
        text = "\n".join((*self.source, str(self.known_at)))
        return "lb-" + hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def says(self) -> tuple[str, float]:
        """What a repetition must say to be none."""
        return (self.verdict.value, self.confidence)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the state of an alert says of its cluster."""

    verdict: Verdict
    confidence: float


# A dismissal takes a reason. To acknowledge an alert is to take it on, which is less than a proof.
# A muted one was not judged. An alert that is opened again takes back what was said.
MEANINGS: dict[AlertState, Meaning] = {
    AlertState.DISMISSED: Meaning(Verdict.HARMLESS, 0.8),
    AlertState.ACKNOWLEDGED: Meaning(Verdict.PROMOTION, 0.6),
    AlertState.OPEN: Meaning(Verdict.UNCLEAR, 1.0),
}


def current(labels: Iterable[Label], as_of: Millis) -> list[Label]:
    """What stands as of a moment: of each source the last word known by then, by subject."""
    newest: dict[tuple[str, str, str, str], Label] = {}
    for label in labels:
        before = newest.get(label.source)
        if label.known_at <= as_of and (before is None or _order(before) < _order(label)):
            newest[label.source] = label
    return [newest[source] for source in sorted(newest)]


def checked(label: Label, now: Millis) -> Label:
    """The label, if it makes sense by itself. Raises UsageError with what is wrong.

    Whether the graph knows the subject is asked in graph/label_store.py.
    """
    if not 0 < label.confidence <= 1:
        raise UsageError(f"confidence is {label.confidence:g}; write a number above 0, at most 1")
    if label.known_at > now:
        raise UsageError(f"known_at {said(label.known_at)} is in the future; nobody can know it")
    if label.known_at <= 0:
        raise UsageError("known_at is missing; write when this could be known, 2026-03-01T12:30")
    _check_source(label)
    if label.kind is SubjectKind.STOCK_DAY and label.known_at < day_of(label.subject):
        raise UsageError(f"known_at {said(label.known_at)} is before the day of {label.subject}")
    return label


def day_of(subject: str) -> Millis:
    """When the day of a stock-day began, UTC. Raises UsageError for anything else."""
    ticker, _, day = subject.rpartition(":")
    if ticker and re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        try:
            return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000)
        except ValueError:
            pass
    raise UsageError(f"{subject!r} is no stock-day; write TICKER:YYYY-MM-DD")


def said(at: Millis) -> str:
    """Epoch milliseconds as they are written in a file of labels."""
    text = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"


def word(kind: type[Verdict] | type[Tier] | type[SubjectKind], text: str, what: str) -> StrEnum:
    """One of the words a column may hold. Raises UsageError with all of them."""
    try:
        return kind(text.strip().lower())
    except ValueError:
        known = ", ".join(kind)
        raise UsageError(f"{text!r} is no {what}; there are {known}") from None


def _order(label: Label) -> tuple[Millis, Millis, str]:
    return (label.known_at, label.recorded_at, label.id)


def _check_source(label: Label) -> None:
    if not label.provenance.strip():
        raise UsageError("provenance is empty; say who or what this comes from")
    if len(label.provenance) > SOURCE_LENGTH:
        raise UsageError(
            f"provenance has {len(label.provenance)} characters; at most {SOURCE_LENGTH}"
        )
    if len(label.reason or "") > REASON_LENGTH:
        raise UsageError(
            f"the reason has {len(label.reason or '')} characters; {REASON_LENGTH} are kept"
        )
    if _SECRET.search(f"{label.provenance} {label.reason or ''}"):
        raise UsageError("provenance or reason seems to hold a password or key; leave it out")
