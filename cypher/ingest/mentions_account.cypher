// Which accounts does a post name?
// rows: post_id string, account_id string
// returns: nothing
// writes: MENTIONS_ACCOUNT
UNWIND $rows AS row
MATCH (p:Post {id: row.post_id})
MATCH (o:Account {id: row.account_id})
MERGE (p)-[:MENTIONS_ACCOUNT]->(o)
