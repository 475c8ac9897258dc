// Which cluster is an alert about?
// rows: alert_id string, cluster_id string
// returns: nothing
// writes: RAISED_FOR
UNWIND $rows AS row
MATCH (a:Alert {id: row.alert_id})
MATCH (c:Cluster {id: row.cluster_id})
MERGE (a)-[:RAISED_FOR]->(c)
