// Which news names which stock, and when was it known? The earliest first.
// params: as_of int
// returns: id string, ticker string, known_at int
MATCH (n:News)-[:ABOUT]->(s:Stock)
WHERE n.known_at <= $as_of
RETURN n.id AS id, s.id AS ticker, n.known_at AS known_at
ORDER BY known_at, id, ticker
