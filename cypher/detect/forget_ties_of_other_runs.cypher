// Which ties did only older runs find? A batch of them goes.
// params: run_id string, batch int
// returns: nothing
// writes: COORDINATES_WITH
MATCH (a:Account)-[t:COORDINATES_WITH]->(b:Account)
WHERE t.run_id <> $run_id
WITH t LIMIT $batch
DELETE t
