// What does every article say? By id.
// params: after string, limit int
// returns: id string, title string, summary string
MATCH (n:News)
WHERE n.id > $after
RETURN n.id AS id, n.title AS title, n.summary AS summary
ORDER BY id
LIMIT $limit
