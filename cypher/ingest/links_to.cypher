// Where does a post point to?
// rows: post_id string, link string
// returns: nothing
// writes: LINKS_TO
UNWIND $rows AS row
MATCH (p:Post {id: row.post_id})
MATCH (o:Link {id: row.link})
MERGE (p)-[:LINKS_TO]->(o)
