// Which clusters are there, of whichever run, and of which lineage? By id.
// params: after string, limit int
// returns: id string, run_id string, as_of int, size int, lineage_id string
MATCH (c:Cluster)
WHERE c.id > $after
RETURN c.id AS id, c.run_id AS run_id, c.as_of AS as_of, c.size AS size,
       c.lineage_id AS lineage_id
ORDER BY id
LIMIT $limit
