// Which posts were written in this time span? A batch of them, so that they can be forgotten.
// params: since int, until int, batch int
// returns: id string, text_id string
MATCH (p:Post)
WHERE p.at >= $since AND p.at < $until
RETURN p.id AS id, p.text_id AS text_id
ORDER BY id
LIMIT $batch
