"""What can be changed: what an analyst makes of an alert."""

from __future__ import annotations

import strawberry

from api.graphql.errors import NotFound
from api.graphql.lists import Alert
from api.graphql.types import Info
from api.graphql.values import AlertState, Row, resolved
from graph.errors import UsageError

REASON_LENGTH = 2_000


@strawberry.type(description="What can be changed.")
class Mutation:
    @resolved(
        "Sets what was made of an alert and adds it to the history. To dismiss one "
        "takes a reason; to say again what it says already changes nothing."
    )
    async def set_alert_state(
        self, info: Info, id: strawberry.ID, state: AlertState, reason: str | None = None
    ) -> Alert:
        said = checked_reason(state, reason)
        before = await _alert(info, id)
        if (before["state"], before["reason"]) == (state.value, said):
            return Alert.of(before)
        entry = " ".join(filter(None, (str(info.context.now()), state.value, said)))
        await info.context.write(
            "detect/set_alert_state", id=id, state=state.value, reason=said, entry=entry
        )
        return Alert.of(await _alert(info, id))


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
