// What is every stock called? By ticker.
// params: after string, limit int
// returns: id string, name string
MATCH (s:Stock)
WHERE s.id > $after
RETURN s.id AS id, s.name AS name
ORDER BY id
LIMIT $limit
