// Which lineage is a cluster of, where that was not written yet?
// rows: cluster_id string, lineage_id string
// returns: nothing
// writes: Cluster
UNWIND $rows AS row
MATCH (c:Cluster {id: row.cluster_id})
WHERE c.lineage_id IS NULL
SET c.lineage_id = row.lineage_id
