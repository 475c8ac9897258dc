// Which stocks did a cluster name in an older run, but not any more?
// rows: cluster_id string, keep list<string>
// returns: nothing
// writes: PROMOTES
UNWIND $rows AS row
MATCH (c:Cluster {id: row.cluster_id})-[p:PROMOTES]->(s:Stock)
WHERE NOT s.id IN row.keep
DELETE p
