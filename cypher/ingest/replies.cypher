// Which post does a post answer?
// rows: post_id string, target_id string
// returns: nothing
// writes: REPLIES_TO
UNWIND $rows AS row
MATCH (p:Post {id: row.post_id})
MATCH (o:Post {id: row.target_id})
MERGE (p)-[:REPLIES_TO]->(o)
