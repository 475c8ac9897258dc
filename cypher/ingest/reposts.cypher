// Which post does a post repeat?
// rows: post_id string, target_id string
// returns: nothing
// writes: REPOSTS
UNWIND $rows AS row
MATCH (p:Post {id: row.post_id})
MATCH (o:Post {id: row.target_id})
MERGE (p)-[:REPOSTS]->(o)
