"""What can be changed: what an analyst makes of an alert or a cluster."""

from __future__ import annotations

from collections.abc import Callable

import strawberry

from api.graphql.errors import NotFound
from api.graphql.lists import Alert
from api.graphql.review import Label, ReviewQueue, Verdict
from api.graphql.types import Info
from api.graphql.values import AlertState, Row, resolved
from api.review import SIZE, draw_review
from api.verdicts import JUDGED, checked_meaning, judge, say_state, subject_of
from graph import labels, model
from graph.errors import UsageError
from graph.model import Millis
from graph.store import GraphStore

REASON_LENGTH = 2_000


@strawberry.type(description="What can be changed.")
class Mutation:
    @resolved(
        "Sets what was made of an alert and adds it to the history. To dismiss one takes a "
        "reason; to say again what it says already changes nothing. Dismissed, its cluster is "
        "labelled harmless; acknowledged, a promotion; opened again, that is taken back."
    )
    async def set_alert_state(
        self, info: Info, id: strawberry.ID, state: AlertState, reason: str | None = None
    ) -> Alert:
        said = checked_reason(state, reason)
        before = await _alert(info, id)
        await info.context.change(_labelled(before, state, said, info.context.now()))
        if (before["state"], before["reason"]) == (state.value, said):
            return Alert.of(before)
        entry = " ".join(filter(None, (str(info.context.now()), state.value, said)))
        await info.context.write(
            "detect/set_alert_state", id=id, state=state.value, reason=said, entry=entry
        )
        return Alert.of(await _alert(info, id))

    @resolved(
        "Says of a cluster what an analyst makes of it. It becomes a silver label, of its members "
        "too, and its alert is settled by it. To call it harmless takes a reason; to say "
        "what was said already changes nothing."
    )
    async def judge_cluster(
        self,
        info: Info,
        id: strawberry.ID,
        verdict: Verdict,
        reason: str | None = None,
        confidence: float = JUDGED,
    ) -> Label:
        row = await info.context.one("read/clusters_by_ids").load(id)
        if row is None:
            raise NotFound(f"the newest run finds no cluster {id!r}; `clusters` lists them")
        said = " ".join((reason or "").split()) or None
        meaning = checked_meaning(labels.Verdict(verdict.value), confidence, said)
        now = info.context.now()
        return Label.of(
            await info.context.change(
                lambda store: judge(store, id, row["lineage_id"], meaning, said, now)
            )
        )

    @resolved("Keeps the list of clusters to judge next; one that stands is not drawn again.")
    async def draw_review_queue(self, info: Info, size: int = SIZE) -> ReviewQueue:
        now = info.context.now()
        work = await info.context.change(lambda store: draw_review(store, now, size))
        return ReviewQueue.of(work)


def _labelled(
    alert: Row, state: AlertState, reason: str | None, now: Millis
) -> Callable[[GraphStore], None]:
    """What an alert's state says of its cluster, as labels. Before the state: see api/verdicts."""

    def work(store: GraphStore) -> None:
        subject = subject_of(store, alert["cluster_id"], alert["lineage_id"])
        say_state(store, subject, model.AlertState(state.value), reason, now)

    return work


def checked_reason(state: AlertState, reason: str | None) -> str | None:
    """The reason on one line, or none. Raises UsageError where one is needed or it is too long."""
    said = " ".join((reason or "").split())
    if state is AlertState.DISMISSED and not said:
        raise UsageError("to dismiss an alert takes a reason: say in a sentence why it is nothing")
    if len(said) > REASON_LENGTH:
        raise UsageError(f"the reason has {len(said)} characters; {REASON_LENGTH} are kept")
    return said or None


async def _alert(info: Info, alert_id: str) -> Row:
    row = await info.context.one("read/alerts_by_ids").load(alert_id)
    if row is None:
        raise NotFound(f"there is no alert {alert_id!r}; `alerts` lists them")
    return row
