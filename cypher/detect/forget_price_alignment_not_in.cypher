// Which price events were near a cluster's posts in an older run, but not any more?
// rows: cluster_id string, keep list<string>
// returns: nothing
// writes: ALIGNED_WITH
UNWIND $rows AS row
MATCH (c:Cluster {id: row.cluster_id})-[a:ALIGNED_WITH]->(e:PriceEvent)
WHERE NOT e.id IN row.keep
DELETE a
