// Who wrote a post?
// rows: post_id string, account_id string
// returns: nothing
// writes: POSTED
UNWIND $rows AS row
MATCH (p:Post {id: row.post_id})
MATCH (o:Account {id: row.account_id})
MERGE (p)<-[:POSTED]-(o)
