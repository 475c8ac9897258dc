// Which news names which stock, when was it known, and what does it say? The earliest first.
// params: as_of int
// returns: id string, ticker string, known_at int, title string, summary string, url string
MATCH (n:News)-[:ABOUT]->(s:Stock)
WHERE n.known_at <= $as_of
RETURN n.id AS id, s.id AS ticker, n.known_at AS known_at, n.title AS title, n.summary AS summary, n.url AS url
ORDER BY known_at, id, ticker
