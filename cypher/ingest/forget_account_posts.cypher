// Which posts did this account write? A batch of them, so that they can be forgotten.
// params: id string, batch int
// returns: id string, text_id string
MATCH (a:Account {id: $id})-[:POSTED]->(p:Post)
RETURN p.id AS id, p.text_id AS text_id
ORDER BY id
LIMIT $batch
