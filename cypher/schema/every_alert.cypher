// Which alerts are there, and of which lineage? By id.
// params: after string, limit int
// returns: id string, run_id string, cluster_id string, score int, lineage_id string
MATCH (a:Alert)
WHERE a.id > $after
RETURN a.id AS id, a.run_id AS run_id, a.cluster_id AS cluster_id, a.score AS score,
       a.lineage_id AS lineage_id
ORDER BY id
LIMIT $limit
