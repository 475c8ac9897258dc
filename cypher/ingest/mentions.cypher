// Which stocks does a post name?
// rows: post_id string, ticker string
// returns: nothing
// writes: MENTIONS
UNWIND $rows AS row
MATCH (p:Post {id: row.post_id})
MATCH (o:Stock {id: row.ticker})
MERGE (p)-[:MENTIONS]->(o)
