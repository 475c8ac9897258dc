// Which posts show a cluster?
// rows: cluster_id string, post_id string
// returns: nothing
// writes: EVIDENCED_BY
UNWIND $rows AS row
MATCH (p:Post {id: row.post_id})
MATCH (c:Cluster {id: row.cluster_id})
MERGE (p)<-[:EVIDENCED_BY]-(c)
