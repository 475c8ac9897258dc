// Which runs are not this one? A batch of them goes.
// params: run_id string, batch int
// returns: nothing
// writes: Run
MATCH (r:Run)
WHERE r.id <> $run_id
WITH r LIMIT $batch
DETACH DELETE r
