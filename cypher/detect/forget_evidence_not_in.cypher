// Which posts showed a cluster in an older run, but not any more?
// rows: cluster_id string, keep list<string>
// returns: nothing
// writes: EVIDENCED_BY
UNWIND $rows AS row
MATCH (c:Cluster {id: row.cluster_id})-[e:EVIDENCED_BY]->(p:Post)
WHERE NOT p.id IN row.keep
DELETE e
