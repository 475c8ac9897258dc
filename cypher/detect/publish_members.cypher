// Which accounts belong to a cluster, and in which role?
// rows: account_id string, cluster_id string, role string, strength float
// returns: nothing
// writes: MEMBER_OF
UNWIND $rows AS row
MATCH (a:Account {id: row.account_id})
MATCH (c:Cluster {id: row.cluster_id})
MERGE (a)-[m:MEMBER_OF]->(c)
WITH m, row
WHERE m.role IS NULL OR m.role <> row.role OR m.strength <> row.strength
SET m.role = row.role, m.strength = row.strength
