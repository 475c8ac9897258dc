// Which stock risks are of older runs? A batch of them goes.
// params: run_id string, batch int
// returns: nothing
// writes: StockRisk
MATCH (r:StockRisk)
WHERE r.run_id <> $run_id
WITH r LIMIT $batch
DETACH DELETE r
