// Which clusters did only older runs find? A batch of them goes, with their edges.
// params: run_id string, batch int
// returns: nothing
// writes: Cluster
MATCH (c:Cluster)
WHERE c.run_id <> $run_id
WITH c LIMIT $batch
DETACH DELETE c
