"""An analyst's verdict on a cluster becomes labels: silver, of the cluster and of its members.

Labels come first and the alert's state after them: where something ends in between, saying it again
writes what is missing, and nothing twice. A member's label is half as sure as the cluster's: who
stands in a group of promoters has not been looked at alone, and who stands in a harmless one may
promote elsewhere. Accounts that were members when an earlier verdict fell, and are not any more,
keep it while the verdict stays and get `unclear` where it changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from graph.errors import UsageError
from graph.label_store import EVER, labels_of, labels_through, put_labels
from graph.labels import (
    ANALYST,
    MEANINGS,
    Label,
    Meaning,
    SubjectKind,
    Tier,
    Verdict,
    checked,
    current,
)
from graph.model import AlertState, Millis
from graph.store import GraphStore

MEMBER_SHARE = 0.5  # of the confidence in the cluster's verdict
JUDGED = 0.8  # confidence of a verdict that says nothing of it
MEMBERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: the lineage, or the cluster where none is known, and who is in it now."""

    id: str
    members: tuple[str, ...]


def subject_of(store: GraphStore, cluster_id: str, lineage_id: str | None) -> Subject:
    """A cluster as a subject of labels. One that the newest run does not find has no members."""
    rows = store.read("read/members_of_clusters", ids=[cluster_id], most=MEMBERS)
    return Subject(lineage_id or cluster_id, tuple(sorted(row["account_id"] for row in rows)))


def say(
    store: GraphStore, subject: Subject, meaning: Meaning, reason: str | None, now: Millis
) -> Label:
    """Writes a verdict with what follows for the members; the cluster's label as it stands then.

    To say what stands already changes nothing. Raises UsageError where the verdict makes no sense.
    """
    at = checked(_own(subject, meaning, reason, now), now).known_at
    before = _standing(store, subject)
    at = max(at, 1 + max((label.known_at for label in before.values()), default=0))
    own = _own(subject, meaning, reason, at)
    drawn = [_member(subject.id, account, meaning, at) for account in subject.members]
    gone = _left_behind(subject, before.values(), meaning.verdict, at)
    said = [*drawn, *gone, own]  # the cluster's own last: it stands for the whole
    put_labels(store, [x for x in said if _is_new(x, before.get(x.source))], now)
    stands = before.get(own.source)
    return own if stands is None or _is_new(own, stands) else stands


def judge(
    store: GraphStore,
    cluster_id: str,
    lineage_id: str | None,
    meaning: Meaning,
    reason: str | None,
    now: Millis,
) -> Label:
    """A verdict on a cluster: its labels, and then what it makes of the alert, if it has one."""
    label = say(store, subject_of(store, cluster_id, lineage_id), meaning, reason, now)
    for alert in store.read("detect/known_alerts", ids=[lineage_id] if lineage_id else []):
        state = settled(meaning.verdict, AlertState(alert["state"]))
        if state != alert["state"]:
            entry = " ".join(filter(None, (str(now), state.value, reason)))
            told = {"state": state.value, "reason": reason, "entry": entry}
            store.write("detect/set_alert_state", id=alert["id"], **told)
    return label


def say_state(
    store: GraphStore, subject: Subject, state: AlertState, reason: str | None, now: Millis
) -> None:
    """What an alert's new state says of its cluster (graph.labels.MEANINGS), where it says any.

    The same verdict, given more surely before, stays. To open an alert takes back what was said.
    """
    meaning = MEANINGS.get(state)
    stands = next((x for x in _standing(store, subject).values() if x.subject == subject.id), None)
    if meaning is None or (stands is None and meaning.verdict is Verdict.UNCLEAR):
        return
    if stands is None or stands.verdict is not meaning.verdict:
        say(store, subject, meaning, reason, now)
    elif meaning.verdict is not Verdict.UNCLEAR:
        sure = max(meaning.confidence, stands.confidence)
        say(store, subject, replace(meaning, confidence=sure), reason or stands.reason, now)


def settled(verdict: Verdict, state: AlertState) -> AlertState:
    """The state that a verdict gives the alert of its cluster. A muted one stays muted."""
    if state is AlertState.MUTED or verdict is Verdict.UNCLEAR:
        return state
    return AlertState.DISMISSED if verdict is Verdict.HARMLESS else AlertState.ACKNOWLEDGED


def checked_meaning(verdict: Verdict, confidence: float, reason: str | None) -> Meaning:
    """A verdict as it is meant. Raises UsageError where `harmless` has no reason."""
    if verdict is Verdict.HARMLESS and not reason:
        raise UsageError("to call a cluster harmless takes a reason: say in a sentence why")
    return Meaning(verdict, confidence)


def _standing(store: GraphStore, subject: Subject) -> Mapping[tuple[str, ...], Label]:
    """The analysts' words that stand: of the cluster, and of accounts through it."""
    found = [*labels_of(store, [subject.id], EVER), *labels_through(store, subject.id, EVER)]
    ours = (ANALYST, f"{ANALYST} through {subject.id}")
    return {
        x.source: x for x in current(found, EVER) if x.tier is Tier.SILVER and x.provenance in ours
    }


def _own(subject: Subject, meaning: Meaning, reason: str | None, at: Millis) -> Label:
    return Label(
        SubjectKind.CLUSTER,
        subject.id,
        meaning.verdict,
        Tier.SILVER,
        meaning.confidence,
        ANALYST,
        at,
        reason,
    )


def _member(cluster: str, account: str, meaning: Meaning, at: Millis) -> Label:
    unclear = meaning.verdict is Verdict.UNCLEAR
    return Label(
        SubjectKind.ACCOUNT,
        account,
        meaning.verdict,
        Tier.SILVER,
        meaning.confidence if unclear else meaning.confidence * MEMBER_SHARE,
        f"{ANALYST} through {cluster}",
        at,
        through=cluster,
    )


def _left_behind(
    subject: Subject, before: Iterable[Label], verdict: Verdict, at: Millis
) -> list[Label]:
    """Accounts that are not members any more, of whom the earlier verdict said something else."""
    now = set(subject.members)
    return [
        replace(x, verdict=Verdict.UNCLEAR, confidence=1.0, known_at=at, recorded_at=0)
        for x in before
        if x.through == subject.id and x.subject not in now and x.verdict is not verdict
    ]


def _is_new(label: Label, before: Label | None) -> bool:
    """Says it something that does not stand? Of an account, `unclear` only takes a word back."""
    if before is None:
        return label.through is None or label.verdict is not Verdict.UNCLEAR
    return (label.says, label.reason) != (before.says, before.reason)
