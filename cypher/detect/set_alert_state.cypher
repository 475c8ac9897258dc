// What does an analyst make of an alert? From now on its history notes what goes beyond this.
// params: id string, state string, reason string, entry string
// returns: nothing
// writes: Alert
MATCH (a:Alert {id: $id})
SET a.state = $state,
    a.reason = $reason,
    a.history = coalesce(a.history, []) + [$entry],
    a.noted_score = a.score,
    a.noted_size = a.size
